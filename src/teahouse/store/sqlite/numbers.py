"""Rooms, nicks and signatures, each written once and meant by number. Rule: what is known by heart here is void
after a rollback, and where another program may have changed the file: then `forget_all` must be called.
"""

from __future__ import annotations

import sqlite3
from typing import TypeVar

from teahouse.events import Event
from teahouse.store.sqlite.rows import is_signed
from teahouse.store.sqlite.words import normal

MOST_KNOWN = 20_000
Key = TypeVar("Key", str, tuple[int, str, str, bool])


class Numbers:
    """Gives a number to what has none. For the writer's thread, inside a transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._places: dict[str, int] = {}
        self._authors: dict[str, int] = {}
        self._origins: dict[tuple[int, str, str, bool], int] = {}

    def forget_all(self) -> None:
        """What was known by heart is asked for again."""
        self._places.clear()
        self._authors.clear()
        self._origins.clear()

    def place(self, key: str) -> int:
        """A room's."""
        found = self._places.get(key)
        if found is None:
            self._db.execute("INSERT OR IGNORE INTO places (key) VALUES (?)", (key,))
            found = self._learn(self._places, key, "SELECT id FROM places WHERE key = ?", key)
        return found

    def author(self, nick: str | None) -> int | None:
        """A nick's; None for none."""
        if nick is None:
            return None
        found = self._authors.get(nick)
        if found is None:
            self._db.execute("INSERT OR IGNORE INTO authors (nick, key) VALUES (?, ?)", (nick, normal(nick)))
            found = self._learn(self._authors, nick, "SELECT id FROM authors WHERE nick = ?", nick)
        return found

    def origin(self, author: int | None, event: Event) -> int | None:
        """That of what an author has signed this event with; None where it is not signed."""
        if author is None or not is_signed(event):
            return None
        values = (author, event.account, event.userhost, event.bot)
        found = self._origins.get(values)
        if found is None:
            self._db.execute(
                "INSERT OR IGNORE INTO origins (author, account, userhost, bot) VALUES (?, ?, ?, ?)", values
            )
            sql = "SELECT id FROM origins WHERE author = ? AND account = ? AND userhost = ? AND bot = ?"
            found = self._learn(self._origins, values, sql, *values)
        return found

    def drop_author(self, author: int) -> None:
        """Nobody speaks under this nick any more: it goes, and from where it spoke."""
        self._db.execute("DELETE FROM authors WHERE id = ?", (author,))
        self._db.execute("DELETE FROM origins WHERE author = ?", (author,))
        self._authors.clear()
        self._origins.clear()

    def _learn(self, known: dict[Key, int], key: Key, sql: str, *values: str | int) -> int:
        if len(known) >= MOST_KNOWN:
            known.clear()
        (known[key],) = self._db.execute(sql, values).fetchone()
        return known[key]
