"""Words that a room does not take. Rule: what is compared stands in `moderation/filters.py`; here they are set, and
only those who keep order see which they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from teahouse.commands import Rest, command
from teahouse.errors import UsageError
from teahouse.events import Table
from teahouse.moderation.filters import ACTIONS
from teahouse.rooms.removal import Removal

if TYPE_CHECKING:
    from teahouse.session import Session


class Filtering(Removal):
    """The commands /filter and /unfilter."""

    theme = "Keeping this room"

    @command(name="filter", role="operator")
    async def filter_command(
        self, session: Session, action: Literal["list", "refuse", "mute", "report"] = "list", words: Rest = ""
    ) -> None:
        """List the words that this room does not take, or add some: /filter refuse casino
        Refuse: nobody is shown the line. Mute: nor that, and the one who said it only listens for ten minutes.
        Report: those who keep order are told. Words are found inside longer ones, in any case and spelled out or
        with look-alike letters too; * is any text; the word links is every link. A voice is trusted."""
        if action in ACTIONS:
            await self.add_filter(session, action, words)
            return
        rows = tuple((each.pattern, each.action, each.by) for each in self.policy.filters)
        session.tell(Table(f"Filters of {self.name}: {len(rows)}", ("words", "what is done", "by"), rows))

    @command(role="operator")
    async def unfilter(self, session: Session, words: Rest) -> None:
        """Take these words again."""
        found = self.policy.filters.drop(words)
        self.policy.changed()
        self.note(session, "unfilter", found.pattern)
        session.tell(f"{self.name} takes these words again: {found.pattern}")
        await self.keep()

    async def add_filter(self, session: Session, action: str, words: str) -> None:
        """One more filter, or another action for the same words. Raises UsageError, TooMany."""
        self.demand(session, "operator")
        if not words.strip():
            raise UsageError(f"Which words? {self.prefix}filter {action} <words>")
        found = self.policy.filters.set(words, action, session.user.nick)
        self.policy.changed()
        self.note(session, "filter", found.pattern, detail=action)
        session.tell(f"{self.name} filters these words ({action}): {found.pattern}")
        await self.keep()
