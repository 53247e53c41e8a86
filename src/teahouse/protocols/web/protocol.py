"""The web site: what extensions offer there, and the way to WebSockets. Rule: one request a connection, one answer,
closed (or handed to a link for good); a client has so many seconds in all for its request, however it spreads its
bytes, and nothing of a body is read.
"""

# mypy: disallow-untyped-calls=False
# (twisted.web has no types)
from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote

from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Factory
from twisted.web import http

from teahouse.admission import within
from teahouse.extensions.blame import named, timing
from teahouse.extensions.hooks import Request, Resource, Response
from teahouse.protocols.link import LinkFactory, peer_of
from teahouse.protocols.peer import Peer
from teahouse.protocols.web.forwarded import client_of
from teahouse.protocols.websocket.handshake import NoUpgrade, upgrade
from teahouse.protocols.websocket.protocol import WebSocketLink
from teahouse.server import Server

REQUEST_SECONDS = 15.0
"""From the connection to the whole request. Twisted's own timeout begins again with every byte."""
READ_SECONDS = 60.0
"""For the client to read its answer."""
TEXT = "text/plain; charset=utf-8"


class WebRequest(http.Request):
    """One request: finds the resource and writes what it returns."""

    channel: Any

    def process(self) -> None:
        """The whole request is there."""
        if not self.channel.identify(self.values):
            return
        try:
            if self._path() in self.channel.factory.sockets:
                self._open_socket(self.channel.factory.sockets[self._path()])
                return
            self._write(self._answer())
        except NoUpgrade as no:
            self._write(Response(f"{no.text}\n", no.status, no.headers))
        except Exception:  # noqa: BLE001  a resource's trouble stays its own
            self.channel.factory.server.runtime.log.failure(
                "the web resource {path} failed", path=self._path()
            )
            self._write(_plain(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong here.\n"))

    def values(self, header: str) -> list[str]:
        """All values of a header."""
        return [str(value) for value in self.requestHeaders.getRawHeaders(header, [])]

    def _open_socket(self, factory: LinkFactory) -> None:
        """Let a link have the connection. Raises NoUpgrade."""
        channel: WebChannel = self.channel
        method, version = self.method.decode(), self.clientproto.decode()
        subprotocols = getattr(factory.link, "subprotocols", ())
        accepted = upgrade(method, version, self.values, subprotocols, channel.factory.origins)
        link: WebSocketLink = factory.buildProtocol(None)
        link.take_over(channel.transport, accepted, channel.peer, channel.give_up())

    def _answer(self) -> Response:
        server: Server = self.channel.factory.server
        path = self._path()
        resource = server.extensions.resource(path)
        if resource is None:
            return _plain(HTTPStatus.NOT_FOUND, "There is no such page here.\n")
        if self.method not in {b"GET", b"HEAD"}:
            return _plain(HTTPStatus.METHOD_NOT_ALLOWED, "Only GET and HEAD are answered here.\n")
        with timing(server.runtime.log, named(resource)):
            return _response(resource, Request(self.method.decode(), path, self._query()))

    def _path(self) -> str:
        return unquote(self.path.decode("ascii", "replace"))

    def _query(self) -> dict[str, str]:
        _, _, query = self.uri.partition(b"?")
        return dict(parse_qsl(query.decode("ascii", "replace"), keep_blank_values=True))

    def _write(self, response: Response) -> None:
        body = response.body.encode() if isinstance(response.body, str) else response.body
        headers = {"Content-Type": TEXT, "X-Content-Type-Options": "nosniff"} | dict(response.headers)
        for name, value in headers.items():
            self.setHeader(name, value)
        self.setHeader("Content-Length", str(len(body)))
        if response.status == HTTPStatus.METHOD_NOT_ALLOWED:
            self.setHeader("Allow", "GET, HEAD")
        self.setResponseCode(response.status)
        self.write(body)
        self.finish()


def _response(resource: Resource, request: Request) -> Response:
    found = resource(request)
    response = found if isinstance(found, Response) else Response(found)
    if not isinstance(response.body, str | bytes):
        raise TypeError(
            f"a web resource returns text, bytes or a Response, not {type(response.body).__name__}"
        )
    return response


def _plain(status: HTTPStatus, body: str = "") -> Response:
    return Response(body, status)


class WebChannel(http.HTTPChannel):
    """A connection: one request within the time, one answer."""

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
    _deadline: Any = None
    _is_let_in = False

    def connectionMade(self) -> None:  # noqa: N802  Twisted's name
        """Let it in, or say why not."""
        super().connectionMade()
        self.peer = self.came_from or peer_of(self.transport)
        self._allow(REQUEST_SECONDS)
        self.factory.links.add(self)
        if not self.factory.trusts(self.peer.address):
            self._let_in()

    def identify(self, values: Any) -> bool:
        """The headers are there: now it is known for whom a proxy has connected. Whether they may come in."""
        if not self._is_let_in and self.factory.trusts(self.peer.address):
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
        return bytes(self.clearLineBuffer())

    def checkPersistence(self, request: Any, version: bytes) -> bool:  # noqa: N802  Twisted's name
        """Never: the next request comes over its own connection."""
        request.responseHeaders.setRawHeaders("Connection", ["close"])
        return False

    def allHeadersReceived(self) -> None:  # noqa: N802  Twisted's name
        """A body, if one is announced, is not waited for."""
        super().allHeadersReceived()
        self.length = 0

    def allContentReceived(self) -> None:  # noqa: N802  Twisted's name
        """The request is whole: now the client has to read."""
        self._allow(READ_SECONDS)
        super().allContentReceived()

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
        self.transport.abortConnection()


_REFUSED = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Connection: close\r\nContent-Length: %d\r\n\r\n"
)


class WebFactory(Factory):
    """Makes the connections of the web site."""

    noisy = False

    def __init__(self, server: Server, sockets: Mapping[str, type[WebSocketLink]] | None = None) -> None:
        self.server = server
        self.links: set[Any] = set()
        self.sockets = {path: LinkFactory(server, link) for path, link in (sockets or {}).items()}
        """Which paths are WebSockets, and of what."""
        for factory in self.sockets.values():
            factory.links = self.links  # whoever closes the house waits for all of them
        self.origins = frozenset(origin.lower() for origin in server.settings.web.origins)
        self.trusts = within(server.settings.proxy.trusted)

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
