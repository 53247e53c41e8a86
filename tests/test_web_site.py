"""The web resources of extensions: what is answered, and what a client cannot do to the house."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from twisted.internet.address import IPv4Address
from twisted.internet.error import ConnectionDone
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure

from teahouse.extensions.hooks import Response
from teahouse.limits import Limits
from teahouse.protocols.web import files
from teahouse.protocols.web.exchange import Flow, HttpRequest, Stream, as_json
from teahouse.protocols.web.headers import REPORTS, SECURITY
from teahouse.protocols.web.http_connection import IDLE_SECONDS, READ_SECONDS, REQUEST_SECONDS, REQUESTS
from teahouse.protocols.web.protocol import WebFactory
from teahouse.protocols.web.routes import Route
from teahouse.testing import QUIET, House

PAGES = """
    from teahouse import Request, Response, web

    @web("/")
    def home(request: Request) -> str:
        return f"{request.method} {request.path} {dict(request.query)}"

    @web("/café")
    def coffee(request):
        return "thé"

    @web("/image")
    def image(request):
        return Response(b"\\x00\\xff", 201, {"Content-Type": "image/x-none", "X-Two": "lines\\r\\nX-Three: no"})

    @web("/broken")
    def broken(request):
        raise ValueError("secret")

    @web("/nothing")
    def nothing(request):
        return None
"""
Ask = Callable[..., tuple[str, dict[str, str], bytes]]


class Client:
    """A connection to the site."""

    def __init__(self, house: House, factory: WebFactory) -> None:
        make: Any = StringTransport
        self.wire = make(peerAddress=IPv4Address("TCP", "127.0.0.1", 5555))
        self.house = house
        self.channel = factory.buildProtocol(None)
        self.channel.makeConnection(self.wire)

    def sends(self, data: bytes) -> None:
        self.channel.dataReceived(data)
        self.house.rests()

    def lose(self) -> None:
        make: Any = Failure
        self.channel.connectionLost(make(ConnectionDone()))

    @property
    def closed(self) -> bool:
        return bool(self.wire.disconnecting or self.wire.disconnected)

    def answer(self) -> tuple[str, dict[str, str], bytes]:
        """The status line, the headers, the body; the connection ends with it."""
        head, _, body = self.wire.value().partition(b"\r\n\r\n")
        status, *lines = head.decode().split("\r\n")
        assert self.closed
        self.lose()
        return status, dict(line.split(": ", 1) for line in lines), body


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    path = tmp_path / "pages.py"
    path.write_text(dedent(PAGES))
    with House(extensions=[str(path)]) as house:
        yield house


@pytest.fixture
def factory(house: House) -> Iterator[WebFactory]:
    factory = WebFactory(house.server)
    yield factory
    assert not factory.links
    assert house.server.admission.total == 0


@pytest.fixture
def ask(house: House, factory: WebFactory) -> Ask:
    """Send a request; what is answered."""

    def send(path: str, method: str = "GET", more: str = "", version: str = "1.1") -> Any:
        client = Client(house, factory)
        head = f"{method} {path} HTTP/{version}\r\nHost: here\r\nConnection: close\r\n{more}\r\n"
        client.sends(head.encode("latin-1"))
        return client.answer()

    return send


def test_a_page(ask: Ask) -> None:
    status, headers, body = ask("/?a=1&b=%C3%A9&a=2&c")
    assert status == "HTTP/1.1 200 OK"
    assert body.decode() == "GET / {'a': '2', 'b': 'é', 'c': ''}"
    assert headers == {
        "Connection": "close",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(body)),
        **{name.title().replace("Csp", "CSP"): value for name, value in SECURITY.items()},
    }


def test_a_path_beyond_ascii(ask: Ask) -> None:
    assert ask("/caf%C3%A9")[2].decode() == "thé"


def test_head_is_get_without_the_body(ask: Ask) -> None:
    status, headers, body = ask("/", "HEAD")
    assert (status, headers["Content-Length"], body) == ("HTTP/1.1 200 OK", str(len("HEAD / {}")), b"")


def test_a_response_of_its_own(ask: Ask) -> None:
    status, headers, body = ask("/image")
    assert (status, body) == ("HTTP/1.1 201 Created", b"\x00\xff")
    assert headers["Content-Type"] == "image/x-none"
    assert "X-Three" not in headers


@pytest.mark.parametrize(
    "path", ["/no", "//", "/../etc/passwd", "/%00", "/%ff%fe", "*", "http://else.where/"]
)
def test_what_is_not_there(ask: Ask, path: str) -> None:
    status, _, body = ask(path)
    assert (status, body) == ("HTTP/1.1 404 Not Found", b"There is no such page here.\n")


@pytest.mark.parametrize(
    "path",
    [
        "/static/index.html",
        "/../protocol.py",
        "/app/../../link.py",
        "/%2e%2e/link.py",
        "/app/%2e%2e%2f..%2flink.py",
        "/app",
        "/app/",
        "//index.html",
        "/link.py",
        "/C:/x",
        "/\\..\\link.py",
        "/index.html%00.js",
    ],
)
def test_no_path_leads_out_of_the_client(ask: Ask, path: str) -> None:
    assert ask(path)[0] == "HTTP/1.1 404 Not Found"


def test_errors_for_programs(ask: Ask) -> None:
    status, headers, body = ask("/no", more="Accept: application/json\r\n")
    assert (status, headers["Content-Type"]) == ("HTTP/1.1 404 Not Found", "application/json")
    assert json.loads(body) == {"code": "not-found", "text": "There is no such page here."}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "NONSENSE"])
def test_other_methods(ask: Ask, method: str) -> None:
    status, headers, body = ask("/", method)
    assert status == "HTTP/1.1 405 Method Not Allowed"
    assert (headers["Allow"], body) == ("GET, HEAD", b"Only GET and HEAD are answered here.\n")


@pytest.mark.parametrize("more", ["Content-Length: 1000000000\r\n", "Transfer-Encoding: chunked\r\n"])
def test_a_body_is_not_waited_for(ask: Ask, more: str) -> None:
    assert ask("/", "POST", more)[0] == "HTTP/1.1 405 Method Not Allowed"
    assert ask("/", "GET", more)[0] == "HTTP/1.1 200 OK"


@pytest.mark.parametrize("path", ["/broken", "/nothing"])
def test_a_resource_that_fails(house: House, ask: Ask, path: str) -> None:
    status, _, body = ask(path)
    assert (status, body) == ("HTTP/1.1 500 Internal Server Error", b"Something went wrong here.\n")
    assert f"the web resource {path} failed" in house.expect_errors()


def test_one_request_after_the_other(house: House, factory: WebFactory) -> None:
    client = Client(house, factory)
    client.sends(b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /image HTTP/1.1\r\nHost: a\r\n\r\n")
    assert client.wire.value().count(b"HTTP/1.1 20") == 2
    assert not client.closed
    client.sends(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert client.wire.value().count(b"HTTP/1.1 20") == 3
    client.answer()
    assert house.server.requests_served == 3


def test_a_connection_that_asks_nothing_more(house: House, factory: WebFactory) -> None:
    client = Client(house, factory)
    client.sends(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    house.passes(IDLE_SECONDS - 1)
    assert not client.closed
    client.sends(b"GET / HTTP/1.1\r\n")
    for _ in range(int(REQUEST_SECONDS) - 1):
        house.passes(1)
        client.sends(b"X: y\r\n")
    assert not client.closed
    house.passes(1)
    assert client.closed
    client.lose()


def test_so_many_requests_over_one_connection(house: House, factory: WebFactory) -> None:
    client = Client(house, factory)
    for _ in range(REQUESTS):
        assert not client.closed
        client.sends(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    client.answer()


def test_the_time_for_a_request_is_not_renewed_by_bytes(house: House, factory: WebFactory) -> None:
    client = Client(house, factory)
    client.sends(b"GET / HTTP/1.1\r\n")
    for _ in range(int(REQUEST_SECONDS) - 1):
        house.passes(1)
        client.sends(b"X: y\r\n")
    assert not client.closed
    house.passes(1)
    assert client.closed
    client.lose()


def test_the_time_to_read_ends(house: House, factory: WebFactory) -> None:
    client = Client(house, factory)
    client.sends(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    client.wire.disconnecting = False
    house.passes(READ_SECONDS - 1)
    assert not client.closed
    house.passes(1)
    assert client.closed
    client.lose()


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 66,
        b"GET / HTTP/1.1\r\n" + b"".join(b"X%d: %s\r\n" % (n, b"y" * 1000) for n in range(10)),
        b"GET /" + b"x" * 5000,
        b"GET / HTTP/1.1\r\nX: " + b"y" * 5000,
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n",
    ],
)
def test_what_is_too_much_or_no_http(house: House, factory: WebFactory, request_: bytes) -> None:
    client = Client(house, factory)
    client.sends(request_)
    assert client.closed
    assert re.match(rb"$|HTTP/1.1 400", client.wire.value())
    client.lose()


def test_it_is_counted_and_refused_like_others() -> None:
    limits = Limits(exempt_addresses=[], visits_per_address=2)
    with House(settings=replace(QUIET, limits=limits)) as house:
        factory = WebFactory(house.server)
        clients = [Client(house, factory) for _ in range(3)]
        status, headers, body = clients[2].answer()
        assert status == "HTTP/1.1 503 Service Unavailable"
        assert headers["Content-Length"] == str(len(body))
        assert body.startswith(b"Too many connections from your address.")
        factory.stopFactory()
        assert clients[0].closed
        for client in clients[:2]:
            client.lose()
        assert house.server.admission.total == 0


# ---- the house's own routes --------------------------------------------------------------------------------


@pytest.fixture
def echo(factory: WebFactory) -> None:
    """A route that takes a body, one that takes its time, one that goes on, and one with places."""

    def body(request: HttpRequest) -> Response:
        return as_json({"got": request.body.decode(), "type": request.headers.get("content-type")})

    async def later(request: HttpRequest) -> Response:
        return Response(request.places["room"] + request.address)

    factory.site.routes.add(
        Route("/echo", {"POST": body}, body=10), Route("/rooms/{room}/lines", {"GET": later})
    )


@pytest.mark.usefixtures("echo")
def test_a_body_is_read_where_a_route_wants_one(house: House, factory: WebFactory) -> None:
    client = Client(house, factory)
    head = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data\r\nContent-Length: 3\r\n\r\n"
    client.sends(head + b"on")
    assert not client.wire.value()
    client.sends(b"e" + head.replace(b"Host", b"Connection: close\r\nHost") + b"two")
    assert client.wire.value().count(b'{"got":"one","type":"multipart/form-data"}') == 1
    assert client.answer()[2].endswith(b'{"got":"two","type":"multipart/form-data"}')


@pytest.mark.usefixtures("echo")
@pytest.mark.parametrize(
    ("more", "status"),
    [
        ("Content-Length: 11\r\n", 413),
        ("Content-Length: 11\r\nExpect: 100-continue\r\n", 413),
        ("Content-Length: 99999999999999999999\r\n", 413),
        ("Transfer-Encoding: chunked\r\n", 411),
    ],
)
def test_a_body_that_is_too_long(ask: Ask, more: str, status: int) -> None:
    found, headers, _ = ask("/echo", "POST", more)
    assert found.startswith(f"HTTP/1.1 {status} ")
    assert headers["Connection"] == "close"


@pytest.mark.usefixtures("echo")
def test_a_body_has_no_more_time_than_a_head(house: House, factory: WebFactory) -> None:
    client = Client(house, factory)
    client.sends(b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx")
    house.passes(REQUEST_SECONDS)
    assert client.closed
    client.lose()


@pytest.mark.usefixtures("echo")
def test_places_and_methods(ask: Ask) -> None:
    assert ask("/rooms/a%2Fb/lines")[2] == b"a/b127.0.0.1"
    assert ask("/rooms//lines")[0] == "HTTP/1.1 404 Not Found"
    status, headers, _ = ask("/echo")
    assert (status, headers["Allow"]) == ("HTTP/1.1 405 Method Not Allowed", "POST")


@pytest.mark.parametrize("gone", [False, True])
def test_an_answer_that_goes_on(house: House, factory: WebFactory, gone: bool) -> None:
    flows: list[Flow] = []
    ends: list[str] = []

    def start(flow: Flow) -> Callable[[], object]:
        flows.append(flow)
        return lambda: ends.append("gone")

    stream = Stream(start, {"Content-Type": "text/event-stream"})
    factory.site.routes.add(Route("/events", {"GET": lambda request: stream}))
    client = Client(house, factory)
    client.sends(b"GET /events HTTP/1.1\r\nHost: a\r\n\r\n")
    house.passes(READ_SECONDS * 3)
    flows[0].write(b"data: 1\n\n")
    assert client.wire.value().endswith(b"9\r\ndata: 1\n\n\r\n")
    if gone:
        client.lose()
        assert ends == ["gone"]
        flows[0].write(b"data: 2\n\n")
        flows[0].close()
        return
    flows[0].close()
    assert client.wire.value().endswith(b"0\r\n\r\n")
    assert ends == ["gone"]
    house.passes(IDLE_SECONDS)
    assert client.closed
    client.lose()


def test_a_deaf_reader_of_an_answer_that_goes_on(house: House, factory: WebFactory) -> None:
    flows: list[Flow] = []

    def start(flow: Flow) -> Callable[[], object]:
        flows.append(flow)
        return bool

    factory.site.routes.add(Route("/events", {"GET": lambda request: Stream(start)}))
    client = Client(house, factory)
    client.sends(b"GET /events HTTP/1.1\r\nHost: a\r\n\r\n")
    client.wire.producer.pauseProducing()
    before = len(client.wire.value())
    for _ in range(house.server.limits.output_bytes // 1000):
        flows[0].write(b"x" * 1000)
    assert not client.closed
    assert len(client.wire.value()) == before
    flows[0].write(b"x" * 1000)
    assert client.closed
    client.lose()


def test_a_handler_that_fails_later(house: House, factory: WebFactory, ask: Ask) -> None:
    async def fails(request: HttpRequest) -> Response:
        raise ValueError("secret")

    def handler(request: HttpRequest) -> Awaitable[Response]:
        return fails(request)

    factory.site.routes.add(Route("/later", {"GET": handler}))
    assert ask("/later")[0] == "HTTP/1.1 500 Internal Server Error"
    assert "/later failed" in house.expect_errors()


# ---- the client's files ------------------------------------------------------------------------------------


@pytest.fixture
def client_file(monkeypatch: pytest.MonkeyPatch, house: House) -> WebFactory:
    body = b"export const tea = 1;\n" * 100
    found = {"/app/tea.js": files.made(body, "js"), "/index.html": files.made(b"<!doctype html>", "html")}
    monkeypatch.setattr(files, "client_files", lambda: found)
    return WebFactory(house.server)


def _get(house: House, factory: WebFactory, path: str, more: str = "") -> tuple[str, dict[str, str], bytes]:
    client = Client(house, factory)
    client.sends(f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{more}\r\n".encode())
    return client.answer()


def test_a_file_of_the_client(house: House, client_file: WebFactory) -> None:
    status, headers, body = _get(house, client_file, "/app/tea.js")
    assert (status, len(body)) == ("HTTP/1.1 200 OK", 2200)
    assert headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert headers["Cache-Control"] == "no-cache"
    assert headers["Vary"] == "Accept-Encoding"
    again, _, nothing = _get(house, client_file, "/app/tea.js", f"If-None-Match: W/{headers['ETag']}\r\n")
    assert (again, nothing) == ("HTTP/1.1 304 Not Modified", b"")


def test_a_packed_file(house: House, client_file: WebFactory) -> None:
    _, plain, body = _get(house, client_file, "/app/tea.js")
    _, headers, packed = _get(house, client_file, "/app/tea.js", "Accept-Encoding: br, gzip\r\n")
    assert gzip.decompress(packed) == body
    assert headers["Content-Encoding"] == "gzip"
    assert headers["ETag"] != plain["ETag"]


def test_an_extension_comes_before_the_client(house: House, client_file: WebFactory) -> None:
    assert _get(house, client_file, "/")[2].startswith(b"GET / ")


def test_the_package_has_what_the_page_needs(house: House, factory: WebFactory) -> None:
    for path, file in files.client_files().items():
        assert file.type in files.TYPES.values(), path


# ---- reports -----------------------------------------------------------------------------------------------


def test_reports_are_counted_and_few_are_logged(house: House, factory: WebFactory, ask: Ask) -> None:
    report = json.dumps(
        {"csp-report": {"blocked-uri": "inline\n\x1b[2J", "violated-directive": "script-src"}}
    )
    for body in [report] * 20 + ["nonsense", "[]", "{}", "[" * 5000]:
        client = Client(house, factory)
        head = (
            f"POST {REPORTS} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        client.sends((head + body).encode())
        assert client.answer()[0] == f"HTTP/1.1 {HTTPStatus.NO_CONTENT} No Content"
    assert factory.site.reports.count == 24
    logged = [line for line in house.log.lines if "browser reports" in line]
    assert len(logged) == 5
    assert "\x1b" not in logged[0]
