"""Tickets: what lets a page that somebody has open upload one file. Rule: asked for over the connection of a session,
good once and for a minute; no cookie is involved, so another site's page has nothing to send.
"""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_urlsafe

SECONDS = 60.0
MOST = 1_000
MOST_OF_ONE = 20
"""More than a page asks for when somebody drops files on it, and no more than an account may upload."""
BYTES = 24


class Tickets:
    """Those that were given out and not used yet, the oldest first."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._given: dict[str, tuple[str, float]] = {}

    def give(self, account: str) -> str:
        """A new one for an account (by key); of too many its own oldest is void, else the oldest of all."""
        own = [each for each, (whose, _) in self._given.items() if whose == account]
        for each in own[: max(0, len(own) - MOST_OF_ONE + 1)]:
            del self._given[each]
        text = token_urlsafe(BYTES)
        self._given[text] = (account, self._now() + SECONDS)
        while len(self._given) > MOST:
            del self._given[next(iter(self._given))]
        return text

    def use(self, text: str) -> str:
        """Whose it is; "" for none, or one that was used or is too old."""
        account, until = self._given.pop(text, ("", 0.0))
        return account if self._now() < until else ""
