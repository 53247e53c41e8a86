"""From an older form of the file to the newest. Rule: a copy first; then each step is one transaction with its number
in it, and a step that is cut off has not happened.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path

from teahouse.store.records import StoreUnusable
from teahouse.store.sqlite.copying import copy
from teahouse.store.sqlite.files import OURS, check, connect, form, prepare
from teahouse.text import fold


def shipped() -> dict[int, str]:
    """The steps that come with this version, by number."""
    found = files("teahouse.store") / "migrations"
    return {
        int(step.name[:4]): step.read_text("utf-8") for step in found.iterdir() if step.name.endswith(".sql")
    }


def is_older(path: Path) -> bool:
    """Whether there is a file in a form that `make_ready` would change. Raises StoreUnusable."""
    return 0 < form(path) < max(shipped())


def make_ready(path: Path, steps: Mapping[int, str] | None = None) -> None:
    """Have a database of the newest form there. Raises StoreUnusable."""
    steps = shipped() if steps is None else steps
    check(path, max(steps))
    prepare(path)
    db: sqlite3.Connection | None = None
    try:
        db = connect(path)
        db.execute("PRAGMA journal_mode = WAL")
        _migrate(db, path, steps)
        db.execute("SELECT 1 FROM events LIMIT 1").fetchone()
    except sqlite3.Error as error:
        raise StoreUnusable(f"{path} cannot be used: {error}.") from error
    finally:
        if db is not None:
            db.close()


def version_of(db: sqlite3.Connection) -> int:
    """The number of the last step that was taken."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    return int(version)


def _migrate(db: sqlite3.Connection, path: Path, steps: Mapping[int, str]) -> None:
    db.create_function("folded", 1, _folded, deterministic=True)
    found = version_of(db)
    for number in sorted(steps):
        before = version_of(db)
        if number <= before:
            continue
        if before and before == found:  # one copy, of what was found; of a house that is new, none
            copy(path, path.with_name(f"{path.name}.before-{number:04}"))
        db.execute("BEGIN EXCLUSIVE")
        try:
            if version_of(db) == before:  # nobody else was faster
                _take(db, number, steps[number])
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
    # The head of the file tells its form to `check`, which does not read the write-ahead log. A file that had its
    # form is perhaps in use: nobody waits for those who read it then.
    how = "PASSIVE" if version_of(db) == found else "TRUNCATE"
    db.execute(f"PRAGMA wal_checkpoint({how})")


def _take(db: sqlite3.Connection, number: int, script: str) -> None:
    for statement in statements(script):
        db.execute(statement)
    db.execute(f"PRAGMA application_id = {OURS}")
    db.execute(f"PRAGMA user_version = {number}")


def _folded(name: object) -> str:
    """For the steps: a name as it is compared."""
    return fold(str(name or ""))


def statements(script: str) -> Iterator[str]:
    """One statement after the other; `executescript` would commit what is open first."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement
