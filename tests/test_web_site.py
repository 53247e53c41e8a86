"""The web resources of extensions: what is answered, and what a client cannot do to the house."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from twisted.internet.address import IPv4Address
from twisted.internet.testing import StringTransport

from teahouse.limits import Limits
from teahouse.protocols.web.protocol import READ_SECONDS, REQUEST_SECONDS, WebFactory
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

    @property
    def closed(self) -> bool:
        return bool(self.wire.disconnecting or self.wire.disconnected)

    def answer(self) -> tuple[str, dict[str, str], bytes]:
        """The status line, the headers, the body; the connection ends with it."""
        head, _, body = self.wire.value().partition(b"\r\n\r\n")
        status, *lines = head.decode().split("\r\n")
        assert self.closed
        self.channel.connectionLost(None)
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
        client.sends(f"{method} {path} HTTP/{version}\r\nHost: here\r\n{more}\r\n".encode("latin-1"))
        return client.answer()

    return send


def test_a_page(ask: Ask) -> None:
    status, headers, body = ask("/?a=1&b=%C3%A9&a=2&c")
    assert status == "HTTP/1.1 200 OK"
    assert body.decode() == "GET / {'a': '2', 'b': 'é', 'c': ''}"
    assert headers == {
        "Connection": "close",
        "Content-Type": "text/plain; charset=utf-8",
        "X-Content-Type-Options": "nosniff",
        "Content-Length": str(len(body)),
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


def test_one_request_a_connection(house: House, factory: WebFactory) -> None:
    client = Client(house, factory)
    client.sends(b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /image HTTP/1.1\r\nHost: a\r\n\r\n")
    assert client.wire.value().count(b"HTTP/1.1 ") == 1
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
    client.channel.connectionLost(None)


def test_the_time_to_read_ends(house: House, factory: WebFactory) -> None:
    client = Client(house, factory)
    client.sends(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    client.wire.disconnecting = False
    house.passes(READ_SECONDS - 1)
    assert not client.closed
    house.passes(1)
    assert client.closed
    client.channel.connectionLost(None)


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
    client.channel.connectionLost(None)


def test_it_is_counted_and_refused_like_others() -> None:
    limits = Limits(exempt_addresses=[], connections_per_address=2)
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
            client.channel.connectionLost(None)
        assert house.server.admission.total == 0
