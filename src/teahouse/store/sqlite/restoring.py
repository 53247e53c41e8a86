"""Events that happened before come back. Rule: with the ids that they have; what is there already stays as it is, and
their words are in the index when it is said that they are back.
"""

from __future__ import annotations

from collections.abc import Sequence

from teahouse.events import Event
from teahouse.store.sqlite.desk import Desk

BATCH = 256
MERGE = 64


class Restore:
    """What is to come back, and how many have."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.count = 0
        self._events = {event.id: event for event in reversed(events)}
        self._are_in = False

    def step(self, desk: Desk) -> bool:
        """Put them in; after that, index some; whether there may be more."""
        if not self._are_in:
            self._put_in(desk)
            self._are_in = True
            return True
        more = desk.index(BATCH) == BATCH
        desk.merge(MERGE)
        return more

    def _put_in(self, desk: Desk) -> None:
        desk.forget_all()  # numbers of rooms and authors: the house may have given them to others meanwhile
        fresh = [each for each in reversed(self._events.values()) if not _is_there(desk, each)]
        desk.append(fresh)
        desk.flush()
        self.count = len(fresh)


def _is_there(desk: Desk, event: Event) -> bool:
    return desk.db.execute("SELECT 1 FROM events WHERE id = ?", (event.id,)).fetchone() is not None
