"""Bytes to messages: every case fed whole, cut at every byte, and with a tail gives the same."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teahouse.protocols.irc.codec import Decoder, Endless, Incoming, LineLimits, Refused
from teahouse.protocols.irc.message import Message

if TYPE_CHECKING:
    from collections.abc import Iterable

# Small enough to cut at every byte: 30 bytes of body, 22 of tags with "@" and the space.
LIMITS = LineLimits(body=32, tag_data=20, endless=100)
BOUND = 22 + 30 + 1
LONG = Refused("too-long", "X")


def x(size: int) -> bytes:
    """A line of this size, without its end."""
    return b"X " + b"a" * (size - 2)


def said(size: int) -> Message:
    return Message("X", ("a" * (size - 2),))


CASES: list[tuple[str, bytes, list[Incoming]]] = [
    ("CR LF", b"PING a\r\nPING b\r\n", [Message("PING", ("a",)), Message("PING", ("b",))]),
    ("bare LF", b"PING a\nPING b\n", [Message("PING", ("a",)), Message("PING", ("b",))]),
    ("empty lines", b"\r\n\n  \r\n\r\r\n\0\nPING\n", [Message("PING")]),
    ("a lone CR is dropped", b"PING a\rQUIT\r\nPING\n", [Message("PING", ("aQUIT",)), Message("PING")]),
    ("CR CR LF", b"PING a\r\r\n", [Message("PING", ("a",))]),
    ("NUL is dropped", b"PI\0NG a\0\0b\r\n", [Message("PING", ("ab",))]),
    (
        "other controls are text",
        b"X :\x01\x02\x1f\x7f\t\x0b\x1c\n",
        [Message("X", ("\x01\x02\x1f\x7f\t\x0b\x1c",))],
    ),
    (
        "Unicode line separators end no line",
        "X :a\u2028b\u0085c\n".encode(),
        [Message("X", ("a\u2028b\u0085c",))],
    ),
    ("UTF-8", "X :häßlich 茶🍵\r\n".encode(), [Message("X", ("häßlich 茶🍵",))]),
    ("tags", b"@a=b\\s;c :s X y\r\n", [Message("X", ("y",), "s", {"a": "b ", "c": ""})]),
    ("the longest line", x(30) + b"\r\n" + x(30) + b"\n", [said(30), said(30)]),
    ("one byte more", x(31) + b"\r\nX\n", [LONG, Message("X")]),
    ("one byte more and LF", x(31) + b"\nX\n", [LONG, Message("X")]),
    ("one byte more is a CR", x(30) + b"\r\r\nX\n", [LONG, Message("X")]),
    ("a CR within the last bytes", x(30) + b"\rb\nX\n", [LONG, Message("X")]),
    ("much too long", x(90) + b"\r\nX\r\n", [LONG, Message("X")]),
    ("two too long", x(50) + b"\n" + x(31) + b"\n", [LONG, LONG]),
    ("too long and no command", b":" + b"a" * 40 + b"\n", [Refused("too-long")]),
    ("too long a command", b"a" * 70 + b"\n", [Refused("too-long")]),
    ("too long a command with a semicolon", b"a;" * 20 + b"\n", [Refused("too-long")]),
    ("bytes count, not characters", b"X " + "é".encode() * 15 + b"\nX\n", [LONG, Message("X")]),
    (
        "the longest tags",
        b"@a=" + b"b" * 18 + b" " + x(30) + b"\r\n",
        [Message("X", ("a" * 28,), tags={"a": "b" * 18})],
    ),
    ("tags one byte more", b"@a=" + b"b" * 19 + b" X\r\nX\n", [Refused("too-long"), Message("X")]),
    ("tags and no end", b"@a=" + b"b" * 80 + b"\nX\n", [Refused("too-long"), Message("X")]),
    ("labelled, long body", b"@label=7 " + x(31) + b"\r\nX\n", [Refused("too-long", "X", "7"), Message("X")]),
    ("labelled, long tags", b"@label=7;a=" + b"b" * 40 + b" X\n", [Refused("too-long", "*", "7")]),
    ("a label that is cut is none", b"@a=b;label=" + b"7" * 40 + b" X\n", [Refused("too-long")]),
    ("spaces after the tags are body", b"@a " + b" " * 28 + b"XYZ\nX\n", [Refused("too-long"), Message("X")]),
    ("tags after a space are body", b" @a=" + b"b" * 27 + b"\nX\n", [Refused("too-long"), Message("X")]),
    ("not UTF-8", b"PRIVMSG a :\xe9\nX\n", [Refused("invalid-utf8", "PRIVMSG"), Message("X")]),
    ("not UTF-8, labelled", b"@label=l1 :s privmsg \xff\n", [Refused("invalid-utf8", "PRIVMSG", "l1")]),
    ("a command that is not UTF-8", b"\xe9\n", [Refused("invalid-utf8")]),
    ("an encoded surrogate", b"X \xed\xa0\x80\n", [Refused("invalid-utf8", "X")]),
    ("a cut character", b"X \xf0\x9f\nX\n", [Refused("invalid-utf8", "X"), Message("X")]),
    ("only tags", b"@label=l1\nX\n", [Refused("malformed", "*", "l1"), Message("X")]),
    ("only a source", b":amy\r\n:amy :x\r\n", [Refused("malformed"), Refused("malformed")]),
    ("endless", x(101) + b"\nX\n", [LONG, Endless()]),
    ("endless, without an end", x(500), [LONG, Endless()]),
    ("not quite endless", x(99) + b"\r\n" + x(100) + b"\nX\n", [LONG, LONG, Message("X")]),
    ("endless tags", b"@" + b"a" * 101 + b"\nX\n", [Refused("too-long"), Endless()]),
]
IDS = [name for name, *_ in CASES]


def fed(decoder: Decoder, data: bytes, cuts: Iterable[int] = ()) -> list[Incoming]:
    heard: list[Incoming] = []
    for start, end in pairwise([0, *sorted(cuts), len(data)]):
        heard += decoder.feed(data[start:end])
        assert len(decoder._rest) <= BOUND
    return heard


@pytest.mark.parametrize(("name", "data", "heard"), CASES, ids=IDS)
def test_case(name: str, data: bytes, heard: list[Incoming]) -> None:
    assert fed(Decoder(LIMITS), data) == heard
    assert fed(Decoder(LIMITS), data, range(len(data))) == heard, "byte by byte"
    for cut in range(len(data)):
        assert fed(Decoder(LIMITS), data, [cut]) == heard, f"cut at {cut}"
    assert fed(Decoder(LIMITS), data + b"tail") == heard
    assert fed(Decoder(LIMITS), b"PING 0\r\n" + data) == [Message("PING", ("0",)), *heard]


def test_too_long_is_refused_before_the_line_ends() -> None:
    decoder = Decoder(LIMITS)
    assert decoder.feed(x(30) + b"\r") == []
    assert decoder.feed(b"a") == [LONG]
    assert decoder.feed(b"a" * 60) == []
    assert decoder.feed(b"a" * 60) == [Endless()]
    assert decoder.feed(b"\nX\n") == [], "nothing is read after it"


def test_the_sizes_of_the_specification() -> None:
    tags = b"@foo=bar;+baz=" + b"a" * 4081 + b" "
    assert len(tags) == 4096
    body = x(510) + b"\r\n"
    assert [type(each) for each in Decoder().feed(tags + body)] == [Message]
    assert Decoder().feed(tags[:-1] + b"a " + body) == [Refused("too-long")]
    assert Decoder().feed(tags + b"X" + body) == [Refused("too-long", "XX")]
    assert Decoder().feed(b"a" * 16 * 1024) == [Refused("too-long")]
    assert Decoder().feed(b"a" * 16 * 1024 + b"a") == [Refused("too-long"), Endless()]


def test_another_encoding_where_it_is_allowed() -> None:
    decoder = Decoder(LineLimits(utf8only=False))
    data = b"X :caf\xe9 \x80\x81\nX th\xc3\xa9\n@label=1 \xe9\n\xa0\n:\xe9\n"
    assert decoder.feed(data) == [
        Message("X", ("café €\ufffd",)),
        Message("X", ("thé",)),
        Message("é", tags={"label": "1"}),
        Message("\xa0"),
        Refused("malformed"),
    ]


pieces = st.sampled_from(
    (b"\r", b"\n", b"\r\n", b"\0", b" ", b":", b"@", b"@label=1 ", b";", b"X", b"\xe9", b"a" * 25, b"b" * 60)
)


@given(st.lists(pieces | st.binary(max_size=8)).map(b"".join), st.lists(st.integers(0, 400)), st.booleans())
def test_any_bytes_however_cut(data: bytes, cuts: list[int], utf8only: bool) -> None:
    limits = LineLimits(body=32, tag_data=20, endless=100, utf8only=utf8only)
    whole = fed(Decoder(limits), data)
    assert fed(Decoder(limits), data, [cut for cut in cuts if cut < len(data)]) == whole
    assert fed(Decoder(limits), data, range(len(data))) == whole
