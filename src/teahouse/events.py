"""What happened. Rule: an event is a frozen dataclass that knows no protocol, and `str(event)` is always a
decent plain line, so that a protocol which has never heard of it can still show it.

A new kind is a subclass with fields and `__str__`; it registers itself under its class name in lower case.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any, ClassVar

UNSTAMPED = datetime.fromtimestamp(0, UTC)
_STAMP = ("room", "id", "at")
_kinds: dict[str, type[Event]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened; `room`, `id` and `at` are filled in when it is broadcast.

    `room` is the key of the room it happened in, "" for what is said to one person or to all of a person's
    rooms. `id` orders all events of a house and is unique across nodes; `at` is UTC.
    """

    kept: ClassVar[bool] = False
    """Whether a room that keeps history stores this kind."""
    words: ClassVar[bool] = False
    """Whether these are someone's own words: not shown to those who ignore `who`, and they may name people."""

    room: str = ""
    id: int = 0
    at: datetime = UNSTAMPED

    def __init_subclass__(cls) -> None:
        known = _kinds.setdefault(cls.kind(), cls)
        if known.__module__ != cls.__module__:
            raise TypeError(
                f"{known.__module__} has an event called {cls.__name__} already: choose another name"
            )
        _kinds[cls.kind()] = cls

    @classmethod
    def kind(cls) -> str:
        """Its name on every wire and in the store."""
        return cls.__name__.lower()

    def __str__(self) -> str:
        return self.kind()


def kinds_of(module: str) -> list[type[Event]]:
    """The kinds of event that a module and its parts have brought."""
    return [each for each in _kinds.values() if f"{each.__module__}.".startswith(f"{module}.")]


def register(kinds: Iterable[type[Event]]) -> None:
    """Know these kinds by name again."""
    _kinds.update({each.kind(): each for each in kinds})


def unregister(kinds: Iterable[type[Event]]) -> None:
    """Know these kinds no more: what the store has of them is `Unknown` from now on."""
    for each in kinds:
        _kinds.pop(each.kind(), None)


def stamp(event: Event, room: str, id_: int, at: datetime) -> None:
    """Say where and when, once, before anyone has seen the event: the only writing to a frozen event."""
    write = object.__setattr__
    write(event, "room", room)
    write(event, "id", id_)
    write(event, "at", at)


def to_dict(event: Event) -> dict[str, Any]:
    """The one form in which store, bus and web know an event: plain values only."""
    if isinstance(event, Unknown):
        return dict(event.data)
    return {"type": event.kind()} | {
        field.name: _plain(getattr(event, field.name)) for field in fields(event)
    }


def from_dict(data: dict[str, Any]) -> Event:
    """The event that `to_dict` described; `Unknown` for a kind this house does not have.

    Raises ValueError where a field is missing or of the wrong kind.
    """
    kind = _kinds.get(str(data.get("type", "")))
    if kind is None:
        return Unknown(str(data.get("plain", data.get("type", ""))), data, **_stamp_of(data))
    named = {f.name for f in fields(kind)} - set(_STAMP)
    values: dict[str, Any] = {name: _frozen(data[name]) for name in named if name in data}
    try:
        return kind(**values, **_stamp_of(data))
    except TypeError as error:
        raise ValueError(f"not a {kind.kind()} event: {error}") from error


def _stamp_of(data: dict[str, Any]) -> dict[str, Any]:
    at = datetime.fromisoformat(data["at"]) if "at" in data else UNSTAMPED
    return {"room": data.get("room", ""), "id": int(data.get("id", 0)), "at": at}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Event):
        return to_dict(value)
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    return value


def _frozen(value: object) -> object:
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    if isinstance(value, dict) and "type" in value:
        return from_dict(value)
    return value


# ---- said in a room, or to someone -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said(Event):
    """Someone said something to everyone in a room."""

    kept: ClassVar[bool] = True
    words: ClassVar[bool] = True
    who: str
    text: str

    def __str__(self) -> str:
        return f"{self.who}: {self.text}"


@dataclass(frozen=True, slots=True)
class Emoted(Event):
    """Someone did something, in the third person: `* amy waves`."""

    kept: ClassVar[bool] = True
    words: ClassVar[bool] = True
    who: str
    text: str

    def __str__(self) -> str:
        return f"* {self.who} {self.text}"


@dataclass(frozen=True, slots=True)
class Edited(Event):
    """Someone has put other words in the place of a line of their own; `target` is that line's id."""

    words: ClassVar[bool] = True
    who: str
    target: int
    text: str

    def __str__(self) -> str:
        return f"{self.who} corrected: {self.text}"


@dataclass(frozen=True, slots=True)
class Deleted(Event):
    """Someone has taken back a line of their own: it is gone from history; `target` was its id."""

    words: ClassVar[bool] = True
    who: str
    target: int

    def __str__(self) -> str:
        return f"{self.who} took back a line."


@dataclass(frozen=True, slots=True)
class Whispered(Event):
    """A private message: shown to the one it is for and to the one who sent it."""

    words: ClassVar[bool] = True
    who: str
    to: str
    text: str

    def __str__(self) -> str:
        return f"{self.who} to {self.to}: {self.text}"


# ---- who is where ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entered(Event):
    """Someone came into a room. `quiet`: the room is so full that terminals do not mention it."""

    who: str
    quiet: bool = False

    def __str__(self) -> str:
        return f"{self.who} has entered the room."


@dataclass(frozen=True, slots=True)
class Left(Event):
    """Someone went out of a room and may still be in the house; the leaver sees it too."""

    who: str
    reason: str = ""
    quiet: bool = False

    def __str__(self) -> str:
        return f"{self.who} has left the room." + _because(self.reason)


@dataclass(frozen=True, slots=True)
class Quit(Event):
    """Someone left the house: told once to everyone who shared a room with them."""

    who: str
    reason: str = ""
    quiet: bool = False

    def __str__(self) -> str:
        return f"{self.who} has left the house." + _because(self.reason)


@dataclass(frozen=True, slots=True)
class Renamed(Event):
    """Someone goes by another nick now: told once to everyone who shares a room with them."""

    who: str
    nick: str

    def __str__(self) -> str:
        return f"{self.who} is now known as {self.nick}."


@dataclass(frozen=True, slots=True)
class AwayChanged(Event):
    """Someone went away (`text` says why), or is back (`text` is empty)."""

    who: str
    text: str

    def __str__(self) -> str:
        return f"{self.who} is away: {self.text}" if self.text else f"{self.who} is back."


@dataclass(frozen=True, slots=True)
class TopicChanged(Event):
    """A room's topic; told to newcomers too, then with the one who set it long ago."""

    kept: ClassVar[bool] = True
    who: str
    topic: str

    def __str__(self) -> str:
        by = f" (set by {self.who})" if self.who else ""
        return f"Topic: {self.topic}{by}" if self.topic else f"The topic was cleared{by}."


@dataclass(frozen=True, slots=True)
class Roster(Event):
    """Who is in a room, told to a newcomer; `nicks` is cut short in a full room, `total` is not."""

    nicks: tuple[str, ...]
    total: int

    def __str__(self) -> str:
        more = self.total - len(self.nicks)
        return f"In this room: {', '.join(self.nicks)}" + (f" and {more:,} more" if more else "")


# ---- told to one session -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LoggedIn(Event):
    """The session has come into the house, under this nick."""

    nick: str

    def __str__(self) -> str:
        return f"You are {self.nick}."


@dataclass(frozen=True, slots=True)
class Notice(Event):
    """The house (or a room) says something, as it stands; may have several lines."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Table(Event):
    """An answer with rows and columns: who is here, which rooms there are, which commands."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __str__(self) -> str:
        return "\n".join([self.title, *("  ".join(filter(None, row)) for row in self.rows)])


@dataclass(frozen=True, slots=True)
class Failed(Event):
    """A command could not be done. `code` is stable for programs, `text` says what to do instead."""

    code: str
    text: str
    command: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Pong(Event):
    """The answer to a ping: all that happened before it has been written to everyone."""

    token: str

    def __str__(self) -> str:
        return f"PONG {self.token}".rstrip()


@dataclass(frozen=True, slots=True)
class Prompt(Event):
    """The house waits for one line; `secret` ones are not shown while they are typed."""

    text: str
    secret: bool = False

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Answered(Event):
    """The line that a `Prompt` asked for has come; what is typed is shown again."""

    def __str__(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Replayed(Event):
    """Things that happened before, oldest first: for a newcomer, or (with a title) for one who asked for them."""

    events: tuple[Event, ...]
    title: str = ""

    def without(self, lost: Collection[int]) -> Replayed:
        """The same, but for the events with these ids."""
        return replace(self, events=tuple(event for event in self.events if event.id not in lost))

    def __str__(self) -> str:
        return "\n".join(filter(None, [self.title, *map(str, self.events)]))


@dataclass(frozen=True, slots=True)
class Unknown(Event):
    """An event of a kind this house does not have: from a newer node, or from an extension now gone."""

    plain: str
    data: dict[str, Any]

    def __str__(self) -> str:
        return self.plain


def _because(reason: str) -> str:
    return f" ({reason})" if reason else ""
