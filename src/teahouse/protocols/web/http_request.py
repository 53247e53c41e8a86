"""One request on Twisted's HTTP. Rule: bytes to a question, an answer to bytes; a resource that fails is this
request's trouble alone.
"""

# mypy: disallow-untyped-calls=False
# (twisted.web has no types)
from __future__ import annotations

from collections.abc import Awaitable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from twisted.web import http

from teahouse.extensions.hooks import Response
from teahouse.protocols.web.exchange import TEXT, Answer, HttpError, HttpRequest, Stream, as_error
from teahouse.protocols.web.flow import StreamFlow
from teahouse.protocols.web.headers import SECURITY
from teahouse.protocols.web.incoming import Gone, Incoming
from teahouse.protocols.web.routes import Route
from teahouse.protocols.web.site import Site
from teahouse.protocols.websocket.handshake import NoUpgrade, upgrade
from teahouse.protocols.websocket.protocol import WebSocketLink

if TYPE_CHECKING:
    from teahouse.protocols.web.http_connection import WebChannel

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
        if self.incoming is not None:
            if not self.incoming.is_over:
                self.channel.refuses()
            if not await self.incoming.rest():
                return
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
