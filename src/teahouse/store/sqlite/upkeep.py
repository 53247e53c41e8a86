"""What the writer does while nobody waits for it: the word index, and checkpoints. Rule: in steps of a few
milliseconds, each its own transaction, so that a line that comes meanwhile is hardly held up.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable

from teahouse.store.sqlite.desk import Desk

LAZY = 512
"""Lines that may be out of the index for ever: searching looks at the newest lines one by one."""
BATCH = 256
"""Lines indexed in one step: some 6 ms."""
LONGEST_TAIL = 16_384
"""Lines out of the index above which they are indexed even while people wait."""
MERGE = 16
"""Pages merged in one step."""
SCRUB_PAUSE = 600.0
"""Seconds from one scrub to the next: it goes through all of the index, 2.5 s of work for a million lines."""
DEBT, HEAVY_DEBT = 256, 4_096
"""Pages in the write-ahead log, by estimate, for a checkpoint: when idle, and at any time."""


class Upkeep:
    """Knows what is due. `pressing` work is done between two commits, the rest when nothing comes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        seq, indexed, *_ = desk.db.execute(
            "SELECT (SELECT max(seq) FROM events), value FROM meta WHERE key = 'indexed'"
        ).fetchone()
        self._tail = max(0, (seq or 0) - indexed)
        self._debt = 1
        self._merging = True
        (desk.erased,) = desk.db.execute("SELECT value FROM meta WHERE key = 'scrub'").fetchone()
        self._truncate = False
        self._scrub_from = 0.0

    def wrote(self, events: int, rows: int = 0) -> None:
        """That much was committed: new events, or rows of any kind."""
        self._tail += events
        self._debt += 4 + (events + rows) // 8

    def due_in(self) -> float | None:
        """Seconds until an idle writer has something to do; None: nothing."""
        if self._tail >= LAZY or self._merging or self._debt >= DEBT or self._truncate:
            return 0
        return max(0, self._scrub_from - time.monotonic()) if self._desk.erased else None

    def is_pressing(self) -> bool:
        """Whether a busy one has, too."""
        return self._tail > LONGEST_TAIL or self._debt > HEAVY_DEBT

    def step(self) -> bool:
        """Do a little of it. False where another program keeps it from going on: later, then. Waiting for one (a
        backup) would keep everybody who talks waiting too."""
        db = self._desk.db
        (patience,) = db.execute("PRAGMA busy_timeout").fetchone()
        db.execute("PRAGMA busy_timeout = 0")
        try:
            return self._do()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            return False
        finally:
            db.execute(f"PRAGMA busy_timeout = {patience}")

    def _do(self) -> bool:
        if self._debt > HEAVY_DEBT:
            self.checkpoint()
        elif self._tail >= (LONGEST_TAIL if self._desk.erased else LAZY):
            self._tail = self._tail - BATCH if self._in_transaction(self._index) else 0
            self._merging = True
        elif self._desk.erased and time.monotonic() >= self._scrub_from:
            self._desk.erased = self._in_transaction(self._scrub)
            if not self._desk.erased:
                self._truncate = True
                self._scrub_from = time.monotonic() + SCRUB_PAUSE
        elif self._merging:
            self._merging = self._in_transaction(lambda: self._desk.merge(MERGE))
        elif self._truncate:
            self._truncate = not self._cut_off()
            return not self._truncate
        else:
            self.checkpoint()
        return True

    def checkpoint(self) -> None:
        """Bring the log into the file. Afterwards the log is written over from its start, which needs no new
        blocks and so costs half of what a growing one does; only erasing cuts it off."""
        self._desk.db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        self._debt = 0

    def _cut_off(self) -> bool:
        """Leave nothing in the log, if no other program reads just now."""
        (is_busy, *_) = self._desk.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        self._debt = 0
        return not is_busy

    def _index(self) -> bool:
        full = self._desk.index(BATCH) == BATCH
        if self._tail > LONGEST_TAIL:
            self._desk.merge(4 * MERGE)  # nobody idles: or the pieces would become too many
        self._debt += BATCH // 8
        return full

    def _scrub(self) -> bool:
        """Merge all of the index into one piece: only then are erased words out of it."""
        if self._desk.merge(-MERGE):
            self._debt += 2 * MERGE
            return True
        self._desk.db.execute("UPDATE meta SET value = 0 WHERE key = 'scrub'")
        return False

    def _in_transaction(self, work: Callable[[], bool]) -> bool:
        db = self._desk.db
        db.execute("BEGIN IMMEDIATE")
        try:
            more = work()
            db.execute("COMMIT")
        except BaseException:
            rollback(db)
            raise
        return more


def rollback(db: sqlite3.Connection) -> None:
    """Undo what was begun; an error may have done so already."""
    if db.in_transaction:
        db.execute("ROLLBACK")
