"""A reactor that is turned by the test, for stores: it waits for threads, never for time."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from queue import SimpleQueue
from typing import Any, TypeVar

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from teahouse.events import Event, Said, stamp
from teahouse.runtime import Log
from teahouse.store import Account, Nick, Store
from teahouse.text import fold, skeleton

T = TypeVar("T")
START = datetime(2026, 11, 20, 12, tzinfo=UTC)
PATIENCE = 30.0


class Notes:
    """A log that a test can read."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def debug(self, format: str, **values: Any) -> None: ...

    def info(self, format: str, **values: Any) -> None: ...

    def warn(self, format: str, **values: Any) -> None:
        self.lines.append(format.format(**values))

    error = warn

    def failure(self, format: str, **values: Any) -> None:
        raise AssertionError(format.format(**values) + Failure().getTraceback())  # type: ignore[no-untyped-call]


class Rig:
    """A Runtime. Timers wait for `fire`."""

    def __init__(self) -> None:
        self.notes = Notes()
        self.log: Log = self.notes
        self._calls: SimpleQueue[Callable[[], object]] = SimpleQueue()
        self._timers: list[Callable[[], object]] = []
        self.time = time.time
        self.now = time.monotonic

    def later(self, delay: float, call: Callable[[], object]) -> Any:
        self._timers.append(call)

    def spawn(self, task: Coroutine[Any, Any, None]) -> None:
        Deferred.fromCoroutine(task)

    def waiter(self) -> Deferred[Any]:
        return Deferred()

    def from_thread(self, call: Callable[[], object]) -> None:
        self._calls.put(call)

    # ---- for the test --------------------------------------------------------------------------------------

    def fire(self) -> None:
        """All timers are due."""
        timers, self._timers = self._timers, []
        for call in timers:
            call()

    def until(self, there: Callable[[], object]) -> None:
        """Turn until it is so."""
        while not there():
            self._calls.get(timeout=PATIENCE)()

    def wait(self, awaitable: Awaitable[T]) -> T:
        """What it brings, or raises."""
        got: list[Any] = []

        async def run() -> T:
            return await awaitable

        Deferred.fromCoroutine(run()).addBoth(got.append)
        self.until(lambda: got)
        if isinstance(got[0], Failure):
            got[0].raiseException()
        value: T = got[0]
        return value

    def append(self, store: Store, events: Sequence[Event]) -> Exception | None:
        """Append, and how it went."""
        return self.told(lambda done: store.append(events, done))

    def told(self, ask: Callable[[Callable[[Exception | None], None]], None]) -> Exception | None:
        """What a method says to its `done`."""
        said: list[Exception | None] = []
        ask(said.append)
        self.until(lambda: said)
        return said[0]


def said(number: int, text: str = "", room: str = "lobby", who: str = "amy") -> Said:
    """The event of that number: its id and its time go with it."""
    event = Said(who, text or f"line {number}")
    stamp(event, room, number << 20, START + timedelta(seconds=number, microseconds=number))
    return event


def account(name: str, *nicks: str, **more: Any) -> Account:
    """An account, with nicks that it reserves."""
    own = tuple(Nick(nick, fold(nick), skeleton(nick)) for nick in nicks)
    return Account(
        name=name,
        key=fold(name),
        look=skeleton(name),
        password="$argon2id$...",
        created=START,
        seen=START,
        nicks=own,
        **more,
    )
