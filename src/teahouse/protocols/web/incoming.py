"""A body that a handler reads while it is coming. Rule: no more of it waits here than one read of the socket brings:
the next is read when this one was taken; and a client that is refused is listened to a little, so that it hears why.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from teahouse.runtime import Runtime, Waiter

PATIENCE = 16_777_216
"""Bytes that a client which was refused may go on sending. One that is still sending reads no answer, and closing the
connection in front of it throws the answer away."""
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Gone(Exception):
    """The client is gone: nobody hears an answer."""


class Incoming:
    """An asynchronous iterator over what comes. `is_asked_for`: whether the client waits to be told that it may send
    (`Expect: 100-continue`). `transport` is paused and resumed, and told that."""

    def __init__(self, runtime: Runtime, transport: Any, length: int | None, *, is_asked_for: bool) -> None:
        self._runtime = runtime
        self._transport = transport
        self._left = length
        self._is_asked_for = is_asked_for
        self._waiting: list[bytes] = []
        self._waiter: Waiter[None] | None = None
        self._error: Exception | None = None
        self._is_refused = False
        self._refused = 0
        self.length = length
        """See `exchange.Incoming.length`."""
        self.is_over = False
        """Whether all of it has come."""
        transport.pauseProducing()

    # ---- the handler ---------------------------------------------------------------------------------------

    def __aiter__(self) -> Incoming:
        return self

    async def __anext__(self) -> bytes:
        """Some more bytes. Raises Gone, and HttpError where it takes too long."""
        if self._is_asked_for and not self.is_over:
            self._is_asked_for = False
            self._transport.write(CONTINUE)
        while not self._waiting:
            if self._error is not None:
                raise self._error
            if self.is_over:
                raise StopAsyncIteration
            await self._next()
        data = b"".join(self._waiting)
        self._waiting.clear()
        return data

    async def rest(self) -> bool:
        """The answer is there: listen until the client has sent all, or as much as we have patience for. Whether the
        client is still there."""
        self._is_refused = True
        self._waiting.clear()
        while not (self.is_over or self._is_asked_for or self._error or self._is_too_long()):
            await self._next()
        return not isinstance(self._error, Gone)

    def _is_too_long(self) -> bool:
        return self._refused + (self._left or 0) > PATIENCE

    async def _next(self) -> None:
        self._waiter = self._runtime.waiter()
        self._transport.resumeProducing()
        await self._waiter

    # ---- the connection ------------------------------------------------------------------------------------

    def put(self, data: bytes) -> None:
        """Some more has come."""
        if self._left is not None:
            self._left -= len(data)
        if self._is_refused:
            self._refused += len(data)
        else:
            self._waiting.append(data)
        self._wake()

    def end(self) -> None:
        """That was all."""
        self.is_over = True
        self._wake()

    def fail(self, error: Exception) -> bool:
        """There will be no more; whether that is news. That the client is gone goes before all else."""
        if self.is_over or (self._error is not None and not isinstance(error, Gone)):
            return False
        self._error = error
        self._wake()
        return True

    def _wake(self) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is None:
            return
        if not self.is_over:
            self._transport.pauseProducing()
        self._runtime.later(
            0, partial(waiter.callback, None)
        )  # not while Twisted is in the middle of its parsing
