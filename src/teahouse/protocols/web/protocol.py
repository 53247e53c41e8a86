"""The web site on Twisted. Rule: bytes to requests and answers to bytes; a client has so many seconds in all for each
request, however it spreads its bytes, and of a body nothing is read that no route has asked for.
"""

# mypy: disallow-untyped-calls=False
# (twisted.web has no types)
from __future__ import annotations

from collections.abc import Awaitable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote

from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Factory
from twisted.web import http

from teahouse.extensions.hooks import Response
from teahouse.protocols.link import LinkFactory, peer_of
from teahouse.protocols.peer import Peer
from teahouse.protocols.web.exchange import TEXT, Answer, HttpError, HttpRequest, Stream, as_error
from teahouse.protocols.web.flow import StreamFlow
from teahouse.protocols.web.forwarded import client_of
from teahouse.protocols.web.headers import SECURITY
from teahouse.protocols.web.incoming import Gone, Incoming
from teahouse.protocols.web.link import WebLink, WebLinks
from teahouse.protocols.web.routes import Route
from teahouse.protocols.web.site import Site
from teahouse.protocols.websocket.handshake import NoUpgrade, upgrade
from teahouse.protocols.websocket.protocol import WebSocketLink
from teahouse.server import Server
from teahouse.text.addresses import is_loopback

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
BROKEN = "Something went wrong here."


class WebRequest(http.Request):
    """One request: finds the resource and writes what it returns."""

    channel: Any
    refusal: HttpError | None = None
    """Why its body is not read."""
    incoming: Incoming | None = None
    """Where its body goes while it is coming."""

    def process(self) -> None:
        """The whole request is there, or its head where the body is read as it comes."""
        if self._disconnected or not self.channel.identify(self.values):
            return
        self._site.server.requests_served += 1
        asked = None
        try:
            route, places = self._site.find(self._path()) or (None, {})
            asked = self._asked(places)
            if self.refusal is not None:
                raise self.refusal
            if route is not None and route.socket is not None:
                self._upgrade(route)
            else:
                self._reply(self._site.answer(route, asked), asked)
        except Exception as error:  # noqa: BLE001  a resource's trouble stays its own
            self._write(self._failed(error, asked))

    def _reply(self, answer: Answer | Awaitable[Answer], asked: HttpRequest) -> None:
        if isinstance(answer, Awaitable):
            self._site.server.runtime.spawn(self._later(answer, asked))
        else:
            self._write(answer)

    async def _later(self, answer: Awaitable[Answer], asked: HttpRequest) -> None:
        try:
            found = await answer
        except Gone:
            return
        except Exception as error:  # noqa: BLE001  as in `process`
            found = self._failed(error, asked)
        if self.incoming is not None and await self.incoming.rest():
            self.channel.close_after(self, is_whole=self.incoming.is_over)
        self._write(found)

    # ---- a body that is read as it comes -------------------------------------------------------------------

    def take_in(self, length: int | None, method: bytes, uri: bytes, version: bytes) -> None:
        """The head is there: it is answered by one who reads the body."""
        runtime, is_asked_for = self.channel.factory.server.runtime, self.values("Expect") == ["100-continue"]
        self.requestHeaders.removeHeader("Expect")  # else Twisted says yes to everyone
        self.incoming = Incoming(runtime, self.channel.transport, length, is_asked_for=is_asked_for)
        self.method, self.uri, self.clientproto = method, uri, version
        self.path = uri.partition(b"?")[0]
        runtime.later(0, self.process)  # Twisted is not done with the head yet

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802  Twisted's name
        """A piece of the body has come."""
        if self.incoming is None:
            super().handleContentChunk(data)
        else:
            self.incoming.put(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:  # noqa: N802  Twisted's name
        """The body is whole."""
        if self.incoming is None:
            super().requestReceived(command, path, version)
        else:
            self.incoming.end()

    def connectionLost(self, reason: Any) -> None:  # noqa: N802  Twisted's name
        """Nobody waits for an answer any more."""
        super().connectionLost(reason)
        if self.incoming is not None:
            self.incoming.fail(Gone())

    # ---- what Twisted calls --------------------------------------------------------------------------------

    def _failed(self, error: Exception, asked: HttpRequest | None) -> Response:
        if isinstance(error, HttpError):
            return as_error(error, asked)
        log = self._site.server.runtime.log
        log.failure("the web resource {path} failed", path=unquote(self._path()))
        return as_error(HttpError(HTTPStatus.INTERNAL_SERVER_ERROR, BROKEN, code="internal"), asked)

    def gotLength(self, length: int | None) -> None:  # noqa: N802  Twisted's name
        """The head is there. A request outlives its channel's knowledge of it, where the answer takes its time."""
        if self.incoming is None:
            super().gotLength(length)
        self._parsePOSTFormSubmission = False
        self._site: Site = self.channel.factory.site

    def _path(self) -> str:
        return str(self.path.decode("ascii", "replace"))

    def _asked(self, places: Mapping[str, str]) -> HttpRequest:
        _, _, query = self.uri.partition(b"?")
        peer = self.channel.peer
        return HttpRequest(
            self.method.decode("ascii", "replace"),
            unquote(self._path()),
            dict(parse_qsl(query.decode("ascii", "replace"), keep_blank_values=True)),
            headers={
                name.decode("latin-1").lower(): values[-1].decode("latin-1")
                for name, values in self.requestHeaders.getAllRawHeaders()
            },
            body=self.content.read() if self.content is not None else b"",
            places=places,
            address=peer.address,
            secure=peer.secure,
            incoming=self.incoming,
        )

    # ---- the answer ----------------------------------------------------------------------------------------

    def _write(self, answer: Answer) -> None:
        if self._disconnected:
            return
        for name, value in {**SECURITY, "Content-Type": TEXT, **answer.headers}.items():
            self.setHeader(name, value)
        self.setResponseCode(answer.status)
        if isinstance(answer, Stream):
            self._open(answer)
            return
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        if answer.status in http.NO_BODY_CODES:
            self.responseHeaders.removeHeader("Content-Type")
        else:
            self.setHeader("Content-Length", str(len(body)))
        self.channel.answers(len(body))
        self.write(body)
        self.finish()

    def _open(self, answer: Stream) -> None:
        is_head = self.method == b"HEAD"
        self.channel.answers(0 if is_head else None)
        self.write(b"")  # the head goes out now
        if is_head:
            self.finish()
            return
        flow = StreamFlow(self, self._site.server)
        flow.gone = answer.start(flow)

    # ---- WebSocket -----------------------------------------------------------------------------------------

    def _upgrade(self, route: Route) -> None:
        """Let the protocol of the route have the connection. Raises HttpError."""
        channel: WebChannel = self.channel
        method, version = self.method.decode("ascii", "replace"), self.clientproto.decode()
        subprotocols = route.socket.link.subprotocols
        origins = channel.factory.server.settings.web.origins
        try:
            accepted = upgrade(method, version, self.values, subprotocols, origins, is_local=channel.is_local)
        except NoUpgrade as no:
            raise HttpError(no.status, no.text, headers=no.headers) from no
        link: WebSocketLink = route.socket.buildProtocol(None)
        link.take_over(channel.transport, accepted, channel.peer, channel.give_up())

    def values(self, header: str) -> list[str]:
        """All values of a header."""
        return [str(value) for value in self.requestHeaders.getRawHeaders(header, [])]


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
        refusal = server.admission.refusal(self.peer.address, len(server.arrivals), server.runtime.now())
        if not refusal:
            server.admission.enter(self.peer.address)
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
            self._allow(found[0].seconds)
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
            self.factory.server.admission.leave(self.peer.address)

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
SOCKETS: Mapping[str, type[WebSocketLink]] = {"/ws": WebLink}
"""The protocols over WebSocket that every site has, by their paths."""


class WebFactory(Factory):
    """Makes the connections of the web site. `sockets`: other protocols over WebSocket, by their paths."""

    noisy = False

    def __init__(self, server: Server, sockets: Mapping[str, type[WebSocketLink]] | None = None) -> None:
        self.server = server
        self.site = Site(server)
        self.links: set[Any] = set()
        for path, link in {**SOCKETS, **(sockets or {})}.items():
            factory = WebLinks(server, link) if issubclass(link, WebLink) else LinkFactory(server, link)
            factory.links = self.links  # whoever closes the house waits for all of them
            self.site.routes.add(Route(path, socket=factory))
        self.trusts = server.admission.trusts

    def buildProtocol(self, addr: IAddress | None) -> Any:  # noqa: N802  Twisted's name
        """One more connection."""
        channel = WebChannel()
        channel.factory = self
        return channel

    def log(self, request: http.Request) -> None:
        """Twisted tells of each request; nothing is written down of them."""

    def stopFactory(self) -> None:  # noqa: N802  Twisted's name
        """The house closes: whoever has not asked yet is not waited for."""
        for channel in list(self.links):
            if isinstance(channel, WebChannel):
                channel.loseConnection()
