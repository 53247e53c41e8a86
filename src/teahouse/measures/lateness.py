"""How late the house is with what it wants to do. Rule: it is found out by a call that comes once a second anyway,
and what is kept of it is bounded.
"""

from __future__ import annotations

from collections import deque

SAMPLES = 300
"""The last five minutes, at one a second."""


class Lateness:
    """The delays of the last calls."""

    __slots__ = ("_late", "last", "worst")

    def __init__(self) -> None:
        self._late: deque[float] = deque(maxlen=SAMPLES)
        self.worst = 0.0
        """The latest since somebody set this to 0."""
        self.last: float | None = None
        """When the last call was."""

    def tick(self, now: float, period: float) -> None:
        """A call that comes once in a period has come."""
        if self.last is not None:
            late = max(0.0, now - self.last - period)
            self._late.append(late)
            self.worst = max(self.worst, late)
        self.last = now

    def quantile(self, share: float) -> float:
        """So late, or less, was this share of the calls, in seconds; 0 before the first."""
        if not self._late:
            return 0.0
        ordered = sorted(self._late)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
