"""A copy of the whole file while it is used. Rule: it has its name only once it is complete, and nobody but its
owner can read it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from teahouse.store.sqlite.files import connect_reader

STEP = 256
"""Pages at a time: the lock on the copy is let go in between."""


def copy(path: Path, target: Path) -> None:
    """Copy the database as it is now. Raises OSError or sqlite3.Error, and then there is no copy."""
    unfinished = target.with_name(f"{target.name}.part")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    unfinished.chmod(0o600)
    try:
        _fill(path, unfinished)
        _sync(unfinished)
        unfinished.replace(target)
        _sync(target.parent)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def _fill(path: Path, unfinished: Path) -> None:
    with closing(connect_reader(path)) as source, closing(sqlite3.connect(unfinished)) as made:
        # In a transaction of its own it copies one state of the house; without one it would begin anew
        # whenever somebody says something.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        source.backup(made, pages=STEP, sleep=0)
        source.execute("COMMIT")
        made.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
