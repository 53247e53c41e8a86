"""What takes how much of the file. Rule: lines are counted, and their length is taken from the newest hundred."""

from __future__ import annotations

import sqlite3

from teahouse.store.space import Share
from teahouse.store.sqlite.desk import Desk

BATCH = 256
ROW, INDEXED = 100, 2
"""Bytes of a row beside its text, and how often a byte of the text is kept: in the row and in the word index."""
_ROOMS = """SELECT places.key, lines, (
    SELECT avg(length(CAST(coalesce(text, '') || coalesce(rest, '') AS BLOB)))
    FROM (SELECT text, rest FROM events WHERE place = places.id ORDER BY id DESC LIMIT 100)
  )
  FROM (SELECT place, count(*) AS lines FROM events GROUP BY place) JOIN places ON places.id = place"""
_ACCOUNTS = """SELECT accounts.key, lines, (
    SELECT avg(length(CAST(event AS BLOB)))
    FROM (SELECT event FROM inbox WHERE account = accounts.id ORDER BY id DESC LIMIT 100)
  )
  FROM (SELECT account, count(*) AS lines FROM inbox GROUP BY account) JOIN accounts ON accounts.id = account"""
_LAST_TO_GO = """SELECT id FROM inbox WHERE account = (SELECT id FROM accounts WHERE key = ?)
  ORDER BY id DESC LIMIT 1 OFFSET ?"""
_FORGET = """DELETE FROM inbox WHERE (account, id) IN (
    SELECT account, id FROM inbox WHERE account = (SELECT id FROM accounts WHERE key = ?) AND id <= ?
    ORDER BY id LIMIT ?
  )"""


def size(db: sqlite3.Connection) -> int:
    """Bytes of the pages that are in use: those that were freed are used again before the file grows."""
    pages, free, each = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in _PAGES)
    return int((pages - free) * each)


_PAGES = ("page_count", "freelist_count", "page_size")


def shares(db: sqlite3.Connection) -> list[Share]:
    """All rooms and accounts that have something."""
    rooms = [
        Share(key, "", lines, int(lines * (ROW + INDEXED * length)))
        for key, lines, length in db.execute(_ROOMS)
    ]
    accounts = [
        Share("", key, lines, int(lines * (ROW + length))) for key, lines, length in db.execute(_ACCOUNTS)
    ]
    return rooms + accounts


class ForgetPrivate:
    """An account's oldest private messages go, a few hundred at a time."""

    def __init__(self, account: str, keep: int) -> None:
        self.count = 0
        self._account = account
        self._keep = max(0, keep)
        self._last: int | None = None

    def step(self, desk: Desk) -> bool:
        """Forget some; whether there may be more."""
        if self._last is None:
            row = desk.db.execute(_LAST_TO_GO, (self._account, self._keep)).fetchone()
            self._last = 0 if row is None else int(row[0])
        gone = desk.db.execute(_FORGET, (self._account, self._last, BATCH)).rowcount
        self.count += gone
        return gone == BATCH
