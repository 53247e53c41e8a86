"""Which rooms there are: those that are registered outlive the last one who leaves. Rule: a room's record says
nothing about what was said in it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any, Protocol

from teahouse.store.lines import Done
from teahouse.store.records import RoomRecord


class Places(Protocol):
    """Keeps registered rooms."""

    def rooms(self) -> list[RoomRecord]:
        """All of them, at once: asked for when the house opens."""

    def save_room(self, room: RoomRecord) -> Awaitable[None]:
        """Keep a room, new or as it is now."""

    def rename_room(self, key: str, name: str, documents: Mapping[str, Any], done: Done) -> None:
        """What is kept of a room is found under its new name from now on: its record, what was said in it, and how
        far accounts have read; and these documents are kept, as by `save_document`. All of it, or none.

        In one order with `append`: what was appended before moves, what is appended later is to name the new key,
        `fold(name)`. `done(Occupied)` if something is kept under that already, but for read markers, which go. A
        key that stays the same is no error: the name is another one then."""

    def remove_room(self, key: str) -> Awaitable[None]:
        """Forget the record, not what was said (`forget_before` does that). Raises Missing."""
