"""A program that uses the API, in tests. Rule: HTTP over the site's own connections, and nothing of the house behind
them; only its token is made by hand.
"""

from __future__ import annotations

import io
import json
import socket
from collections.abc import Mapping
from http.client import HTTPResponse
from typing import Any, NamedTuple

from house import House, Wire
from teahouse.accounts import tokens
from teahouse.protocols.web.protocol import WebFactory
from teahouse.text import fold

ALL = ("read", "write", "moderate", "hooks")


class Got(NamedTuple):
    """An answer."""

    status: int
    headers: Mapping[str, str]
    data: Any


class _Wire(Wire):
    family = socket.AF_INET

    def getsockname(self) -> tuple[str, int]:
        return ("127.0.0.1", 8080)


class Connection:
    """One connection to the site."""

    def __init__(self, house: House, factory: WebFactory, address: str = "127.0.0.1") -> None:
        self.house = house
        self.wire: Any = _Wire()
        house.plug(factory.buildProtocol(None), self.wire, address)

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> None:
        """A request; the house does what there is to do."""
        lines = [f"{method} {path} HTTP/1.1", "Host: tea", *(f"{k}: {v}" for k, v in headers.items())]
        self.wire.put("\r\n".join([*lines, "", ""]).encode() + body)
        self.house.pump()

    @property
    def body(self) -> bytes:
        """What has come of an answer that goes on."""
        _, _, rest = bytes(self.wire.sent).partition(b"\r\n\r\n")
        found = b""
        while rest:
            size, _, rest = rest.partition(b"\r\n")
            found, rest = found + rest[: int(size, 16)], rest[int(size, 16) + 2 :]
        return found

    def events(self) -> list[dict[str, Any]]:
        """The events of a stream, so far."""
        blocks = self.body.decode().split("\n\n")
        return [json.loads(part[6:]) for each in blocks for part in each.split("\n") if part[:6] == "data: "]

    def got(self, method: str = "GET") -> Got:
        """The answer."""
        response = HTTPResponse(_Socket(bytes(self.wire.sent)), method=method)  # type: ignore[arg-type]  # enough of one
        response.begin()
        text = response.read().decode()
        headers: Any = response.headers
        kind = headers.get("Content-Type", "")
        return Got(response.status, headers, json.loads(text) if text and "json" in kind else text)


class _Socket:
    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self._data)


class Program:
    """Something that has a token, or none."""

    def __init__(
        self, house: House, account: str = "", scopes: tuple[str, ...] = ALL, address: str = "127.0.0.1"
    ) -> None:
        self.house = house
        self.address = address
        self.factory = WebFactory(house.server)
        self.token = make_token(house, account, scopes) if account else ""

    def ask(self, method: str, path: str, body: Any = None, **more: str) -> Got:
        """Ask for something under /api/v1; `more` are headers."""
        data, headers = self._prepared(body, more)
        connection = Connection(self.house, self.factory, self.address)
        connection.send(method, f"/api/v1{path}", {**headers, "Connection": "close"}, data)
        return connection.got(method)

    def does(self, method: str, path: str, body: Any = None, **more: str) -> Any:
        """As `ask`; it is done, and this is what it brings."""
        got = self.ask(method, path, body, **more)
        assert 200 <= got.status < 300, got
        return got.data

    def fails(self, method: str, path: str, body: Any = None, **more: str) -> tuple[int, str]:
        """As `ask`; it fails, and this is how."""
        got = self.ask(method, path, body, **more)
        assert got.status >= 400, got
        assert set(got.data) == {"code", "text"}
        return got.status, got.data["code"]

    def listen(self, query: str = "", **more: str) -> Connection:
        """Open a stream of events."""
        _, headers = self._prepared(None, more)
        connection = Connection(self.house, self.factory, self.address)
        connection.send("GET", f"/api/v1/events{query}", headers)
        return connection

    def say(self, text: str, room: str = "lobby", **more: Any) -> Any:
        """Say something; the event."""
        return self.does("POST", f"/rooms/{room}/messages", {"text": text, **more})

    def _prepared(self, body: Any, more: Mapping[str, str]) -> tuple[bytes, dict[str, str]]:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        if body is not None:
            headers |= {"Content-Type": "application/json", "Content-Length": str(len(data))}
        return data, {**headers, **{name.replace("_", "-"): value for name, value in more.items()}}


def make_token(house: House, account: str, scopes: tuple[str, ...] = ALL) -> str:
    """A token of an account."""
    made: list[str] = []

    async def make() -> None:
        found = await house.server.store.account(fold(account))
        assert found is not None
        made.append((await tokens.create(house.server, found, scopes, "test"))[0])

    house.server.runtime.spawn(make())
    house.pump()
    return made[0]
