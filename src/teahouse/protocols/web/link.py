"""One WebSocket of a browser. Rule: it is lost for whatever reason, and the session goes on; what is wrong with the
bytes themselves ends both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from twisted.internet.protocol import Protocol
from twisted.python.failure import Failure

from teahouse.link import Preference
from teahouse.protocols.link import LinkFactory
from teahouse.protocols.outlet import Outlet
from teahouse.protocols.web import codec
from teahouse.protocols.web.post import Post
from teahouse.protocols.web.returning import Returning
from teahouse.protocols.web.session import WebSession
from teahouse.protocols.websocket import frames
from teahouse.protocols.websocket.protocol import WebSocketLink
from teahouse.runtime import Timer
from teahouse.server import Server
from teahouse.session import Session

HANG_UP_SECONDS = 10.0
"""For a browser to read what is already on its way, once its session goes on without it."""


class WebLink(WebSocketLink):
    """A connection over which a browser talks."""

    protocol: ClassVar[str] = "web"
    many: ClassVar[bool] = True
    is_led: ClassVar[bool] = False
    subprotocols: ClassVar[Sequence[str]] = ("v1.teahouse",)
    factory: WebLinks
    _patience: Timer | None = None

    def make_session(self, server: Server) -> Session:
        """See `StreamLink.make_session`."""
        post = Post(self, self.factory.returning)
        return WebSession(server, post)

    @property
    def _own(self) -> WebSession | None:
        """The session, if it is still this connection's."""
        session = self.session
        is_own = isinstance(session, WebSession) and session.link.connection is self
        return session if is_own else None  # type: ignore[return-value]  # what `is_own` says

    # ---- what comes in -------------------------------------------------------------------------------------

    def message(self, data: bytes) -> None:
        """See `WebSocketLink.message`. Each is asked of whoever's the connection is by then."""
        session = self._own
        if session is not None and data:
            session.receive(codec.read(data.decode("utf-8", "replace")))

    def connectionLost(self, reason: Failure = Protocol.connectionLost.__defaults__[0]) -> None:  # type: ignore[index]  # noqa: N802
        """See `StreamLink.connectionLost`. A session that has another connection does not hear of it."""
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
        if self.session is not None and self._own is None:
            self.session = None
            self.factory.server.admission.leave(self.address)
            self.factory.links.discard(self)
            self.stopProducing()
        super().connectionLost(reason)

    # ---- what goes out -------------------------------------------------------------------------------------

    def send(self, frame: bytes) -> None:
        """See `Connection.send`."""
        if not self._is_last_sent:
            Outlet.write(self, frame)

    def write(self, data: bytes) -> None:
        """See `Link.write`: lines that are not of the session."""
        self.send(frames.frame(1, data))

    def hang_up(self, code: int) -> None:
        """See `Connection.hang_up`."""
        if self._closing:
            return
        self._code = code
        self._patience = self.factory.server.runtime.later(HANG_UP_SECONDS, self._lose_patience)
        Outlet.close(self)

    def _lose_patience(self) -> None:
        self._patience = None
        self.transport.abortConnection()

    def outlet_overflowed(self) -> None:
        """See `StreamLink`: what waited is kept by the session's post."""
        if self._own is not None:
            self._own.too_slow("")

    def outlet_stalled(self, *, is_so: bool) -> None:
        """See `StreamLink`."""
        if self._own is not None:
            super().outlet_stalled(is_so=is_so)

    def preferences(self) -> tuple[Preference, ...]:
        """See `Link.preferences`."""
        return ()

    def prefer(self, name: str, value: str) -> None:
        """See `Link.prefer`: the session asks its post."""


class WebLinks(LinkFactory):
    """Makes them, and knows which sessions may come back."""

    def __init__(self, server: Server, link: type[WebLink] = WebLink) -> None:
        super().__init__(server, link)
        self.returning = Returning(server)
