"""A lost connection found again. Rule: what was sent and may not have arrived is kept, bounded, for as long as the
client may come back; what it has seen it is not sent again.
"""

from __future__ import annotations

from collections import deque

KEPT_BYTES = 262_144
"""Of what was sent last, for one session."""
KEPT_BLOCKS = 1_000


class Sent:
    """The last blocks that were sent, each with the id of the last event in it. Blocks are shared between sessions:
    what is kept here for a thousand of them is one."""

    __slots__ = ("_blocks", "_bytes", "_lost")

    def __init__(self) -> None:
        self._blocks: deque[tuple[int, bytes]] = deque()
        self._bytes = 0
        self._lost = 0

    def add(self, last: int, block: bytes) -> None:
        """One more; the oldest go over the bound."""
        self._blocks.append((last, block))
        self._bytes += len(block)
        while self._bytes > KEPT_BYTES or len(self._blocks) > KEPT_BLOCKS:
            self._lost, gone = self._blocks.popleft()
            self._bytes -= len(gone)

    def since(self, last: int) -> list[bytes] | None:
        """What a client that has seen `last` has missed; None if that is not all here any more. The first block may
        begin with events that it has seen: it knows them by their ids."""
        if last < self._lost:
            return None
        return [block for id_, block in self._blocks if id_ > last]
