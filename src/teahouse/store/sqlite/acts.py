"""The audit log and documents as rows. Rule: an act is put in once, and the file itself refuses to change one; names
are compared by their `*_key` columns.
"""
# ruff: noqa: S608  statements are joined from constants; what anybody typed is bound

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from teahouse.store.records import Act
from teahouse.store.sqlite.desk import Desk
from teahouse.store.sqlite.rows import micros, moment
from teahouse.store.sqlite.words import normal

EVER = (1 << 63) - 1
_TEXTS = ("what", "by", "account", "about", "room", "reason", "detail", "address")
_NAMES = ("what", "by", "about", "room")
_COLUMNS = f"number, at, settles, {', '.join(_TEXTS)}"
_ACT = f"SELECT {_COLUMNS} FROM acts AS a WHERE "
_NOTE = f"""INSERT INTO acts (at, settles, {", ".join(_TEXTS)}, {", ".join(f"{name}_key" for name in _NAMES)})
  VALUES ({",".join("?" * (2 + len(_TEXTS) + len(_NAMES)))})"""
_OPEN = f"""{_ACT} what_key = 'report' AND what = 'report'
  AND NOT EXISTS (SELECT 1 FROM acts AS s WHERE s.settles > 0 AND s.settles = a.number)
  ORDER BY number LIMIT ?"""


def note(desk: Desk, act: Act) -> Act:
    """Put it in; the same with its number. It has its time."""
    texts = [getattr(act, name) for name in _TEXTS]
    keys = [normal(getattr(act, name)) for name in _NAMES]
    put = desk.db.execute(_NOTE, (micros(act.at), act.settles, *texts, *keys))
    return replace(act, number=put.lastrowid or 0)


def find(db: sqlite3.Connection, wanted: Mapping[str, str], before: int, count: int) -> list[Act]:
    """The newest of which all this is true; what is "" may be anything."""
    asked = {name: normal(wanted[name]) for name in _NAMES if wanted[name]}
    where = "".join(f" AND a.{name}_key = ?" for name in asked)
    rows = db.execute(
        f"{_ACT} number < ?{where} ORDER BY number DESC LIMIT ?",
        (before or EVER, *asked.values(), max(0, count)),
    )
    return [_act(row) for row in rows]


def open_reports(db: sqlite3.Connection, count: int) -> list[Act]:
    """The oldest reports that nothing settles."""
    return [_act(row) for row in db.execute(_OPEN, (max(0, count),))]


def by_number(db: sqlite3.Connection, number: int) -> Act | None:
    """The one of that number."""
    row = db.execute(_ACT + "number = ?", (number,)).fetchone()
    return None if row is None else _act(row)


def document(db: sqlite3.Connection, name: str) -> Any:
    """What is kept under this name."""
    row = db.execute("SELECT value FROM documents WHERE name = ?", (name,)).fetchone()
    return None if row is None else json.loads(row[0])


def save_document(desk: Desk, name: str, text: str) -> None:
    """Keep a value, as JSON already, in place of what was there."""
    desk.db.execute("INSERT OR REPLACE INTO documents VALUES (?, ?)", (name, text))


def _act(row: tuple[Any, ...]) -> Act:
    number, at, settles, *texts = row
    return Act(number=number, at=moment(at), settles=settles, **dict(zip(_TEXTS, texts, strict=True)))
