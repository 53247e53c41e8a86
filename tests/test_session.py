"""One session: one line at a time, and no trouble that outlives it."""

from __future__ import annotations

from collections.abc import Awaitable

from twisted.internet.defer import Deferred

from house import PASSWORD, House, settings
from teahouse.store import Account
from teahouse.store.memory import MemoryStore


class AbsentMinded(MemoryStore):
    """Says whose a nick is when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Deferred[Account | None]] = []

    def account_of_nick(self, key: str, look: str = "") -> Awaitable[Account | None]:
        self.asked.append(Deferred())
        return self.asked[-1]


def test_who_is_sent_away_while_logging_in_does_not_come_in() -> None:
    """Invariant 4: no nick is taken by nobody."""
    house = House(store=(store := AbsentMinded()))
    amy = house.connect()
    amy.say("login amy")
    house.wait(32)
    assert amy.gone
    store.asked[0].callback(None)
    house.pump()
    assert not house.server.users
    assert not house.server.rooms
    assert not house.server.sessions


def test_lines_that_come_while_logging_in_are_run_after_it() -> None:
    house = House(store=(store := AbsentMinded()))
    amy = house.connect()
    assert amy.say("login amy", "hi") == []
    store.asked[0].callback(None)
    house.pump()
    assert amy.shown() == ["You are amy.", "In this room: amy", "amy: hi"]


def test_two_who_want_one_nick_at_once() -> None:
    house = House(store=(store := AbsentMinded()))
    amy, eve = house.connect(), house.connect()
    amy.say("login amy")
    eve.say("login amy")
    for asked in reversed(store.asked):
        asked.callback(None)
    house.pump()
    assert amy.shown() == ["amy is taken: choose another nick."]
    assert eve.shown() == ["You are amy.", "In this room: amy"]


def test_flood_limit_counts_again_after_a_pause() -> None:
    (amy,) = House(settings(limits={"flood_burst": 2, "flood_lines": 1.0})).crowd("amy")
    amy.house.wait(2)
    assert amy.say("1", "2", "3") == ["amy: 1", "amy: 2"]
    amy.house.wait(10)
    assert amy.shown() == ["amy: 3"]
    assert amy.say("4", "5") == ["amy: 4", "amy: 5"]


def test_nothing_is_held_for_a_session_that_is_done() -> None:
    """Invariant 3: no timer, queue or table remembers who has gone."""
    house = House()
    amy = house.enter("amy")
    amy.type(*["hi"] * 40)
    amy.say("/quit")
    amy.wire.end()
    house.wait(200)
    server = house.server
    assert not server.sessions
    assert not server._throttled
    assert not server._stalled
    assert not server.wheel._due
    assert not server.fanout._audiences
    assert server.admission.total == 0


def test_one_more_device_of_someone_in_no_room_is_in() -> None:
    house = House()
    house.add_account("ann")
    devices = [house.enter("ann", "irc", password=PASSWORD) for _ in range(2)]
    assert not house.server.arrivals
    house.wait(house.server.limits.login_seconds + 5)
    assert not devices[1].gone
