"""What the house counts of itself: once for an event, a turn or a failure, whoever is shown it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from house import PASSWORD, QUIET, House, LateStore, settings
from teahouse.fanout import Fanout
from teahouse.limits import Limits
from teahouse.measures import memory
from teahouse.measures.counters import BOUNDS, MOST, OTHER, Counters, Durations, Tally
from teahouse.measures.lateness import SAMPLES, Lateness
from teahouse.measures.look import look
from teahouse.measures.measures import MINUTES


def counters(house: House) -> Counters:
    return house.server.measures.counters


def test_an_event_is_counted_once_and_its_hearers_are_the_deliveries() -> None:
    house = House()
    peers = [house.enter(f"user{n}", protocol) for n, protocol in enumerate(["line", "telnet", "irc"])]
    peers[2].say("JOIN #lobby")
    heard = counters(house)
    deliveries = heard.deliveries
    peers[0].say("hello", "hello again")
    assert heard.events["Said"] == 2
    assert heard.deliveries == deliveries + 2 * 3
    assert heard.messages == 2


def test_private_words_are_messages_and_reactions_are_none() -> None:
    house = House()
    amy, bob = house.enter("amy"), house.enter("bob")
    amy.say("/msg bob psst", "/me waves", "well")
    assert counters(house).messages == 3
    bob.say("/react +1")
    assert counters(house).messages == 3


def test_a_tally_is_bounded() -> None:
    tally = Tally()
    for number in range(MOST + 50):
        tally.add(str(number))
    assert len(tally) == MOST + 1
    assert tally[OTHER] == 50


def test_durations_fall_between_their_bounds() -> None:
    took = Durations()
    for seconds in (0.0, BOUNDS[0], BOUNDS[0] * 1.5, 99.0):
        took.add(seconds)
    assert (took.counts[0], took.counts[1], took.counts[-1], took.count) == (2, 1, 1, 4)


def test_lateness_is_of_the_last_minutes() -> None:
    late = Lateness()
    assert late.quantile(0.99) == 0
    at = 0.0
    for number in range(SAMPLES + 100):
        at += 1 + (5.0 if number == 50 else 0.010 if number % 10 == 0 else 0.0)
        late.tick(at, 1.0)
    assert late.quantile(0.5) == 0
    assert late.quantile(0.99) == pytest.approx(0.010)
    assert late.worst == pytest.approx(5.0)


def test_a_clock_that_runs_ahead_is_not_late() -> None:
    late = Lateness()
    late.tick(0, 1)
    late.tick(0.5, 1)
    assert late.quantile(1.0) == 0


def test_a_house_that_is_late_finds_out() -> None:
    house = House()
    house.wait(3)
    house.hands.rightNow += 2.5  # something held the reactor
    house.wait(2)
    assert 1.5 <= look(house.server).lateness[1] <= 2.5


def test_logins_and_what_refuses_them() -> None:
    house = House()
    house.add_account("ann")
    house.enter("amy")
    house.enter("ann", password=PASSWORD)
    house.enter("ann", password=PASSWORD)  # one more device
    assert counters(house).logins == 3
    house.connect().say("login amy")
    house.connect().say("login ann wrong")
    house.connect("irc").say("NICK amy", "USER amy 0 * :amy")
    assert counters(house).refused == {"nick-in-use": 2, "wrong-password": 1}
    assert house.server.accounts.guesses == (1, 0)


def test_commands_that_fail_by_their_codes() -> None:
    house = House()
    house.enter("amy").say("/nonsense", "/kick", "/kill bob")
    assert counters(house).failed["unknown-command"] == 1
    assert counters(house).failed["not-allowed"] == 2


def test_drops_by_reason() -> None:
    house = House(settings(limits={"output_bytes": 4_096, "flood_bytes": 64, "flood_burst": 1}))
    slow, amy = house.enter("slow"), house.enter("amy")
    slow.wire.space = 0
    for _ in range(5):
        house.wait(2)
        amy.say("x" * 1_500)
    assert counters(house).drops == {"slow": 1}
    amy.say(*["y" * 60] * 5)
    assert counters(house).drops == {"slow": 1, "flood": 1}


def test_commits_take_the_time_from_the_turn_to_the_store() -> None:
    store = LateStore()
    house = House(store=store)
    amy = house.enter("amy")
    while store.waiting:
        store.commit()
    before = counters(house).commits.count
    amy.type("hello")
    house.pump()
    assert look(house.server).waiting_turns == 1
    house.wait(2)
    store.commit()
    took = counters(house).commits
    assert (took.count, took.seconds >= 2) == (before + 1, True)
    assert look(house.server).waiting_turns == 0


def test_a_store_that_fails_is_remembered_until_it_works_again() -> None:
    store = LateStore()
    house = House(store=store)
    amy = house.enter("amy")
    while store.waiting:
        store.commit()
    amy.type("hello")
    house.pump()
    store.refuse()
    assert counters(house).store_failures == 1
    assert counters(house).store_failed_at is not None
    amy.type("again")
    house.pump()
    store.commit()
    assert counters(house).store_failed_at is None


def test_a_look_at_the_house() -> None:
    house = House()
    house.add_account("ann")
    house.enter("ann", password=PASSWORD)
    house.enter("amy", "irc")
    house.enter("bob", "telnet")
    house.connect()
    seen = look(house.server)
    assert dict(seen.sessions) == {"irc": 1, "line": 1, "telnet": 1}
    assert dict(seen.users) == {"guest": 2, "account": 1, "bot": 0}
    assert (seen.at_the_door, seen.most_users, seen.waiting_bytes) == (1, 3, 0)
    assert seen.memory > 1_000_000


def test_bytes_that_wait_are_summed_when_one_looks() -> None:
    house = House()
    slow, amy = house.enter("slow"), house.enter("amy")
    slow.wire.space = 0
    amy.say("x" * 1_000)
    amy.say("x" * 1_000)
    assert look(house.server).waiting_bytes > 1_000


def test_the_last_hour_minute_by_minute() -> None:
    house = House(replace(QUIET, limits=Limits(keepalive_seconds=0)))
    amy = house.enter("amy")
    amy.say("one", "two")
    house.wait(62)
    amy.say("three")
    house.wait(60)
    minutes = list(house.server.measures.minutes)
    assert [each.messages for each in minutes] == [2, 1]
    assert [each.people for each in minutes] == [1, 1]
    amy.say("four")
    assert [each.messages for each in house.server.measures.hour] == [2, 1, 1]
    for _ in range(MINUTES * 2):
        house.server.measures._end_minute()
    assert len(house.server.measures.minutes) == MINUTES


def test_memory_where_the_system_does_not_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    told = memory.resident_bytes()
    monkeypatch.setattr(memory, "STATM", Path("/nowhere"))
    assert memory.resident_bytes() > told / 4


def test_a_turn_costs_no_more_for_many_hearers(monkeypatch: pytest.MonkeyPatch) -> None:
    """No count is made for each recipient: as many calls for a hundred as for two."""
    calls: list[str] = []

    class Listening(Counters):
        def __getattribute__(self, name: str) -> object:
            calls.append(name)
            return super().__getattribute__(name)

    def used(people: int) -> int:
        house = House()
        peers = [house.enter(f"u{n}") for n in range(people)]
        monkeypatch.setattr(house.server.fanout, "_counters", Listening())
        peers[0].say("warm")
        calls.clear()
        peers[0].say("hello")
        return len(calls)

    assert isinstance(House().server.fanout, Fanout)
    assert used(100) == used(2)
