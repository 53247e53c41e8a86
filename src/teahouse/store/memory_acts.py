"""The audit log and documents in memory. Rule: as in `memory.py`."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import Any

from teahouse.store.ready import Ready
from teahouse.store.records import Act
from teahouse.text import fold

KEPT = 10_000
"""Acts, the last ones."""


class MemoryActs:
    """What was done to keep order, until the process ends."""

    def __init__(self) -> None:
        self._acts: deque[Act] = deque(maxlen=KEPT)
        self._noted = 0
        self._documents: dict[str, Any] = {}

    def note(self, act: Act) -> Awaitable[Act]:
        """See `Acts.note`."""
        self._noted += 1
        noted = replace(act, number=self._noted, at=act.at if act.at.timestamp() else datetime.now(UTC))
        self._acts.append(noted)
        return Ready(lambda: noted)

    def acts(  # noqa: PLR0913  as in the protocol
        self,
        *,
        what: str = "",
        by: str = "",
        about: str = "",
        room: str = "",
        before: int = 0,
        count: int = 50,
    ) -> Awaitable[list[Act]]:
        """See `Acts.acts`."""
        wanted = {"what": what, "by": by, "about": about, "room": room}

        def fits(act: Act) -> bool:
            return (not before or act.number < before) and all(
                not value or fold(getattr(act, name)) == fold(value) for name, value in wanted.items()
            )

        found = list(islice(filter(fits, reversed(self._acts)), count))
        return Ready(lambda: found)

    def open_reports(self, count: int = 100) -> Awaitable[list[Act]]:
        """See `Acts.open_reports`."""
        settled = {act.settles for act in self._acts}
        found = [act for act in self._acts if act.what == "report" and act.number not in settled]
        return Ready(lambda: found[:count])

    def act(self, number: int) -> Awaitable[Act | None]:
        """See `Acts.act`."""
        found = next((act for act in self._acts if act.number == number), None)
        return Ready(lambda: found)

    def document(self, name: str) -> Any:
        """See `Acts.document`."""
        return self._documents.get(name)

    def save_document(self, name: str, value: Any) -> Awaitable[None]:
        """See `Acts.save_document`."""
        return Ready(partial(self._documents.__setitem__, name, value))
