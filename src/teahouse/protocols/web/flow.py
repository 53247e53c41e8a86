"""An answer that goes on. Rule: as all output: what the client does not read waits within a bound, and over it the
client is dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from teahouse.runtime import Timer, Waiter
    from teahouse.server import Server


class StreamFlow:
    """See `Flow`. It is the producer of its request: told when the transport is full, and when it is gone."""

    gone: Callable[[], object] | None = None
    """Called once, when the client is gone."""

    def __init__(self, request: Any, server: Server) -> None:
        self._request = request
        self._runtime = server.runtime
        self._limit = server.limits.output_bytes
        self._seconds = server.limits.output_seconds
        self._drained: Waiter[bool] | None = None
        self._timer: Timer | None = None
        self._waiting: list[bytes] = []
        self._queued = 0
        self._is_full = self._is_over = False
        request.notifyFinish().addBoth(self._lost)
        request.registerProducer(self, True)

    def write(self, data: bytes) -> None:
        """See `Flow.write`."""
        if self._is_over or not data:
            return
        if not self._is_full:
            self._request.write(data)
            return
        self._waiting.append(data)
        self._queued += len(data)
        if self._queued > self._limit:
            self._request.channel.transport.abortConnection()

    async def drained(self) -> bool:
        """See `Flow.drained`."""
        if self._is_full and not self._is_over:
            self._drained = self._runtime.waiter()
            self._timer = self._runtime.later(self._seconds, self._too_slow)
            await self._drained
        return not self._is_over

    def _too_slow(self) -> None:
        self._timer = None
        self.break_off()

    def _tell_drained(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
        waiter, self._drained = self._drained, None
        if waiter is not None:
            waiter.callback(not self._is_over)

    def close(self) -> None:
        """See `Flow.close`."""
        if self._is_over:
            return
        self._flush()
        self._is_over = True
        self._request.unregisterProducer()
        self._request.channel.answers(0)
        self._request.finish()

    def break_off(self) -> None:
        """See `Flow.break_off`."""
        if not self._is_over:
            self._request.channel.transport.abortConnection()

    def _flush(self) -> None:
        waiting, self._waiting, self._queued = self._waiting, [], 0
        self._request.write(b"".join(waiting))

    # ---- what the transport says ---------------------------------------------------------------------------

    def pauseProducing(self) -> None:  # noqa: N802  IPushProducer
        """The transport is full."""
        self._is_full = True

    def resumeProducing(self) -> None:  # noqa: N802  IPushProducer
        """It has space again."""
        self._is_full = False
        if self._waiting:
            self._flush()
        if not self._is_full:
            self._tell_drained()

    def stopProducing(self) -> None:  # noqa: N802  IPushProducer
        """The connection is lost: `notifyFinish` tells it too."""

    def _lost(self, _: object) -> None:
        self._is_over = True
        self._waiting.clear()
        self._tell_drained()
        gone, self.gone = self.gone, None
        if gone is not None:
            gone()
