"""Acts and documents, asked for and kept. Rule: as in `store.py`."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from teahouse.store.records import Act, StoreError
from teahouse.store.sqlite import acts
from teahouse.store.sqlite.part import Part
from teahouse.store.sqlite.rows import dump


class SqliteActs(Part):
    """See `Acts`."""

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
