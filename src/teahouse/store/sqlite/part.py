"""What each part of the store stands on. Rule: parts know the writer and the readers, and nothing of each other."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable
from dataclasses import dataclass
from functools import partial
from typing import Any

from teahouse.runtime import Runtime, Waiter
from teahouse.store.records import StoreBusy
from teahouse.store.sqlite.reader import Reader
from teahouse.store.sqlite.writer import Job, Work, Writer


@dataclass(frozen=True, slots=True)
class Connections:
    """All that is open of one file: `db` for what is answered on the spot, `searches` for what may take long, so
    that `lookups` answer those who come in."""

    writer: Writer
    lookups: Reader
    searches: Reader
    db: sqlite3.Connection


class Part:
    """A part of the store: whoever awaits something that is written is answered by `_do`."""

    def __init__(self, runtime: Runtime, connections: Connections) -> None:
        self._runtime = runtime
        self._writer = connections.writer
        self._lookups = connections.lookups
        self._searches = connections.searches
        self._db = connections.db

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
