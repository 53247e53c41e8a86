"""Words that a room does not take. Rule: what is compared stands in `moderation/filters.py`; here they are set, and
only those who keep order see which they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from teahouse.commands import Rest, command
from teahouse.errors import UsageError
from teahouse.events import Table
from teahouse.moderation.filters import ACTIONS

if TYPE_CHECKING:
    from teahouse.rooms.chat import ChatRoom
    from teahouse.session import Session

HEAD = "Keeping this room"


@command(name="filter", role="operator")
async def filter_command(
    room: ChatRoom,
    session: Session,
    action: Literal["list", "refuse", "mute", "report"] = "list",
    words: Rest = "",
) -> None:
    """List the words that this room does not take, or add some: /filter refuse casino
    Refuse: nobody is shown the line. Mute: nor that, and the one who said it only listens for ten minutes.
    Report: those who keep order are told. Words are found inside longer ones, in any case and spelled out or
    with look-alike letters too; * is any text; the word links is every link. A voice is trusted."""
    if action in ACTIONS:
        await add_filter(room, session, action, words)
        return
    rows = tuple((each.pattern, each.action, each.by) for each in room.policy.filters)
    session.tell(Table(f"Filters of {room.name}: {len(rows)}", ("words", "what is done", "by"), rows))


@command(role="operator")
async def unfilter(room: ChatRoom, session: Session, words: Rest) -> None:
    """Take these words again."""
    found = room.policy.filters.drop(words)
    room.policy.changed()
    room.note(session, "unfilter", found.pattern)
    session.tell(f"{room.name} takes these words again: {found.pattern}")
    await room.keep()


async def add_filter(room: ChatRoom, session: Session, action: str, words: str) -> None:
    """One more filter, or another action for the same words. Raises UsageError, TooMany."""
    room.demand(session, "operator")
    if not words.strip():
        raise UsageError(f"Which words? {room.prefix}filter {action} <words>")
    found = room.policy.filters.set(words, action, session.user.nick)
    room.policy.changed()
    room.note(session, "filter", found.pattern, detail=action)
    session.tell(f"{room.name} filters these words ({action}): {found.pattern}")
    await room.keep()
