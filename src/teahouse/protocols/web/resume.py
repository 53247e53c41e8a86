"""A lost connection found again. Rule: what was sent and may not have arrived is kept, bounded, for as long as the
client may come back; what it has seen it is not sent again.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Container
from functools import lru_cache
from typing import NamedTuple

from teahouse.protocols.websocket.frames import frame

KEPT_BYTES = 262_144
"""Of what was sent last, for one session."""
KEPT_BLOCKS = 1_000
TEXT = 1
"""The opcode of a text frame (RFC 6455, 5.2)."""
_ID = re.compile(rb'\{"id":(\d+)')
_TAKEN_BACK = b'"type":"deleted"'


class Block(NamedTuple):
    """Some lines in a frame, in which they begin at `head`; the ids of the first and of the last of them."""

    first: int
    last: int
    frame: bytes
    head: int


class Prepared(NamedTuple):
    """Some lines in a frame, and those of them that are kept: mostly all."""

    frame: bytes
    kept: Block | None


@lru_cache(maxsize=4)  # a flush hands one block to all of a group before it comes to the next
def prepared(lines: bytes) -> Prepared:
    """What is to be sent, made once for all who are sent the same."""
    whole = frame(TEXT, lines)
    rows = lines.splitlines(keepends=True)
    ids = {id_: row for row in rows if (id_ := _id_of(row))}
    if not ids:
        return Prepared(whole, None)
    if len(ids) == len(rows):
        return Prepared(whole, Block(min(ids), max(ids), whole, len(whole) - len(lines)))
    some = b"".join(row for row in rows if _id_of(row))
    kept = frame(TEXT, some)
    return Prepared(whole, Block(min(ids), max(ids), kept, len(kept) - len(some)))


def behind(block: Block, last: int, gone: Container[int] = ()) -> bytes:
    """The frame with those lines of a block that one has not seen who has seen `last`, without these that are gone;
    b"" for none."""
    rows = block.frame[block.head :].splitlines(keepends=True)
    left = [row for row in rows if (id_ := _id_of(row)) > last and id_ not in gone]
    if len(left) == len(rows):
        return block.frame
    return frame(TEXT, b"".join(left)) if left else b""


def _id_of(line: bytes) -> int:
    match = _ID.match(line)
    return int(match[1]) if match else 0


class Sent:
    """The last blocks that were sent. They are shared between sessions: what is kept here for a thousand of them is
    one."""

    __slots__ = ("_blocks", "_bytes", "_lost")

    def __init__(self) -> None:
        self._blocks: deque[Block] = deque()
        self._bytes = 0
        self._lost = 0

    def add(self, block: Block) -> None:
        """One more; the oldest go over the bound."""
        self._blocks.append(block)
        self._bytes += len(block.frame)
        while self._bytes > KEPT_BYTES or len(self._blocks) > KEPT_BLOCKS:
            gone = self._blocks.popleft()
            self._lost = max(self._lost, gone.last)
            self._bytes -= len(gone.frame)

    def since(self, last: int) -> list[bytes] | None:
        """What a client that has seen `last` has missed, framed, without what was taken back meanwhile; None if that
        is not all here any more."""
        if last < self._lost:
            return None
        blocks = [block for block in self._blocks if block.last > last]
        gone = frozenset(id_ for block in blocks for id_ in _taken_back(block))
        return [found for block in blocks if (found := behind(block, last, gone))]


def _taken_back(block: Block) -> list[int]:
    """The ids of the lines that are no more by what this block says."""
    if _TAKEN_BACK not in block.frame:
        return []
    events = (json.loads(line) for line in block.frame[block.head :].splitlines())
    return [id_ for each in events if each["type"] == "deleted" for id_ in each["targets"]]
