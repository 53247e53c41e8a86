"""Where what a browser is sent is posted. Rule: to its session this is the link, and it outlives the connections:
with none, what is sent is kept for the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Protocol

from teahouse.errors import UsageError
from teahouse.events import Event
from teahouse.link import Preference
from teahouse.protocols.web.render import render
from teahouse.protocols.web.resume import Sent, prepared
from teahouse.protocols.web.returning import LOST, Returning
from teahouse.view import View

if TYPE_CHECKING:
    from teahouse.protocols.web.session import WebSession
    from teahouse.session import Session

LEFT, CLOSING, TOO_MUCH = 1000, 1001, 1013
FULL = 4
"""The part of what may wait for a reader from which on its requests wait too."""


class Connection(Protocol):
    """One connection of a browser."""

    address: str
    port: int
    secure: bool
    session: Session | None

    @property
    def queued(self) -> int:
        """Bytes that wait for the browser."""

    def send(self, frame: bytes) -> None:
        """Send a frame that is ready to be sent; never raises and never waits."""

    def hang_up(self, code: int) -> None:
        """End it, behind what has been sent."""

    def drop(self, reason: str) -> None:
        """End it now; the peer is told why."""

    def pause(self) -> None:
        """Read nothing more until `resume`."""

    def resume(self) -> None:
        """Read again."""

    def keepalive(self) -> None:
        """Send something that a live browser answers."""


class Post:
    """See `Link`."""

    __slots__ = (
        "_is_paused",
        "address",
        "connection",
        "port",
        "returning",
        "secret",
        "secure",
        "sent",
        "session",
    )

    protocol: ClassVar[str] = "web"
    many: ClassVar[bool] = True
    same_to_all: ClassVar[frozenset[type[Event]]] = frozenset()
    is_led: ClassVar[bool] = False
    can_ask: ClassVar[bool] = True
    shows_quiet: ClassVar[bool] = True
    certificate: ClassVar[str] = ""
    session: WebSession

    def __init__(self, connection: Connection, returning: Returning) -> None:
        self.returning = returning
        self.secret = ""
        self.sent = Sent()
        self._is_paused = False
        self.connection: Connection | None = None
        self._take(connection)

    def _take(self, connection: Connection) -> None:
        self.connection = connection
        self.address, self.port, self.secure = connection.address, connection.port, connection.secure

    @property
    def is_full(self) -> bool:
        """Whether so much waits to be read that no more should be asked for."""
        most = self.session.server.limits.output_bytes // FULL
        return self.connection is not None and self.connection.queued > most

    # ---- connections come and go ---------------------------------------------------------------------------

    def open(self) -> None:
        """Its session may come back from now on."""
        self.secret = self.returning.add(self)

    def detach(self, code: int = 0) -> None:
        """Go on without a connection: it is lost, or ended now with this code."""
        connection, self.connection = self.connection, None
        if connection is None:
            return
        self.session.server.stalled(self.session, is_so=False)
        if code:
            connection.hang_up(code)
        self.returning.lost(self)

    def give_up(self) -> None:
        """Nobody has come back."""
        self.returning.forget(self)
        self.session.leave_lost(LOST)

    def resume_on(self, connection: Connection, missed: Sequence[bytes]) -> None:
        """It has come back: the connection is sent what it has missed, and then whatever comes."""
        before = self.connection
        self.returning.found(self)
        self._take(connection)
        connection.session = self.session
        if before is not None:
            self.session.server.stalled(self.session, is_so=False)
            before.hang_up(LEFT)
        for frame in missed:
            connection.send(frame)
        if self._is_paused:
            connection.pause()

    # ---- what a session may ask ----------------------------------------------------------------------------

    @property
    def queued(self) -> int:
        """See `Link.queued`."""
        return self.connection.queued if self.connection is not None else 0

    def write(self, data: bytes) -> None:
        """See `Link.write`."""
        if not data:
            return
        whole, kept = prepared(data)
        if kept is not None:
            self.sent.add(kept)
        if self.connection is not None:
            self.connection.send(whole)

    def reply(self, event: Event, view: View) -> bytes:
        """See `Link.reply`."""
        return render(event, view)

    def shown(self, data: bytes, view: View) -> bytes:
        """See `Link.shown`."""
        return data

    def close(self) -> None:
        """See `Link.close`. The house closes where its sessions have not left it."""
        self.returning.forget(self)
        if self.connection is not None:
            self.connection.hang_up(CLOSING if self.session in self.session.server.sessions else LEFT)

    def drop(self, reason: str) -> None:
        """See `Link.drop`."""
        self.returning.forget(self)
        if self.connection is not None:
            self.connection.drop(reason)

    def pause(self) -> None:
        """See `Link.pause`."""
        self._is_paused = True
        if self.connection is not None:
            self.connection.pause()

    def resume(self) -> None:
        """See `Link.resume`."""
        self._is_paused = False
        if self.connection is not None:
            self.connection.resume()

    def keepalive(self) -> None:
        """See `Link.keepalive`."""
        if self.connection is not None:
            self.connection.keepalive()

    def preferences(self) -> tuple[Preference, ...]:
        """See `Link.preferences`."""
        return ()

    def prefer(self, name: str, value: str) -> None:
        """See `Link.prefer`."""
        raise UsageError("Here your client decides how things look.")
