"""A thread that reads. Rule: it has a connection of its own that cannot write, a bounded queue, and never keeps
anybody waiting who asked another one.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Awaitable, Callable
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from teahouse.runtime import Runtime, Waiter
from teahouse.store.records import StoreBusy, StoreError

MOST_WAITING = 1_000
LONGEST = 5.0
"""Seconds after which a question is given up."""
T = TypeVar("T")
Question = Callable[[sqlite3.Connection], Any]


class Reader:
    """Answers questions, one after the other."""

    def __init__(self, db: sqlite3.Connection, runtime: Runtime, name: str) -> None:
        self._db = db
        self._runtime = runtime
        self._waiting = 0
        self._closed = False
        self._until = 0.0
        self._queue: SimpleQueue[tuple[Question, Waiter[Any]] | None] = SimpleQueue()
        self._answers: SimpleQueue[Callable[[], object]] = SimpleQueue()
        db.set_progress_handler(self._is_too_long, 50_000)
        self._thread = Thread(target=self._run, name=f"teahouse-{name}", daemon=True)
        self._thread.start()

    def ask(self, question: Callable[[sqlite3.Connection], T]) -> Awaitable[T]:
        """What the question finds."""
        waiter: Waiter[T] = self._runtime.waiter()
        if self._closed or self._waiting >= MOST_WAITING:
            waiter.errback(StoreBusy("Too many questions wait: try again in a moment."))
            return waiter
        self._waiting += 1
        self._queue.put((question, waiter))
        return waiter

    def close(self) -> None:
        """Answer what was asked, and end."""
        if not self._closed:
            self._closed = True
            self._queue.put(None)
            self._thread.join()
            self._give()

    def _give(self) -> None:
        while True:
            try:
                answer = self._answers.get_nowait()
            except Empty:
                return
            self._waiting -= 1
            answer()

    def _run(self) -> None:
        while (asked := self._queue.get()) is not None:
            question, waiter = asked
            self._until = time.monotonic() + LONGEST
            try:
                answer: Callable[[], object] = partial(waiter.callback, question(self._db))
            except StoreError as error:
                answer = partial(waiter.errback, error)
            except Exception as error:  # noqa: BLE001  a damaged file, a full table of files: the asker is told
                answer = partial(waiter.errback, StoreError(f"The house cannot look that up: {error}."))
            self._answers.put(answer)
            self._runtime.from_thread(self._give)
        self._db.close()

    def _is_too_long(self) -> bool:
        return time.monotonic() > self._until
