"""A link over a WebSocket. Rule: to the protocol on it a block of lines is what it is on a plain stream; here each
line becomes a message, and whoever breaks RFC 6455 or a bound is told by the code of the last frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from twisted.internet.protocol import Protocol
from twisted.python.failure import Failure

from teahouse.limits import Bucket
from teahouse.protocols import peer
from teahouse.protocols.link import StreamLink
from teahouse.protocols.outlet import Outlet
from teahouse.protocols.websocket import frames
from teahouse.protocols.websocket.handshake import Upgrade
from teahouse.runtime import Timer

CLOSE_SECONDS = 2.0
"""For the other side to answer the last frame with its own; the house itself waits no longer when it closes."""
IDLE_RATE, IDLE_BURST = 10.0, 100
"""Frames that say nothing (pings, pongs, empty messages) a second, and at once: no line's flood limit counts them."""


class WebSocketLink(StreamLink):
    """Stands before a protocol's own link: `class IrcWebLink(WebSocketLink, IrcLink)`; that one says what a message
    is, in `message`. The web site makes it, has asked `Admission` and calls `take_over`."""

    __slots__ = ()  # two bases with slots of their own do not go together

    subprotocols: ClassVar[Sequence[str]] = ()
    """Those it speaks, as in Sec-WebSocket-Protocol."""
    after_tls: ClassVar[bool] = True
    subprotocol = ""
    binary = False
    """Whether what is sent is binary and not text."""
    _head = b""
    _code = frames.NORMAL
    _reason = ""
    _deaf = _is_last_sent = _is_last_heard = False
    _deadline: Timer | None = None

    def take_over(self, transport: Any, upgrade: Upgrade, came_from: peer.Peer, rest: bytes) -> None:
        """The web site's connection is this one's from now on; `rest` came behind the request already."""
        self.came_from = came_from
        self._head, self.subprotocol = upgrade
        peer.hand_over(transport, self)
        if rest:
            self.dataReceived(rest)

    def message(self, data: bytes) -> None:
        """The other side has sent a message."""
        raise NotImplementedError

    # ---- what comes in -------------------------------------------------------------------------------------

    def dataReceived(self, data: bytes) -> None:  # noqa: N802  Twisted's name
        """Messages to the protocol, in order; of several pings the last is answered."""
        if self._deaf:
            return
        pinged: frames.Pinged | None = None
        for each in self._reader.feed(data):
            if type(each) is frames.Closed:
                self._end_heard()
            elif type(each) is frames.Broken:
                self._fail(each.code, each.reason)
            elif self._closing or self._is_idle_flood(each):
                continue
            elif type(each) is frames.Heard:
                self.message(each.data)
            elif type(each) is frames.Pinged:
                pinged = each
        if pinged is not None and not self._closing:
            Outlet.write(self, frames.pong(pinged.data))

    def _is_idle_flood(self, each: frames.Incoming) -> bool:
        """Whether this one was too much. True only for what says nothing."""
        if type(each) is frames.Heard and each.data:
            return False
        if self._idle.take(self.factory.server.runtime.now(), IDLE_RATE, IDLE_BURST):
            return False
        self._fail(frames.POLICY, "You sent too much too fast.")
        return True

    def _end_heard(self) -> None:
        """The other side has sent its last frame: all that it said before is done, then it gets ours."""
        self._is_last_heard = True
        if self._is_last_sent:
            super()._lose()
        elif self.session is not None:
            self.session.finish()
        else:
            self.close()

    def readConnectionLost(self) -> None:  # noqa: N802  IHalfCloseableProtocol
        """The other side has hung up, with or without its last frame."""
        if self._closing and self._is_last_sent:
            self.transport.loseConnection()
        super().readConnectionLost()

    def _fail(self, code: int, reason: str) -> None:
        """End it for something that the other side has done."""
        self._deaf = True
        self._code = code
        if self._closing:
            return
        if self.session is not None:
            self.session.drop(reason)
        else:
            self.close()

    # ---- what goes out -------------------------------------------------------------------------------------

    def open_outlet(self) -> None:
        """See `Outlet`. The answer to the request comes before all else."""
        super().open_outlet()
        self._reader = frames.Reader()
        self._idle = Bucket(IDLE_BURST, self.factory.server.runtime.now())
        Outlet.write(self, self._head)

    def refuse(self, reason: str) -> None:
        """See `StreamLink.refuse`."""
        self._code = frames.POLICY
        super().refuse(reason)

    def write(self, data: bytes) -> None:
        """See `Link.write`: each line is a message."""
        if not self._is_last_sent:
            super().write(frames.framed(data, self.binary))

    def keepalive(self) -> None:
        """See `Link.keepalive`: browsers answer by themselves."""
        if not self._is_last_sent:
            Outlet.write(self, frames.ping())

    def drop(self, reason: str) -> None:
        """See `Link.drop`."""
        self._deaf = True
        self._reason = reason
        if self._code == frames.NORMAL:
            self._code = frames.POLICY
        super().drop(reason)

    # ---- the end (RFC 6455, 7) -----------------------------------------------------------------------------

    def _lose(self) -> None:
        """All has been sent: send the last frame too, and give the other side time for its own."""
        if not self._is_last_sent:
            self._is_last_sent = True
            Outlet.write(self, frames.close(self._code, self._reason))
            if self._queue is not None:
                return  # this is called again when it is out
        if self._is_last_heard or self.sends_no_more:
            super()._lose()
        elif self._deadline is None:
            self._await_end()

    def _await_end(self) -> None:
        """Closed at once, with bytes unread, the kernel would throw away what was sent last (TCP's RST)."""
        self._deadline = self.factory.server.runtime.later(CLOSE_SECONDS, self._too_late)
        self.transport.resumeProducing()
        if self._deaf and self._direct is not None:
            self.transport.loseWriteConnection()  # who is not listened to is shown the end in this way too

    def _too_late(self) -> None:
        self._deadline = None
        self.transport.abortConnection()

    def connectionLost(self, reason: Failure = Protocol.connectionLost.__defaults__[0]) -> None:  # type: ignore[index]  # noqa: N802
        """See `StreamLink.connectionLost`."""
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        super().connectionLost(reason)
