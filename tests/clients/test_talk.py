"""Each client logs in, talks, hears, asks, whispers and goes."""

from __future__ import annotations

import pytest

from clients.bystander import Bystander
from clients.open_house import OpenHouse
from clients.programs import ALL, Program
from clients.screens import Screen, Terminals

pytestmark = pytest.mark.parametrize("program", ALL, ids=lambda program: program.name)
FOREIGN = "grüße aus Łódź – 5 € 👍"
PLAIN = "grusse aus Lodz - 5 EUR [thumbs up]"


def enter(program: Program, terminals: Terminals, house: OpenHouse, nick: str = "amy") -> Screen:
    screen = program.open(terminals, house)
    screen.sees("Welcome to Teahouse.")
    screen.says(f"login {nick}")
    screen.sees(f"You are {nick}.", "In this room:")
    return screen


def leave(program: Program, screen: Screen) -> None:
    screen.says(f"{program.slash}quit")
    screen.sees("Goodbye.")
    if program.stays:
        screen.presses(*program.stays)
    screen.ends()


def test_talks_and_hears(program: Program, terminals: Terminals, house: OpenHouse, bea: Bystander) -> None:
    amy = enter(program, terminals, house)
    bea.sees("amy has entered the room.")
    said = f"{program.name}: {PLAIN if program.ascii else FOREIGN}"
    amy.says(said)
    assert bea.sees("amy:") == f"amy: {said}"
    amy.sees(f"amy: {said}")
    bea.says(f"{program.name}: {FOREIGN}")
    amy.sees(f"bea: {said}")
    leave(program, amy)
    assert bea.sees("amy has") == "amy has left the house."


def test_asks_and_whispers(program: Program, terminals: Terminals, house: OpenHouse, bea: Bystander) -> None:
    amy = enter(program, terminals, house)
    amy.says(f"{program.slash}who")
    amy.sees("In the house: 2", "bea  lobby", "amy  lobby")
    amy.says(f"{program.slash}msg bea between us")
    amy.sees("You tell bea: between us")
    assert bea.sees("tells you") == "amy tells you: between us"
    bea.says("/reply indeed")
    amy.sees("bea tells you: indeed")
    leave(program, amy)


def test_killed_client_is_noticed(
    program: Program, terminals: Terminals, house: OpenHouse, bea: Bystander
) -> None:
    amy = enter(program, terminals, house)
    bea.sees("amy has entered the room.")
    amy.is_killed()
    bea.sees("amy has left the house.")
