"""Both codecs, fed with junk. Rule: no bytes raise, nothing grows, and it makes no difference how they were cut."""

from __future__ import annotations

from random import Random

from fuzz import junk
from teahouse.protocols.telnet.codec import TelnetCodec
from teahouse.protocols.telnet.lines import LineCodec
from teahouse.protocols.telnet.messages import Message, TooMuch
from teahouse.protocols.telnet.stream import SUB_KEPT

MAX_LINE = 4_096
COMMANDS = ["login amy", "say", "msg", "set", "MSSP-REQUEST"]


def run(random: Random) -> None:
    """One connection's worth."""
    data = b"".join(junk.chunk(random, COMMANDS) for _ in range(random.randint(1, 30)))
    for make in (LineCodec, TelnetCodec):
        whole, cut, single = make(MAX_LINE), make(MAX_LINE), make(MAX_LINE)
        expected = feed(whole, [data])
        assert feed(cut, junk.cut(random, data)) == expected, "cut otherwise, it reads otherwise"
        if len(data) < 3_000:
            assert feed(single, [data[i : i + 1] for i in range(len(data))]) == expected


def feed(codec: LineCodec, chunks: list[bytes]) -> list[Message]:
    messages: list[Message] = []
    answered = fed = 0
    if isinstance(codec, TelnetCodec):
        codec.opening()
        codec.hide_input(on=True)
    for chunk in chunks:
        messages += codec.feed(chunk)
        fed += len(chunk)
        assert len(codec._buffer) <= MAX_LINE
        if isinstance(codec, TelnetCodec):
            assert len(codec._sub or b"") <= SUB_KEPT
            answered += len(codec.take())
            assert answered <= 64 * 1_024 + 8 * fed
    check_lines(messages)
    return messages


def check_lines(messages: list[Message]) -> None:
    for message in messages:
        assert not isinstance(message, str) or not set(message) & set("\0\r\n\b\x7f\x15")
    assert sum(isinstance(message, TooMuch) for message in messages) <= 1
