"""What every event has, and how it is known by name. Rule: nothing here knows any one kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, ClassVar

UNSTAMPED = datetime.fromtimestamp(0, UTC)
_STAMP = ("room", "id", "at", "account", "userhost", "bot")
_kinds: dict[str, type[Event]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened; `room`, `id` and `at` are filled in when it is broadcast.

    `room` is the key of the room it happened in, "" for what is said to one person or to all of a person's
    rooms. `id` orders all events of a house and is unique across nodes; `at` is UTC. `account` and `userhost`
    are of the one whose doing it is, as they were then: the account's name, "" for a guest, and `ident@cloak`;
    `bot` says that it is a program.
    """

    kept: ClassVar[bool] = False
    """Whether a room that keeps history stores this kind."""
    words: ClassVar[bool] = False
    """Whether these are someone's own words: not shown to those who ignore `who`, and they may name people."""

    room: str = ""
    id: int = 0
    at: datetime = UNSTAMPED
    account: str = ""
    userhost: str = ""
    bot: bool = False

    def __init_subclass__(cls) -> None:
        known = _kinds.setdefault(cls.kind(), cls)
        if known.__module__ != cls.__module__:
            module = known.__module__.partition(".events.")[0]
            raise TypeError(f"{module} has an event called {cls.__name__} already: choose another name")
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


def kept_kinds() -> set[str]:
    """The names of all kinds that rooms keep."""
    return {name for name, each in _kinds.items() if each.kept}


def register(kinds: Iterable[type[Event]]) -> None:
    """Know these kinds by name again."""
    _kinds.update({each.kind(): each for each in kinds})


def unregister(kinds: Iterable[type[Event]]) -> None:
    """Know these kinds no more: what the store has of them is `Unknown` from now on."""
    for each in kinds:
        _kinds.pop(each.kind(), None)


def stamp(event: Event, room: str, id_: int, at: datetime) -> None:
    """Say where and when, once, before anyone has seen the event: with `sign`, the only writing to a frozen event."""
    write = object.__setattr__
    write(event, "room", room)
    write(event, "id", id_)
    write(event, "at", at)


def sign(event: Event, account: str, userhost: str, *, bot: bool = False) -> None:
    """Say whose doing it is, as `stamp` says where and when."""
    write = object.__setattr__
    if bot:
        write(event, "bot", bot)
    write(event, "account", account)
    write(event, "userhost", userhost)


def to_dict(event: Event) -> dict[str, Any]:
    """The one form in which store, bus and web know an event: plain values only. What is as it is by default is
    left out, but for the room."""
    if isinstance(event, Unknown):
        return dict(event.data)
    data: dict[str, Any] = {"type": event.kind(), "room": event.room}
    for field in fields(event):
        value = getattr(event, field.name)
        if value != field.default:
            data[field.name] = _plain(value)
    return data


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
    stamp_ = {"room": data.get("room", ""), "id": int(data.get("id", 0)), "at": at}
    signed = {"account": data.get("account", ""), "userhost": data.get("userhost", "")}
    return stamp_ | signed | {"bot": bool(data.get("bot"))}


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


@dataclass(frozen=True, slots=True)
class Unknown(Event):
    """An event of a kind this house does not have: from a newer node, or from an extension now gone."""

    plain: str
    data: dict[str, Any]

    def __str__(self) -> str:
        return self.plain


def because(reason: str) -> str:
    """A reason as it stands behind what happened."""
    return f" ({reason})" if reason else ""
