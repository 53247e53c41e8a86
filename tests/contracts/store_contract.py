"""What every store does with events. Subclasses say which store `open` gives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.store_rig import START, Rig, said
from teahouse.events import Emoted, Event, Said, TopicChanged, Unknown, Whispered, sign, stamp
from teahouse.store import MOST, Missing, Store
from teahouse.text import fold

ANY = st.characters(exclude_categories=["Cs"])
SYNTAX = [
    '"',
    "*",
    "AND",
    "NOT",
    "NEAR(a b)",
    "{text}:",
    "^a",
    "a OR",
    "(",
    "'",
    "\\",
    "%_",
    "tea*",
    '"tea" OR',
]
WORDS = st.text(ANY, min_size=1, max_size=5) | st.sampled_from(SYNTAX)


@dataclass(frozen=True, slots=True)
class Shaken(Event):
    """An event of an extension, with fields that no column is for."""

    who: str
    dice: tuple[int, ...]
    inner: Event


@dataclass(frozen=True, slots=True)
class Pinned(Event):
    """An event of an extension about another one."""

    kept: ClassVar[bool] = True
    who: str
    target: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Rained(Event):
    """Nobody did it."""

    drops: int


class LinesContract:
    """See `teahouse.store.lines`."""

    rig: Rig
    store: Store

    def put(self, *events: Event) -> None:
        assert self.rig.append(self.store, events) is None

    def history(self, room: str = "lobby", count: int = 100, **more: Any) -> list[Event]:
        return self.rig.wait(self.store.history(room, count, **more))

    def search(self, *words: str, rooms: tuple[str, ...] = ("lobby",), **more: object) -> list[Event]:
        return self.rig.wait(self.store.search(words, rooms=rooms, **more))  # type: ignore[arg-type]

    # ---- keeping and reading -------------------------------------------------------------------------------

    def test_recent_are_the_last_oldest_first(self) -> None:
        events = [said(n) for n in range(1, 30)]
        self.put(*events)
        assert self.store.recent("lobby", 5) == events[-5:]
        assert self.store.recent("lobby", 0) == []
        assert self.store.recent("garden", 5) == []

    def test_done_in_the_order_of_the_calls(self) -> None:
        told: list[int] = []
        for n in range(1, 200):
            self.store.append([said(n)], lambda error, n=n: told.append(n))  # type: ignore[misc]
        self.rig.until(lambda: len(told) == 199)
        assert told == sorted(told)

    def test_every_kind_comes_back_equal(self) -> None:
        events: list[Event] = [
            Emoted("amy", "waves"),
            TopicChanged("amy", "tea"),
            Shaken("amy", (1, 6), said(7)),
            Unknown("plain", {"type": "fromthefuture", "plain": "plain", "more": [1], "text": "x"}),
        ]
        for n, event in enumerate(events, 1):
            stamp(event, "lobby", n, START + timedelta(microseconds=n))
        self.put(*events)
        found = self.store.recent("lobby", 10)
        assert found[:3] == events[:3]
        assert isinstance(found[3], Unknown)
        assert str(found[3]) == "plain"
        assert found[3].data["more"] == [1]

    def test_what_is_said_about_a_line_comes_back_equal(self) -> None:
        events: list[Event] = [
            Pinned("amy", said(1).id, "👍"),
            Pinned("amy", (1 << 62) + 1),
            Said("bob", "yes", manner="notice", reply_to=said(1).id, tags=(("+x", "1"), ("+y", ""))),
            Said("bob", "no", reply_to=said(1).id),
        ]
        for n, event in enumerate(events, 2):
            stamp(event, "lobby", n << 20, START)
        self.put(said(1), *events)
        assert self.history() == [said(1), *events]
        assert self.search("👍") == events[:1]

    @pytest.mark.parametrize("event", [Said("amy", "tea"), TopicChanged("amy", "tea"), Rained(7)])
    @pytest.mark.parametrize(
        ("account", "userhost", "bot"),
        [("Amy", "~amy@tea.cloak", False), ("", "amy@cup", False), ("Amy", "", True), ("", "", True)],
    )
    def test_signatures_come_back(self, event: Event, account: str, userhost: str, bot: bool) -> None:
        events = [replace(event), replace(event)]
        sign(events[0], account, userhost, bot=bot)
        for n, each in enumerate(events, 1):
            stamp(each, "lobby", n << 20, START)
        self.put(*events)
        assert self.history() == events
        first, second = self.history()
        assert (first.account, first.userhost, first.bot) == (account, userhost, bot)
        assert (second.account, second.userhost, second.bot) == ("", "", False)

    def test_a_nick_may_be_signed_in_many_ways(self) -> None:
        events = [said(n, "tea", who="Amy" if n % 2 else "amy") for n in range(1, 60)]
        for n, event in enumerate(events):
            sign(event, "amy" if n % 3 else "", f"amy@{n % 25}", bot=not n % 7)
        self.put(*events)
        assert self.history() == events
        assert self.search("tea", who="AMY", count=100) == events[::-1]
        self.rig.told(lambda done: self.store.erase([event.id for event in events[:-1]], done))
        assert self.search(who="amy") == events[-1:]

    def test_signed_events_are_restored(self) -> None:
        event = said(1)
        sign(event, "amy", "amy@tea", bot=True)
        assert self.rig.wait(self.store.restore([event])) == 1
        assert self.history() == [event]
        assert self.history()[0].userhost == "amy@tea"

    def test_rooms_are_apart(self) -> None:
        self.put(said(1), said(2, room="garden"), said(3))
        assert [e.id >> 20 for e in self.history("garden")] == [2]

    def test_rooms_that_have_lines(self) -> None:
        self.put(said(1), said(2, room="garden"), said(3))
        assert sorted(self.rig.wait(self.store.rooms_with_lines())) == ["garden", "lobby"]

    def test_history_between_ids(self) -> None:
        events = [said(n) for n in range(1, 11)]
        self.put(*events)
        assert self.history(count=3) == events[7:]
        assert self.history(count=3, before=events[5].id) == events[2:5]
        assert self.history(count=3, after=events[5].id) == events[6:9]
        assert self.history(after=events[5].id, before=events[8].id) == events[6:8]
        assert self.history(count=0) == self.history(count=0, after=0) == []

    def test_history_between_ids_from_either_end(self) -> None:
        events = [said(n) for n in range(1, 11)]
        self.put(*events)
        ends: dict[str, Any] = {"after": events[1].id, "before": events[8].id}
        assert self.history(**ends) == self.history(latest=True, **ends) == events[2:8]
        assert self.history(count=2, **ends) == events[2:4]
        assert self.history(count=2, latest=True, **ends) == events[6:8]
        assert self.history(count=2, latest=True, after=events[1].id) == events[8:]
        assert self.history(count=2, latest=True, before=events[8].id) == events[6:8]
        assert self.history(after=events[8].id, before=events[1].id) == []
        assert self.history(after=events[8].id, before=events[8].id + 1) == []

    def test_some_kinds_only(self) -> None:
        events: list[Event] = [said(n) if n % 3 else Pinned("amy", n) for n in range(1, 31)]
        for n, event in enumerate(events, 1):
            stamp(event, "lobby", n << 20, START)
        self.put(*events, said(31, room="garden"))
        talk = [event for event in events if isinstance(event, Said)]
        assert self.store.recent("lobby", 5, kinds=["said"]) == talk[-5:]
        assert self.store.recent("lobby", 99, kinds={"said", "emoted"}) == talk
        assert self.history(kinds=["pinned"], count=2, after=0) == [events[2], events[5]]
        assert self.history(kinds=["said"], before=events[-1].id, count=3) == talk[-3:]
        assert self.history(kinds=["emoted"]) == self.store.recent("lobby", 5, kinds=["emoted"]) == []

    def test_recent_of_a_kind_looks_back_so_far(self) -> None:
        aside = [Pinned("amy", 1) for _ in range(MOST - 2)]
        for n, event in enumerate(aside, 3):
            stamp(event, "lobby", n << 20, START)
        self.put(said(1), said(2), *aside)
        assert self.store.recent("lobby", 9, kinds=["said"])[-1:] == [said(2)]

    def test_newest_of_rooms(self) -> None:
        assert self.rig.wait(self.store.newest(["lobby"])) == {}
        self.put(said(2), said(3, room="garden"), said(1), said(4, room="attic"))
        newest = self.rig.wait(self.store.newest(["lobby", "garden", "nowhere"]))
        assert newest == {"lobby": said(2).id, "garden": said(3).id}
        assert self.rig.wait(self.store.newest([])) == {}
        self.rig.told(lambda done: self.store.erase([said(2).id, said(4).id], done))
        assert self.rig.wait(self.store.newest({"lobby", "attic"})) == {"lobby": said(1).id}

    def test_history_is_bounded(self) -> None:
        self.put(*(said(n) for n in range(1, MOST + 50)))
        assert len(self.history(count=10**9)) <= MOST

    def test_event_by_id(self) -> None:
        self.put(said(1), said(2))
        assert self.rig.wait(self.store.event(said(2).id)) == said(2)
        assert self.rig.wait(self.store.event(99)) is None

    # ---- searching -----------------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("The Kettle is on", ["kettle"]),
            ("The Kettle is on", ["ETTL"]),
            ("The Kettle is on", ["on", "the"]),
            ("Straße", ["STRASSE"]),
            ("ＦＵＬＬ width", ["full"]),
            ("我们喝茶吧", ["喝茶"]),
            ("我们喝茶吧", ["茶"]),
            ("我们喝茶吧", ["茶吧"]),
            ("我们喝茶吧", ["我们喝茶吧"]),
            ("ab", ["ab"]),
            ("x", ["X"]),
            ("100% of it", ["0%"]),
            ("snake_case", ["e_c"]),
            ('say "tea"', ['"tea"']),
            ("this AND that", ["AND"]),
            ("NEAR(tea, 5)", ["NEAR(tea"]),
            ("a* -b ^c text:d", ["text:d"]),
            ("a* -b ^c text:d", ["-b ^c"]),
            ("o'clock; DROP TABLE events", ["o'clock;"]),
            ("anything", []),
            ("nul \0 inside", ["\0"]),
        ],
    )
    def test_search_finds(self, text: str, words: list[str]) -> None:
        self.put(said(1, "something else"), said(2, text))
        found = self.search(*words)
        assert found[0] == said(2, text)

    @pytest.mark.parametrize(
        "words", [["kettles"], ["kettle", "cup"], ["%"], ["k_ttle"], ["ket*"], ["le is  on"]]
    )
    def test_search_does_not_find(self, words: list[str]) -> None:
        self.put(said(1, "The kettle is on"))
        assert self.search(*words) == []

    def test_search_only_in_the_rooms_named(self) -> None:
        self.put(said(1, "tea here"), said(2, "tea there", "garden"), said(3, "tea", ""))
        assert self.search("tea") == [said(1, "tea here")]
        assert self.search("tea", rooms=()) == []
        assert self.search("tea", rooms=("nowhere",)) == []
        assert len(self.search("tea", rooms=("lobby", "garden"))) == 2

    def test_search_newest_first_and_no_more_than_asked(self) -> None:
        events = [said(n, f"tea {n}") for n in range(1, 60)]
        self.put(*events)
        assert self.search("tea", count=5) == events[:-6:-1]
        assert self.search("tea", count=0) == []

    def test_search_by_author_in_any_case(self) -> None:
        self.put(said(1, "tea", who="Amy"), said(2, "tea", who="bob"), said(3, "tea", who="amy"))
        assert [e.id >> 20 for e in self.search("tea", who="AMY")] == [3, 1]
        assert [e.id >> 20 for e in self.search(who="bob")] == [2]
        assert self.search("tea", who="nobody") == []

    def test_search_by_time(self) -> None:
        self.put(*(said(n, "tea") for n in range(1, 11)))
        found = self.search("tea", since=said(4).at, before=said(7).at)
        assert [e.id >> 20 for e in found] == [6, 5, 4]
        assert self.search("tea", since=datetime(2030, 1, 1, tzinfo=UTC)) == []
        assert self.search("tea", before=datetime(2020, 1, 1, tzinfo=UTC)) == []

    def test_search_by_time_where_old_events_came_late(self) -> None:
        self.put(said(10, "tea"), said(2, "tea"), said(11, "tea"), said(3, "tea"))
        assert {e.id >> 20 for e in self.search("tea", before=said(5).at)} == {2, 3}
        assert {e.id >> 20 for e in self.search("tea", since=said(5).at)} == {10, 11}

    def test_nothing_in_a_word_is_syntax(self) -> None:
        """Whatever is asked, what is found is what a plain look at the lines finds."""
        numbers = count(1)

        @given(lines=st.lists(st.text(ANY, max_size=20), max_size=6), words=st.lists(WORDS, max_size=3))
        def look(lines: list[str], words: list[str]) -> None:
            room = f"room{next(numbers)}"
            events = [said(next(numbers), text, room) for text in [*lines, " ".join(words)]]
            self.put(*events)
            fits = [event for event in events if all(fold(word) in fold(event.text) for word in words)]
            assert self.search(*words, rooms=(room,), count=100) == fits[::-1]

        look()

    def test_search_takes_half_a_character(self) -> None:
        self.put(said(1, "tea"))
        assert self.search("\ud800") == []

    # ---- changing and forgetting ---------------------------------------------------------------------------

    def test_changed_text_is_found_and_the_old_one_is_not(self) -> None:
        self.put(said(1, "cofee please"), said(2))
        assert self.rig.told(lambda done: self.store.change(said(1).id, "coffee please", done)) is None
        assert self.history() == [said(1, "coffee please"), said(2)]
        assert self.search("cofee") == []
        assert self.search("coffee") == [said(1, "coffee please")]

    def test_change_of_what_is_not_there(self) -> None:
        assert isinstance(self.rig.told(lambda done: self.store.change(5, "x", done)), Missing)

    def test_erased_events_are_gone(self) -> None:
        self.put(*(said(n) for n in range(1, 6)))
        assert self.rig.told(lambda done: self.store.erase([said(2).id, said(4).id, 99], done)) is None
        assert [e.id >> 20 for e in self.history()] == [1, 3, 5]
        assert len(self.search("line")) == 3
        self.put(said(6))
        assert [e.id >> 20 for e in self.search("line")] == [6, 5, 3, 1]

    def test_erase_the_last_and_go_on(self) -> None:
        self.put(said(1), said(2))
        self.rig.told(lambda done: self.store.erase([said(2).id, said(1).id], done))
        self.put(said(3))
        assert self.search("line") == self.store.recent("lobby", 9) == [said(3)]

    def test_forget_by_age_by_id_and_by_count(self) -> None:
        self.put(*(said(n) for n in range(1, 701)), said(701, room="garden"))
        wait, forget = self.rig.wait, self.store.forget_before
        assert wait(forget("lobby", at=said(101).at)) == 100
        assert wait(forget("lobby", id_=said(201).id)) == 100
        assert [e.id >> 20 for e in self.history(count=1, after=0)] == [201]
        assert wait(forget("lobby", keep=3)) == 497
        assert [e.id >> 20 for e in self.history()] == [698, 699, 700]
        assert wait(forget("lobby", keep=3)) == 0
        assert len(self.history("garden")) == 1
        assert wait(forget("lobby", keep=0)) == 3
        assert wait(forget("nowhere", keep=0)) == 0

    def test_restored_events_are_where_they_were(self) -> None:
        self.put(said(2), said(9), said(12, room="garden"))
        back = [said(1, "tea"), said(2, "another"), said(5, room="attic"), said(10), said(10, "twice")]
        assert self.rig.wait(self.store.restore(back)) == 3
        assert self.history() == [said(1, "tea"), said(2), said(9), said(10)]
        assert self.history("attic") == [said(5, room="attic")]
        assert self.search("tea") == [said(1, "tea")]
        assert self.rig.wait(self.store.restore(back)) == 0
        assert self.rig.wait(self.store.restore([])) == 0
        self.put(said(13))
        assert [e.id >> 20 for e in self.history(after=said(9).id)] == [10, 13]

    def test_restored_by_the_thousand(self) -> None:
        assert self.rig.wait(self.store.restore([said(n, f"tea {n}") for n in range(900, 0, -1)])) == 900
        assert self.history(count=2, after=0) == [said(1, "tea 1"), said(2, "tea 2")]
        assert self.search("tea", "899") == [said(899, "tea 899")]


def whisper(
    number: int, who: str = "amy", to: str = "bob", text: str = "psst", **signature: str
) -> Whispered:
    """A private message of that number."""
    event = Whispered(who, to, text)
    stamp(event, "", number << 20, START + timedelta(seconds=number))
    sign(event, signature.get("account", ""), signature.get("userhost", ""))
    return event
