"""Retention: a room's oldest events go. Rule: a few hundred at a time, between the commits of those who talk."""

from __future__ import annotations

from datetime import datetime

from teahouse.store.sqlite.desk import Desk
from teahouse.store.sqlite.rows import micros

BATCH = 256
_OLDEST = """SELECT seq, place, author, text, id, at FROM events
  WHERE place = (SELECT id FROM places WHERE key = ?) ORDER BY id LIMIT ?"""
_KEPT = """SELECT id FROM events WHERE place = (SELECT id FROM places WHERE key = ?)
  ORDER BY id DESC LIMIT 1 OFFSET ?"""
_ALL = 1 << 62


class Forget:
    """What is to go from a room, and how many have gone."""

    def __init__(self, room: str, *, id_: int | None, at: datetime | None, keep: int | None) -> None:
        self.count = 0
        self._room = room
        self._id = -1 if id_ is None else id_
        self._at = -_ALL if at is None else micros(at)
        self._keep = keep

    def step(self, desk: Desk) -> bool:
        """Forget some; whether there may be more."""
        if self._keep is not None:
            self._id = max(self._id, self._first_kept(desk, self._keep))
            self._keep = None
        lines = []
        for *line, id_, at in desk.db.execute(_OLDEST, (self._room, BATCH)).fetchall():
            if id_ >= self._id and at >= self._at:
                break
            lines.append((line[0], line[1], line[2], line[3]))
        desk.remove(lines)
        self.count += len(lines)
        return len(lines) == BATCH

    def _first_kept(self, desk: Desk, keep: int) -> int:
        if keep <= 0:
            return _ALL << 1
        row = desk.db.execute(_KEPT, (self._room, keep - 1)).fetchone()
        return -1 if row is None else int(row[0])
