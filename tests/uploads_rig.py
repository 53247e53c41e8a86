"""A house that takes files, and clients that upload to it, byte by byte if need be."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from twisted.internet.address import IPv4Address
from twisted.internet.error import ConnectionDone
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure

from teahouse.protocols.web.protocol import WebFactory
from teahouse.settings import Settings, Uploads, Web
from teahouse.store import Account
from teahouse.testing import QUIET, House

PASSWORD = "wintertea"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
HTML = b"<!doctype html><script>alert(1)</script>"


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def path(self) -> str:
        """Of what was made."""
        return self.headers["Location"].removeprefix("http://here")


class Narrow(StringTransport):
    """A transport that is full over so many bytes, and says so as Twisted's do."""

    room = 1 << 30

    def write(self, data: bytes) -> None:
        super().write(data)  # type: ignore[no-untyped-call]  # Twisted's gap
        if len(self.written()) > self.room:
            self._producer().pauseProducing()

    def pauseProducing(self) -> None:  # noqa: N802  Twisted's name
        """As Twisted's others do: nothing, on its way to be closed."""
        if not self.disconnecting:
            super().pauseProducing()  # type: ignore[no-untyped-call]  # Twisted's gap

    def resumeProducing(self) -> None:  # noqa: N802  Twisted's name
        """As `pauseProducing`."""
        if not self.disconnecting:
            super().resumeProducing()  # type: ignore[no-untyped-call]  # Twisted's gap

    def unregisterProducer(self) -> None:  # noqa: N802  Twisted's name
        """As Twisted's others do: also where there is none."""
        if self.producer is not None:
            super().unregisterProducer()  # type: ignore[no-untyped-call]  # Twisted's gap

    def is_read(self) -> bytes:
        """The client reads all that there is."""
        data = self.written()
        self.clear()  # type: ignore[no-untyped-call]  # Twisted's gap
        self._producer().resumeProducing()
        return data

    def written(self) -> bytes:
        """What is there to be read."""
        data: bytes = self.value()  # type: ignore[no-untyped-call]  # Twisted's gap
        return data

    def _producer(self) -> Any:
        return self.producer


class Client:
    """A connection to the site."""

    def __init__(self, rig: Rig, address: str = "127.0.0.1") -> None:
        make: Any = Narrow
        self.wire = make(peerAddress=IPv4Address("TCP", address, 5555))
        self.rig = rig
        self.channel = rig.factory.buildProtocol(None)
        self.channel.makeConnection(self.wire)

    def sends(self, data: bytes) -> None:
        self.channel.dataReceived(data)
        self.rig.house.rests()

    def asks(self, method: str, path: str, body: bytes = b"", **headers: str) -> None:
        """Send a request; the body's length unless it is named."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if body and not {"Content-Length", "Transfer-Encoding"} & named.keys():
            named["Content-Length"] = str(len(body))
        lines = [f"{method} {path} HTTP/1.1", "Host: here", *(f"{n}: {v}" for n, v in named.items()), "", ""]
        self.sends("\r\n".join(lines).encode() + body)

    @property
    def is_paused(self) -> bool:
        """Whether the house reads no more."""
        return bool(self.wire.producerState == "paused")

    @property
    def is_closed(self) -> bool:
        return bool(self.wire.disconnecting or self.wire.disconnected)

    @property
    def has_answer(self) -> bool:
        return bool(self.wire.value())

    def answer(self) -> Answer:
        """The answer, which is there."""
        head, _, body = self.wire.value().partition(b"\r\n\r\n")
        status, *lines = head.decode().split("\r\n")
        self.wire.clear()
        return Answer(int(status.split()[1]), dict(line.split(": ", 1) for line in lines), body)

    def lose(self) -> None:
        make: Any = Failure
        self.channel.connectionLost(make(ConnectionDone()))
        self.rig.house.rests()


class Rig:
    """The house, its site, and the directory in which the files are."""

    def __init__(self, house: House, directory: Path) -> None:
        self.house = house
        self.server = house.server
        self.directory = directory / "uploads"
        self.server.uploads.directory = self.directory
        self.factory = WebFactory(self.server)

    def wait(self, awaitable: Any) -> Any:
        """What it brings, or raises."""
        got: list[Any] = []

        async def run() -> None:
            try:
                got.append(await awaitable)
            except Exception as error:  # noqa: BLE001  it is raised below
                got.append(error)

        self.server.runtime.spawn(run())
        self.house.rests()
        if isinstance(got[0], Exception):
            raise got[0]
        return got[0]

    def add(self, name: str, role: str = "member") -> Account:
        account = self.wait(self.server.accounts.register(name, PASSWORD, ""))
        changed: Account = self.wait(self.server.accounts.change(account, role=role))
        return changed

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """One request and its answer."""
        client = Client(self)
        client.asks(method, path, body, **headers)
        answer = client.answer()
        client.lose()
        return answer

    def upload(
        self, body: bytes = PNG, who: str = "amy", path: str = "/uploads/tea.png", **headers: str
    ) -> Answer:
        """Upload something as `curl -T` does."""
        return self.ask("PUT", path, body, Authorization=basic(who), **headers)

    @property
    def files(self) -> list[str]:
        """All that is on the disk."""
        return sorted(each.name for each in self.directory.iterdir()) if self.directory.exists() else []


def basic(who: str, password: str = PASSWORD) -> str:
    return f"Basic {b64encode(f'{who}:{password}'.encode()).decode()}"


@contextmanager
def opened(directory: Path, *, web: Web | None = None, **uploads: Any) -> Iterator[Rig]:
    """A house with these settings, in which amy has an account."""
    settings: Settings = replace(
        QUIET, test_mode=True, uploads=replace(Uploads(free_bytes=0), **uploads), web=web or Web()
    )
    with House(settings=settings) as house:
        rig = Rig(house, directory)
        rig.add("amy")
        yield rig
        assert not rig.factory.links
        assert not rig.server.uploads.allowance.promised
        assert not [name for name in rig.files if name.endswith(".part")]
