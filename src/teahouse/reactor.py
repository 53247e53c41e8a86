"""The engine: what `runtime.py` asks for, answered by Twisted."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from typing import Any

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from teahouse.runtime import Log


class TwistedRuntime:
    """See `Runtime`. A Twisted reactor keeps time by the wall clock, which may jump; limits and deadlines here
    go by the monotonic one."""

    def __init__(
        self,
        reactor: Any,
        now: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.log: Log = Logger(namespace="teahouse")
        self.now = now
        self.time = wall
        self._reactor = reactor

    def later(self, delay: float, call: Callable[[], object]) -> Any:
        """See `Runtime.later`: a Twisted reactor runs its calls between two rounds of reading."""
        return self._reactor.callLater(delay, call)

    def spawn(self, task: Coroutine[Any, Any, None]) -> None:
        """See `Runtime.spawn`."""
        Deferred.fromCoroutine(task).addErrback(self._failed)

    def waiter(self) -> Deferred[Any]:
        """See `Runtime.waiter`."""
        return Deferred()

    def from_thread(self, call: Callable[[], object]) -> None:
        """See `Runtime.from_thread`."""
        self._reactor.callFromThread(call)

    def _failed(self, failure: Failure) -> None:
        try:
            failure.raiseException()
        except Exception:  # noqa: BLE001  a task has nobody to tell it to
            self.log.failure("a task failed")
