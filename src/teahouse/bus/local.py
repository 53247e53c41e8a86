"""The bus of a house with one node: there is nobody else to tell."""

from __future__ import annotations

from collections.abc import Sequence

from teahouse.bus import Receive
from teahouse.events import Event


class LocalBus:
    """See `Bus`."""

    def publish(self, events: Sequence[Event]) -> None:
        """Nobody else is there."""

    def subscribe(self, receive: Receive) -> None:
        """Nothing ever comes."""

    def close(self) -> None:
        """Nothing to stop."""
