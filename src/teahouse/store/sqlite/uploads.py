"""Records of uploads as rows. Rule: as in `store.py`; an account's rows go with it by the table's own reference."""
# ruff: noqa: S608  statements are joined from constants; what anybody typed is bound

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Collection
from datetime import datetime
from functools import partial
from typing import Any

from teahouse.store.records import Missing, Upload
from teahouse.store.sqlite.desk import Desk
from teahouse.store.sqlite.part import Part
from teahouse.store.sqlite.rows import micros, moment

EVER = (1 << 63) - 1
_FOUND = """SELECT u.id, a.key, u.name, u.type, u.size, u.at
  FROM uploads AS u JOIN accounts AS a ON a.id = u.account WHERE """
_ITS = "u.account = (SELECT id FROM accounts WHERE key = ?) AND "
_KEEP = "INSERT INTO uploads SELECT ?, id, ?, ?, ?, ? FROM accounts WHERE key = ?"


class SqliteUploads(Part):
    """See `Uploads`."""

    def keep_upload(self, upload: Upload) -> Awaitable[None]:
        """See `Uploads.keep_upload`."""
        return self._do(partial(keep, upload=upload))

    def upload(self, id_: str) -> Awaitable[Upload | None]:
        """See `Uploads.upload`."""
        return self._lookups.ask(lambda db: by_id(db, id_))

    def uploads(
        self, account: str = "", *, before: datetime | None = None, count: int = 50
    ) -> Awaitable[list[Upload]]:
        """See `Uploads.uploads`."""
        until = EVER if before is None else micros(before)
        return self._lookups.ask(lambda db: newest(db, account, until, count))

    def upload_bytes(self, account: str = "") -> Awaitable[int]:
        """See `Uploads.upload_bytes`."""
        return self._lookups.ask(lambda db: total(db, account))

    def upload_ids(self) -> Awaitable[set[str]]:
        """See `Uploads.upload_ids`."""
        return self._lookups.ask(lambda db: {id_ for (id_,) in db.execute("SELECT id FROM uploads")})

    def forget_uploads(self, ids: Collection[str]) -> Awaitable[None]:
        """See `Uploads.forget_uploads`."""
        return self._do(partial(forget, ids=tuple(ids)))


def keep(desk: Desk, upload: Upload) -> None:
    """Put it in. Raises Missing."""
    row = (upload.id, upload.name, upload.type, upload.size, micros(upload.at), upload.account)
    if not desk.db.execute(_KEEP, row).rowcount:
        raise Missing(f"There is no account {upload.account}.")


def by_id(db: sqlite3.Connection, id_: str) -> Upload | None:
    """The one of this id."""
    row = db.execute(_FOUND + "u.id = ?", (id_,)).fetchone()
    return None if row is None else _upload(row)


def newest(db: sqlite3.Connection, account: str, until: int, count: int) -> list[Upload]:
    """The newest first; `account` "" is anyone's."""
    whose = (_ITS, (account,)) if account else ("", ())
    rows = db.execute(
        f"{_FOUND}{whose[0]}u.at < ? ORDER BY u.at DESC, u.id DESC LIMIT ?", (*whose[1], until, count)
    )
    return [_upload(row) for row in rows]


def total(db: sqlite3.Connection, account: str) -> int:
    """Bytes of all; `account` "" is anyone's."""
    whose = (_ITS, (account,)) if account else ("", ())
    (found,) = db.execute(
        f"SELECT coalesce(sum(u.size), 0) FROM uploads AS u WHERE {whose[0]}1", whose[1]
    ).fetchone()
    return int(found)


def forget(desk: Desk, ids: Collection[str]) -> None:
    """Take them out."""
    desk.db.executemany("DELETE FROM uploads WHERE id = ?", [(id_,) for id_ in ids])


def _upload(row: tuple[Any, ...]) -> Upload:
    id_, account, name, type_, size, at = row
    return Upload(id=id_, account=account, name=name, type=type_, size=size, at=moment(at))
