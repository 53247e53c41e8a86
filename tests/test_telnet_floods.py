"""What a telnet peer may cost: every bound, and any bytes in any chunks (threats A3 to A5 and B12)."""

from __future__ import annotations

import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teahouse.protocols.telnet.codec import TelnetCodec
from teahouse.protocols.telnet.messages import InputHidden, Message, TooLong, TooMuch, WindowSize
from teahouse.protocols.telnet.wire import (
    AYT,
    DM,
    DO,
    EC,
    ECHO,
    GA,
    GMCP,
    IP,
    NAWS,
    NOP,
    SB,
    SE,
    TIMING_MARK,
    TTYPE,
    WILL,
    WONT,
    command,
    negotiation,
    subnegotiation,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

OFFERS = 3  # EOR, MSSP and GMCP are offered to whoever speaks telnet


def opened() -> TelnetCodec:
    codec = TelnetCodec(256)
    codec.opening()
    return codec


def fed(codec: TelnetCodec, data: bytes, cuts: Iterable[int] = ()) -> tuple[list[Message], bytes]:
    messages: list[Message] = []
    answers = b""
    for start, end in pairwise([0, *sorted(cuts), len(data)]):
        messages += codec.feed(data[start:end])
        answers += codec.take()
    return messages, answers


def held(codec: TelnetCodec) -> int:
    """How many received bytes a codec keeps."""
    return len(codec._buffer) + len(codec._pending) + len(codec._sub or b"")


def test_an_option_flood_is_answered_64_times() -> None:
    codec = opened()
    answers, messages = b"", []
    flood = (negotiation(WILL, NAWS) + negotiation(WONT, NAWS)) * 2000
    for _ in range(250):  # a million changes
        messages += codec.feed(flood)
        answers += codec.take()
    assert answers.count(b"\xff") <= 64 + OFFERS
    assert messages == [TooMuch()]
    assert codec.feed(b"hello\n" + command(AYT)) == []


def test_refusals_are_sent_64_times() -> None:
    flood = b"".join(negotiation(verb, option) for option in range(90, 200) for verb in (DO, WILL))
    _, answers = fed(opened(), flood)
    assert answers.count(b"\xff") == 64 + OFFERS


def test_after_the_budget_windows_resize_and_passwords_hide() -> None:
    codec = opened()
    fed(codec, negotiation(WILL, NAWS) + (negotiation(WILL, TTYPE) + negotiation(WONT, TTYPE)) * 40)
    for width in range(5000):
        size = bytes([0, 100 + width % 2, 0, 30])
        assert codec.feed(subnegotiation(NAWS, size)) == [WindowSize(100 + width % 2, 30)]
    codec.take()
    assert codec.hide_input(on=True) == negotiation(WILL, ECHO)
    assert fed(codec, negotiation(DO, ECHO)) == ([InputHidden(hidden=True)], b"")
    assert codec.hide_input(on=False) == negotiation(WONT, ECHO)


def test_keepalives_cost_nothing() -> None:
    codec = opened()
    assert codec.feed(command(NOP) * 10_000 + command(GA) * 10_000 + b"hi\n") == ["hi"]


JUNK = {
    "AYT": command(AYT),
    "a command without effect": command(DM),
    "an unknown command": command(0),
    "an unknown subnegotiation": subnegotiation(99, b"x"),
    "an empty subnegotiation": command(SB) + command(SE),
    "TIMING-MARK": negotiation(DO, TIMING_MARK),
}


@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK)
def test_past_4096_commands_it_is_too_much(junk: bytes) -> None:
    codec = opened()
    assert TooMuch() not in codec.feed(junk * 4096)
    assert codec.feed(b"hi\n") == ["hi"]
    assert codec.feed(junk) == [TooMuch()]
    assert codec.feed(junk) == codec.feed(b"hi\n") == []


def test_a_subnegotiation_without_end() -> None:
    codec = opened()
    codec.feed(command(SB) + bytes([GMCP]))
    messages: list[Message] = []
    for _ in range(1000):
        messages += codec.feed(b"x" * 1000)
        assert held(codec) <= 8192
    assert messages == [TooMuch()]


def test_subnegotiations_begun_and_never_ended() -> None:
    codec = opened()
    messages = [message for _ in range(5000) for message in codec.feed(command(SB) + b"x" * 99)]
    assert messages == [TooMuch()]
    assert held(codec) == 0


def test_a_megabyte_without_a_line_end_is_not_kept() -> None:
    codec = opened()
    messages = [message for _ in range(1000) for message in codec.feed(b"x" * 999 + b"\xff\xff")]
    assert messages == [TooLong(256)]
    assert held(codec) == 0


def test_an_idle_codec_is_small() -> None:
    codec = opened()
    codec.feed(b"hello\r\n")
    assert codec._negotiation is None
    assert sys.getsizeof(codec) <= 240


PIECES = st.sampled_from(
    [
        *(negotiation(WILL, option) for option in (NAWS, TTYPE)),
        *(negotiation(DO, option) for option in (ECHO, GMCP, TIMING_MARK)),
        *map(command, (AYT, IP, EC, NOP, SB, SE)),
        command(SB) + bytes([NAWS]),
        subnegotiation(NAWS, b"\0\xff\0\x18"),
        subnegotiation(TTYPE, b"\0XTERM"),
        subnegotiation(GMCP, b"Core.Ping"),
        *(b"\xff", b"\r", b"\n", b"\0", "é".encode(), b"x" * 20),
    ]
)
WIRE = st.lists(st.one_of(PIECES, st.binary(max_size=6)), max_size=30).map(b"".join)
CUTS = st.lists(st.integers(0, 300), max_size=10)


@given(data=WIRE, cuts=CUTS)
def test_any_bytes_in_any_chunks(data: bytes, cuts: list[int]) -> None:
    codec, other = TelnetCodec(16), TelnetCodec(16)
    assert fed(codec, data, cuts) == fed(other, data)
    assert held(codec) == held(other) <= 16 + 2 + 8192


@given(text=st.text(st.characters(codec="cp1252", exclude_categories=["Cc"])), cuts=CUTS)
def test_round_trip(text: str, cuts: list[int]) -> None:
    codec = TelnetCodec()
    assert fed(codec, codec.encode(f"{text}\n"), cuts) == ([text], b"")
    # Between two bytes that cannot be UTF-8, and with IAC doubled in what is sent.
    assert fed(codec, codec.encode(f"ÿ{text}ÿ\n", "cp1252"), cuts)[0][-1] == f"ÿ{text}ÿ"
