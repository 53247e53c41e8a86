"""WebSocket frames, fed with junk. Rule: no bytes raise, nothing grows, and how they were cut changes nothing."""

from __future__ import annotations

from random import Random
from struct import pack

from fuzz import junk
from teahouse.protocols.websocket.frames import MESSAGE_BYTES, Broken, Closed, Heard, Incoming, Pinged, Reader

WORDS = ["NICK amy", "PRIVMSG #tea :", '{"type": "say"}']


def run(random: Random) -> None:
    """One connection's worth."""
    data = b"".join(_piece(random) for _ in range(random.randint(1, 20)))
    expected = feed([data])
    assert feed(junk.cut(random, data)) == expected, "cut otherwise, it reads otherwise"
    if len(data) < 3_000:
        assert feed([data[i : i + 1] for i in range(len(data))]) == expected


def feed(chunks: list[bytes]) -> list[Incoming]:
    reader, heard = Reader(), list[Incoming]()
    for chunk in chunks:
        heard += reader.feed(chunk)
        assert len(reader._begun) <= MESSAGE_BYTES
    for each in heard:
        assert not isinstance(each, Heard) or len(each.data) <= MESSAGE_BYTES
        assert not isinstance(each, Pinged) or len(each.data) <= 125
    assert not any(isinstance(each, Broken | Closed) for each in heard[:-1]), "read on after the end"
    return heard


def _piece(random: Random) -> bytes:
    if random.random() < 0.05:
        return random.randbytes(random.choice((1, 2, 14, 300)))
    opcode = random.choice((1, 1, 1, 2, 2, 0, 9, 10, random.randrange(16)))
    data = junk.chunk(random, WORDS) if random.random() < 0.5 else junk.words(random, 8).encode()
    data = data[:125] if opcode > 7 and random.random() < 0.95 else data * random.choice((1, 1, 1, 30))
    fin = random.random() < 0.8
    return _frame(opcode | fin << 7 | (random.random() < 0.02) << 6, data, random)


def _frame(first: int, data: bytes, random: Random) -> bytes:
    size = len(data)
    form = random.random() < 0.02  # now and then a length in more bytes than it needs
    length = bytes([size]) if size < 126 and not form else pack("!BH", 126, size & 0xFFFF)
    if size > 65_535:
        length = pack("!BQ", 127, size)
    mask = random.randbytes(4)
    masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))
    return bytes([first, length[0] | (random.random() < 0.99) << 7]) + length[1:] + mask + masked
