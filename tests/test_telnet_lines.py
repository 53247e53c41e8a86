"""Bytes to lines: every case fed whole, cut at every byte, and with a tail gives the same messages."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teahouse.protocols.telnet.lines import LineCodec
from teahouse.protocols.telnet.messages import BadEncoding, Message, TooLong

if TYPE_CHECKING:
    from collections.abc import Iterable

CASES: list[tuple[str, bytes, list[Message]]] = [
    ("CR LF", b"a\r\nb\r\n", ["a", "b"]),
    ("bare LF, as nc and plink -raw send it", b"a\nb\n", ["a", "b"]),
    ("CR NUL, as telnet sends it in character mode", b"a\r\0b\r\0", ["a", "b"]),
    ("bare CR followed by anything", b"a\rb\r\n", ["a", "b"]),
    ("a mix of line ends", b"a\nb\r\nc\rd\r\0e\n", ["a", "b", "c", "d", "e"]),
    ("only one LF belongs to a CR", b"a\r\n\n", ["a", ""]),
    ("only one NUL belongs to a CR", b"a\r\0\n", ["a", ""]),
    ("CR CR LF is two line ends", b"a\r\r\n", ["a", ""]),
    ("empty lines", b"\r\n\n\r\0", ["", "", ""]),
    ("NUL elsewhere is dropped", b"a\0b\n\0\n", ["ab", ""]),
    (
        "other control characters are left to the renderers",
        b"\x1b[31m\x07\t\x0b\x1c\n",
        ["\x1b[31m\x07\t\x0b\x1c"],
    ),
    ("Unicode line separators end no line", "a\u2028b\u0085c\n".encode(), ["a\u2028b\u0085c"]),
    ("UTF-8", "häßlich 茶 🍵\r\n".encode(), ["häßlich 茶 🍵"]),
    ("cp1252 is told once", b"caf\xe9\n\x80\nth\xc3\xa9\n", [BadEncoding(), "café", "€", "thé"]),
    ("bytes undefined in cp1252", b"\x81\x8d\x8f\x90\x9d\n", [BadEncoding(), "\ufffd" * 5]),
    ("an encoded surrogate is not UTF-8", b"\xed\xa0\x80\n", [BadEncoding(), "í\xa0€"]),
    ("only the bad line is cp1252", b"th\xc3\xa9\n\xe9\n", ["thé", BadEncoding(), "é"]),
    ("BOM", b"\xef\xbb\xbfhello\n\xef\xbb\xbfagain\n", ["hello", "\ufeffagain"]),
    ("backspace and delete", b"teaa\b\nteb\x7fa\n", ["tea", "tea"]),
    ("erasing a character of several bytes", "thé\b\b茶\x7fea\n".encode(), ["tea"]),
    ("erasing in an empty line", b"\b\x7f\btea\n", ["tea"]),
    ("^U kills the line", b"coffee\x15tea\n", ["tea"]),
    ("256 bytes are a line", b"x" * 256 + b"\n", ["x" * 256]),
    ("257 are too long", b"x" * 257 + b"\nb\n", [TooLong(256), "b"]),
    ("the limit counts bytes", "é".encode() * 129 + b"\nb\n", [TooLong(256), "b"]),
    ("the rest of a long line is dropped", b"x" * 2000 + b"\r\nb\r\n", [TooLong(256), "b"]),
    ("two long lines", b"x" * 300 + b"\r\0" + b"y" * 300 + b"\nz\n", [TooLong(256), TooLong(256), "z"]),
    ("plink's opener is dropped", b"\xff\xfb\x1f\xff\xfb\x20\xff\xfd\x01\xff\xfb\x03hi\n", ["hi"]),
    ("a subnegotiation in the opener", b"\xff\xfa\x1f\0P\xff\xff\0\x18\xff\xf0\xff\xf1hi\n", ["hi"]),
    ("negotiation later is just not UTF-8", b"hi\n\xff\xfb\x1f\n", ["hi", BadEncoding(), "ÿû\x1f"]),
    ("ÿ is a letter", b"\xff\n", [BadEncoding(), "ÿ"]),
    ("ÿÿ too", b"\xff\xff\n", [BadEncoding(), "ÿÿ"]),
    ("ÿ in the middle", b"L'Ha\xff\n", [BadEncoding(), "L'Haÿ"]),
    ("a BOM after the opener", b"\xff\xf1\xef\xbb\xbfhi\n", ["hi"]),
]
IDS = [name for name, _, _ in CASES]


def fed(codec: LineCodec, data: bytes, cuts: Iterable[int] = ()) -> list[Message]:
    edges = [0, *sorted(cuts), len(data)]
    return [message for start, end in pairwise(edges) for message in codec.feed(data[start:end])]


@pytest.mark.parametrize(("name", "data", "messages"), CASES, ids=IDS)
def test_case(name: str, data: bytes, messages: list[Message]) -> None:
    assert fed(LineCodec(256), data) == messages
    assert fed(LineCodec(256), data, range(len(data))) == messages, "byte by byte"
    for cut in range(len(data)):
        assert fed(LineCodec(256), data, [cut]) == messages, f"cut at {cut}"
    assert fed(LineCodec(256), data + b"tail") == messages
    if data[0] not in b"\xef\xff":  # what is special at the very start only
        assert fed(LineCodec(256), b"first\n" + data, [6]) == ["first", *messages]


def test_too_long_is_reported_before_the_line_ends() -> None:
    codec = LineCodec(max_line=10)
    assert codec.feed(b"x" * 11) == [TooLong(10)]
    assert codec.feed(b"x" * 11) == []
    assert codec.feed(b"x\r") == []
    assert codec.feed(b"\nnext\n") == ["next"]


def test_a_megabyte_without_a_line_end_is_not_kept() -> None:
    codec = LineCodec()
    messages = [message for _ in range(256) for message in codec.feed(b"x" * 4096)]
    assert messages == [TooLong(4096)]
    assert held(codec) == 0
    assert codec.feed(b"\nfine\n") == ["fine"]


def test_an_opening_that_never_ends_is_text() -> None:
    codec = LineCodec()
    messages = codec.feed(b"\xff\xfa" + b"x" * 300 + b"\n")
    assert messages == [BadEncoding(), "ÿú" + "x" * 300]


def test_a_codec_without_a_line_is_small() -> None:
    assert footprint(LineCodec()) <= 200


@pytest.mark.parametrize(
    ("text", "wire"),
    [
        ("a\nb\n", b"a\r\nb\r\n"),
        ("a\r\nb", b"a\r\nb"),
        ("thé ÿ\n", b"th\xc3\xa9 \xc3\xbf\r\n"),
        ("half \ud83c\n", b"half ?\r\n"),
    ],
)
def test_encode(text: str, wire: bytes) -> None:
    assert LineCodec().encode(text) == wire


LINES = st.lists(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=40), max_size=8)
WIRE = st.lists(
    st.one_of(
        st.binary(max_size=12), st.sampled_from([b"\r", b"\n", b"\0", b"\b", b"\x15", b"\xff", b"x" * 40])
    )
).map(b"".join)


@given(lines=LINES, cuts=st.lists(st.integers(0, 400), max_size=6))
def test_round_trip(lines: list[str], cuts: list[int]) -> None:
    codec = LineCodec()
    data = codec.encode("".join(line + "\n" for line in ["first", *lines]))
    assert fed(codec, data, cuts) == ["first", *lines]


@given(data=WIRE, cuts=st.lists(st.integers(0, 200), max_size=8))
def test_any_bytes_in_any_chunks(data: bytes, cuts: list[int]) -> None:
    codec = LineCodec(max_line=30)
    assert fed(codec, data, cuts) == fed(LineCodec(max_line=30), data)
    assert held(codec) <= 520


def held(codec: LineCodec) -> int:
    """How many received bytes a codec keeps."""
    return len(codec._buffer) + len(codec._opening or b"")


def footprint(codec: LineCodec) -> int:
    """Bytes of memory of a codec: the object and what belongs to it alone."""
    return codec.__sizeof__() + 16  # the garbage collector's header
