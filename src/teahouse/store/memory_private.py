"""Private messages in memory. Rule: as in `memory.py`."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Collection, Iterable
from itertools import islice

from teahouse.events import Event
from teahouse.store.lines import MOST, Done
from teahouse.store.memory_people import MemoryPeople
from teahouse.store.private import peer_of
from teahouse.store.ready import Ready
from teahouse.store.space import Share
from teahouse.store.spans import EVER, Span, span


class MemoryPrivate(MemoryPeople):
    """The last messages of each account, until the process ends."""

    def __init__(self, per_account: int) -> None:
        super().__init__()
        self._per_account = per_account

    def append_private(self, event: Event, owners: Collection[str], done: Done) -> None:
        """See `Lines.append_private`."""
        for key in set(owners) & self._accounts.keys():
            self._private.setdefault(key, deque(maxlen=self._per_account)).append(event)
        done(None)

    def inbox(self, account: str, *, after: int = 0, count: int = 100) -> Awaitable[list[Event]]:
        """See `Lines.inbox`."""
        found = (event for event in self._private.get(account, ()) if event.id > after)
        return Ready(lambda: list(islice(found, min(count, MOST))))

    def conversation(  # noqa: PLR0913  as in the protocol
        self,
        account: str,
        peer: str,
        count: int,
        *,
        before: int | None = None,
        after: int | None = None,
        latest: bool = False,
    ) -> Awaitable[list[Event]]:
        """See `Lines.conversation`."""
        found = (event for event in self._private.get(account, ()) if self._peer(account, event) == peer)
        return Ready(lambda: part(found, span(count, before, after, latest)))

    def conversations(
        self, account: str, *, after: int = 0, before: int | None = None, count: int = 100
    ) -> Awaitable[list[tuple[str, int]]]:
        """See `Lines.conversations`."""
        last: dict[str, int] = {}
        for event in self._private.get(account, ()):
            peer = self._peer(account, event)
            last[peer] = max(event.id, last.get(peer, 0))
        high = EVER if before is None else before
        found = sorted((id_, peer) for peer, id_ in last.items() if after < id_ < high)
        count = max(0, min(count, MOST))
        return Ready(lambda: [(peer, id_) for id_, peer in found[len(found) - min(count, len(found)) :]])

    def size(self) -> Awaitable[int]:
        """See `Space.size`."""
        return Ready(lambda: 0)

    def shares(self) -> Awaitable[list[Share]]:
        """See `Space.shares`: a line is a byte here."""
        return Ready(self._private_shares)

    def forget_private(self, account: str, *, keep: int) -> Awaitable[int]:
        """See `Space.forget_private`."""
        kept = self._private.get(account, deque())
        gone = max(0, len(kept) - max(0, keep))
        for _ in range(gone):
            kept.popleft()
        return Ready(lambda: gone)

    def _private_shares(self) -> list[Share]:
        return [Share("", key, len(each), len(each)) for key, each in self._private.items() if each]

    def _peer(self, account: str, event: Event) -> str:
        return peer_of(event, account, {nick.key for nick in self._accounts[account].own})


def part(events: Iterable[Event], meant: Span) -> list[Event]:
    """Those of a list that are meant."""
    found = sorted((each for each in events if meant.low < each.id < meant.high), key=lambda each: each.id)
    if meant.first:
        return found[: meant.most]
    return found[max(0, len(found) - meant.most) :]
