"""What a room remembers: nothing is announced before the store has done it, and what cannot be is said clearly."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from house import QUIET, House, LateStore, settings
from teahouse.errors import UsageError
from teahouse.events import Deleted, Edited, Event, Replayed, Said, from_dict, stamp, to_dict
from teahouse.rooms.questions import Page, back_and_text, page, wanted
from teahouse.store import Done, StoreBusy, StoreError
from teahouse.store.memory import MemoryStore
from teahouse.store.ready import Ready
from teahouse.text import parse_moment
from teahouse.user import LINES_SAID

NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
OFF = settings(limits={"flood_lines": 0})


class SlowHand(MemoryStore):
    """A store that changes and erases when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.due: list[tuple[Callable[[Done], None], Done]] = []

    def change(self, id_: int, text: str, done: Done) -> None:
        self.due.append((partial(super().change, id_, text), done))

    def erase(self, ids: Collection[int], done: Done) -> None:
        self.due.append((partial(super().erase, ids), done))

    def work(self) -> None:
        call, done = self.due.pop(0)
        call(done)

    def refuse(self, error: Exception) -> None:
        self.due.pop(0)[1](error)


class NoStore(MemoryStore):
    """A store that finds nothing any more."""

    error: StoreError = StoreError("the disk is gone")

    def _fail(self, *args: Any, **values: Any) -> Any:
        def fail() -> None:
            raise self.error

        return Ready(fail)

    history = search = _fail


def slow_house() -> tuple[House, SlowHand]:
    store = SlowHand()
    return House(OFF, store=store), store


def newcomer(house: House, nick: str) -> list[str]:
    """What somebody is shown who logs in now."""
    return house.connect().say(f"login {nick}")


# ---- nothing is announced before it is done ----------------------------------------------------------------


def test_a_correction_is_shown_when_the_store_has_it() -> None:
    house, store = slow_house()
    amy, bob = house.crowd("amy", "bob")
    amy.say("tee")
    bob.shown()
    assert amy.say("/edit tea") == []
    assert newcomer(house, "eve")[-2] == "12:00 amy: tee"
    assert bob.shown() == ["eve has entered the room."]
    store.work()
    house.pump()
    assert bob.shown() == ["amy corrected: tea"]
    assert newcomer(house, "tom")[-2] == "12:00 amy: tea"


def test_a_line_taken_back_is_gone_when_the_store_has_erased_it() -> None:
    house, store = slow_house()
    amy, bob = house.crowd("amy", "bob")
    amy.say("secret")
    bob.shown()
    assert amy.say("/delete") == []
    assert bob.shown() == []
    store.work()
    house.pump()
    assert bob.shown() == ["amy took back a line."]
    assert "12:00 amy: secret" not in newcomer(house, "eve")


@pytest.mark.parametrize("command", ["/edit tea", "/delete"])
@pytest.mark.parametrize(
    ("error", "said"),
    [
        (StoreError("disk"), "The house cannot get at what it keeps just now. Please try again later."),
        (
            StoreBusy("full"),
            "The house has much to write and to look up just now. Please try again in a moment.",
        ),
    ],
)
def test_what_the_store_refuses_is_told_to_one_only(command: str, error: StoreError, said: str) -> None:
    house, store = slow_house()
    amy, bob = house.crowd("amy", "bob")
    amy.say("tee")
    bob.shown()
    amy.say(command)
    store.refuse(error)
    house.pump()
    assert amy.shown() == [said]
    assert bob.shown() == []
    assert newcomer(house, "eve")[-2] == "12:00 amy: tee"
    amy.say("/edit -1 tea")
    store.work()
    house.pump()
    assert bob.shown()[-1] == "amy corrected: tea", "and may be tried again"


def test_one_who_has_gone_meanwhile_is_no_trouble() -> None:
    house, store = slow_house()
    amy, bob = house.crowd("amy", "bob")
    amy.say("tee")
    amy.say("/edit tea")
    amy.wire.end()
    house.pump()
    store.work()
    house.pump()
    assert bob.shown()[:2] == ["amy: tee", "amy corrected: tea"]
    assert house.server.users.keys() == {"bob"}
    assert not house.log.failures


def test_a_line_is_taken_back_once() -> None:
    house, store = slow_house()
    amy, bob = house.crowd("amy", "bob")
    other = house.connect()
    other.session.user.sessions.remove(other.session)
    other.session.user = amy.session.user  # a second device
    amy.session.user.sessions.append(other.session)
    amy.say("tee")
    amy.say("/delete")
    other.session.room = amy.session.room
    other.shown()
    other.say("/delete")
    store.work()
    store.work()
    house.pump()
    assert bob.shown() == ["amy: tee", "amy took back a line."]
    assert other.shown()[-1] == "That line is taken back already."


def test_a_line_that_was_never_stored_cannot_be_corrected() -> None:
    store = LateStore()
    house = House(OFF, store=store)
    amy = house.enter("amy")
    amy.say("lost")
    store.refuse()
    house.pump()
    amy.shown()
    assert amy.say("/edit found") == ["That line is not kept any more."]
    house.log.claim("not stored")


def test_only_so_many_lines_are_remembered_as_ones_own() -> None:
    amy = House(OFF).enter("amy")
    amy.say(*(f"line {n}" for n in range(LINES_SAID + 5)))
    amy.shown()
    assert amy.say(f"/edit -{LINES_SAID} the oldest") == ["amy corrected: the oldest"]
    assert amy.say(f"/edit -{LINES_SAID + 1} too old") == [
        f"Of what you said here, the last {LINES_SAID} can be changed."
    ]
    assert amy.session.user.said is not None
    assert len(amy.session.user.said) == LINES_SAID


def test_a_line_is_changed_in_the_turn_in_which_it_was_said() -> None:
    amy, bob = House(OFF).crowd("amy", "bob")
    assert amy.say("tee", "/edit tea", "cake", "/delete") == [
        "amy: tee",
        "amy corrected: tea",
        "amy: cake",
        "amy took back a line.",
    ]
    assert bob.shown() == ["amy: tee", "amy corrected: tea", "amy: cake", "amy took back a line."]
    assert amy.say("/history")[2:-1] == ["12:00 amy: tea"]


def test_nothing_visible_is_no_correction() -> None:
    amy = House(OFF).enter("amy")
    amy.say("tea")
    assert amy.say("/edit \u200b")[-1] == "That would be nothing to see. /delete takes a line back."


@pytest.mark.parametrize("command", ["/history", "/search tea"])
def test_a_store_that_fails_is_told_of_in_words(command: str) -> None:
    amy = House(OFF, store=NoStore()).enter("amy")
    amy.shown()
    assert amy.say(command) == ["The house cannot get at what it keeps just now. Please try again later."]


# ---- bounds ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["/history 200", "/search x"])
def test_long_lines_do_not_drop_the_one_who_asks(command: str) -> None:
    store = MemoryStore()
    for n in range(200):
        store.append([line(n, "x" * 4000)], lambda error: None)
    house = House(settings(house={"history_lines": 0}, limits={"output_bytes": 65_536}), store=store)
    amy = house.enter("amy")
    amy.shown()
    shown = amy.say(command)
    size = sum(map(len, shown))
    assert 3 * 4000 < size < 65_536 / 2
    if command.startswith("/history"):
        count = sum(" amy: " in each for each in shown)
        assert shown[-1] == f"What was said before: /history 200 before {count}"


def line(number: int, text: str, room: str = "lobby", at: datetime = NOW) -> Said:
    event = Said("amy", text)
    stamp(event, room, number + 1 << 20, at)
    return event


def test_a_page_begins_at_most_so_many_lines_back() -> None:
    store = MemoryStore()
    store.append([line(n, f"line {n}") for n in range(1000)], lambda error: None)
    amy = House(QUIET, store=store).enter("amy")
    amy.shown()
    shown = amy.say("/history 200 before 800")
    assert shown[2] == "12:30 amy: line 0"
    assert len(shown) == 204


def test_days_are_named_where_they_change() -> None:
    store = MemoryStore()
    days = [datetime(2026, 11, day, 23, 59, tzinfo=UTC) for day in (5, 19, 19)]
    store.append([line(n, "late", at=at) for n, at in enumerate(days)], lambda error: None)
    amy = House(QUIET, store=store).connect()
    amy.say("login amy")
    amy.say("tea")
    today = amy.say("/history")
    assert amy.text.split("\r\n")[2:8] == [
        "Said here before:",
        "Thursday, 5 November 2026",
        "23:59 amy: late",
        "Thursday, 19 November 2026",
        "23:59 amy: late",
        "23:59 amy: late",
    ]
    assert today[-3:-1] == ["Friday, 20 November 2026", "12:00 amy: tea"]


# ---- events ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "plain"),
    [
        (Edited("amy", 7, "tea"), "amy corrected: tea"),
        (Deleted("amy", (7,)), "amy took back a line."),
        (Replayed((Said("amy", "tea"),), "Found: 1"), "Found: 1\namy: tea"),
    ],
)
def test_events_of_the_past(event: Event, plain: str) -> None:
    assert str(event) == plain
    assert from_dict(to_dict(event)) == event


# ---- what people ask ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", Page(20)),
        (" 7 ", Page(7)),
        ("before 40", Page(20, skip=40)),
        ("7 BEFORE 40", Page(7, skip=40)),
        ("before 2h", Page(20, before=datetime(2026, 11, 20, 10, 30, tzinfo=UTC))),
        ("5 before 1d12h ago", Page(5, before=datetime(2026, 11, 19, 0, 30, tzinfo=UTC))),
        ("before 12:00", Page(20, before=datetime(2026, 11, 20, 12, 0, tzinfo=UTC))),
        ("before 14:00", Page(20, before=datetime(2026, 11, 19, 14, 0, tzinfo=UTC))),
        ("before 2026-11-01 9:05", Page(20, before=datetime(2026, 11, 1, 9, 5, tzinfo=UTC))),
        ("before 2026-11-01T09:05", Page(20, before=datetime(2026, 11, 1, 9, 5, tzinfo=UTC))),
    ],
)
def test_pages(text: str, read: Page) -> None:
    assert page(text, NOW) == read


def test_what_is_wanted() -> None:
    read = wanted('kettle FROM:amy "green  tea" since:2d in:#Tea before:"2026-11-20 12:00" a:b', NOW)
    assert read.words == ["kettle", "green  tea", "a:b"]
    assert (read.who, read.room) == ("amy", "Tea")
    assert read.since == datetime(2026, 11, 18, 12, 30, tzinfo=UTC)
    assert read.before == datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@given(st.text() | st.text("from: in:since before\"'2-0193 :hd"))
@example('"')
@example('a"b" c"')
@example("before:99999999999999999999")
@example("before 0000-00-00")
@example("³ before ²")
def test_anything_is_understood_or_refused_in_words(text: str) -> None:
    readers: list[Callable[[str, datetime], object]] = [page, wanted, lambda text, now: back_and_text(text)]
    for read in readers:
        try:
            read(text, NOW)
        except UsageError as error:
            said = error.text
        else:
            said = ""
        assert "Traceback" not in said
    try:
        assert parse_moment(text, NOW).tzinfo is UTC
    except ValueError as error:
        refused = str(error)
    else:
        refused = "Write a time"
    assert refused.startswith("Write a time")
