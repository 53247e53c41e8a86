"""Acts and documents, asked for and kept. Rule: as in `store.py`; whoever awaits something is answered by `_do`."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from teahouse.runtime import Runtime, Waiter
from teahouse.store.records import Act, StoreBusy, StoreError
from teahouse.store.sqlite import acts
from teahouse.store.sqlite.reader import Reader
from teahouse.store.sqlite.rows import dump
from teahouse.store.sqlite.writer import Job, Work, Writer


class SqliteActs:
    """See `Acts`. `db` is for what is answered on the spot."""

    def __init__(self, runtime: Runtime, writer: Writer, lookups: Reader, db: sqlite3.Connection) -> None:
        self._runtime = runtime
        self._writer = writer
        self._lookups = lookups
        self._db = db

    def note(self, act: Act) -> Awaitable[Act]:
        """See `Acts.note`."""
        noted = replace(act, at=datetime.fromtimestamp(self._runtime.time(), UTC))
        return self._do(partial(acts.note, act=noted))

    def acts(  # noqa: PLR0913  as in the protocol
        self,
        *,
        what: str = "",
        by: str = "",
        about: str = "",
        room: str = "",
        before: int = 0,
        count: int = 50,
    ) -> Awaitable[list[Act]]:
        """See `Acts.acts`."""
        wanted = {"what": what, "by": by, "about": about, "room": room}
        return self._lookups.ask(lambda db: acts.find(db, wanted, before, count))

    def open_reports(self, count: int = 100) -> Awaitable[list[Act]]:
        """See `Acts.open_reports`."""
        return self._lookups.ask(lambda db: acts.open_reports(db, count))

    def act(self, number: int) -> Awaitable[Act | None]:
        """See `Acts.act`."""
        return self._lookups.ask(lambda db: acts.by_number(db, number))

    def document(self, name: str) -> Any:
        """See `Acts.document`. Raises StoreError where the file cannot be read."""
        try:
            return acts.document(self._db, name)
        except sqlite3.Error as error:
            raise StoreError(f"The house cannot look up {name}: {error}.") from error

    def save_document(self, name: str, value: Any) -> Awaitable[None]:
        """See `Acts.save_document`. Raises TypeError at once where JSON cannot say the value."""
        return self._do(partial(acts.save_document, name=name, text=dump(value)))

    def _do(self, work: Work) -> Awaitable[Any]:
        """Have the writer do it; what it gives, once that is committed."""
        waiter = self._runtime.waiter()
        try:
            self._writer.put(Job(work, partial(_answer, waiter)))
        except StoreBusy as error:
            waiter.errback(error)
        return waiter


def _answer(waiter: Waiter[Any], value: Any, error: Exception | None) -> None:
    if error is None:
        waiter.callback(value)
    else:
        waiter.errback(error)
