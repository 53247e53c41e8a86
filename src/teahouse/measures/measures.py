"""What a house knows of how it is doing. Rule: the last hour is kept minute by minute, and nothing beyond it; each
minute costs one look at the house.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from teahouse.measures.counters import Counters
from teahouse.measures.lateness import Lateness
from teahouse.measures.memory import resident_bytes

if TYPE_CHECKING:
    from teahouse.server import Server

MINUTE = 60.0
MINUTES = 60


class Minute(NamedTuple):
    """One minute: what came in it, and how it was at its end; `lateness` is the worst, in seconds."""

    messages: int
    requests: int
    people: int
    memory: int
    lateness: float
    waiting_bytes: int


class Measures:
    """The numbers of a house."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.counters = Counters()
        self.lateness = Lateness()
        self.minutes: deque[Minute] = deque(maxlen=MINUTES)
        """The last hour, the oldest first; the minute that runs is not in it."""
        self.started = self._minute_ends = server.runtime.now()
        self._messages = self._requests = 0

    def tick(self, now: float, period: float) -> None:
        """To be called once in a period."""
        if self.lateness.last is None:
            self._minute_ends = now + MINUTE
        self.lateness.tick(now, period)
        if now >= self._minute_ends:
            self._minute_ends = now + MINUTE
            self._end_minute()

    @property
    def uptime(self) -> float:
        """Seconds since the house was put together."""
        return self._server.runtime.now() - self.started

    @property
    def waiting_bytes(self) -> int:
        """What waits for those who do not read as fast as they are written to."""
        return sum(session.link.queued for session in self._server.sessions)

    @property
    def hour(self) -> list[Minute]:
        """The last hour, the oldest minute first; the last one is not over yet."""
        return [*self.minutes, self._minute()][-MINUTES:]

    def _minute(self) -> Minute:
        return Minute(
            messages=self.counters.messages - self._messages,
            requests=self._server.requests_served - self._requests,
            people=len(self._server.users),
            memory=resident_bytes(),
            lateness=self.lateness.worst,
            waiting_bytes=self.waiting_bytes,
        )

    def _end_minute(self) -> None:
        self.minutes.append(self._minute())
        self._messages, self._requests = self.counters.messages, self._server.requests_served
        self.lateness.worst = 0.0
