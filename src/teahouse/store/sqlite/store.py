"""`Store` on one SQLite file. Rule: nothing here waits for the disk: writing is a job for the writer, questions go
to readers, and only `recent`, `rooms` and `document`, which are small, are answered on the spot.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any, Literal

from teahouse.events import Event
from teahouse.runtime import Runtime
from teahouse.store.lines import Done
from teahouse.store.records import StoreBusy, StoreError, StoreUnusable
from teahouse.store.space import Share
from teahouse.store.sqlite import accounts, private, space
from teahouse.store.sqlite.asking import SqliteQuestions
from teahouse.store.sqlite.copying import copy
from teahouse.store.sqlite.desk import Desk
from teahouse.store.sqlite.files import connect, connect_reader
from teahouse.store.sqlite.forgetting import Forget
from teahouse.store.sqlite.keeping import SqlitePeople
from teahouse.store.sqlite.migrating import make_ready
from teahouse.store.sqlite.noting import SqliteActs
from teahouse.store.sqlite.part import Connections
from teahouse.store.sqlite.reader import Reader
from teahouse.store.sqlite.renaming import rename_room
from teahouse.store.sqlite.restoring import Restore
from teahouse.store.sqlite.rows import dump
from teahouse.store.sqlite.uploads import SqliteUploads
from teahouse.store.sqlite.writer import Answer, Chore, Job, Writer
from teahouse.text import fold

Durability = Literal["power", "process", "none"]


class SqliteStore(SqliteQuestions, SqliteUploads, SqlitePeople, SqliteActs):
    """`durability`: what has been reported as stored survives a power cut, only the end of this process, or not
    even that. Raises StoreUnusable, and then the file is as it was.

    `pace`: seconds between two commits at the least, while many talk: they share one then.
    """

    def __init__(
        self, path: Path, runtime: Runtime, *, durability: Durability = "power", pace: float = 0.002
    ) -> None:
        make_ready(path)
        self._path = path
        self._trusting = durability == "none"
        try:
            db = connect_reader(path)
            writing = connect(path, "FULL" if durability == "power" else "NORMAL")
            version = accounts.data_version(writing)
            writer = Writer(writing, runtime, pace=pace)
            lookups = Reader(connect_reader(path), runtime, "lookups")
            searches = Reader(connect_reader(path), runtime, "searches")
        except sqlite3.Error as error:
            raise StoreUnusable(f"{path} cannot be used: {error}.") from error
        (writer.shown,) = db.execute("SELECT coalesce(max(seq), 0) FROM events").fetchone()
        super().__init__(runtime, Connections(writer, lookups, searches, db), version)

    # ---- keeping -------------------------------------------------------------------------------------------

    def append(self, events: Sequence[Event], done: Done) -> None:
        """See `Lines.append`."""
        kept = tuple(events)
        self._put(Job(lambda desk: desk.append(kept), _tell(done), len(kept)), done)

    def append_private(self, event: Event, owners: Collection[str], done: Done) -> None:
        """See `Lines.append_private`."""
        self._put(Job(partial(private.keep, event=event, owners=tuple(owners)), _tell(done)), done)

    def change(self, id_: int, text: str, done: Done) -> None:
        """See `Lines.change`."""
        self._put(Job(partial(Desk.change, id_=id_, text=text), _tell(done)), done, trusting=False)

    def erase(self, ids: Collection[int], done: Done) -> None:
        """See `Lines.erase`. Of none at all it is done when what was given before is."""
        self._put(Job(partial(Desk.erase, ids=tuple(ids)), _tell(done)), done, trusting=bool(ids))

    def rename_room(self, key: str, name: str, documents: Mapping[str, Any], done: Done) -> None:
        """See `Places.rename_room`."""
        written = {document: dump(value) for document, value in documents.items()}
        self._move_markers(key, fold(name))
        work = partial(rename_room, key=key, name=name, documents=written)
        self._put(Job(work, _tell(done)), done, trusting=False)

    def forget_before(
        self, room: str, *, id_: int | None = None, at: datetime | None = None, keep: int | None = None
    ) -> Awaitable[int]:
        """See `Lines.forget_before`."""
        return self._do_by_and_by(Forget(room, id_=id_, at=at, keep=keep))

    def restore(self, events: Sequence[Event]) -> Awaitable[int]:
        """See `Lines.restore`."""
        return self._do_by_and_by(Restore(events))

    # ---- space ---------------------------------------------------------------------------------------------

    def size(self) -> Awaitable[int]:
        """See `Space.size`."""
        return self._lookups.ask(space.size)

    def shares(self) -> Awaitable[list[Share]]:
        """See `Space.shares`."""
        return self._searches.ask(space.shares)

    def forget_private(self, account: str, *, keep: int) -> Awaitable[int]:
        """See `Space.forget_private`."""
        return self._do_by_and_by(space.ForgetPrivate(account, keep))

    def _do_by_and_by(self, work: Forget | Restore | space.ForgetPrivate) -> Awaitable[int]:
        waiter = self._runtime.waiter()

        def answer(value: Any, error: Exception | None) -> None:
            if error is None:
                waiter.callback(work.count)
            else:
                waiter.errback(error)

        try:
            self._writer.put(Chore(work.step, answer))
        except StoreBusy as error:
            waiter.errback(error)
        return waiter

    def _put(self, job: Job, done: Done, *, trusting: bool = True) -> None:
        """Queue it. A store that is told not to wait says that it is done before it is."""
        try:
            if self._trusting and trusting:
                self._writer.put(job._replace(answer=self._complain))
                done(None)
            else:
                self._writer.put(job)
        except StoreBusy as error:
            done(error)

    def _complain(self, value: Any, error: Exception | None) -> None:
        if error is not None:
            self._runtime.log.error("reported as stored, but was not: {error}", error=error)

    # ---- the whole -----------------------------------------------------------------------------------------

    def backup(self, path: Path) -> Awaitable[None]:
        """See `Store.backup`. In a thread of its own: it takes as long as the disk does."""
        waiter = self._runtime.waiter()

        def run() -> None:
            try:
                copy(self._path, path)
            except (OSError, sqlite3.Error) as error:
                sorry = StoreError(f"No copy was made: {error}.")
                self._runtime.from_thread(partial(waiter.errback, sorry))
            else:
                self._runtime.from_thread(partial(waiter.callback, None))

        Thread(target=run, name="teahouse-backup", daemon=True).start()
        return waiter

    def close(self) -> None:
        """See `Store.close`."""
        self.flush_markers()
        self._lookups.close()
        self._searches.close()
        self._writer.close()
        self._db.close()


def _tell(done: Done) -> Answer:
    return lambda _, error: done(error)
