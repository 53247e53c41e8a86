"""What people are notified of and have not read. Rule: what is known to be read is not sent, and what was sent is
told to be read once; of too many places the oldest are forgotten.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

MOST = 10_000
"""Places (a room or conversation of one account) that are known."""


class Unread(NamedTuple):
    """What somebody is notified of in one place: the ids of the first and the last event."""

    first: int
    last: int
    is_sent: bool = False


class UnreadPlaces:
    """By account (its key) and place (a room's key, or `@nick`)."""

    def __init__(self) -> None:
        self._places: OrderedDict[tuple[str, str], Unread] = OrderedDict()

    def add(self, account: str, place: str, id_: int) -> None:
        """Somebody is about to be notified of this event."""
        before = self._places.pop((account, place), Unread(id_, id_))
        self._places[account, place] = before._replace(last=id_)
        if len(self._places) > MOST:
            self._places.popitem(last=False)

    def has(self, account: str, place: str, id_: int) -> bool:
        """Whether it is still unread; then it counts as sent."""
        found = self._places.get((account, place))
        if found is None or id_ < found.first:
            return False
        self._places[account, place] = found._replace(is_sent=True)
        return True

    def read(self, account: str, place: str, id_: int) -> bool:
        """It has been read up to there; whether devices show something that is to go now."""
        found = self._places.get((account, place))
        if found is None or found.last > id_:
            return False
        del self._places[account, place]
        return found.is_sent
