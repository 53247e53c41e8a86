"""Reading events back, by room and by id. Rule: nothing that has not been reported as stored is shown."""
# ruff: noqa: S608  statements are joined from constants; what anybody typed is bound

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from teahouse.events import Event
from teahouse.store.lines import MOST
from teahouse.store.spans import Span, span
from teahouse.store.sqlite.rows import COLUMNS, FROM, dump, event_of

_PLACE = "e.place = (SELECT id FROM places WHERE key = ?) AND e.seq <= ?"
# CROSS JOIN keeps SQLite to this order: the index of the room first.
_BY_ID = f"SELECT {COLUMNS} FROM {FROM} WHERE e.id = ? AND e.seq <= ?"
_SPAN = f"SELECT {COLUMNS} FROM {FROM} WHERE {_PLACE} AND e.id > ? AND e.id < ?"
_KINDS = " AND e.kind IN (SELECT value FROM json_each(?))"
_LATELY = f"SELECT e.id FROM events AS e WHERE {_PLACE} ORDER BY e.id DESC LIMIT 1 OFFSET ?"
_NEWEST = """SELECT p.key, (SELECT e.id FROM events AS e WHERE e.place = p.id AND e.seq <= ?
    ORDER BY e.id DESC LIMIT 1) AS last
  FROM places AS p WHERE p.key IN (SELECT value FROM json_each(?)) AND last IS NOT NULL"""
_ROOMS = "SELECT key FROM places ORDER BY key"


def event(db: sqlite3.Connection, id_: int, shown: int) -> Event | None:
    """One event of a room."""
    row = db.execute(_BY_ID, (id_, shown)).fetchone()
    return None if row is None else event_of(row)


def part(
    db: sqlite3.Connection, room: str, meant: Span, shown: int, kinds: Collection[str] = ()
) -> list[Event]:
    """Those of a room that are meant, oldest first."""
    sql, values = _SPAN, [room, shown, meant.low, meant.high]
    if kinds:
        sql, values = sql + _KINDS, [*values, dump(list(kinds))]
    order = "ORDER BY e.id" if meant.first else "ORDER BY e.id DESC"
    found = [event_of(row) for row in db.execute(f"{sql} {order} LIMIT ?", (*values, meant.most))]
    return found if meant.first else found[::-1]


def lately(db: sqlite3.Connection, room: str, count: int, shown: int, kinds: Collection[str]) -> list[Event]:
    """The last ones; of some kinds, if they are among the last `MOST`: it is asked for while others wait."""
    meant = span(count)
    if kinds:
        row = db.execute(_LATELY, (room, shown, MOST)).fetchone()
        meant = meant._replace(low=row[0] if row else 0)
    return part(db, room, meant, shown, kinds)


def newest(db: sqlite3.Connection, rooms: Collection[str], shown: int) -> dict[str, int]:
    """The id of the last event of each."""
    return dict(db.execute(_NEWEST, (shown, dump(list(rooms)))).fetchall())


def rooms_with_lines(db: sqlite3.Connection) -> list[str]:
    """All that have ever had one."""
    return [key for (key,) in db.execute(_ROOMS)]
