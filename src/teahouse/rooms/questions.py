"""What people ask of the past, read into values. Rule: pure functions; what cannot be read is a UsageError that shows
the way it is written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from teahouse.errors import UsageError
from teahouse.text import parse_moment

PAGE = 20
LONGEST_PAGE = 200
FARTHEST = 800
"""Lines back to which a page can begin; farther back one goes by time."""
HISTORY = "Usage: /history [lines] [before <time, day, how long ago, or how many lines back>]"
SEARCH = "Usage: /search words [from:nick] [in:room] [since:2d] [before:2026-11-20]"
_PAGE = re.compile(r"(?:(\d+) *)?(?:(?:^|(?<= ))before +(.+))?", re.ASCII | re.IGNORECASE)
_PART = re.compile(r'(?:(from|in|since|before):)?(?:"([^"]*)"|(\S*))(?:\s+|$)', re.IGNORECASE)
_BACK = re.compile(r"-(\d{1,4})(?:\s+(.*))?", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Page:
    """So many lines before a time, or before so many lines that are passed over."""

    lines: int
    skip: int = 0
    before: datetime | None = None


def page(text: str, now: datetime) -> Page:
    """`40`, `before 2h`, `40 before 2026-11-20 14:00`, `20 before 60`. Raises UsageError."""
    match = _PAGE.fullmatch(text.strip())
    if match is None:
        raise UsageError(HISTORY)
    lines = int(match[1] or PAGE)
    if not 1 <= lines <= LONGEST_PAGE:
        raise UsageError(f"/history shows from 1 to {LONGEST_PAGE} lines.")
    if match[2] is None:
        return Page(lines)
    if match[2].isascii() and match[2].isdecimal():
        if int(match[2]) > FARTHEST:
            raise UsageError(f"By lines you can go back {FARTHEST}; farther by time: /history before 3d")
        return Page(lines, skip=int(match[2]))
    return Page(lines, before=_moment(match[2], now))


@dataclass(slots=True)
class Wanted:
    """What is searched for; `who` and `room` are as they were typed, "" for anyone and anywhere."""

    words: list[str] = field(default_factory=list)
    who: str = ""
    room: str = ""
    since: datetime | None = None
    before: datetime | None = None


def wanted(text: str, now: datetime) -> Wanted:
    """`kettle "green tea" from:amy since:2d`: all of it has to fit. Raises UsageError."""
    found, given = Wanted(), set()
    text = text.strip()
    while text:
        match = _PART.match(text)
        if match is None or (match[2] is None and match[3].startswith('"')):
            raise UsageError(f"A phrase ends with a quotation mark, and a space comes after it. {SEARCH}")
        text = text[match.end() :]
        name, value = (match[1] or "").lower(), (match[3] if match[2] is None else match[2]).strip()
        if name and (name in given or not value):
            raise UsageError(f"{name}: stands once, with a value right after it. {SEARCH}")
        given.add(name)
        _take(found, name, value, now)
    if not (found.words or given - {""}):
        raise UsageError(f"Search for what? {SEARCH}")
    return found


def _take(found: Wanted, name: str, value: str, now: datetime) -> None:
    match name:
        case "from":
            found.who = value
        case "in":
            found.room = value.removeprefix("#")
        case "since":
            found.since = _moment(value, now)
        case "before":
            found.before = _moment(value, now)
        case _ if value:
            found.words.append(value)


def back_and_text(text: str) -> tuple[int, str]:
    """`-2 other words`: how many lines back, 1 if it does not say so, and the rest. Raises UsageError."""
    match = _BACK.fullmatch(text)
    if match is None:
        return 1, text
    if not (match[2] or "").strip():
        raise UsageError("Usage: /edit [-lines back] <text>. /delete takes a line back.")
    return int(match[1]), match[2]


def _moment(text: str, now: datetime) -> datetime:
    try:
        return parse_moment(text, now)
    except ValueError as error:
        raise UsageError(str(error)) from error
