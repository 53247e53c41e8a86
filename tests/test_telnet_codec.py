"""Telnet's framing and negotiation, with what real clients say (transcripts of Debian 12's).

Every case is fed whole, cut at every byte and with a tail: the messages and the answers are the same.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from teahouse.protocols.telnet import wire
from teahouse.protocols.telnet.codec import TelnetCodec
from teahouse.protocols.telnet.messages import (
    AbortOutput,
    AreYouThere,
    BadEncoding,
    Charset,
    CompressionUnwanted,
    CompressionWanted,
    Environ,
    Gmcp,
    GmcpWanted,
    InputHidden,
    Interrupt,
    Message,
    MsspWanted,
    Mtts,
    TerminalType,
    TooLong,
    WindowSize,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


def iac(*words: str) -> bytes:
    """The bytes for "WILL NAWS", "AYT", …; an option without a name as its number."""
    codes = [
        [int(code) if code.isdigit() else getattr(wire, code) for code in word.split()] for word in words
    ]
    return b"".join(bytes([wire.IAC, *code]) for code in codes)


def sub(option: int, payload: bytes) -> bytes:
    return wire.subnegotiation(option, payload)


SEND_TTYPE = sub(wire.TTYPE, b"\1")
SEND_ENVIRON = sub(wire.NEW_ENVIRON, b"\1\0CLIENT_NAME\0MTTS\0CHARSET")
REQUEST_CHARSET = sub(wire.CHARSET, b"\1;UTF-8;US-ASCII")
OFFERS = iac("WILL EOR", "WILL MSSP", "WILL GMCP")


def ttype(name: str) -> bytes:
    return sub(wire.TTYPE, b"\0" + name.encode())


# name, what the peer sends after our opening, messages, our answers (after the offers if there is one)
CASES: list[tuple[str, bytes, list[Message], bytes | None]] = [
    ("no telnet at all", b"hi\r\nho\n", ["hi", "ho"], None),
    ("IAC IAC is a data byte", b"L'Ha\xff\xff-les-Roses\n", [BadEncoding(), "L'Haÿ-les-Roses"], None),
    ("only IAC IAC", b"\xff\xff\xff\xff\n", [BadEncoding(), "ÿÿ"], None),
    ("a command within a line", b"he" + iac("NOP") + b"llo\r\n", ["hello"], b""),
    ("a command within CR LF", b"hi\r" + iac("NOP") + b"\nho\n", ["hi", "ho"], b""),
    ("a command within a character", b"th\xc3" + iac("GA") + b"\xa9\n", ["thé"], b""),
    ("a BOM after a command", iac("NOP") + b"\xef\xbb\xbfhi\n", ["hi"], b""),
    ("AYT", b"a\n" + iac("AYT") + b"b\n", ["a", AreYouThere(), "b"], b""),
    ("AO", b"a\n" + iac("AO") + b"b\n", ["a", AbortOutput(), "b"], b""),
    (
        "telnet's Ctrl-C",
        b"abc" + iac("IP", "DO TIMING_MARK") + b"d\n",
        [Interrupt(), "d"],
        iac("WILL TIMING_MARK"),
    ),
    ("IP ends a long line", b"x" * 300 + iac("IP") + b"d\n", [TooLong(256), Interrupt(), "d"], b""),
    ("every TM is answered", iac("DO 6", "DO 6", "DONT 6", "WILL 6", "WONT 6"), [], iac("WILL 6", "WILL 6")),
    ("EC", b"teb" + iac("EC") + b"a\n", ["tea"], b""),
    ("EC takes a whole character", b"te\xc3\xa9" + iac("EC") + b"a\n", ["tea"], b""),
    ("EL", b"coffee" + iac("EL") + b"tea\n", ["tea"], b""),
    (
        "legal and without meaning here",
        iac("EOF", "SUSP", "ABORT", "EOR_MARK", "BRK", "DM") + b"a\n",
        ["a"],
        b"",
    ),
    ("SE out of place", b"a" + iac("SE") + b"b\n", ["ab"], b""),
    (
        "unknown commands, as я and ÿ are in 8-bit charsets",
        iac("0", "65", "128", "235") + b"a\n",
        ["a"],
        None,
    ),
    ("the limit counts data", (b"\xff\xff" * 256) + b"\nb\n", [BadEncoding(), "ÿ" * 256, "b"], None),
    ("one data byte too many", (b"\xff\xff" * 257) + b"\nb\n", [TooLong(256), "b"], None),
    # Subnegotiations that are none.
    ("SB SE", iac("SB", "SE") + b"a\n", ["a"], b""),
    ("SB of an unknown option", iac("SB 99") + b"xyz" + iac("SE") + b"a\n", ["a"], b""),
    ("SB of an option that is not on", sub(wire.NAWS, b"\0P\0\x18") + b"a\n", ["a"], b""),
    ("SB of 4,095 bytes", sub(wire.GMCP, b"x" * 4094) + b"a\n", ["a"], b""),
    ("SB in SB", iac("SB 99") + b"xyz" + iac("SB 98") + b"xyz" + iac("SE") + b"a\n", ["a"], b""),
    ("a command breaks a SB off", iac("SB 99") + b"xyz" + iac("AYT") + b"a\n", [AreYouThere(), "a"], b""),
    ("WILL breaks a SB off", iac("SB 99") + b"xyz" + iac("WILL NAWS") + b"a\n", ["a"], b""),
    ("SB of 9 KiB", iac("SB 31") + b"x" * 9216 + iac("SE") + b"a\n", ["a"], b""),
    # Options that are refused.
    ("DO ECHO, DO SGA", iac("DO ECHO", "DO SGA"), [], iac("WONT ECHO", "WONT SGA")),
    ("WILL ECHO, WILL SGA", iac("WILL ECHO", "WILL SGA"), [], iac("DONT ECHO", "DONT SGA")),
    ("BINARY", iac("WILL BINARY", "DO BINARY"), [], iac("DONT BINARY", "WONT BINARY")),
    ("LINEMODE", iac("WILL LINEMODE"), [], iac("DONT LINEMODE")),
    ("STARTTLS, MCCP3", iac("DO 46", "DO 87", "WILL 87"), [], iac("WONT 46", "WONT 87", "DONT 87")),
    ("refused once", iac("WILL 99", "WILL 99", "DO 99", "DO 99"), [], iac("DONT 99", "WONT 99")),
    ("what is off needs no answer", iac("WONT 99", "DONT 99", "DONT ECHO"), [], b""),
    # Options that are wanted.
    ("NAWS", iac("WILL NAWS") + sub(wire.NAWS, b"\0\x64\0\x1e"), [WindowSize(100, 30)], b""),
    (
        "NAWS at once",
        iac("WILL NAWS", "WILL NAWS") + sub(wire.NAWS, b"\1\0\0\x1e"),
        [WindowSize(256, 30)],
        b"",
    ),
    ("NAWS of 255", iac("WILL NAWS") + sub(wire.NAWS, b"\0\xff\0\xff"), [WindowSize(255, 255)], b""),
    ("255 not doubled", iac("WILL NAWS", "SB 31") + b"\0\xff\0\x18" + iac("SE"), [WindowSize(255, 24)], b""),
    ("NAWS of 0", iac("WILL NAWS") + sub(wire.NAWS, b"\0\0\0\0"), [WindowSize(80, 24)], b""),
    ("NAWS too small", iac("WILL NAWS") + sub(wire.NAWS, b"\0\1\0\1"), [WindowSize(20, 5)], b""),
    ("NAWS too large", iac("WILL NAWS") + sub(wire.NAWS, b"\xff\xff\xff\xff"), [WindowSize(500, 500)], b""),
    ("NAWS cut short", iac("WILL NAWS") + sub(wire.NAWS, b"\0P\0"), [], b""),
    ("no TTYPE: MCCP2 at once", iac("WONT TTYPE"), [], iac("WILL MCCP2")),
    (
        "a repeated TTYPE is the last",
        iac("WILL TTYPE") + ttype("XTERM") + ttype("XTERM") + ttype("MORE"),
        [TerminalType("XTERM", ("XTERM",))],
        SEND_TTYPE * 2 + iac("WILL MCCP2"),
    ),
    ("TTYPE without a name", iac("WILL TTYPE") + ttype(""), [], SEND_TTYPE + iac("WILL MCCP2")),
    (
        "TTYPE is made printable and short",
        iac("WILL TTYPE") + ttype("a\x1b[2Jb\n" + "x" * 99),
        [TerminalType("a[2Jb" + "x" * 59, ("a[2Jb" + "x" * 59,))],
        SEND_TTYPE * 2,
    ),
    ("TTYPE SEND to us", iac("WILL TTYPE") + sub(wire.TTYPE, b"\1"), [], SEND_TTYPE),
    ("NEW-ENVIRON", iac("WILL NEW_ENVIRON"), [], SEND_ENVIRON),
    (
        "only what was asked for is kept",
        iac("WILL NEW_ENVIRON")
        + sub(wire.NEW_ENVIRON, b"\0\0USER\1root\3CLIENT_NAME\1Mud\2\1let\0MTTS\x01271"),
        [Environ("CLIENT_NAME", "Mudlet"), Mtts(271)],
        SEND_ENVIRON,
    ),
    (
        "variables without a value",
        iac("WILL NEW_ENVIRON") + sub(wire.NEW_ENVIRON, b"\0\0CLIENT_NAME\0MTTS\1x\0CHARSET\1UTF-8"),
        [Environ("CHARSET", "UTF-8")],
        SEND_ENVIRON,
    ),
    (
        "INFO",
        iac("WILL NEW_ENVIRON") + sub(wire.NEW_ENVIRON, b"\2\0CHARSET\1UTF-8"),
        [Environ("CHARSET", "UTF-8")],
        SEND_ENVIRON,
    ),
    ("NEW-ENVIRON rubbish", iac("WILL NEW_ENVIRON") + sub(wire.NEW_ENVIRON, b"\0\1\1\2"), [], SEND_ENVIRON),
    (
        "CHARSET accepted",
        iac("WILL CHARSET") + sub(wire.CHARSET, b"\2UTF-8"),
        [Charset("UTF-8")],
        REQUEST_CHARSET,
    ),
    ("CHARSET rejected", iac("WILL CHARSET") + sub(wire.CHARSET, b"\3"), [], REQUEST_CHARSET),
    ("CHARSET not ours", iac("WILL CHARSET") + sub(wire.CHARSET, b"\2KOI8-R"), [], REQUEST_CHARSET),
    (
        "the client requests a CHARSET",
        iac("DO CHARSET") + sub(wire.CHARSET, b"\1 us-ascii utf-8"),
        [Charset("UTF-8")],
        iac("WILL CHARSET") + REQUEST_CHARSET + sub(wire.CHARSET, b"\2utf-8"),
    ),
    (
        "the client requests one with a translation table",
        iac("WILL CHARSET") + sub(wire.CHARSET, b"\1[TTABLE]\1;KOI8-R;US-ASCII"),
        [Charset("US-ASCII")],
        REQUEST_CHARSET + sub(wire.CHARSET, b"\2US-ASCII"),
    ),
    (
        "the client requests what we do not have",
        iac("WILL CHARSET") + sub(wire.CHARSET, b"\1;KOI8-R") + sub(wire.CHARSET, b"\1"),
        [],
        REQUEST_CHARSET + sub(wire.CHARSET, b"\3") * 2,
    ),
    ("MSSP", iac("DO MSSP"), [MsspWanted()], b""),
    ("EOR", iac("DO EOR", "DONT EOR"), [], iac("WONT EOR")),
    ("MCCP2 before we offer it", iac("DO MCCP2"), [CompressionWanted()], iac("WILL MCCP2")),
    (
        "MCCP2 taken back",
        iac("WONT TTYPE", "DO MCCP2", "DONT MCCP2"),
        [CompressionWanted(), CompressionUnwanted()],
        iac("WILL MCCP2", "WONT MCCP2"),
    ),
    ("MCCP2 declined", iac("WONT TTYPE", "DONT MCCP2"), [], iac("WILL MCCP2")),
    ("GMCP", iac("DO GMCP") + sub(wire.GMCP, b"Char.Login"), [GmcpWanted(), Gmcp("Char.Login", None)], b""),
    (
        "GMCP with JSON",
        iac("DO GMCP") + sub(wire.GMCP, b'Char.Login.Credentials {"account": "amy", "password": "\xc3\xbf"}'),
        [GmcpWanted(), Gmcp("Char.Login.Credentials", {"account": "amy", "password": "ÿ"})],
        b"",
    ),
    (
        "GMCP ping",
        iac("DO GMCP") + sub(wire.GMCP, b"Core.Ping 120"),
        [GmcpWanted()],
        sub(wire.GMCP, b"Core.Ping"),
    ),
    (
        "GMCP that is none",
        iac("DO GMCP")
        + b"".join(
            sub(wire.GMCP, payload)
            for payload in (
                b"A {",
                b"\xfe",
                b"a b",
                b"A NaN",
                b"A " + b"[" * 6000,
                b"",
                b"\x1b[2J 1",
                b"A " + b"9" * 5000,
            )
        ),
        [GmcpWanted()],
        b"",
    ),
    # Real clients, after our opening.
    ("telnet refuses", iac("WONT NEW_ENVIRON", "WONT CHARSET", "DONT EOR", "DONT MSSP"), [], b""),
    (
        "plink's opener",
        iac("WILL NAWS", "WILL 32", "WILL TTYPE", "WILL NEW_ENVIRON", "DO ECHO", "WILL SGA", "DO SGA"),
        [],
        iac("DONT 32") + SEND_TTYPE + SEND_ENVIRON + iac("WONT ECHO", "DONT SGA", "WONT SGA"),
    ),
    (
        "plink leaks USER",
        iac("WILL NEW_ENVIRON") + sub(wire.NEW_ENVIRON, b"\0\3USER\1root"),
        [],
        SEND_ENVIRON,
    ),
    (
        "tt++'s terminal types",
        iac("WILL TTYPE")
        + ttype("TINTIN++")
        + ttype("tmux-256color")
        + ttype("MTTS 271")
        + ttype("MTTS 271"),
        [
            TerminalType("TINTIN++", ("TINTIN++",)),
            TerminalType("tmux-256color", ("TINTIN++", "tmux-256color")),
            Mtts(271),
        ],
        SEND_TTYPE * 4 + iac("WILL MCCP2"),
    ),
    (
        "tf5's terminal types",
        iac("WILL NAWS", "WILL TTYPE", "DONT SGA")
        + ttype("TINYFUGUE")
        + ttype("ANSI-ATTR")
        + ttype("ANSI")
        + ttype("UNKNOWN"),
        [
            TerminalType("TINYFUGUE", ("TINYFUGUE",)),
            TerminalType("ANSI-ATTR", ("TINYFUGUE", "ANSI-ATTR")),
            TerminalType("ANSI", ("TINYFUGUE", "ANSI-ATTR", "ANSI")),
            TerminalType("UNKNOWN", ("TINYFUGUE", "ANSI-ATTR", "ANSI", "UNKNOWN")),
        ],
        SEND_TTYPE * 4 + iac("WILL MCCP2"),
    ),
]
IDS = [name for name, *_ in CASES]


def opened(**options: bool) -> TelnetCodec:
    codec = TelnetCodec(256, **options)
    assert codec.opening() == iac("DO TTYPE", "DO NAWS", "DO NEW_ENVIRON", "DO CHARSET")
    return codec


def fed(codec: TelnetCodec, data: bytes, cuts: Iterable[int] = ()) -> tuple[list[Message], bytes]:
    messages: list[Message] = []
    answers = b""
    for start, end in pairwise([0, *sorted(cuts), len(data)]):
        messages += codec.feed(data[start:end])
        answers += codec.take()
    return messages, answers


@pytest.mark.parametrize(("name", "data", "messages", "answers"), CASES, ids=IDS)
def test_case(name: str, data: bytes, messages: list[Message], answers: bytes | None) -> None:
    expected = messages, b"" if answers is None else OFFERS + answers
    assert fed(opened(), data) == expected
    assert fed(opened(), data, range(len(data))) == expected, "byte by byte"
    for cut in range(len(data)) if len(data) < 1000 else (1, 4095, 4097, len(data) - 1):
        assert fed(opened(), data, [cut]) == expected, f"cut at {cut}"
    assert fed(opened(), data + b"tail") == expected
    assert fed(opened(), b"first\r\n" + data.replace(b"\xef\xbb\xbf", b"")) == (
        ["first", *messages],
        expected[1],
    )


def test_a_peer_that_speaks_first_is_asked_and_offered() -> None:
    codec = TelnetCodec()
    asked = iac("DO TTYPE", "DO NAWS", "DO NEW_ENVIRON", "DO CHARSET")
    assert fed(codec, iac("WILL NAWS")) == ([], asked + OFFERS)
    assert codec.opening() == b""


def test_nothing_is_said_to_a_peer_without_telnet() -> None:
    codec = TelnetCodec()
    codec.feed(b"hello\nGET / HTTP/1.0\r\n\r\n\xff\xff\n")
    assert not codec.speaks_telnet
    assert codec.take() == codec.prompt_end() == codec.keepalive() == codec.hide_input(on=False) == b""
    assert codec.gmcp("Core.Goodbye", "bye") == b""
    assert not codec.gmcp_supports("Char")


def test_prompts() -> None:
    codec = opened()
    codec.feed(iac("NOP"))
    assert codec.prompt_end() == iac("GA")
    assert codec.keepalive() == iac("NOP")
    codec.feed(iac("DO EOR"))
    assert codec.prompt_end() == iac("EOR_MARK")
    codec.feed(iac("DONT EOR", "DO SGA"))
    assert codec.prompt_end() == b""


def test_no_compression_where_it_is_not_wanted() -> None:
    assert fed(opened(compress=False), iac("WONT TTYPE", "DO MCCP2")) == ([], OFFERS + iac("WONT MCCP2"))
    assert TelnetCodec().start_compression() == iac("SB MCCP2", "SE")


@pytest.mark.parametrize(
    ("text", "charset", "data"),
    [
        ("a\nb\r\n", "utf-8", b"a\r\nb\r\n"),
        ("ÿ\ud800", "utf-8", b"\xc3\xbf?"),
        ("ÿ€", "latin-1", b"\xff\xff?"),
        ("thé", "ascii", b"th?"),
    ],
)
def test_encode(text: str, charset: str, data: bytes) -> None:
    assert TelnetCodec().encode(text, charset) == data


# Passwords.


def test_hidden_input() -> None:
    codec = opened()
    codec.feed(iac("NOP"))
    codec.take()
    assert codec.hide_input(on=True) == iac("WILL ECHO")
    assert codec.hide_input(on=True) == b""
    assert fed(codec, iac("DO ECHO")) == ([InputHidden(hidden=True)], b"")
    assert fed(codec, b"secret\r\n") == (["secret"], b"")
    assert codec.hide_input(on=False) == iac("WONT ECHO")
    assert fed(codec, iac("DONT ECHO")) == ([InputHidden(hidden=False)], b"")
    assert codec.hide_input(on=True) == iac("WILL ECHO")


def test_a_second_password_at_once() -> None:
    codec = opened()
    codec.hide_input(on=True)
    fed(codec, iac("DO ECHO"))
    assert codec.hide_input(on=False) + codec.hide_input(on=True) == iac("WONT ECHO", "WILL ECHO")
    assert fed(codec, iac("DONT ECHO", "DO ECHO")) == ([InputHidden(hidden=True)], b"")
    assert codec.hide_input(on=False) + codec.hide_input(on=True) == iac("WONT ECHO", "WILL ECHO")
    assert codec.hide_input(on=False) == b"", "typed ahead of the answers"
    assert fed(codec, iac("DONT ECHO", "DO ECHO")) == ([], iac("WONT ECHO"))
    assert fed(codec, iac("DONT ECHO")) == ([InputHidden(hidden=False)], b"")


def test_ttpp_never_acknowledges_that_echo_is_back() -> None:
    codec = opened()
    for _ in range(3):
        assert codec.hide_input(on=True) == iac("WILL ECHO")
        assert fed(codec, iac("DO ECHO"))[0] == [InputHidden(hidden=True)]
        assert codec.hide_input(on=False) == iac("WONT ECHO")


def test_a_password_that_comes_before_the_answer() -> None:
    codec = opened()
    fed(codec, iac("NOP"))
    assert codec.hide_input(on=True) == iac("WILL ECHO")
    assert codec.hide_input(on=False) == b"", "RFC 1143: not before the first answer"
    assert fed(codec, iac("DO ECHO")) == ([], iac("WONT ECHO"))
    assert fed(codec, iac("DONT ECHO")) == ([InputHidden(hidden=False)], b"")


def test_a_peer_that_will_not_hide() -> None:
    codec = opened()
    codec.hide_input(on=True)
    assert fed(codec, iac("DONT ECHO")) == ([InputHidden(hidden=False)], OFFERS)


def test_a_silent_peer_is_told_to_show_again() -> None:
    codec = opened()
    assert codec.hide_input(on=True) == iac("WILL ECHO")
    assert codec.hide_input(on=False) == iac("WONT ECHO")
    assert codec.hide_input(on=False) == b""
    assert codec.take() == b""


def test_plink_types_a_password_in_character_mode() -> None:
    codec = opened()
    codec.hide_input(on=True)
    data = iac("DO ECHO", "WILL SGA", "DO SGA") + b"secrex\x7ft\r\0"
    assert fed(codec, data, range(len(data)))[0] == [InputHidden(hidden=True), "secret"]


# Crossing negotiations: what Twisted's telnet ends in an AssertionError.


def test_crossing_negotiations() -> None:
    codec = opened()
    assert fed(codec, iac("WILL TTYPE", "WONT TTYPE", "WILL TTYPE"))[0] == []
    codec.hide_input(on=True)
    fed(codec, iac("DO ECHO"))
    codec.hide_input(on=False)
    assert fed(codec, iac("DO ECHO")) == ([InputHidden(hidden=False)], b""), "an error of the peer, not ours"


def test_both_sides_of_one_option_at_once() -> None:
    codec = opened()
    answers = fed(codec, iac("DO CHARSET", "WILL CHARSET"))[1]
    assert answers == OFFERS + iac("WILL CHARSET") + REQUEST_CHARSET * 2


# GMCP.


def test_gmcp_modules() -> None:
    codec = opened()
    codec.feed(iac("DO GMCP"))
    assert codec.feed(sub(wire.GMCP, b'Core.Supports.Set ["Char 1", "Comm.Channel 1", 5, "\\u001b 1"]')) == []
    assert codec.gmcp_supports("comm.channel")
    codec.feed(sub(wire.GMCP, b'core.supports.add ["Room 1"]'))
    codec.feed(sub(wire.GMCP, b'Core.Supports.Remove ["Comm.Channel 1"]'))
    codec.feed(sub(wire.GMCP, b"Core.Supports.Other []"))
    assert [codec.gmcp_supports(name) for name in ("Char", "Comm.Channel", "Room")] == [True, False, True]
    codec.feed(iac("DONT GMCP"))
    assert not codec.gmcp_supports("Char")


def test_gmcp_modules_are_bounded() -> None:
    codec = opened()
    codec.feed(iac("DO GMCP"))
    for start in range(0, 10_000, 100):
        names = ",".join(f'"Module{number} 1"' for number in range(start, start + 100))
        codec.feed(sub(wire.GMCP, f"Core.Supports.Add [{names}]".encode()))
    assert sum(codec.gmcp_supports(f"Module{number}") for number in range(10_000)) == 64


def test_gmcp_out() -> None:
    codec = opened()
    codec.feed(iac("DO GMCP"))
    assert codec.gmcp("Core.Goodbye", "Auf Wiedersehen\nÿ") == sub(
        wire.GMCP, 'Core.Goodbye "Auf Wiedersehen\\nÿ"'.encode()
    )
    assert codec.gmcp("Core.Ping") == sub(wire.GMCP, b"Core.Ping")
