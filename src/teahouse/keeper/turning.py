"""A runtime without a reactor, for a command that asks the store a few things. Rule: one question at a time, and
nothing happens but while an answer is waited for.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Coroutine, Generator
from functools import partial
from queue import SimpleQueue
from typing import Any, Generic, TypeVar, cast

import click

from teahouse.runtime import Log

T = TypeVar("T")


class Answer(Generic[T]):
    """See `Waiter`."""

    def __init__(self) -> None:
        self._take: Callable[[], T] | None = None

    @property
    def is_there(self) -> bool:
        """Whether it has been brought."""
        return self._take is not None

    def callback(self, value: T) -> None:
        """It is this."""
        self._take = partial(_give, value)

    def errback(self, error: BaseException) -> None:
        """There is none."""
        self._take = partial(_throw, error)

    def __await__(self) -> Generator[Any, Any, T]:
        while self._take is None:
            yield self
        return self._take()


class Turning:
    """See `Runtime`. What the store does later in a house that runs long, it does on closing here."""

    def __init__(self) -> None:
        self.log: Log = Notes()
        self.time = time.time
        self.now = time.monotonic
        self._calls: SimpleQueue[Callable[[], object]] = SimpleQueue()

    def later(self, delay: float, call: Callable[[], object]) -> Any:
        """See `Runtime.later`: that late, no command runs any more."""

    def spawn(self, task: Coroutine[Any, Any, None]) -> None:
        """See `Runtime.spawn`."""
        self.wait(task)

    def waiter(self) -> Answer[Any]:
        """See `Runtime.waiter`."""
        return Answer()

    def from_thread(self, call: Callable[[], object]) -> None:
        """See `Runtime.from_thread`."""
        self._calls.put(call)

    def wait(self, awaitable: Awaitable[T]) -> T:
        """What it brings, or raises."""
        steps = awaitable.__await__()
        try:
            while True:
                answer: Answer[Any] = next(steps)
                while not answer.is_there:
                    self._calls.get()()
        except StopIteration as end:
            return cast(T, end.value)


class Notes:
    """See `Log`: trouble goes to standard error, the rest is no news."""

    def debug(self, format: str, **values: Any) -> None:
        """See `Log`."""

    def info(self, format: str, **values: Any) -> None:
        """See `Log`."""

    def warn(self, format: str, **values: Any) -> None:
        """See `Log`."""
        click.echo(f"Warning: {format.format(**values)}", err=True)

    error = failure = warn


def _give(value: T) -> T:
    return value


def _throw(error: BaseException) -> Any:
    raise error
