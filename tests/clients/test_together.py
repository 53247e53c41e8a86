"""All six in one conversation; and then the house closes."""

from __future__ import annotations

from pathlib import Path

from clients.open_house import OpenHouse
from clients.programs import ALL, Program
from clients.screens import Screen, Terminals

NICKS = ("tess", "nora", "tiff", "tina", "paul", "piet")
CLOSING = "The house is closing."


def enter_all(terminals: Terminals, house: OpenHouse) -> dict[str, Screen]:
    screens = {nick: program.open(terminals, house) for nick, program in people()}
    for nick, screen in screens.items():
        screen.sees("Welcome to Teahouse.")
        screen.says(f"login {nick}")
        screen.sees(f"You are {nick}.", "In this room:")
    return screens


def people() -> list[tuple[str, Program]]:
    return list(zip(NICKS, ALL, strict=True))


def test_six_in_one_conversation(terminals: Terminals, tmp_path: Path) -> None:
    house = OpenHouse(tmp_path / "house")
    screens = enter_all(terminals, house)
    first = screens[NICKS[0]]
    first.sees(*(f"{nick} has entered the room." for nick in NICKS[1:]))
    for nick, screen in screens.items():  # not at once: a terminal shows what comes in amid what is typed
        screen.says(f"hello from {nick}")
        for other in screens.values():
            other.sees(f"{nick}: hello from {nick}")
    for screen in screens.values():
        screen.sees(*(f"{nick}: hello from {nick}" for nick in NICKS))
    first.says("/who")
    first.sees("In the house: 6", *(f"{nick}  lobby" for nick in NICKS))
    assert said_in_order(first) == said_in_order(screens[NICKS[1]])

    assert house.close() == 0
    for nick, program in people():
        screens[nick].sees(CLOSING)
        if program.stays:
            screens[nick].presses(*program.stays)
        screens[nick].ends()
    assert "Traceback" not in house.log


def test_newcomer_reads_what_was_said(terminals: Terminals, tmp_path: Path) -> None:
    house = OpenHouse(tmp_path / "house")
    screens = enter_all(terminals, house)
    screens["tess"].says("you had to be there")
    screens["nora"].sees("tess: you had to be there")
    screens["nora"].presses("C-d")
    again = ALL[1].open(terminals, house)
    again.sees("Welcome to Teahouse.")
    again.says("login otto")
    again.sees("Said here before:", "tess: you had to be there", "And now:")
    assert house.close() == 0


def said_in_order(screen: Screen) -> list[str]:
    return [line for line in screen.text.splitlines() if ": hello from " in line]
