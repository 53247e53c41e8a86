"""The connection behind a session, for protocols on a stream. Rule: all that Twisted leaves open (buffers without
bounds, Nagle's delay, large reads, peers that vanish) is closed here, once.
"""

from __future__ import annotations

from typing import Any, ClassVar

from OpenSSL import SSL
from twisted.internet import tcp
from twisted.internet.interfaces import IAddress, IHalfCloseableProtocol, ISSLTransport
from twisted.internet.protocol import Factory, Protocol
from twisted.python.failure import Failure
from zope.interface import implementer

from teahouse.events import Event, Failed
from teahouse.protocols.outlet import Outlet
from teahouse.protocols.peer import Peer
from teahouse.server import Server
from teahouse.session import Session
from teahouse.view import View

READ_BYTES = 8_192
"""Read from one connection in one turn, so that none can keep the others waiting."""


@implementer(IHalfCloseableProtocol)
class StreamLink(Outlet, Protocol):
    """See `Link`. A protocol's own class parses in `dataReceived` and makes the session in `make_session`."""

    __slots__ = (
        "_tls",
        "address",
        "connected",
        "factory",
        "is_relayed",
        "port",
        "secure",
        "sends_no_more",
        "session",
        "transport",
    )

    protocol: ClassVar[str]
    many: ClassVar[bool] = False
    shows_quiet: ClassVar[bool] = True
    is_led: ClassVar[bool] = True
    can_ask: ClassVar[bool] = True
    after_tls: ClassVar[bool] = False
    """Whether the TLS handshake, if there is one, is over when the link gets the connection."""
    came_from: Peer | None = None
    """Who is at the other end, if a proxy has said so."""
    factory: LinkFactory
    session: Session | None

    @classmethod
    def prepare(cls, server: Server) -> None:
        """Hook: the protocol is offered from now on."""

    def make_session(self, server: Server) -> Session:
        """The session for a connection that has been let in."""
        raise NotImplementedError

    def connectionMade(self) -> None:  # noqa: N802  Twisted's name
        """Let it in, or say why not."""
        server = self.factory.server
        self.session = None
        self.sends_no_more = False
        self.is_relayed = False
        self._tls = ISSLTransport.providedBy(self.transport)
        self.address, self.port, self.secure = self.came_from or peer_of(self.transport)
        self.limit = server.limits.output_bytes
        if self._tls:
            ask_for_certificate(self.transport)
        self.open_outlet()
        self._tune()
        refusal = self.refusal()
        if refusal:
            self.refuse(refusal)
            return
        server.admission.enter(self.address)
        self.factory.links.add(self)
        self.session = self.make_session(server)
        server.arrive(self.session)

    def refusal(self) -> str:
        """Why the connection may not be let in, as a sentence to tell; "" if it may."""
        server = self.factory.server
        refusal = server.admission.refusal(self.address, len(server.arrivals), server.runtime.now())
        return refusal or server.order.refusal(self.address)

    def relay(self, peer: Peer) -> str:
        """The connection is a gateway's, for someone elsewhere, and counts as theirs from now on; as `refusal`."""
        admission = self.factory.server.admission
        admission.leave(self.address)
        self.address, self.port, self.secure = peer
        self.is_relayed = True
        refusal = StreamLink.refusal(self)
        admission.enter(self.address)
        return refusal

    def refuse(self, reason: str) -> None:
        """Say it and close; the protocol may have a form of its own for it. Nobody waits for a TLS handshake."""
        if self._tls and not self.after_tls:
            self.transport.abortConnection()
            return
        self.write(reason.encode() + b"\r\n")
        self.close()

    def connectionLost(self, reason: Failure = Protocol.connectionLost.__defaults__[0]) -> None:  # type: ignore[index]  # noqa: N802
        """The peer is gone, or we have closed."""
        session, self.session = self.session, None
        if session is None:
            return
        server = self.factory.server
        server.stalled(session, is_so=False)
        session.lost("connection lost")
        server.admission.leave(self.address)
        self.factory.links.discard(self)
        self.stopProducing()

    def readConnectionLost(self) -> None:  # noqa: N802  IHalfCloseableProtocol
        """The peer sends nothing more, as at the end of a script; it may still read what it is answered."""
        self.sends_no_more = True
        if self.session is not None:
            self.session.finish()
        else:
            self.close()

    def writeConnectionLost(self) -> None:  # noqa: N802  IHalfCloseableProtocol
        """We never close one direction alone."""

    def _tune(self) -> None:
        transport: Any = self.transport
        if hasattr(transport, "setTcpNoDelay"):
            transport.setTcpNoDelay(True)  # else the last reader waits 40 ms for Nagle and a delayed ACK
            transport.setTcpKeepAlive(True)
        if isinstance(transport, tcp.Connection):
            transport.bufferSize = READ_BYTES

    # ---- what a session may ask ----------------------------------------------------------------------------

    @property
    def same_to_all(self) -> frozenset[type[Event]]:
        """See `Link.same_to_all`."""
        return frozenset()

    @property
    def certificate(self) -> str:
        """See `Link.certificate`. It is there before the first byte of the client's is."""
        shows = self._tls and self.session is not None and not self.is_relayed
        found = self.transport.getPeerCertificate() if shows else None
        return found.digest("sha256").decode().replace(":", "").lower() if found is not None else ""

    def reply(self, event: Event, view: View) -> bytes:
        """See `Link.reply`."""
        return self.session.render(event, view) if self.session is not None else b""

    def shown(self, data: bytes, view: View) -> bytes:
        """See `Link.shown`."""
        return data

    def close(self) -> None:
        """See `Link.close`. A peer that does not take the rest in time is dropped as any slow one."""
        super().close()
        if self.session is not None:
            self.factory.server.stalled(self.session, is_so=True)

    def drop(self, reason: str) -> None:
        """See `Link.drop`."""
        if self._closing or self._queue is not None or self.session is None:
            self.transport.abortConnection()
            return
        self.say_dropped(self.session, reason)
        self.pause()
        self.close()

    def say_dropped(self, session: Session, reason: str) -> None:
        """The last that the peer is told."""
        self.write(session.render(Failed("dropped", reason), session.view))

    def pause(self) -> None:
        """See `Link.pause`."""
        self.transport.pauseProducing()

    def resume(self) -> None:
        """See `Link.resume`."""
        if not (self.transport.disconnecting or self.sends_no_more):
            self.transport.resumeProducing()

    def outlet_stalled(self, *, is_so: bool) -> None:
        """The peer does not read as fast as it is written to."""
        if self.session is not None and (is_so or not self._closing):
            self.factory.server.stalled(self.session, is_so=is_so)

    def outlet_overflowed(self) -> None:
        """Too much waits for the peer."""
        if self.session is not None:
            self.session.too_slow(
                f"Your side reads too slowly: more than {self.limit:,} bytes were waiting for it."
            )


def peer_of(transport: Any) -> Peer:
    """Who is at the other end, as the transport knows it."""
    peer = transport.getPeer()
    secure = ISSLTransport.providedBy(transport)
    return Peer(getattr(peer, "host", "") or "", getattr(peer, "port", 0), secure)


def ask_for_certificate(transport: Any) -> None:
    """Let the client of a TLS connection show a certificate, before the handshake. Who has signed it, and until when,
    means nothing here: it counts if an account knows it, and that the client holds its key TLS sees to."""
    transport.getHandle().set_verify(SSL.VERIFY_PEER, lambda *_: True)


class LinkFactory(Factory):
    """Makes links for one protocol of the house."""

    noisy = False

    def __init__(self, server: Server, link: type[StreamLink]) -> None:
        self.server = server
        self.link = link
        link.prepare(server)
        self.links: set[StreamLink] = set()

    def buildProtocol(self, addr: IAddress | None) -> Any:  # noqa: N802  Twisted's name
        """A link for one more connection."""
        link = self.link()
        link.factory = self
        return link
