"""Locks, for what must not be done twice at the same time. Rule: who comes first goes first, and whoever gives up
waiting, or fails, lets the next one in.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from teahouse.runtime import Runtime, Waiter


class KeyedLocks:
    """A lock for each key, for coroutines: `async with locks.held(key)`."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._waiting: dict[str, deque[Waiter[None]]] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    @asynccontextmanager
    async def held(self, key: str) -> AsyncIterator[None]:
        """Wait for the lock of that key; it is free again at the end of the block."""
        if key in self._waiting:
            await self._wait(key)
        else:
            self._waiting[key] = deque()
        try:
            yield
        finally:
            self._next(key)

    async def _wait(self, key: str) -> None:
        waiter = self._runtime.waiter()
        self._waiting[key].append(waiter)
        try:
            await waiter
        except BaseException:
            if waiter in self._waiting[key]:
                self._waiting[key].remove(waiter)
            else:  # it has been let in at this very moment
                self._next(key)
            raise

    def _next(self, key: str) -> None:
        waiting = self._waiting[key]
        if waiting:  # later: a thousand who wait would stand in each other's stack
            self._runtime.later(0, partial(waiting.popleft().callback, None))
        else:
            del self._waiting[key]
