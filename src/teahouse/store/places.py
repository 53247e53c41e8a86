"""Which rooms there are: those that are registered outlive the last one who leaves. Rule: a room's record says
nothing about what was said in it.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Protocol

from teahouse.store.records import RoomRecord


class Places(Protocol):
    """Keeps registered rooms."""

    def rooms(self) -> list[RoomRecord]:
        """All of them, at once: asked for when the house opens."""

    def save_room(self, room: RoomRecord) -> Awaitable[None]:
        """Keep a room, new or as it is now."""

    def remove_room(self, key: str) -> Awaitable[None]:
        """Forget the record, not what was said (`forget_before` does that). Raises Missing."""
