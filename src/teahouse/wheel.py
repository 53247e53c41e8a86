"""One timer for all. Rule: a session has no timer of its own; it stands in the second in which it is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from teahouse.session import Session


class Wheel:
    """Sessions by the second (`Runtime.now`, rounded up) at which they want to be looked at."""

    __slots__ = ("_at", "_due")

    def __init__(self, now: float) -> None:
        self._at = int(now)
        self._due: dict[int, dict[Session, None]] = {}

    def add(self, session: Session, at: float) -> int:
        """Have the session returned by the first `due` at or after that time; the second in which it stands now."""
        second = max(int(at) + 1, self._at + 1)
        self._due.setdefault(second, {})[session] = None
        return second

    def remove(self, session: Session, second: int) -> None:
        """A session that is gone is kept no longer: many may come and go within the time to the next look."""
        standing = self._due.get(second, {})
        standing.pop(session, None)
        if not standing:
            self._due.pop(second, None)

    def due(self, now: float) -> list[Session]:
        """Those whose time has come, each once."""
        found: list[Session] = []
        second = int(now)
        if second - self._at > len(self._due):  # a long stop: fewer full seconds than seconds gone by
            for key in sorted(key for key in self._due if key <= second):
                found += self._due.pop(key)
        else:
            for key in range(self._at + 1, second + 1):
                found += self._due.pop(key, ())
        self._at = max(self._at, second)
        return found
