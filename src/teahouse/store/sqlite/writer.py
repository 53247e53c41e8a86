"""The one thread that writes. Rule: it takes all that waits into one transaction, and says so once, with one call
to the reactor; a job is done whole or not at all.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, NamedTuple

from teahouse.runtime import Runtime
from teahouse.store.records import StoreBusy, StoreError
from teahouse.store.sqlite.desk import Desk
from teahouse.store.sqlite.upkeep import BATCH, Upkeep, rollback

MOST_IN_ONE = 1_000
"""Events in one transaction."""
MOST_WAITING = 20_000
"""Events that may wait: over it, jobs are refused."""
IDLE = 0.05
"""Seconds without a job after which the writer looks after the file."""
TROUBLE = 5.0
"""Seconds until it tries that again, where it failed (a full disk, somebody's lock)."""
Work = Callable[[Desk], Any]
Answer = Callable[[Any, Exception | None], None]


class Job(NamedTuple):
    """`work` is done in the writer's thread, `answer` is told its value or its error on the reactor's.

    `lines`: how many events it appends; a job that does nothing else needs no savepoint of its own.
    """

    work: Work
    answer: Answer
    lines: int = 0


class Chore(NamedTuple):
    """Work in many small transactions, until `step` says that there is no more of it."""

    step: Callable[[Desk], bool]
    answer: Answer


class _Stop(NamedTuple):
    """The last thing in the queue."""


Outcome = tuple[Answer, Any, Exception | None]


class Writer:
    """The queue, the thread behind it, and the way back."""

    def __init__(self, db: sqlite3.Connection, runtime: Runtime, *, pace: float = 0.0) -> None:
        self.shown = 0
        """The `seq` of the last event that has been reported; for the reactor's thread."""
        self._runtime = runtime
        self._pace = pace
        self._waiting = 0
        self._closed = False
        self._queue: SimpleQueue[Job | Chore | _Stop] = SimpleQueue()
        self._reports: SimpleQueue[tuple[int, int, list[Outcome]]] = SimpleQueue()
        self._desk = Desk(db)
        self._upkeep = Upkeep(self._desk)
        self._chores: list[Chore] = []
        self._stopping = False
        self._idle = False
        self._last_commit = 0.0
        self._not_before = 0.0
        self._thread = Thread(target=self._run, name="teahouse-store", daemon=True)
        self._thread.start()

    # ---- on the reactor's thread ---------------------------------------------------------------------------

    def put(self, job: Job | Chore) -> None:
        """Have it done. Raises StoreBusy where too much waits."""
        weight = _weight(job)
        if self._closed or self._waiting + weight > MOST_WAITING:
            raise StoreBusy("The store is closed." if self._closed else "Too much waits to be written down.")
        self._waiting += weight
        self._queue.put(job)

    def close(self) -> None:
        """Finish what waits, tell of it, and end."""
        if not self._closed:
            self._closed = True
            self._queue.put(_Stop())
            self._thread.join()
            self._report()

    def _report(self) -> None:
        """Tell of everything that has been finished, in order."""
        while True:
            try:
                weight, last, outcomes = self._reports.get_nowait()
            except Empty:
                return
            self._waiting -= weight
            self.shown = max(self.shown, last)
            for answer, value, error in outcomes:
                try:
                    answer(value, error)
                except Exception:  # noqa: BLE001  one caller's trouble is not the next one's
                    self._runtime.log.failure("after a commit")

    # ---- on the writer's -----------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping:
            group = self._gather()
            if group:
                self._commit(group)
            if self._chores:
                self._do_chore()
            elif not group:
                self._look_after()
            else:
                self._keep_up(group)
            self._idle = not group
        self._abandon()

    def _keep_up(self, group: list[Job]) -> None:
        """As much of the pressing work as these lines have made, so that it does not become more and more."""
        for _ in range(1 + sum(job.lines for job in group) // BATCH):
            if self._upkeep.is_pressing():
                self._look_after()

    def _gather(self) -> list[Job]:
        """Everything that waits, up to a bound; nothing, after a while, when there is other work."""
        group: list[Job] = []
        events = 0
        try:
            found = self._queue.get(timeout=self._patience())
            self._keep_pace()
            while True:
                if isinstance(found, _Stop):
                    self._stopping = True
                    return group
                if isinstance(found, Chore):
                    self._chores.append(found)
                else:
                    group.append(found)
                    events += _weight(found)
                if events >= MOST_IN_ONE:
                    return group
                found = self._queue.get_nowait()
        except Empty:
            return group

    def _patience(self) -> float | None:
        if self._chores:
            return 0
        due = self._upkeep.due_in()
        if due is None:
            return None
        return max(due, 0 if self._idle else IDLE, self._not_before - time.monotonic())

    def _keep_pace(self) -> None:
        """Commits follow each other no faster than this: what comes meanwhile shares the next one."""
        early = self._last_commit + self._pace - time.monotonic()
        if 0 < early <= self._pace:
            time.sleep(early)

    def _commit(self, group: list[Job]) -> None:
        db = self._desk.db
        try:
            db.execute("BEGIN IMMEDIATE")
            outcomes = [self._do(job) for job in group]
            self._desk.flush()
            db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self._undo()
            self._tell(group, [(job.answer, None, _said(error)) for job in group])
        except Exception as error:  # noqa: BLE001  one of them cannot be stored: which is found by trying each
            self._undo()
            if len(group) == 1:
                self._tell(group, [(group[0].answer, None, _said(error))])
            else:
                for job in group:
                    self._commit([job])
        else:
            self._last_commit = time.monotonic()
            self._upkeep.wrote(sum(job.lines for job in group))
            self._tell(group, outcomes)

    def _do(self, job: Job) -> Outcome:
        if job.lines:
            return job.answer, job.work(self._desk), None
        self._desk.flush()
        self._desk.db.execute("SAVEPOINT job")
        try:
            return job.answer, job.work(self._desk), None
        except StoreError as error:
            self._desk.db.execute("ROLLBACK TO job")
            return job.answer, None, error
        finally:
            if self._desk.db.in_transaction:
                self._desk.db.execute("RELEASE job")

    def _do_chore(self) -> None:
        chore = self._chores[0]
        db = self._desk.db
        try:
            db.execute("BEGIN IMMEDIATE")
            before = db.total_changes
            more = chore.step(self._desk)
            db.execute("COMMIT")
        except Exception as error:  # noqa: BLE001  as in `_commit`
            self._undo()
            self._chores.pop(0)
            self._tell((), [(chore.answer, None, _said(error))])
            return
        self._upkeep.wrote(0, db.total_changes - before)
        self._keep_up([])
        if not more:
            self._chores.pop(0)
            self._tell((), [(chore.answer, None, None)], weight=1)

    def _look_after(self) -> None:
        """Chores of the file itself. Where they fail nothing is lost: later, then."""
        if time.monotonic() < self._not_before:
            return
        try:
            if not self._upkeep.step():
                self._not_before = time.monotonic() + TROUBLE
        except Exception as error:  # noqa: BLE001  whatever it is, the thread goes on: people talk
            self._undo()
            self._not_before = time.monotonic() + TROUBLE
            self._log("the store could not look after its file: {error}", error)

    def _undo(self) -> None:
        self._desk.forget_all()
        try:
            rollback(self._desk.db)
        except sqlite3.Error as error:
            self._log("the store could not undo: {error}", error)

    def _tell(self, group: list[Job] | tuple[()], outcomes: list[Outcome], weight: int = 0) -> None:
        weight += sum(_weight(job) for job in group)
        self._reports.put((weight, self._desk.last, outcomes))
        self._runtime.from_thread(self._report)

    def _abandon(self) -> None:
        """The end: chores that are not finished begin again when they are asked for again."""
        for chore in self._chores:
            self._tell((), [(chore.answer, None, StoreError("The house is closing."))], weight=1)
        try:
            self._upkeep.checkpoint()  # the last who closes the file clears the log away
        except sqlite3.Error as error:
            self._log("the store closes without a checkpoint: {error}", error)
        self._desk.db.close()

    def _log(self, text: str, error: Exception) -> None:
        self._runtime.from_thread(partial(self._runtime.log.warn, text, error=str(error)))


def _weight(job: Job | Chore) -> int:
    return max(1, job.lines) if isinstance(job, Job) else 1


def _said(error: Exception) -> StoreError:
    if isinstance(error, StoreError):
        return error
    return StoreError(f"The house cannot write that down: {error}.")
