"""Events: one form for store, bus and web, and always a plain line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from teahouse.events import (
    Appeared,
    AwayChanged,
    Emoted,
    Entered,
    Event,
    Failed,
    Left,
    LoggedIn,
    Notice,
    Pong,
    Quit,
    Renamed,
    Replayed,
    Roster,
    Said,
    Table,
    TopicChanged,
    Unknown,
    Vanished,
    Whispered,
    from_dict,
    stamp,
    to_dict,
)

AT = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
EVENTS = [
    (Said("amy", "hi", room="tea", id=7, at=AT), "amy: hi"),
    (Emoted("amy", "waves"), "* amy waves"),
    (Whispered("amy", "bob", "psst"), "amy to bob: psst"),
    (Entered("amy"), "amy has entered the room."),
    (Left("amy", "bored"), "amy has left the room. (bored)"),
    (Quit("amy"), "amy has left the house."),
    (Renamed("amy", "ann"), "amy is now known as ann."),
    (AwayChanged("amy", "tea"), "amy is away: tea"),
    (AwayChanged("amy", ""), "amy is back."),
    (Appeared("amy"), "amy is in the house."),
    (Vanished("amy"), "amy is not in the house any more."),
    (TopicChanged("amy", "cake"), "Topic: cake (set by amy)"),
    (TopicChanged("", ""), "The topic was cleared."),
    (Roster(("amy", "bob"), 1_002), "In this room: amy, bob and 1,000 more"),
    (LoggedIn("amy"), "You are amy."),
    (Notice("one\ntwo"), "one\ntwo"),
    (Table("Rooms", ("name", "topic"), (("tea", "hot"), ("cake", ""))), "Rooms\ntea  hot\ncake"),
    (Failed("usage", "Usage: x"), "Usage: x"),
    (Pong("1"), "PONG 1"),
    (Replayed((Said("amy", "hi", id=3), Emoted("bob", "waves"))), "amy: hi\n* bob waves"),
]


@pytest.mark.parametrize(("event", "plain"), EVENTS, ids=lambda each: type(each).__name__)
def test_event_has_a_plain_line_and_survives_the_wire(event: Event, plain: str) -> None:
    assert str(event) == plain
    assert from_dict(to_dict(event)) == event


def test_unknown_kind_keeps_all_that_it_came_with() -> None:
    data = {
        "type": "danced",
        "who": "amy",
        "plain": "amy dances",
        "room": "tea",
        "id": 5,
        "at": AT.isoformat(),
    }
    event = from_dict(data)
    assert isinstance(event, Unknown)
    assert (str(event), event.room, event.id, event.at) == ("amy dances", "tea", 5, AT)
    assert to_dict(event) == data


@pytest.mark.parametrize(
    "data",
    [
        {"type": "said", "who": "amy"},
        {"type": "said", "who": "amy", "text": "hi", "at": "noon"},
        {"type": "said", "who": "amy", "text": "hi", "id": "first"},
        {"type": "said", "who": "amy", "text": "hi", "id": None},
        {"type": "said", "who": "amy", "text": "hi", "at": 5},
    ],
)
def test_broken_form_is_a_value_error(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        from_dict(data)


def test_kind_that_is_no_word_is_unknown() -> None:
    assert isinstance(from_dict({"type": ["said"]}), Unknown)


def test_stamp_is_the_only_writing_to_an_event() -> None:
    event = Said("amy", "hi")
    stamp(event, "tea", 7, AT)
    assert event == Said("amy", "hi", room="tea", id=7, at=AT)
    with pytest.raises(AttributeError):
        event.text = "ho"  # type: ignore[misc]  # that is the point


def test_name_of_a_kind_belongs_to_one_module() -> None:
    with pytest.raises(TypeError, match="choose another name"):

        @dataclass(frozen=True, slots=True)
        class Said(Event):
            """Another one."""
