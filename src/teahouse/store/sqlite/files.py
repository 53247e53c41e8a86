"""The file on disk: who may read it, and whether it is ours. Rule: looked at from outside before SQLite touches
it, so that what cannot be used is left as it was found.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from teahouse.store.records import StoreUnusable

MAGIC = b"SQLite format 3\0"
OURS = 0x54656148  # "TeaH", at offset 68 of the file
PATIENCE = 20.0
"""Seconds for which a writer waits for somebody else's lock: a backup by another program only delays."""


def connect(path: Path, synchronous: str = "FULL") -> sqlite3.Connection:
    """A connection that begins no transaction by itself, and checkpoints only when it is told to."""
    db = sqlite3.connect(
        path, timeout=PATIENCE, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    for pragma in (
        f"synchronous = {synchronous}",
        "wal_autocheckpoint = 0",
        "secure_delete = ON",  # what is forgotten is overwritten, not only unlinked
        "foreign_keys = ON",
        "temp_store = MEMORY",
        "cache_size = -16000",
    ):
        db.execute(f"PRAGMA {pragma}")
    return db


def connect_reader(path: Path) -> sqlite3.Connection:
    """A connection that cannot write."""
    db = connect(path)
    db.execute("PRAGMA query_only = ON")
    return db


def prepare(path: Path) -> None:
    """Have a file there that only its owner can read. Raises StoreUnusable.

    SQLite gives the files that it makes beside it the same mode.
    """
    try:
        for parent in reversed(path.parents):
            if not parent.exists():
                parent.mkdir()
                parent.chmod(0o700)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        for name in (path, *beside(path)):
            if name.exists() and name.stat().st_mode & 0o777 != 0o600:
                name.chmod(0o600)
    except OSError as error:
        raise StoreUnusable(f"{error.filename or path}: {error.strerror}.") from error


def beside(path: Path) -> tuple[Path, Path]:
    """The write-ahead log, and its index."""
    return path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")


def check(path: Path, newest: int) -> None:
    """Raise StoreUnusable, with a sentence for the keeper, if the file is none that this version can use."""
    head = _head(path)
    if not head:
        return
    if len(head) < 100 or not head.startswith(MAGIC):
        raise StoreUnusable(f"{path} is not a database: move it away, or name another file.")
    version, owner = int.from_bytes(head[60:64], "big"), int.from_bytes(head[68:72], "big")
    if owner not in {0, OURS} or (owner != OURS and version):
        raise StoreUnusable(f"{path} is the database of another program: name another file.")
    if version > newest:
        raise StoreUnusable(
            f"{path} was written by a newer Teahouse (its form is {version}, this one knows {newest}): "
            "install the newer one again, or go back to the backup that it made."
        )
    _check_rights(path)


def form(path: Path) -> int:
    """The number of the file's form, as far as its head tells; 0 of one that is not there. Raises StoreUnusable."""
    return int.from_bytes(_head(path)[60:64], "big")


def _head(path: Path) -> bytes:
    """The first bytes of the file; none of one that is not there or is empty."""
    try:
        if path.is_dir():
            raise StoreUnusable(f"{path} is a directory, not a file.")
        if not path.exists():
            return b""
        with path.open("rb") as file:
            return file.read(100)
    except OSError as error:
        raise StoreUnusable(f"{path} cannot be read: {error.strerror}.") from error


def _check_rights(path: Path) -> None:
    for name in (path, path.parent):
        if not os.access(name, os.R_OK | os.W_OK):
            raise StoreUnusable(f"{name} cannot be written by this user.")
