"""An event as a row, and a row as an event. Rule: any kind fits, those of extensions too; what is most said is the
shortest."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from teahouse.events import Event, Unknown, from_dict, to_dict

COLUMNS = "e.seq, e.id, p.key, e.kind, a.nick, e.at, e.text, e.rest, o.account, o.userhost, o.bot"
"""What `event_of` takes; see FROM."""
FROM = """events AS e CROSS JOIN places AS p ON p.id = e.place LEFT JOIN authors AS a ON a.id = e.author
  LEFT JOIN origins AS o ON o.id = e.origin"""
Row = tuple[int, int, str, str, str | None, int, str | None, str | None, str | None, str | None, int | None]
_EPOCH = datetime.fromtimestamp(0, UTC)
_MICROSECOND = timedelta(microseconds=1)
_COLUMNAR = frozenset({"who", "text"})


def micros(at: datetime) -> int:
    """A time as the file has it, exactly."""
    return (at - _EPOCH) // _MICROSECOND


def moment(at: int) -> datetime:
    """A time from the file."""
    return _EPOCH + timedelta(microseconds=at)


def kind_of(event: Event) -> str:
    """What it is called; one that this house does not know keeps its name."""
    return str(event.data.get("type", "unknown")) if isinstance(event, Unknown) else event.kind()


def who_of(event: Event) -> str | None:
    """The nick that it is about, where it has one."""
    who = getattr(event, "who", None)
    return who if isinstance(who, str) else None


def text_of(event: Event) -> str | None:
    """The words that can be searched, where it has some."""
    text = getattr(event, "text", None)
    return text if isinstance(text, str) else None


def is_signed(event: Event) -> bool:
    """Whether it says whose doing it is."""
    return bool(event.account or event.userhost or event.bot)


def rest_of(event: Event) -> str | None:
    """What else there is to it; also the signature of what nobody is named in, as that is kept with the nick."""
    kind: Any = type(event)
    more = _more(kind)
    data: dict[str, Any] = {}
    if more.of(event) != more.usual:
        data = to_dict(event)
        if not isinstance(event, Unknown):
            data = {name: data[name] for name in more.names if name in data}
    if who_of(event) is None and is_signed(event):
        data |= {"account": event.account, "userhost": event.userhost, "bot": event.bot}
    return dump(data) if data else None


def event_of(row: Row) -> Event:
    """The event of a row; Unknown where its kind is gone or has other fields now."""
    _, id_, room, kind, who, at, text, rest, account, userhost, bot = row
    data: dict[str, Any] = {} if rest is None else json.loads(rest)
    data |= {"type": kind, "room": room, "id": id_, "at": moment(at).isoformat()}
    if who is not None:
        data["who"] = who
    if account is not None:
        data |= {"account": account, "userhost": userhost, "bot": bool(bot)}
    if text is not None:
        data["text"] = text
    return revive(data)


def revive(data: dict[str, Any]) -> Event:
    """The event that was described once, perhaps by another version of the house."""
    try:
        return from_dict(data)
    except ValueError:
        plain = f"{data.get('who', '')} {data.get('text', '')}".strip() or str(data.get("type", ""))
        return from_dict(data | {"type": f"{data.get('type', '')} (another form)", "plain": plain})


def dump(value: object) -> str:
    """JSON, as short as it can be."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class _More(NamedTuple):
    """The fields of a kind that have no column, and those that have one but are no text."""

    names: tuple[str, ...]
    of: Callable[[Event], Any]
    usual: Any
    """What `of` gives where all are as they are by default."""


@cache
def _more(kind: Any) -> _More:
    stamp = {field.name for field in fields(Event)}
    more = {
        field.name: field.default
        for field in fields(kind)
        if field.name not in stamp and not (field.name in _COLUMNAR and field.type in {"str", str})
    }
    if not more:
        return _More((), lambda _: None, None)
    usual = tuple(more.values())
    return _More(tuple(more), attrgetter(*more), usual if len(more) > 1 else usual[0])
