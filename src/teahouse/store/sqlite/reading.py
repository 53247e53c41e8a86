"""Reading events back, by room and by id. Rule: nothing that has not been reported as stored is shown."""
# ruff: noqa: S608  statements are joined from constants; what anybody typed is bound

from __future__ import annotations

import sqlite3

from teahouse.events import Event
from teahouse.store.sqlite.rows import COLUMNS, FROM, event_of

_PLACE = "e.place = (SELECT id FROM places WHERE key = ?) AND e.seq <= ?"
# CROSS JOIN keeps SQLite to this order: the index of the room first.
_BY_ID = f"SELECT {COLUMNS} FROM {FROM} WHERE e.id = ? AND e.seq <= ?"
_LAST = f"SELECT {COLUMNS} FROM {FROM} WHERE {_PLACE} AND e.id < ? ORDER BY e.id DESC LIMIT ?"
_FIRST = f"SELECT {COLUMNS} FROM {FROM} WHERE {_PLACE} AND e.id > ? AND e.id < ? ORDER BY e.id LIMIT ?"
_ROOMS = "SELECT key FROM places ORDER BY key"
EVER = (1 << 63) - 1


def event(db: sqlite3.Connection, id_: int, shown: int) -> Event | None:
    """One event of a room."""
    row = db.execute(_BY_ID, (id_, shown)).fetchone()
    return None if row is None else event_of(row)


def last(db: sqlite3.Connection, room: str, count: int, shown: int, before: int = EVER) -> list[Event]:
    """The last ones before an event, oldest first."""
    rows = db.execute(_LAST, (room, shown, before, count)).fetchall()
    return [event_of(row) for row in reversed(rows)]


def first(db: sqlite3.Connection, room: str, count: int, shown: int, between: tuple[int, int]) -> list[Event]:
    """The first ones between two events, oldest first."""
    return [event_of(row) for row in db.execute(_FIRST, (room, shown, *between, count))]


def rooms_with_lines(db: sqlite3.Connection) -> list[str]:
    """All that have ever had one."""
    return [key for (key,) in db.execute(_ROOMS)]
