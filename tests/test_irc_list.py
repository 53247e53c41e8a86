"""LIST: every condition of ELIST against rooms whose age, topic and people are known."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis.strategies import integers, sampled_from

from house import House, Peer, settings
from teahouse.moderation.terms import Terms
from teahouse.protocols.irc.message import parse

ROOMS = {"tea": (3, 10, 5), "cake": (2, 20, None), "coffee": (1, 30, 30), "attic": (1, 40, None)}
"""People, minutes since it was made, minutes since its topic was set; the attic is hidden."""


def opened() -> tuple[House, Peer]:
    """A house with these rooms, and someone who is in none of them."""
    house = House(settings(limits={"flood_lines": 0, "output_bytes": 1 << 40}))
    people = [house.enter(nick, "irc") for nick in ("amy", "bob", "eve")]
    for name, (count, made, topic) in ROOMS.items():
        for each in people[:count]:
            each.say(f"JOIN #{name}")
        room = house.server.rooms[name]
        room.made_at -= timedelta(minutes=made)
        room.topic_at = room.now() - timedelta(minutes=topic) if topic is not None else None
    house.server.rooms["attic"].policy.terms = Terms(hidden=True)
    asks = house.enter("zoe", "irc")
    asks.shown()
    return house, asks


HOUSE, ZOE = opened()


def listed(conditions: str, peer: Peer = ZOE) -> list[str]:
    found = [parse(line) for line in peer.say(f"LIST {conditions}")]
    assert [found[0].command, found[-1].command] == ["321", "323"]
    return [each.params[1] for each in found[1:-1]]


@given(sampled_from(["", "U", "u", "C", "c", "T", "t"]), sampled_from("<>"), integers(0, 50))
def test_numbers_mean_what_the_specification_says(letter: str, sign: str, number: int) -> None:
    """`C<n`: made less than n minutes ago; a room without a topic has no time of one."""
    column = {"": 0, "U": 0, "C": 1, "T": 2}[letter.upper()]
    fits = set()
    for name, row in ROOMS.items():
        value = row[column]
        if name != "attic" and value is not None and (value < number if sign == "<" else value > number):
            fits.add(f"#{name}")
    assert set(listed(f"{letter}{sign}{number}")) == fits


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ("#tea", ["#tea"]),
        ("#TEA,#cake", ["#tea", "#cake"]),
        ("*ea", ["#tea"]),
        ("#c*", ["#cake", "#coffee"]),
        ("c*", ["#cake", "#coffee"]),
        ("c*,!#cake", ["#coffee"]),
        ("!*e*", []),
        ("!#*k*,!coffee", ["#tea"]),
        ("c*,>1", ["#cake"]),
        ("#attic", []),
        ("*tt*", []),
        ("C>35", []),
        ("*,>2", ["#tea"]),
        ("nothing", []),
        ("<", []),
        ("!", ["#tea", "#cake", "#coffee"]),
        ("", ["#tea", "#cake", "#coffee"]),
    ],
)
def test_names_and_masks(conditions: str, found: list[str]) -> None:
    assert listed(conditions) == found


def test_list_shows_a_hidden_room_to_those_who_are_in_it_and_to_no_one_else() -> None:
    _, zoe = opened()
    assert "#attic" not in listed("", zoe)
    zoe.say("JOIN #attic")
    zoe.shown()
    assert "#attic" in listed("", zoe)


def test_list_that_is_too_long_has_the_fullest_rooms_and_says_that_there_are_more() -> None:
    house = House(settings(limits={"flood_lines": 0, "answer_rows": 2}))
    amy, bob = house.enter("amy", "irc"), house.enter("bob", "irc")
    amy.say("JOIN #a,#b,#c")
    bob.say("JOIN #c")
    amy.shown()
    found = [parse(line) for line in amy.say("LIST")]
    assert [each.command for each in found] == ["321", "322", "322", "416", "323"]
    assert found[1].params[1:3] == ("#c", "2")
