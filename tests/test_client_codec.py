"""The client's half of telnet: what servers say, fed whole, cut at every byte and with a tail; the lines, the prompt
at the end and the answers are the same each time. And whatever they say, the terminal is safe.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teahouse.client.codec import UNFINISHED, Asked, Babble, ClientCodec, Hidden, Line, Prompt
from teahouse.client.terminal import Terminal
from teahouse.protocols.telnet import wire
from teahouse.protocols.telnet.codec import TelnetCodec
from teahouse.protocols.telnet.messages import Charset, InputHidden, Mtts, TerminalType, WindowSize

if TYPE_CHECKING:
    from collections.abc import Iterable

    from teahouse.client.codec import News
    from teahouse.protocols.telnet.messages import Message

XTERM = Terminal("xterm-256color", 256, utf8=True, size=(100, 30))
SAFE = re.compile(r"(?:\x1b\[[0-9;:]*m|\t|[^\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069])*")


def iac(*words: str) -> bytes:
    """The bytes for "WILL NAWS", "GA", …; an option without a name as its number."""
    codes = [
        [int(code) if code.isdigit() else getattr(wire, code) for code in word.split()] for word in words
    ]
    return b"".join(bytes([wire.IAC, *code]) for code in codes)


def ttype(name: str) -> bytes:
    return wire.subnegotiation(wire.TTYPE, b"\0" + name.encode())


SEND_TTYPE = wire.subnegotiation(wire.TTYPE, b"\1")
SIZE = wire.subnegotiation(wire.NAWS, b"\0\x64\0\x1e")


def heard(chunks: Iterable[bytes], terminal: Terminal = XTERM) -> tuple[list[News], str, bytes]:
    """What was reported but for prompts, the prompt at the end, and the answers."""
    codec = ClientCodec(terminal)
    news: list[News] = []
    answers = b""
    for chunk in chunks:
        news += codec.receive(chunk)
        answers += codec.take()
    prompts = [each.text for each in news if isinstance(each, Prompt)]
    return [each for each in news if not isinstance(each, Prompt)], (prompts or [""])[-1], answers


def cuts(data: bytes) -> Iterable[list[bytes]]:
    yield [data]
    yield [data[i : i + 1] for i in range(len(data))]
    for at in range(1, len(data)):
        yield [data[:at], data[at:]]


CASES: dict[str, tuple[bytes, list[News], str, bytes]] = {
    "lines": (b"one\r\ntwo\n\r\n", [Line("one"), Line("two"), Line("")], "", b""),
    "LF CR": (b"one\n\rtwo\n\r", [Line("one"), Line("two")], "", b""),
    "CR NUL": (b"one\r\0\ntwo\r\n", [Line("one"), Line("two")], "", b""),
    "a lone CR hides nothing": (b"10%\r20%\r\n", [Line("10%"), Line("20%")], "", b""),
    "unfinished": (b"a\r\nName: ", [Line("a")], "Name: ", b""),
    "unfinished character": ("a\r\ncaf\u00e9".encode()[:-1], [Line("a")], "caf", b""),
    "GA": (b"> " + iac("GA"), [Asked("> ")], "> ", b""),
    "EOR": (iac("WILL EOR") + b"> " + iac("EOR_MARK"), [Asked("> ")], "> ", iac("DO EOR")),
    "lines come over a prompt": (b"> " + iac("GA") + b"x\r\n", [Asked("> "), Line("x")], "> ", b""),
    "a new prompt": (b"a" + iac("GA") + b"b" + iac("GA"), [Asked("a"), Asked("b")], "b", b""),
    "no prompt any more": (b"a" + iac("GA") + b"x\r\n" + iac("GA"), [Asked("a"), Line("x")], "", b""),
    "IAC IAC, cp1252": (b"\xff\xffz\r\n", [Line("\u00ffz")], "", b""),
    "UTF-8": ("\u2615 \u4e16\r\n".encode(), [Line("\u2615 \u4e16")], "", b""),
    "colours": (b"\x1b[31mred\x1b[0m\r\n", [Line("\x1b[31mred\x1b[0m")], "", b""),
    "colour over lines": (
        b"\x1b[31mred\r\nstill\x1b[m not\r\n",
        [Line("\x1b[31mred\x1b[0m"), Line("\x1b[31mstill\x1b[m not\x1b[0m")],
        "",
        b"",
    ),
    "bell": (b"hey\a\r\n\x1b]0;t\ax\r\n", [Line("hey", bell=True), Line("x")], "", b""),
    "hidden": (
        iac("WILL ECHO") + b"Password: " + iac("GA"),
        [Hidden(True), Asked("Password: ")],
        "Password: ",
        iac("DO ECHO"),
    ),
    "hidden and shown": (
        iac("WILL ECHO", "WONT ECHO"),
        [Hidden(True), Hidden(False)],
        "",
        iac("DO ECHO", "DONT ECHO"),
    ),
    "said twice": (
        iac("WILL ECHO", "WILL ECHO", "WILL EOR", "WILL EOR"),
        [Hidden(True)],
        "",
        iac("DO ECHO", "DO EOR"),
    ),
    "window": (iac("DO NAWS"), [], "", iac("WILL NAWS") + SIZE),
    "types": (
        iac("DO TTYPE") + 5 * SEND_TTYPE,
        [],
        "",
        iac("WILL TTYPE")
        + ttype("TEAHOUSE")
        + ttype("XTERM-256COLOR")
        + ttype("MTTS 13")
        + ttype("MTTS 13")
        + ttype("TEAHOUSE"),
    ),
    "type without agreement": (SEND_TTYPE, [], "", b""),
    "charset": (
        iac("DO CHARSET") + wire.subnegotiation(wire.CHARSET, b"\1;US-ASCII;UTF-8"),
        [],
        "",
        iac("WILL CHARSET") + wire.subnegotiation(wire.CHARSET, b"\2UTF-8"),
    ),
    "charset offered": (
        iac("WILL CHARSET") + wire.subnegotiation(wire.CHARSET, b"\1 UTF-8"),
        [],
        "",
        iac("DO CHARSET") + wire.subnegotiation(wire.CHARSET, b"\2UTF-8"),
    ),
    "other charset": (
        iac("DO CHARSET") + wire.subnegotiation(wire.CHARSET, b"\1;US-ASCII;KOI8-R"),
        [],
        "",
        iac("WILL CHARSET") + wire.subnegotiation(wire.CHARSET, b"\3"),
    ),
    "refused": (
        iac(
            "WILL SGA",
            "DO SGA",
            "DO ECHO",
            "WILL 86",
            "WILL 201",
            "DO NEW_ENVIRON",
            "DO LINEMODE",
            "DO BINARY",
        ),
        [],
        "",
        iac("DONT SGA", "WONT SGA", "WONT ECHO", "DONT 86", "DONT 201", "WONT 39", "WONT 34", "WONT 0"),
    ),
    "refused once": (3 * iac("WILL SGA"), [], "", iac("DONT SGA")),
    "for servers": (iac("AYT", "IP", "EC", "EL", "NOP", "DM", "BRK", "AO") + b"x\r\n", [Line("x")], "", b""),
    "broken": (iac("SB", "SE", "SE") + b"\xff\xfa\x18\xff\xf0x\r\n", [Line("x")], "", b""),
}


@pytest.mark.parametrize("name", CASES)
def test_however_it_is_cut(name: str) -> None:
    data, news, prompt, answers = CASES[name]
    for chunks in cuts(data):
        assert heard(chunks) == (news, prompt, answers), chunks


# Where the line is unfinished the tail would belong to it.
@pytest.mark.parametrize("name", [name for name in CASES if not name.startswith("unfinished")])
def test_a_tail_changes_nothing_before_it(name: str) -> None:
    data, news, _, answers = CASES[name]
    assert heard([data + b"tail\r\n"])[::2] == ([*news, Line("tail")], answers)


def test_what_is_sent() -> None:
    codec = ClientCodec(XTERM)
    assert codec.send("h\u00e9 \u2615") == "h\u00e9 \u2615\r\n".encode()
    assert codec.send("a\nb\r\nc") == b"a\r\nb\r\nc\r\n"
    assert codec.send("a\x1b[31m\x07\tb\x7f") == b"a[31m\tb\r\n"
    assert codec.send("\ud800") == b"?\r\n"


def test_an_answered_prompt_is_gone_and_hidden_lines_end_once() -> None:
    codec = ClientCodec(XTERM)
    assert Prompt("Name: ") in codec.receive(b"Name: ")
    codec.send("ann")
    assert codec.receive(b"\r\n") == [Line("")]  # nobody was hidden: the line end is the server's own
    codec.receive(iac("WILL ECHO") + b"Password: " + iac("GA"))
    codec.send("secret")
    assert codec.receive(iac("WONT ECHO") + b"\r\nWelcome\r\n") == [Hidden(False), Line("Welcome")]


def test_the_window_is_told_again_only_when_it_was_wanted_and_has_changed() -> None:
    codec = ClientCodec(XTERM)
    codec.resized(90, 30)
    assert codec.take() == b""
    codec.receive(iac("DO NAWS"))
    assert codec.take() == iac("WILL NAWS") + wire.subnegotiation(wire.NAWS, b"\0\x5a\0\x1e")
    codec.resized(90, 30)
    assert codec.take() == b""
    codec.resized(255, 99999)
    assert codec.take() == b"\xff\xfa\x1f\x00\xff\xff\xff\xff\xff\xff\xff\xf0"


def test_without_a_terminal_nothing_is_claimed() -> None:
    answers = heard([iac("DO NAWS", "DO TTYPE") + 3 * SEND_TTYPE], Terminal())[2]
    assert answers == iac("WONT NAWS", "WILL TTYPE") + ttype("TEAHOUSE") + ttype("DUMB") + ttype("MTTS 4")


def test_passwords_are_hidden_for_as_long_as_someone_types() -> None:
    codec = ClientCodec(XTERM)
    for _ in range(500):
        assert Hidden(True) in codec.receive(iac("WILL ECHO"))
        codec.send("secret")
        assert Hidden(False) in codec.receive(iac("WONT ECHO"))


def test_a_server_that_never_stops_is_given_up() -> None:
    codec = ClientCodec(XTERM)
    answered = 0
    for _ in range(5000):
        babble = codec.receive(iac("WILL ECHO", "WONT ECHO", "WILL SGA"))
        answered += len(codec.take())
        if Babble() in babble:
            break
    else:
        pytest.fail("it went on for ever")
    assert answered < 1000
    assert codec.receive(b"more\r\n" * 100) == []


def test_it_agrees_with_the_server_of_this_house_and_both_fall_silent() -> None:
    server, client = TelnetCodec(compress=True), ClientCodec(XTERM)
    messages: list[Message] = []
    to_client = server.opening()
    for _ in range(20):
        client.receive(to_client)
        messages += server.feed(client.take())
        to_client = server.take()
        if not to_client:
            break
    assert to_client == b""
    assert WindowSize(100, 30) in messages
    assert [m.name for m in messages if isinstance(m, TerminalType)] == ["TEAHOUSE", "XTERM-256COLOR"]
    assert {Mtts(13), Charset("UTF-8")} <= set(messages)
    assert Hidden(True) in client.receive(server.hide_input(on=True))
    assert InputHidden(hidden=True) in server.feed(client.take())
    assert server.prompt_end() == iac("EOR_MARK")


def test_nothing_grows() -> None:
    codec = ClientCodec(XTERM)
    news = [each for _ in range(40) for each in codec.receive(b"x" * 4096)]
    assert all(len(each.text) <= UNFINISHED + 4096 for each in news if isinstance(each, Line | Prompt))
    assert len(codec._tail) <= UNFINISHED
    codec.receive(b"\xff\xfa" + b"s" * 60_000)
    assert codec._sub is not None
    assert len(codec._sub) <= 8192


TELNET = (iac("WILL ECHO"), iac("WONT ECHO"), iac("DO NAWS"), iac("GA"), SEND_TTYPE)
ESCAPES = (b"\x1b[31m", b"\x1b[", b"\x1b]0;", b"\x1b[8m", b"\x1b[2J", b"\x9b2J")
TEXT = (b"\r\n", b"\n", b"\r", b"\a", b"\t", "\u202e\u009b\u2028".encode())
SNIPPETS = st.one_of(st.binary(max_size=12), st.sampled_from(TELNET + ESCAPES + TEXT))


@given(st.lists(SNIPPETS, max_size=40), st.lists(st.integers(0, 300), max_size=5))
def test_it_never_raises_and_what_it_shows_is_safe(snippets: list[bytes], marks: list[int]) -> None:
    data = b"".join(snippets)
    places = [0, *sorted(min(mark, len(data)) for mark in marks), len(data)]
    news, prompt, answers = heard(data[a:b] for a, b in pairwise(places))
    for text in [each.text for each in news if isinstance(each, Line | Asked)] + [prompt]:
        assert SAFE.fullmatch(text), text
    assert len(answers) <= 4 * len(data) + 100
    whole, whole_prompt, whole_answers = heard([data])
    assert (news, prompt, answers) == (whole, whole_prompt, whole_answers)
