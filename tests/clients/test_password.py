"""The house's password is hidden while it is typed; before and after it, the client is in line mode."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from clients.bystander import Bystander
from clients.open_house import OpenHouse
from clients.programs import PLINK_TELNET, TELNET, TF5, TINTIN, Program
from clients.screens import Screen, Terminals

HIDING = (TELNET, TINTIN, TF5, PLINK_TELNET)
COOKED = (TELNET, PLINK_TELNET)
"""Those that leave the editing of the line to the terminal, whose modes tell what the user sees."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenHouse]:
    """A house with a password."""
    house = OpenHouse(tmp_path_factory.mktemp("house"), '[house]\npassword = "sesame"\nhistory_lines = 0\n')
    yield house
    assert house.close() == 0
    assert "Traceback" not in house.log
    assert "sesame" not in house.log


@pytest.fixture
def bea(house: OpenHouse) -> Iterator[Bystander]:
    with Bystander(house.line) as bea:
        bea.says("connect bea sesame")
        bea.sees("In this room:")
        yield bea
        bea.says("/quit")
        bea.sees_the_end()


@pytest.mark.parametrize("program", HIDING, ids=lambda program: program.name)
def test_password_is_hidden(program: Program, terminals: Terminals, house: OpenHouse, bea: Bystander) -> None:
    amy = program.open(terminals, house)
    amy.sees("Welcome to Teahouse.")
    amy.says("login amy")
    amy.sees("Password:")
    in_line_mode(program, amy, hidden=True)
    amy.says("open up")
    amy.sees("That is not the password")
    amy.says("sesame")
    amy.sees("You are amy.", "In this room:")
    in_line_mode(program, amy, hidden=False)
    assert "open up" not in amy.text
    assert "sesame" not in amy.text
    amy.types("to be seen")
    amy.sees("to be seen")
    amy.says("")
    assert bea.sees("amy:") == "amy: to be seen"


def in_line_mode(program: Program, screen: Screen, *, hidden: bool) -> None:
    if program in COOKED:
        # plink goes to character mode while the password is typed: the house edits that line.
        line_mode = () if hidden and program is PLINK_TELNET else ("icanon",)
        screen.has_modes("-echo" if hidden else "echo", *line_mode)


def test_piped_password_is_taken(house: OpenHouse) -> None:
    with Bystander(house.line) as nc:
        nc.says("login nora", "sesame", "/quit")
        shown = nc.sees_the_end()
    assert "Password: " in shown
    assert "You are nora." in shown
    assert shown.endswith("Goodbye.\r\n")
