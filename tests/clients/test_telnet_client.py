"""What telnet and plink's telnet do beside lines: keys, commands, windows and colours."""

from __future__ import annotations

import pytest

from clients.bystander import Bystander
from clients.open_house import OpenHouse
from clients.programs import PLINK_TELNET, TELNET, Program
from clients.screens import Screen, Terminals
from clients.wiretap import Wiretap

BOTH = pytest.mark.parametrize("program", [TELNET, PLINK_TELNET], ids=lambda program: program.name)
WORDS = " ".join(f"word{number:02}" for number in range(15))


def enter(
    program: Program, terminals: Terminals, house: OpenHouse, *, term: str = "", port: int = 0
) -> Screen:
    amy = program.open(terminals, house, term=term, telnet=port)
    amy.sees("Welcome to Teahouse.")
    amy.says("login amy")
    amy.sees("In this room:")
    return amy


@BOTH
def test_stays_in_line_mode(program: Program, terminals: Terminals, house: OpenHouse) -> None:
    amy = enter(program, terminals, house)
    amy.has_modes("icanon", "echo")
    amy.says("tea")
    amy.sees("amy: tea")
    assert amy.modes.issuperset({"icanon", "echo"})


@BOTH
def test_wraps_at_the_windows_width(
    program: Program, terminals: Terminals, house: OpenHouse, bea: Bystander
) -> None:
    amy = enter(program, terminals, house)
    amy.asks_until("/set width", "width  100")
    amy.resizes(45, 30)
    amy.asks_until("/set width", "width  45")
    bea.says(WORDS)
    amy.sees("\nbea: word00 word01 word02 word03 word04\n  word05 word06 word07 word08 word09 word10\n")


def test_interrupt_keeps_output_going(
    terminals: Terminals, house: OpenHouse, bea: Bystander, tap: Wiretap
) -> None:
    amy = enter(TELNET, terminals, house, port=tap.port)
    amy.types("never sent")
    amy.presses("C-c")
    tap.heard_from_client(b"\xff\xf4\xff\xfd\x06")  # IP, DO TIMING-MARK: shows nothing until it is answered
    bea.says("still here?")
    amy.sees("bea: still here?")
    amy.says("still here")
    assert bea.sees("amy:") == "amy: still here"


@pytest.mark.parametrize(
    "command", ["ayt", "brk", "ec", "el", "ga", "nop", "eof", "susp", "synch", "ao", "abort"]
)
def test_sent_commands_do_no_harm(
    command: str, terminals: Terminals, house: OpenHouse, bea: Bystander
) -> None:
    amy = enter(TELNET, terminals, house)
    amy.presses("C-]")
    amy.sees("telnet>")
    amy.says(f"send {command}")
    if command == "ayt":
        amy.sees("[yes]")
    amy.says("after it")
    assert bea.sees("amy:") == "amy: after it"


@pytest.mark.parametrize(
    ("term", "colours"), [("xterm-256color", 256), ("xterm", 16), ("vt100", 0), ("dumb", 0)]
)
def test_colours_go_by_the_terminal(
    *, term: str, colours: int, terminals: Terminals, house: OpenHouse, bea: Bystander, tap: Wiretap
) -> None:
    amy = enter(TELNET, terminals, house, term=term, port=tap.port)
    tap.heard_from_client(b"\xff\xfa\x18\x00" + term.upper().encode() + b"\xff\xf0")
    bea.says("how do you see me?")
    amy.sees("bea: how do you see me?")
    before, _, _ = tap.heard.rpartition(b": how do you see me?")
    nick = before.rpartition(b"\r\n")[2]
    assert (b"\x1b[" in nick) == (colours > 0)
    assert (b"\x1b[38;5;" in nick) == (colours == 256)


def test_no_option_that_ends_line_mode(terminals: Terminals, house: OpenHouse, tap: Wiretap) -> None:
    amy = enter(TELNET, terminals, house, port=tap.port)
    amy.says("/quit")
    amy.ends()
    for option in (0, 1, 3, 34):  # BINARY, ECHO, SGA, LINEMODE
        assert bytes((255, 251, option)) not in tap.heard
        assert bytes((255, 253, option)) not in tap.heard
