"""Forgetting what is older, or more, than a room keeps."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta

import pytest

from house import START, House, settings
from teahouse.events import Event, Said, stamp
from teahouse.settings import RoomSettings
from teahouse.store import StoreError
from teahouse.store.memory import MemoryStore
from teahouse.store.ready import Ready

TODAY = datetime.fromtimestamp(START, UTC)
AGES = (400, 40, 20, 2, 0)


def line(number: int, room: str, age: float) -> Event:
    event = Said("amy", f"{age} days")
    stamp(event, room, number + 1 << 20, TODAY - timedelta(days=age, seconds=1))
    return event


def filled(*rooms: str, store: MemoryStore | None = None) -> MemoryStore:
    store = store or MemoryStore()
    for room in rooms:
        store.append([line(n, room, age) for n, age in enumerate(AGES)], lambda error: None)
    return store


def left(house: House, room: str) -> list[str]:
    return [getattr(event, "text", "") for event in house.store.recent(room, 100)]


def test_each_room_keeps_what_its_policy_says() -> None:
    rooms = {
        "Tea": RoomSettings(keep_days=1),
        "cake": RoomSettings(keep_days=0),
        "day": RoomSettings(keep_days=0, keep_lines=2),
    }
    names = ("tea", "cake", "day", "lobby", "gone")
    house = House(settings(rooms, house={"keep_days": 30}), store=filled(*names))
    house.wait(59)
    assert all(len(left(house, room)) == 5 for room in names)
    house.wait(2)
    assert left(house, "tea") == ["0 days"]
    assert len(left(house, "cake")) == 5
    assert left(house, "day") == ["2 days", "0 days"]
    assert left(house, "lobby") == ["20 days", "2 days", "0 days"], "a room that nobody has opened yet"
    assert left(house, "gone") == ["20 days", "2 days", "0 days"]


def test_newcomers_are_shown_no_more_than_is_kept() -> None:
    house = House(settings({"lobby": RoomSettings(keep_days=7)}), store=filled("lobby"))
    house.connect().say("login amy")
    house.wait(61)
    shown = house.connect().say("login bob")
    assert [each for each in shown if "days" in each] == [
        "What is said here is kept for 7 days.",
        "11:59 amy: 2 days",
        "11:59 amy: 0 days",
    ]


def test_it_is_done_every_hour() -> None:
    house = House(settings(house={"keep_lines": 1}), store=filled("lobby"))
    house.wait(61)
    assert left(house, "lobby") == ["0 days"]
    filled("lobby", store=house.store)  # type: ignore[arg-type]
    house.hands.advance(3600)
    house.pump()
    assert left(house, "lobby") == ["0 days"]


def test_nothing_is_forgotten_where_all_is_kept() -> None:
    house = House(settings(), store=filled("lobby"))
    house.wait(61)
    assert len(left(house, "lobby")) == 5


class Stubborn(MemoryStore):
    """A store that cannot forget one of its rooms."""

    all_of_it = False

    def rooms_with_lines(self) -> Awaitable[list[str]]:
        def fail() -> list[str]:
            raise StoreError("the disk is gone")

        return Ready(fail) if self.all_of_it else super().rooms_with_lines()

    def forget_before(
        self, room: str, *, id_: int | None = None, at: datetime | None = None, keep: int | None = None
    ) -> Awaitable[int]:
        def fail() -> int:
            raise StoreError("the disk is full")

        return Ready(fail) if room == "cake" else super().forget_before(room, id_=id_, at=at, keep=keep)


@pytest.mark.parametrize("all_of_it", [False, True])
def test_trouble_with_one_room_keeps_no_other(all_of_it: bool) -> None:
    store = Stubborn()
    store.all_of_it = all_of_it
    house = House(settings(house={"keep_days": 1}), store=filled("cake", "tea", store=store))
    house.wait(61)
    assert len(left(house, "cake")) == 5
    assert len(left(house, "tea")) == (5 if all_of_it else 1)
    house.log.claim(
        "cannot see which rooms" if all_of_it else "cannot forget lines of cake: the disk is full"
    )
    house.pump()
