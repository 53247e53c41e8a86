"""An answer that is there already, for those who await one."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, Generic, TypeVar

from teahouse.store.records import StoreError

T = TypeVar("T")


class Ready(Generic[T]):
    """What a call gave or raised. Unlike a coroutine it has run before it is awaited, and need not be."""

    __slots__ = ("_error", "_value")

    def __init__(self, call: Callable[[], T]) -> None:
        self._error: StoreError | None = None
        try:
            self._value = call()
        except StoreError as error:
            self._error = error

    def __await__(self) -> Generator[Any, Any, T]:
        if self._error is not None:
            raise self._error
        return self._value
        yield  # a generator, but one that never waits
