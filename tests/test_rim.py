"""Invariant 7: whatever people type, and wherever, another terminal is shown one clean line for it."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis.strategies import characters, text

from house import House, Peer, settings

OFF = settings(limits={"flood_lines": 0}, house={"history_lines": 5})
NASTY = "\x1b[2J\x07\x9b31m\r\nbob: fake\u2028\u202e\u0085\x00\x03" + "4,5\ud800\u200b"
ANYTHING = text(characters(), max_size=60)
OWN = re.compile(r"\x1b\[[0-9;]*m")
UNSAFE = {"Cc", "Cs", "Zl", "Zp"}
BIDI = set("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
LINES = [
    "/say {}",
    "/me {}",
    "/msg bob {}",
    "/topic {}",
    "/away {}",
    "/nick {}",
    "/join {}",
    "/quit {}",
    "{}",
]


def unsafe(line: str) -> str:
    return "".join(c for c in line if unicodedata.category(c) in UNSAFE or c in BIDI)


def shown_to_bob(preference: str, line: str, protocol: str = "line") -> tuple[Peer, Peer]:
    house = House(OFF)
    amy, bob = house.enter("amy"), house.enter("bob", protocol)
    bob.say(*preference.split("|"))
    amy.shown()
    amy.session.receive(line)
    house.pump()
    return amy, bob


@pytest.mark.parametrize("line", LINES)
@given(typed=ANYTHING)
@example(typed=NASTY)
@example(typed="x " + NASTY)
def test_one_clean_line_for_each_message(line: str, typed: str) -> None:
    """Text of any kind, line ends and lone surrogates too: other protocols may let them through."""
    _, bob = shown_to_bob("/set bell off", line.format(typed))
    lines = bob.shown()
    assert len(lines) <= 1
    assert not unsafe("".join(lines))


@pytest.mark.parametrize("line", LINES)
@given(typed=ANYTHING)
@example(typed=NASTY)
@example(typed="x" * 90)
def test_nothing_but_our_own_escapes(line: str, typed: str) -> None:
    """In colour, wrapped, with time and bell; our own sequences are never torn."""
    ours = "/set colour 256|/set width 20|/set time on|/set bell on"
    _, bob = shown_to_bob(ours, line.format(typed), "telnet")
    for each in bob.shown():
        assert not unsafe(OWN.sub("", each).replace("\a", ""))


@given(typed=ANYTHING)
@example(typed=NASTY)
def test_replies_show_no_more_than_what_was_typed(typed: str) -> None:
    """What is quoted back to the one who typed it is as clean."""
    assume(typed.strip().casefold().partition(" ")[0] not in {"quit", "exit", "logout"})
    (amy,) = House(OFF).crowd("amy")
    for line in (
        "/{}",
        "/help {}",
        "/whois {}",
        "/ignore {}",
        "/leave {}",
        "/set {}",
        "/set time {}",
        "/ping {}",
    ):
        amy.session.receive(line.format(typed))
        amy.house.pump()
    assert not unsafe("".join(amy.shown()))


@given(typed=ANYTHING)
@example(typed=NASTY)
def test_at_the_door(typed: str) -> None:
    house = House(OFF)
    amy = house.connect()
    for line in ("{}", "login {}", "help {}", "connect x {}"):
        if not amy.gone:
            amy.session.receive(line.format(typed))
            house.pump()
    assert not unsafe("".join(amy.shown()))
