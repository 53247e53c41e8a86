"""The way out for bytes. Rule: a write costs one `send` on the socket while nothing waits before it; what does not
fit waits in a bounded queue of references to blocks that others may share, and over the bound its reader is
dropped, not the memory filled.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from twisted.internet import tcp
from twisted.internet.interfaces import IPushProducer
from zope.interface import implementer

CHUNK = 65_536


@implementer(IPushProducer)
class Outlet:
    """Mixed into a protocol whose `transport` is connected. Nothing here raises for what the peer does."""

    transport: Any
    limit: int

    __slots__ = ("_closing", "_direct", "_paused", "_queue", "_queued")

    def open_outlet(self) -> None:
        """To be called when the connection is made."""
        self._queue: deque[bytes] | None = None
        self._queued = 0
        self._closing = False
        self._paused = False
        plain = type(self.transport) is tcp.Server and not self.transport.TLS
        self._direct = self.transport.getHandle() if plain else None
        if not plain:  # TLS and others tell by themselves when they are full
            self.transport.registerProducer(self, True)

    @property
    def queued(self) -> int:
        """Bytes that wait for the reader, those in the kernel and the transport not counted."""
        return self._queued

    def write(self, data: bytes) -> None:
        """Send, now if possible."""
        if self._queue is not None:
            self._enqueue(data)
        elif self._direct is None:
            self.transport.write(data)
        elif data:
            try:
                sent = self._direct.send(data)
            except BlockingIOError:
                sent = 0
            except OSError:
                return  # the connection is gone; the reactor learns it by reading
            if sent != len(data):
                self._begin_waiting(data[sent:])

    def close(self) -> None:
        """End the connection when all that was written has been sent."""
        self._closing = True
        if self._queue is None:
            self._lose()

    def forget_output(self) -> None:
        """Throw away what waits, but for the block that is half sent."""
        if self._queue:
            self._queue.clear()
            self._queued = 0

    # ---- while the reader is slow --------------------------------------------------------------------------

    def outlet_stalled(self, *, is_so: bool) -> None:
        """Output has begun to wait, or no longer does."""
        raise NotImplementedError

    def outlet_overflowed(self) -> None:
        """More waits than may: the reader is to be dropped."""
        raise NotImplementedError

    def pauseProducing(self) -> None:  # noqa: N802  IPushProducer
        """The transport is full."""
        self._paused = True
        if self._queue is None:
            self._queue = deque()
            self.outlet_stalled(is_so=True)

    def resumeProducing(self) -> None:  # noqa: N802  IPushProducer
        """The transport has space: give it what waits, or go back to writing directly."""
        self._paused = False
        while self._queue and not self._paused:
            self.transport.write(self._next_chunk())
            if self._direct is not None:
                return  # a pull producer is asked again
        if self._queue is not None and not self._queue and not self._paused:
            self._stop_waiting()

    def stopProducing(self) -> None:  # noqa: N802  IPushProducer
        """The connection is lost."""
        self._queue = None
        self._queued = 0

    def _begin_waiting(self, rest: bytes) -> None:
        self._queue = deque((rest,))
        self._queued = len(rest)
        self.outlet_stalled(is_so=True)
        self.transport.registerProducer(self, False)

    def _stop_waiting(self) -> None:
        self._queue = None
        if self._direct is not None:
            self.transport.unregisterProducer()
        self.outlet_stalled(is_so=False)
        if self._closing:
            self._lose()

    def _lose(self) -> None:
        if self._direct is None:
            self.transport.unregisterProducer()  # TLS does not close while more might be written
        self.transport.loseConnection()

    def _enqueue(self, data: bytes) -> None:
        assert self._queue is not None
        self._queue.append(data)
        self._queued += len(data)
        if self._queued > self.limit:
            self.forget_output()
            self.outlet_overflowed()

    def _next_chunk(self) -> bytes:
        assert self._queue is not None
        parts, size = [], 0
        while self._queue and size < CHUNK:
            parts.append(self._queue.popleft())
            size += len(parts[-1])
        self._queued -= size
        return parts[0] if len(parts) == 1 else b"".join(parts)
