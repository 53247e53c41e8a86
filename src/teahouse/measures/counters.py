"""What happens, counted. Rule: one addition for an event, a turn, a commit or a failure, and never one for each who
is shown it; no name of a person or a place is kept.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from teahouse.events import Event
    from teahouse.fanout.turn import Delivery

MOST = 200
"""Names in one tally; more than the house has. What comes over it is "other"."""
OTHER = "other"
BOUNDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0)
"""Seconds by which commits are told apart."""


class Tally(dict[str, int]):
    """How often, by name."""

    def add(self, name: str) -> None:
        """Once more."""
        if name not in self and len(self) >= MOST:
            name = OTHER
        self[name] = self.get(name, 0) + 1


class Durations:
    """How long something took: how many up to each bound, and all together."""

    __slots__ = ("counts", "seconds")

    def __init__(self) -> None:
        self.counts = [0] * (len(BOUNDS) + 1)
        self.seconds = 0.0

    def add(self, seconds: float) -> None:
        """One more."""
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.seconds += seconds

    @property
    def count(self) -> int:
        """How many there were."""
        return sum(self.counts)


class Counters:
    """Since the house was opened."""

    __slots__ = (
        "_messages",
        "commits",
        "deliveries",
        "drops",
        "events",
        "failed",
        "logins",
        "pushed",
        "refused",
        "store_failed_at",
        "store_failures",
        "uploaded_bytes",
        "uploads",
    )

    def __init__(self) -> None:
        self.events = Tally()
        """What happened in rooms and between people, by kind."""
        self._messages: dict[str, bool] = {}
        self.deliveries = 0
        """Events times those who heard them."""
        self.logins = 0
        self.refused = Tally()
        """What failed at the door, by the code of the error."""
        self.failed = Tally()
        """Commands of those who are in that failed, by the code of the error."""
        self.drops = Tally()
        """Connections that were put out: "slow", "flood" or "protocol"."""
        self.pushed = Tally()
        """Messages to push services, by what became of them: "sent", "gone", "refused" or "given-up"."""
        self.uploads = 0
        """Files that were kept."""
        self.uploaded_bytes = 0
        self.commits = Durations()
        """From giving the store what a turn has brought until it is told to be kept."""
        self.store_failures = 0
        self.store_failed_at: float | None = None
        """When the store last failed to keep something; None if it has kept something since."""

    def happened(self, event: Event) -> None:
        """An event, once, whoever is shown it."""
        kind = type(event).__name__  # not the class: an extension that is reloaded has another one
        if kind in self.events:
            self.events[kind] += 1
            return
        self.events.add(kind)
        if kind in self.events:
            self._messages[kind] = event.words and hasattr(event, "text") and not hasattr(event, "target")

    def delivered(self, delivery: Delivery) -> None:
        """A turn has gone out."""
        for block in delivery.shared:
            self.deliveries += len(block.entries) * len(block.sessions)

    def committed(self, seconds: float, now: float, *, failed: bool) -> None:
        """The store has answered."""
        self.commits.add(seconds)
        self.store_failed_at = now if failed else None
        self.store_failures += failed

    @property
    def messages(self) -> int:
        """Lines that people have said, in rooms and to each other."""
        return sum(self.events.get(kind, 0) for kind, is_one in self._messages.items() if is_one)
