"""Commands of rooms on IRC: by their own verb, and those of extensions as `!command` too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from house import QUIET, House
from irc_client import member

DICE = Path(__file__).parents[1] / "docs" / "lessons" / "dice.py"


@pytest.fixture
def house() -> Iterator[House]:
    """A house in which one can roll dice, in every room."""
    house = House(replace(QUIET, extensions=[str(DICE)]))
    yield house
    house.server.stop()


def test_an_extensions_command_and_event(house: House) -> None:
    amy, bob = member(house, "amy"), member(house, "bob")
    amy.shown()
    bob.shown()
    for line in ("ROLL 1", "PRIVMSG #lobby :!roll 1", "PRIVMSG #lobby :!ROLL 1"):
        assert amy.say(line) == ["NOTICE #lobby :amy rolls 1."]
        assert bob.shown() == ["NOTICE #lobby :amy rolls 1."]


def test_a_command_is_of_the_room_last_spoken_in(house: House) -> None:
    amy, bob = member(house, "amy", room="tea"), member(house, "bob", room="tea")
    amy.say("JOIN #cake", "PRIVMSG #tea :hi")
    bob.shown()
    amy.say("ROLL 1", "ME bows")
    assert bob.shown() == ["NOTICE #tea :amy rolls 1.", ":amy PRIVMSG #tea :\x01ACTION bows\x01"]


def test_a_command_that_goes_wrong_is_told_to_its_author_alone(house: House) -> None:
    amy, bob = member(house, "amy"), member(house, "bob")
    amy.shown()
    bob.shown()
    (line,) = amy.say("PRIVMSG #lobby :!roll many")
    assert 'sides is a number, and "many" is not.' in line
    assert amy.say("DANCE") == ["421 amy DANCE :Unknown command"]
    assert bob.shown() == []


def test_what_looks_like_a_command_and_is_none_is_talk(house: House) -> None:
    amy, bob = member(house, "amy"), member(house, "bob")
    amy.shown()
    bob.shown()
    for text in ("!kick bob", "!", "!!", "! roll 1", "!rolling"):
        amy.say(f"PRIVMSG #lobby :{text}")
        assert bob.shown() == [f":amy PRIVMSG #lobby :{text}"]
    amy.say("NOTICE #lobby :!roll 1")
    assert bob.shown() == [":amy NOTICE #lobby :!roll 1"]


def test_the_houses_own_ban_puts_out_and_mode_does_not(house: House) -> None:
    amy, bob = member(house, "amy", room="tea"), member(house, "bob", room="tea")
    amy.say("PRIVMSG #tea :hi")
    bob.shown()
    amy.say("MODE #tea +b bob")
    assert bob.shown() == [":amy MODE #tea +b bob!*@*"]
    amy.say("MODE #tea -b bob", "BAN bob 10m spam")
    assert bob.shown() == [
        ":amy MODE #tea -b bob!*@*",
        ":amy MODE #tea +b bob!*@*",
        ":amy KICK #tea bob :spam",
    ]
