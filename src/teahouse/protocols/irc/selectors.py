"""Places in the past, as clients name them: `timestamp=…`, `msgid=…`, and how many messages from there (chathistory,
"CHATHISTORY Command"). Rule: pure; a message's id is the event's, and ids grow with time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from teahouse.fanout import Fanout

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z", re.ASCII)
_MILLISECOND = timedelta(milliseconds=1)
FIRST = 0
LONGEST_ID = 19
"""Digits of the longest id."""
IdAt = Callable[[datetime], int]


class Place(NamedTuple):
    """What comes before it has ids below `before`, what comes after it ids above `after`."""

    before: int
    after: int


class BadReference(ValueError):
    """It is neither a timestamp nor a message's id."""


def place(word: str, id_at: IdAt) -> Place:
    """Read `timestamp=…` or `msgid=…`. Raises ValueError; BadReference for another kind of reference."""
    kind, equals, value = word.partition("=")
    if kind == "timestamp" and equals:
        return place_of(moment(value), id_at)
    if kind == "msgid" and equals:
        id_ = message_id(value)
        return Place(id_, id_)
    raise BadReference(word)


def place_of(at: datetime, id_at: IdAt) -> Place:
    """A millisecond: what happened in it comes neither before it nor after it."""
    return Place(id_at(at), id_at(at + _MILLISECOND) - 1)


def moment(text: str) -> datetime:
    """Read `YYYY-MM-DDThh:mm:ss.sssZ` (server-time), to the millisecond. Raises ValueError."""
    if not _TIME.fullmatch(text):
        raise ValueError(f"not a time: {text}")
    at = datetime.fromisoformat(text).astimezone(UTC)
    if at.year < 1971 or at.year > 2297:  # ids end there
        raise ValueError(f"out of time: {text}")
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def message_id(text: str) -> int:
    """Read a msgid. Raises ValueError for what none of the house's can be."""
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID):
        raise ValueError(f"not a message's id: {text}")
    return int(text)


def limit(text: str, most: int) -> int:
    """How many messages, `most` at most. Raises ValueError."""
    if not (text.isascii() and text.isdecimal() and len(text) < 10) or int(text) < 1:
        raise ValueError(f"not a number of messages: {text}")
    return min(int(text), most)


def time_of(id_: int) -> str:
    """When an event happened (server-time), by its id."""
    at = Fanout.time_of(id_)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"
