"""WebSocket frames (RFC 6455, 5): received bytes to messages, and blocks of lines to frames. No I/O, no clock.

Bounded: how long a message is and in how many pieces is seen at each frame's head, before any of the frame is kept.
Reading is wsproto's; what a server sends has no mask and is a head before a payload, so it is made here, once for all
who are sent the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from struct import pack
from typing import TypeAlias

from wsproto.extensions import Extension
from wsproto.frame_protocol import (
    CloseReason,
    Frame,
    FrameDecoder,
    FrameProtocol,
    Opcode,
    ParseFailed,
    RsvBits,
)

MESSAGE_BYTES = 65_536
FRAGMENTS = 8
REASON_BYTES = 123
NORMAL, BROKEN, POLICY, TOO_BIG, NO_SERVICE = 1000, 1002, 1008, 1009, 1013
REASONS = {
    BROKEN: "That is not how WebSocket frames are made (RFC 6455).",
    1007: "Text must be UTF-8.",
    TOO_BIG: f"A message has at most {MESSAGE_BYTES:,} bytes, in at most {FRAGMENTS} pieces.",
}
_FRAMED_BLOCKS = 4  # a flush hands one block to all of a group before it comes to the next


@dataclass(frozen=True, slots=True)
class Heard:
    """A whole message."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Pinged:
    """To be answered with the same data; only the last of several has to be (5.5.3)."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Ponged:
    """The other side is alive."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The other side wants to end. Nothing is read after it."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The other side does not keep to the protocol, or to the bounds. Nothing is read after it."""

    code: int

    @property
    def reason(self) -> str:
        """What is wrong, in a sentence."""
        return REASONS.get(self.code, REASONS[BROKEN])


Incoming: TypeAlias = Heard | Pinged | Ponged | Closed | Broken


class _Bounds(Extension):
    """Looks at each frame's head. Nothing is offered to or taken from the other side."""

    name = "bounds"

    def __init__(self) -> None:
        self._before = self._now = (0, 0)  # bytes and pieces of the message, without and with this frame

    def enabled(self) -> bool:
        return True

    def offer(self) -> bool | str:
        return False

    def frame_inbound_header(
        self, proto: FrameDecoder | FrameProtocol, opcode: Opcode, rsv: RsvBits, payload_length: int
    ) -> CloseReason | RsvBits:
        """May be asked again about the same head, as long as its mask has not come."""
        if opcode.iscontrol():
            self._now = self._before
            return _NO_BITS
        size, pieces = self._before if opcode is Opcode.CONTINUATION else (0, 0)
        self._now = size, pieces = size + payload_length, pieces + 1
        return CloseReason.MESSAGE_TOO_BIG if size > MESSAGE_BYTES or pieces > FRAGMENTS else _NO_BITS

    def frame_inbound_complete(self, proto: FrameDecoder | FrameProtocol, fin: bool) -> None:
        """The frame is over."""
        self._before = self._now


_NO_BITS = RsvBits(False, False, False)


class Reader:
    """What one client sends."""

    __slots__ = ("_begun", "_frames")

    def __init__(self) -> None:
        self._frames = FrameProtocol(client=False, extensions=[_Bounds()])
        self._begun = bytearray()  # a message of which the end has not come; pieces would each cost an object

    def feed(self, data: bytes) -> list[Incoming]:
        """Take what was received; return what it completes."""
        heard: list[Incoming] = []
        self._frames.receive_bytes(data)
        try:
            for frame in self._frames.received_frames():
                self._hear(frame, heard)
        except ParseFailed as error:
            self._begun.clear()
            heard.append(Broken(int(error.code)))
        return heard

    def _hear(self, frame: Frame, heard: list[Incoming]) -> None:
        payload, opcode = frame.payload, frame.opcode
        if opcode is Opcode.TEXT or opcode is Opcode.BINARY:
            part = payload.encode() if isinstance(payload, str) else bytes(payload)  # type: ignore[arg-type]
            if not frame.message_finished:
                self._begun += part
                return
            heard.append(Heard(bytes(self._begun + part) if self._begun else part))
            self._begun.clear()
        elif opcode is Opcode.PING:
            heard.append(Pinged(payload))  # type: ignore[arg-type]  # a control frame's payload is bytes
        else:
            heard.append(Closed() if opcode is Opcode.CLOSE else Ponged())


# ---- what is sent ---------------------------------------------------------------------------------------------


def frame(opcode: int, payload: bytes) -> bytes:
    """One whole frame (5.2)."""
    size = len(payload)
    if size < 126:
        return bytes((0x80 | opcode, size)) + payload
    if size < 1 << 16:
        return pack("!BBH", 0x80 | opcode, 126, size) + payload
    return pack("!BBQ", 0x80 | opcode, 127, size) + payload


@lru_cache(maxsize=_FRAMED_BLOCKS)
def framed(block: bytes, binary: bool) -> bytes:
    """Each line of a block as a message. Members are handed the same block: it is framed for the first of them."""
    opcode = Opcode.BINARY if binary else Opcode.TEXT
    if not binary:
        block = block.decode("utf-8", "replace").encode()
    lines = (line.removesuffix(b"\r") for line in block.split(b"\n"))
    return b"".join([frame(opcode, line) for line in lines if line])


def ping() -> bytes:
    """Asks for a pong."""
    return frame(Opcode.PING, b"")


def pong(data: bytes) -> bytes:
    """The answer to a ping."""
    return frame(Opcode.PONG, data)


def close(code: int, reason: str = "") -> bytes:
    """The last frame (5.5.1); of a long reason the beginning (5.5)."""
    text = reason.encode("utf-8", "replace")[:REASON_BYTES].decode("utf-8", "ignore")
    return frame(Opcode.CLOSE, pack("!H", code) + text.encode())
