"""One HTTP connection, on Twisted's. Rule: a client has so many seconds in all for each request, however it spreads
its bytes, and of a body nothing is read that no route has asked for.
"""

# mypy: disallow-untyped-calls=False
# (twisted.web has no types)
from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from twisted.web import http

from teahouse.protocols.link import peer_of
from teahouse.protocols.peer import Peer
from teahouse.protocols.web.exchange import HttpError
from teahouse.protocols.web.forwarded import client_of
from teahouse.protocols.web.http_request import WebRequest
from teahouse.protocols.web.incoming import Gone
from teahouse.protocols.web.routes import Route
from teahouse.text.addresses import is_loopback

if TYPE_CHECKING:
    from teahouse.protocols.web.protocol import WebFactory

REQUEST_SECONDS = 15.0
"""From the first byte (or the connection) to the whole request. Twisted's timeout begins again with every byte."""
IDLE_SECONDS = 15.0
"""From an answer to the next request."""
READ_SECONDS = 60.0
"""For the house to answer, and for the client to read a long answer."""
LONG = 32_768
"""Bytes of an answer that is long."""
REQUESTS = 200
"""Over one connection."""


class WebChannel(http.HTTPChannel):
    """A connection: one request after the other, each within its time."""

    requestFactory = WebRequest  # noqa: N815  Twisted's name
    totalHeadersSize = 8_192  # noqa: N815  Twisted's name
    maxHeaders = 64  # noqa: N815  Twisted's name
    timeOut = None  # noqa: N815  Twisted's name
    MAX_LENGTH = 4_096
    factory: WebFactory
    transport: Any
    came_from: Peer | None = None
    """Who is at the other end, if a proxy has said so before the request."""
    peer = Peer("")
    is_local = False
    """Whether it comes from this machine, and through no proxy that is known."""
    _deadline: Any = None
    _is_let_in = False
    _seconds = REQUEST_SECONDS
    _count = 0
    _is_idle = False
    _path: Any
    _command: Any

    def connectionMade(self) -> None:  # noqa: N802  Twisted's name
        """Let it in, or say why not."""
        super().connectionMade()
        self.peer = self.came_from or peer_of(self.transport)
        self._is_proxy = self.factory.trusts(self.peer.address)
        self.is_local = not (self.came_from or self._is_proxy) and is_loopback(self.peer.address)
        self._allow(REQUEST_SECONDS)
        self.factory.links.add(self)
        if not self._is_proxy:
            self._let_in()

    def identify(self, values: Any) -> bool:
        """The headers are there: now it is known for whom a proxy has connected. Whether they may come in."""
        if not self._is_let_in and self._is_proxy:
            self.peer = client_of(self.peer, values, self.factory.trusts)
            self._let_in()
        return self._is_let_in

    def _let_in(self) -> None:
        server = self.factory.server
        refusal = server.admission.visit_refusal(self.peer.address, server.runtime.now())
        if not refusal:
            server.admission.enter(self.peer.address, visit=True)
            self._is_let_in = True
            return
        body = f"{refusal}\n".encode()
        self.transport.write(_REFUSED % len(body) + body)
        self.loseConnection()

    def give_up(self) -> bytes:
        """Somebody else has the connection from now on; what has come behind the request."""
        self._leave()
        self.transport.unregisterProducer()
        self.requests.clear()
        return b"".join([*self._dataBuffer, self.clearLineBuffer()])

    def dataReceived(self, data: bytes) -> None:  # noqa: N802  Twisted's name
        """The first byte of the next request: its time begins."""
        if self._is_idle:
            self._is_idle = False
            self._allow(REQUEST_SECONDS)
        super().dataReceived(data)

    def checkPersistence(self, request: Any, version: bytes) -> bool:  # noqa: N802  Twisted's name
        """Whether another request may come over this connection. A proxy's next one may be somebody else's."""
        self._count += 1
        may = self._count < REQUESTS and not self._is_proxy and request.refusal is None
        if may and super().checkPersistence(request, version):
            return True
        request.responseHeaders.setRawHeaders("Connection", ["close"])
        return False

    def allHeadersReceived(self) -> None:  # noqa: N802  Twisted's name
        """A body that is announced is read if the route wants one, and if it is small enough."""
        request, found = self.requests[-1], self._found()
        if found is not None and found[0].reads(self._command.decode("ascii", "replace")):
            request.take_in(self.length, self._command, self._path, self._version)
            self._seconds = found[0].seconds
            self._allow(self._seconds)
        elif self.length != 0:
            request.refusal = self._why_not_read(found[0] if found is not None else None)
            if request.refusal is not None:
                request.requestHeaders.removeHeader("Expect")
        super().allHeadersReceived()
        if request.refusal is not None:
            self.length = 0
            if request.refusal is _NOT_WANTED:
                request.refusal = None

    def _found(self) -> tuple[Route, dict[str, str]] | None:
        return self.factory.site.find(self._path.partition(b"?")[0].decode("ascii", "replace"))

    def loseConnection(self) -> None:  # noqa: N802  Twisted's name
        """Nothing more is read: of a body that is no HTTP, nor where the house closes."""
        super().loseConnection()
        incoming = self.requests[-1].incoming if self.requests else None
        if incoming is not None:
            incoming.fail(Gone())

    def refuses(self) -> None:
        """The request whose body is coming was answered: it is not waited for as one that is wanted."""
        self._allow(min(READ_SECONDS, self._seconds))

    def close_after(self, request: WebRequest, *, is_whole: bool) -> None:
        """Its answer comes now. What is left of a body that was not read is nobody's next request."""
        self._allow(READ_SECONDS)
        if not is_whole:
            self.persistent = False
            request.responseHeaders.setRawHeaders("Connection", ["close"])

    def _why_not_read(self, route: Route | None) -> HttpError | None:
        most = route.body if route is not None else 0
        if not most or self._command not in {b"POST", b"PUT", b"PATCH", b"DELETE"}:
            return _NOT_WANTED
        if self.length is None:
            return HttpError(HTTPStatus.LENGTH_REQUIRED, "Say how long it is: Content-Length.")
        if self.length > most:
            return HttpError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"At most {most:,} bytes are taken here.")
        return None

    def allContentReceived(self) -> None:  # noqa: N802  Twisted's name
        """The request is whole: now the house has to answer, and the client to read."""
        if not self.requests:
            return  # it was answered before all of it had come, and the connection is closing
        self._allow(READ_SECONDS)
        super().allContentReceived()

    def answers(self, size: int | None) -> None:
        """An answer of so many bytes is about to be written; None: one that goes on."""
        if size is None:
            self._allow(None)
        elif self.persistent and size <= LONG:
            self._allow(IDLE_SECONDS)
        elif self._deadline is None:  # the end of an answer that went on: what is left of it is to be read
            self._allow(READ_SECONDS)
        self._is_idle = bool(self.persistent)

    def connectionLost(self, reason: Any = None) -> None:  # noqa: N802  Twisted's name
        """The client is gone, or we have closed."""
        super().connectionLost(reason)
        self._leave()

    def _leave(self) -> None:
        self._allow(None)
        self.factory.links.discard(self)
        if self._is_let_in:
            self._is_let_in = False
            self.factory.server.admission.leave(self.peer.address, visit=True)

    def _allow(self, seconds: float | None) -> None:
        """Let the connection last so many seconds from now; None: no deadline any more."""
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = self.factory.server.runtime.later(seconds, self._too_late) if seconds else None

    def _too_late(self) -> None:
        self._deadline = None
        incoming = self.requests[-1].incoming if self.requests else None
        if incoming is not None and incoming.fail(_TOO_SLOW):
            self._allow(READ_SECONDS)
        else:
            self.transport.abortConnection()


_TOO_SLOW = HttpError(HTTPStatus.REQUEST_TIMEOUT, "That took too long.")
_NOT_WANTED = HttpError(HTTPStatus.BAD_REQUEST, "No body is taken here.")
_REFUSED = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Connection: close\r\nContent-Length: %d\r\n\r\n"
)
