"""What was done to keep order, and the few things that the house as a whole has decided. Rule: acts are only ever
added: nothing changes or removes one.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, Protocol

from teahouse.store.records import Act


class Acts(Protocol):
    """Keeps the audit log, and documents: small values by name."""

    def note(self, act: Act) -> Awaitable[Act]:
        """Write an act down; the same with its number and time."""

    def acts(  # noqa: PLR0913  as many as people may name
        self,
        *,
        what: str = "",
        by: str = "",
        about: str = "",
        room: str = "",
        before: int = 0,
        count: int = 50,
    ) -> Awaitable[list[Act]]:
        """The newest acts of which all this is true (names in any case), newest first; only those with smaller
        numbers than `before`."""

    def open_reports(self, count: int = 100) -> Awaitable[list[Act]]:
        """The oldest acts "report" that no other act settles, oldest first."""

    def act(self, number: int) -> Awaitable[Act | None]:
        """One act by its number."""

    def document(self, name: str) -> Any:
        """The value that is kept under this name, at once; None where there is none."""

    def save_document(self, name: str, value: Any) -> Awaitable[None]:
        """Keep a value that JSON can say, in place of the one before."""
