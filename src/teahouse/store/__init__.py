"""What persists. Rule: the house knows only this protocol; implementations are imported in `service.py` alone.

All methods are called on the reactor's thread, and answer there. An awaitable that cannot be fulfilled raises
StoreError; what it was to write has then not been written.
"""

from __future__ import annotations

from collections.abc import Awaitable
from pathlib import Path
from typing import Protocol

from teahouse.store.acts import Acts
from teahouse.store.lines import MOST, Done, Lines
from teahouse.store.people import People
from teahouse.store.places import Places
from teahouse.store.records import (
    Account,
    Act,
    Missing,
    Nick,
    Occupied,
    RoomRecord,
    StoreBusy,
    StoreError,
    StoreUnusable,
    Taken,
    Upload,
)
from teahouse.store.space import Space
from teahouse.store.uploads import Uploads

__all__ = [
    "MOST",
    "Account",
    "Act",
    "Acts",
    "Done",
    "Lines",
    "Missing",
    "Nick",
    "Occupied",
    "People",
    "Places",
    "RoomRecord",
    "Space",
    "Store",
    "StoreBusy",
    "StoreError",
    "StoreUnusable",
    "Taken",
    "Upload",
    "Uploads",
]


class Store(Lines, People, Places, Acts, Uploads, Space, Protocol):
    """What was said, who comes back, which rooms there are, what was done to keep order, and which files people have
    brought."""

    def backup(self, path: Path) -> Awaitable[None]:
        """Copy all of it into a new file while the house runs. Raises StoreError."""

    def close(self) -> None:
        """Write out what is queued and let go of everything. Nothing is called after this."""
