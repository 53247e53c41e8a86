"""Searching. Rule: newest first, and it stops as soon as it has enough; only lines of the rooms that were named
are looked at, whatever the words are.

The newest lines are looked at one by one, because the index lags behind; then the index proposes. It knows
nothing shorter than three characters: for one or two it is asked for all that begin so. Where that is much, the
lines of the rooms are looked at first: such a word is soon found there.
"""
# ruff: noqa: S608  statements are joined from constants; what anybody typed is bound

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from teahouse.events import Event
from teahouse.store.sqlite.rows import COLUMNS, FROM, Row, dump, event_of, micros
from teahouse.store.sqlite.words import LAST, match, normal, occur_in

TAIL = 5_000
"""Newest lines that are looked at one by one for a short word, before the index is asked."""
RARE = 5_000
"""Lines with a short word up to which the index proposes them all at once: there is no newest first in that."""
COMMON = 60_000
"""Lines from which on a short word is so common that the lines of the rooms are all that is looked at."""
DEEPEST = 10_000
"""Lines of the rooms that are looked at for words that the index cannot narrow down."""
# The + keeps SQLite from going through whole rooms by their index: it is to go backwards, and stop soon.
_FITS = """ AND +e.place IN (SELECT value FROM json_each(:places))
  AND (:anyone OR e.author IN (SELECT value FROM json_each(:authors)))
  AND e.at >= :since AND e.at < :before AND e.text IS NOT NULL"""
_NEWEST = f"SELECT {COLUMNS} FROM {FROM} WHERE e.seq > :low AND e.seq <= :high {_FITS} ORDER BY e.seq DESC"
_PROPOSED = f"""SELECT {COLUMNS} FROM words CROSS JOIN {FROM}
  WHERE words MATCH :match AND words.rowid > :low AND words.rowid <= :high AND e.seq = words.rowid {_FITS}
  ORDER BY words.rowid DESC LIMIT :most"""
_BEGINNING = "SELECT doc FROM terms WHERE term >= :short AND term < :end"
_COUNT = f"SELECT count(*) FROM ({_BEGINNING} LIMIT :most)"
_SHORT = f"""SELECT {COLUMNS} FROM (SELECT DISTINCT doc FROM ({_BEGINNING})
    WHERE doc > :low AND doc <= :high) AS d CROSS JOIN {FROM}
  WHERE e.seq = d.doc {_FITS} ORDER BY e.seq DESC"""


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked."""

    words: tuple[str, ...]
    rooms: tuple[str, ...]
    who: str
    since: datetime | None
    before: datetime | None
    count: int


def search(db: sqlite3.Connection, query: Query, shown: int) -> list[Event]:
    """The events that fit, none younger than `shown`."""
    looked_for = _Search(db, query, shown)
    found = list(looked_for.run())
    return sorted(found, key=lambda event: event.id, reverse=True)


class _Search:
    """One search: its names as numbers, its times as places in the file."""

    def __init__(self, db: sqlite3.Connection, query: Query, shown: int) -> None:
        self._db = db
        self._count = query.count
        self._words = [word for word in map(normal, query.words) if word]
        self._places = self._numbers("SELECT id FROM places WHERE key", query.rooms)
        self._authors = self._numbers("SELECT id FROM authors WHERE key", (normal(query.who),))
        since, before = (None if at is None else micros(at) for at in (query.since, query.before))
        low, high = _bounds(db, since, before)
        self._high = min(high, shown)
        self._low = low
        self._values: dict[str, int | str] = {
            "places": dump(self._places),
            "authors": dump(self._authors),
            "anyone": not query.who,
            "since": -(1 << 62) if since is None else since,
            "before": 1 << 62 if before is None else before,
        }
        self._hopeless = not self._places or (bool(query.who) and not self._authors)

    def run(self) -> Iterator[Event]:
        """The newest that fit, as many as were asked for."""
        if self._hopeless or self._count <= 0:
            return
        missing = self._count
        for row in self._rows():
            if occur_in(self._words, row[6] or ""):
                yield event_of(row)
                missing -= 1
                if not missing:
                    return

    def _rows(self) -> Iterator[Row]:
        (indexed,) = self._db.execute("SELECT value FROM meta WHERE key = 'indexed'").fetchone()
        long = [word for word in self._words if len(word) >= 3]
        short = max((word for word in self._words if len(word) < 3), key=len, default="")
        seam = indexed if long or not short else max(0, indexed - TAIL)
        yield from self._ask(_NEWEST, self._low, self._high, seam=seam)
        high = min(seam, self._high)
        if long or not short:
            yield from self._by_index(long, high)
        else:
            yield from self._by_beginning(short, high)

    def _by_beginning(self, short: str, high: int) -> Iterator[Row]:
        """What has a short word: at once if that is little, else only what looking back has not reached."""
        count = self._count_of(short)
        if count > RARE:
            looked_at = 0
            for row in self._by_index((), high, DEEPEST):
                high = row[0] - 1
                looked_at += 1
                yield row
            if looked_at < DEEPEST or count > COMMON:
                return
        yield from self._ask(_SHORT, self._low, high, short=short, end=short + LAST)

    def _by_index(self, words: Sequence[str], high: int, most: int = -1) -> Iterator[Row]:
        question = match(words, self._places, self._authors)
        if question:
            yield from self._ask(_PROPOSED, self._low, high, match=question, most=most)
        else:
            yield from self._ask(_NEWEST + " LIMIT :most", self._low, high, most=most)

    def _ask(self, sql: str, low: int, high: int, *, seam: int = 0, **values: int | str) -> Iterator[Row]:
        if high > (low := max(low, seam)):
            yield from self._db.execute(sql, self._values | {"low": low, "high": high} | values)

    def _count_of(self, short: str) -> int:
        """In how many places it stands, as far as that matters."""
        values = {"short": short, "end": short + LAST, "most": COMMON + 1}
        (count,) = self._db.execute(_COUNT, values).fetchone()
        return int(count)

    def _numbers(self, sql: str, keys: Sequence[str]) -> list[int]:
        found = self._db.execute(f"{sql} IN (SELECT value FROM json_each(?))", (dump(keys),))
        return [number for (number,) in found]


def _bounds(db: sqlite3.Connection, since: int | None, before: int | None) -> tuple[int, int]:
    """The events of that time lie above the one and up to the other; all of them may, where old events were
    stored after younger ones."""
    (last,) = db.execute("SELECT coalesce(max(seq), 0) FROM events").fetchone()
    (disordered,) = db.execute("SELECT value FROM meta WHERE key = 'disordered'").fetchone()
    if disordered:
        return 0, last
    return (
        0 if since is None else _first_from(db, since, last) - 1,
        last if before is None else _first_from(db, before, last) - 1,
    )


def _first_from(db: sqlite3.Connection, at: int, last: int) -> int:
    """Halve the way to the first event of that time or later."""
    low, high = 1, last + 1
    while low < high:
        middle = (low + high) // 2
        row = db.execute(
            "SELECT seq, at FROM events WHERE seq >= ? ORDER BY seq LIMIT 1", (middle,)
        ).fetchone()
        if row is None or row[1] >= at:
            high = middle
        else:
            low = row[0] + 1
    return low
