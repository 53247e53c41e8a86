"""Questions without end: what they bring is bounded for each connection, and others notice nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis.strategies import floats, integers, lists, tuples

from house import House, settings
from teahouse.protocols.irc.bounds import LOOK, SECONDS_TO_FILL, Purse

FULL = 1_000
OUTPUT = 16_384


@given(lists(tuples(floats(0, 10), integers(0, FULL))))
def test_purse_gives_no_more_than_it_held_and_what_came_in_since(takes: list[tuple[float, int]]) -> None:
    purse, now, given_away = Purse(FULL, 0.0), 0.0, 0
    for pause, size in takes:
        now += pause
        taken = min(size, max(0, purse.left(now)))
        purse.take(taken)
        given_away += taken
        assert given_away <= FULL + now * FULL / SECONDS_TO_FILL + 1


def test_purse_is_never_fuller_than_full() -> None:
    purse = Purse(FULL, 0.0)
    assert purse.left(1_000_000.0) == FULL


def crowded(people: int = 150) -> House:
    house = House(settings(limits={"flood_lines": 0, "output_bytes": OUTPUT}))
    for number in range(people):
        house.enter(f"n{number}")
    return house


@pytest.mark.parametrize(
    "line", ["WHO *", "WHO n*", "WHO * %n", "LIST", "NAMES #lobby", "WHOIS n1,n2,n3,n4", "WHO #lobby"]
)
def test_one_who_asks_without_end_and_reads_nothing_is_not_dropped_for_the_answers(line: str) -> None:
    house = crowded()
    amy = house.enter("amy", "irc")
    amy.shown()
    amy.wire.space = 0
    before = len(amy.wire.sent)
    amy.type(*[line] * 100)
    house.pump()
    assert not amy.gone
    amy.wire.space = None
    house.pump()
    assert len(amy.wire.sent) - before < OUTPUT


def test_twenty_who_ask_without_end_do_not_keep_others_waiting() -> None:
    house = crowded()
    noisy = [house.enter(f"amy{number}", "irc") for number in range(20)]
    bob = house.enter("bob", "irc")
    bob.shown()
    for each in noisy:
        each.wire.space = 0
        each.type(*["WHO *", "LIST", "NAMES #lobby", "WHO z*"] * 10)
    answer = bob.say("WHO n1", "PING on")
    assert [line.split()[0] for line in answer] == ["352", "315", "PONG"]
    assert not [each for each in noisy if each.gone]
    assert all(each.link.queued < OUTPUT for each in noisy)


def test_answer_ends_with_its_end_also_where_it_is_cut() -> None:
    amy = crowded().enter("amy", "irc")
    amy.shown()
    answer = amy.say("WHO *")
    assert [line.split()[0] for line in answer[-2:]] == ["416", "315"]
    assert sum(len(line) for line in answer) < OUTPUT // 4 + 200


def test_looking_costs_though_nobody_is_found() -> None:
    house = crowded(150)
    amy = house.enter("amy", "irc")
    amy.shown()
    times = OUTPUT // 2 // (len(house.server.users) * LOOK) + 1
    answers = amy.say(*["WHO zz*"] * times * 2)
    assert answers[0].startswith("315")
    assert answers[-1].startswith("263")
    house.wait(SECONDS_TO_FILL)
    assert amy.say("WHO zz*") == ["315 amy zz* :End of WHO list"]
