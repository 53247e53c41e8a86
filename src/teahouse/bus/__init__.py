"""What connects nodes. Rule: the bus tells the *other* nodes; what happens here reaches people here without it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from teahouse.events import Event

Receive = Callable[[Sequence[Event]], None]


class Bus(Protocol):
    """Carries what happened in the rooms at home here to the other nodes, and theirs to here."""

    def publish(self, events: Sequence[Event]) -> None:
        """Tell all other nodes, in this order; never fails and never waits."""

    def subscribe(self, receive: Receive) -> None:
        """Have `receive` called with what other nodes publish, each node's events in its order."""

    def close(self) -> None:
        """Stop; nothing is received after this."""
