"""How much space what was said takes, and who gives when there is no more. Rule: those give who have most, their
oldest first, so that nobody can talk what others have said out of the house.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import NamedTuple, Protocol


class Share(NamedTuple):
    """What is kept of one room, or of one account's private messages (the other of the two is "")."""

    room: str
    account: str
    lines: int
    bytes: int
    """By estimate."""


class Space(Protocol):
    """Weighs what is kept."""

    def size(self) -> Awaitable[int]:
        """Bytes of the disk that are in use; 0 for a store that has its own bounds."""

    def shares(self) -> Awaitable[list[Share]]:
        """Who has how much of it. Looks at everything: a second for ten million lines."""

    def forget_private(self, account: str, *, keep: int) -> Awaitable[int]:
        """Forget all but the last `keep` private messages of an account; how many that were."""


def levelled(shares: Sequence[Share], much: int) -> list[tuple[Share, int]]:
    """Who has to give so that `much` bytes go, and how many lines each keeps: nobody below any who gives."""
    found: list[tuple[Share, int]] = []
    by_size = sorted((each for each in shares if each.bytes), key=lambda each: -each.bytes)
    above = 0
    for number, share in enumerate(by_size, 1):
        above += share.bytes
        level = (above - much) / number  # as much as each of these keeps if they alone give
        rest = by_size[number].bytes if number < len(by_size) else 0
        if level >= rest:
            found = [(each, int(each.lines * level / each.bytes)) for each in by_size[:number]]
            return [(each, keep) for each, keep in found if keep < each.lines]
    return [(each, 0) for each in by_size]
