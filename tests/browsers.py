"""Clients of the web site's WebSockets, of a house in memory. Rule: what a good client does is done by the
`websockets` library, which knows nothing of ours; only what no library would send is made here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from struct import pack
from typing import Any

from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.typing import Origin, Subprotocol
from websockets.uri import parse_uri

from house import House, Wire
from teahouse.protocols.web.protocol import WebFactory
from teahouse.service import SOCKETS

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
MASK = b"\x11\x22\x33\x44"
REQUEST = {
    "Host": "localhost:8080",
    "Upgrade": "websocket",
    "Connection": "keep-alive, Upgrade",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}


def request(path: str = "/irc", first: str = "GET {} HTTP/1.1", **changed: str | None) -> bytes:
    """The bytes of an upgrade, with headers changed (`Sec_WebSocket_Key="x"`) or left out (None)."""
    headers = {**REQUEST, **{name.replace("_", "-"): value for name, value in changed.items()}}
    lines = [
        first.format(path),
        *(f"{name}: {value}" for name, value in headers.items() if value is not None),
    ]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1")


def frame(
    opcode: int, data: bytes = b"", *, fin: bool = True, masked: bool = True, reserved: int = 0
) -> bytes:
    """A frame of a client, good or bad."""
    size = len(data)
    length = (
        bytes([size]) if size < 126 else pack("!BH", 126, size) if size < 65_536 else pack("!BQ", 127, size)
    )
    head = bytes([fin << 7 | reserved << 4 | opcode, length[0] | masked << 7]) + length[1:]
    if not masked:
        return head + data
    return head + MASK + bytes(byte ^ MASK[i % 4] for i, byte in enumerate(data))


class WebWire(Wire):
    """The site asks where it was reached; and the house may say that it sends no more."""

    is_shut = False

    def shutdown(self, how: int) -> None:
        self.is_shut = True

    def getsockname(self) -> tuple[str, int]:
        return "127.0.0.1", 8080


class Raw:
    """A connection to the site, byte by byte."""

    def __init__(self, house: House, address: str = "127.0.0.1", site: WebFactory | None = None) -> None:
        self.house = house
        self.site = site or WebFactory(house.server, SOCKETS)
        wire: Any = WebWire()
        self.wire: WebWire = wire
        house.plug(self.site.buildProtocol(None), wire, address)
        house.pump()

    def put(self, *data: bytes) -> None:
        """Send, and let the house do all that there is to do."""
        for each in data:
            self.wire.put(each)
        self.house.pump()

    @property
    def status(self) -> str:
        """Of the answer to the request."""
        return bytes(self.wire.sent).partition(b"\r\n")[0].decode().partition(" ")[2]

    @property
    def headers(self) -> Mapping[str, str]:
        """Of that answer."""
        _, *lines = bytes(self.wire.sent).partition(b"\r\n\r\n")[0].decode().split("\r\n")
        return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}

    @property
    def link(self) -> Any:
        """The link that has the connection now."""
        return next(iter(link for link in self.site.links if link.transport.socket is self.wire))


class Browser(Raw):
    """A client that keeps to the rules."""

    def __init__(
        self,
        house: House,
        path: str = "/irc",
        *,
        origin: str = "",
        subprotocols: Sequence[str] = (),
        address: str = "127.0.0.1",
        site: WebFactory | None = None,
    ) -> None:
        super().__init__(house, address, site)
        self.binary = False
        self.protocol = ClientProtocol(
            parse_uri(f"ws://localhost:8080{path}"),
            origin=Origin(origin) if origin else None,
            subprotocols=[Subprotocol(each) for each in subprotocols] or None,
        )
        self._read = 0
        self._is_over = False
        self.got: list[Frame] = []
        self.protocol.send_request(self.protocol.connect())
        self.pump()

    def pump(self) -> None:
        """Carry bytes to and fro until there are no more."""
        for _ in range(10):
            for data in self.protocol.data_to_send():
                if data:
                    self.wire.put(data)
                elif not self.wire.closed:
                    self.wire.end()
            self.house.pump()
            new, self._read = bytes(self.wire.sent[self._read :]), len(self.wire.sent)
            if new:
                self.protocol.receive_data(new)
            if (self.wire.is_shut or self.wire.closed) and not self._is_over:
                self._is_over = True
                self.protocol.receive_eof()
        self.got += [each for each in self.protocol.events_received() if isinstance(each, Frame)]

    def say(self, *lines: str) -> list[str]:
        """Send each line as a message; what is shown then."""
        for line in lines:
            send = self.protocol.send_binary if self.binary else self.protocol.send_text
            send(line.encode())
        self.pump()
        return self.shown()

    def shown(self) -> list[str]:
        """All messages that were not read yet."""
        self.pump()
        opcode = Opcode.BINARY if self.binary else Opcode.TEXT
        lines = [bytes(each.data).decode() for each in self.got if each.opcode is opcode]
        assert all(each.fin for each in self.got)
        self.got.clear()
        return lines

    def enter(self, nick: str) -> list[str]:
        """Come in, as on IRC."""
        return self.say(f"NICK {nick}", f"USER {nick} 0 * :{nick}")

    def hear(self) -> None:
        """Take what has come, also of a connection that the test feeds with bad bytes."""
        self.pump()

    @property
    def code(self) -> int | None:
        """Of the frame that ended it."""
        self.pump()
        return self.protocol.close_rcvd.code if self.protocol.close_rcvd else None
