"""What the writer's thread does to the file. Rule: all of it happens inside a transaction that somebody else has
begun; nothing here commits, and after a rollback `forget_all` must be called.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from itertools import chain, islice
from typing import Any

from teahouse.events import Event
from teahouse.store.records import Missing
from teahouse.store.sqlite.numbers import Numbers
from teahouse.store.sqlite.rows import kind_of, micros, rest_of, text_of, who_of
from teahouse.store.sqlite.words import entry, match

SIZES = (256, 32, 4, 1)
"""Rows per statement. Each statement gives up the interpreter lock and has to get it back from a busy reactor."""
_EVENT = "INSERT INTO events (seq, id, place, kind, author, at, text, rest, origin) VALUES "
_ENTRY = "INSERT INTO words (rowid, text, place, author) VALUES "
_UNENTRY = "INSERT INTO words (words, rowid, text, place, author) VALUES ('delete', ?, ?, ?, ?)"
_NEXT = """SELECT coalesce(max((SELECT max(seq) FROM events), value), value), value,
  (SELECT max(id) FROM events), (SELECT value FROM meta WHERE key = 'disordered')
  FROM meta WHERE key = 'indexed'"""
_LINE = "SELECT seq, place, author, text FROM events WHERE id = ?"
Line = tuple[int, int, int | None, str | None]


def insert(db: sqlite3.Connection, head: str, rows: Sequence[Sequence[Any]]) -> None:
    """Put rows in, many with one statement."""
    start = 0
    for size in SIZES:
        one = "(" + ",".join("?" * len(rows[0])) + ")" if rows else ""
        while len(rows) - start >= size:
            values = list(chain.from_iterable(islice(rows, start, start + size)))
            db.execute(head + ",".join([one] * size), values)
            start += size


class Desk:
    """The connection that writes.

    `last` is the `seq` of the youngest event; `erased` says that words wait to leave the index for good.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.last = 0
        self.erased = False
        self._events: list[Event] = []
        self._numbers = Numbers(db)

    def forget_all(self) -> None:
        """What was begun has been rolled back: numbers that were given out then are void."""
        self._events.clear()
        self._numbers.forget_all()

    def forget_numbers(self) -> None:
        """A number may mean something else from here on."""
        self._numbers.forget_all()

    # ---- events --------------------------------------------------------------------------------------------

    def append(self, events: Sequence[Event]) -> None:
        """Keep these; they are put in with those of other turns, by `flush`."""
        self._events += events

    def flush(self) -> None:
        """Put in what was appended, before anything else is done or committed."""
        if not self._events:
            return
        seq, _, newest, disordered = self.db.execute(_NEXT).fetchone()
        rows = [self._row(seq + place, event) for place, event in enumerate(self._events, 1)]
        insert(self.db, _EVENT, rows)
        if not disordered and not _in_order(newest or 0, self._events):
            self.db.execute("UPDATE meta SET value = 1 WHERE key = 'disordered'")
        self.last = seq + len(rows)
        self._events.clear()

    def _row(self, seq: int, event: Event) -> tuple[Any, ...]:
        author = self._numbers.author(who_of(event))
        return (
            seq,
            event.id,
            self._numbers.place(event.room),
            kind_of(event),
            author,
            micros(event.at),
            text_of(event),
            rest_of(event),
            self._numbers.origin(author, event),
        )

    def change(self, id_: int, text: str) -> None:
        """Put another text in its place. Raises Missing."""
        private = self.db.execute(
            "UPDATE inbox SET event = json_set(event, '$.text', ?) WHERE id = ?", (text, id_)
        ).rowcount
        line: Line | None = self.db.execute(_LINE, (id_,)).fetchone()
        if line is None or line[3] is None:
            if not private:
                raise Missing("There is no such line any more.")
            return
        self.unindex([line])
        self.db.execute("UPDATE events SET text = ? WHERE seq = ?", (text, line[0]))
        if line[0] <= self.indexed():
            insert(self.db, _ENTRY, [entry(line[0], text, line[1], line[2])])

    def erase(self, ids: Collection[int]) -> None:
        """Take them out wherever they are."""
        self.db.executemany("DELETE FROM inbox WHERE id = ?", [(id_,) for id_ in ids])
        found = [self.db.execute(_LINE, (id_,)).fetchone() for id_ in ids]
        self.remove([line for line in found if line is not None])

    def remove(self, lines: Sequence[Line]) -> None:
        """Take lines out, of the index too, and the nicks of those who have no other."""
        self.unindex(lines)
        self.db.executemany("DELETE FROM events WHERE seq = ?", [line[:1] for line in lines])
        for author in {line[2] for line in lines if line[2] is not None}:
            if not self._has_lines(author):
                self._numbers.drop_author(author)

    # ---- the word index ------------------------------------------------------------------------------------

    def indexed(self) -> int:
        """The last event whose words are in the index."""
        (value,) = self.db.execute("SELECT value FROM meta WHERE key = 'indexed'").fetchone()
        return int(value)

    def index(self, count: int) -> int:
        """Take up to `count` more events into the index; how many there were."""
        rows = self.db.execute(
            "SELECT seq, text, place, author FROM events WHERE seq > ? ORDER BY seq LIMIT ?",
            (self.indexed(), count),
        ).fetchall()
        if rows:
            insert(self.db, _ENTRY, [entry(*row) for row in rows if row[1] is not None])
            self.db.execute("UPDATE meta SET value = ? WHERE key = 'indexed'", (rows[-1][0],))
        return len(rows)

    def unindex(self, lines: Iterable[Line]) -> None:
        """Take lines out of the index. SQLite 3.40 only notes that; `scrub` asks for a merge, which does it."""
        upto = self.indexed()
        gone = [
            entry(seq, text, place, author)
            for seq, place, author, text in lines
            if text is not None and seq <= upto
        ]
        self.db.executemany(_UNENTRY, gone)
        self.db.execute("UPDATE meta SET value = 1 WHERE key = 'scrub' AND value = 0")
        self.erased = True

    def merge(self, pages: int) -> bool:
        """Merge that much of the index (a negative number: until it is all of one piece); whether it did."""
        before = self.db.total_changes
        self.db.execute("INSERT INTO words (words, rank) VALUES ('merge', ?)", (pages,))
        return self.db.total_changes - before > 1

    def _has_lines(self, author: int) -> bool:
        asked: tuple[tuple[str, tuple[object, ...]], ...] = (
            ("SELECT 1 FROM words WHERE words MATCH ? LIMIT 1", (match((), (), (author,)),)),
            ("SELECT 1 FROM events WHERE seq > ? AND author = ? LIMIT 1", (self.indexed(), author)),
        )
        return any(self.db.execute(sql, values).fetchone() for sql, values in asked)


def _in_order(newest: int, events: Sequence[Event]) -> bool:
    for event in events:
        if event.id < newest:
            return False
        newest = event.id
    return True
