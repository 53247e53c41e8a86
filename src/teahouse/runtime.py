"""What the core may ask of the engine it runs on. Rule: this is all the core knows of Twisted; `reactor.py`
answers with the real one, tests with a clock that they turn by hand.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Generator, Mapping
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
Post = Callable[[str, bytes, Mapping[str, str]], Awaitable[int]]
"""Sends bytes with these headers to an address; the status of the answer, or `NO_ANSWER`. Never raises."""
NO_ANSWER = 0


class Log(Protocol):
    """As `twisted.logger.Logger`: a format string, and its values as keywords."""

    def debug(self, format: str, **values: Any) -> None: ...
    def info(self, format: str, **values: Any) -> None: ...
    def warn(self, format: str, **values: Any) -> None: ...
    def error(self, format: str, **values: Any) -> None: ...
    def failure(self, format: str, **values: Any) -> None:
        """Log the exception being handled, with its traceback."""


class Timer(Protocol):
    """Something that will be called later."""

    def cancel(self) -> None: ...


class Waiter(Protocol[T]):
    """A value that is not there yet: a handler awaits it, someone else brings it."""

    def callback(self, value: T) -> None: ...
    def errback(self, error: BaseException) -> None: ...
    def __await__(self) -> Generator[Any, Any, T]: ...


class Runtime(Protocol):
    """Time, tasks and the log."""

    log: Log

    def time(self) -> float:
        """Seconds since 1970, for people; may jump."""

    def now(self) -> float:
        """Seconds that only ever go forward, for limits and deadlines."""

    def later(self, delay: float, call: Callable[[], object]) -> Timer:
        """Call it after so many seconds; after 0, when all sockets that are ready now have been read."""

    def spawn(self, task: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine; it handles its own exceptions."""

    def waiter(self) -> Waiter[Any]:
        """A fresh one."""

    def from_thread(self, call: Callable[[], object]) -> None:
        """Have it called on the reactor's thread, soon; the one method that other threads may use."""
