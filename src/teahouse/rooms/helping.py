"""What /help lists. Rule: a room with few commands says of each what it does; where they would not fit on a screen,
they stand under heads, and /help all tells the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.commands import Command
from teahouse.events import Table

if TYPE_CHECKING:
    from teahouse.rooms.base import Room
    from teahouse.session import Session

FEW = 15
"""Commands that fit on a screen of 24 lines with what they do."""
ADDED = "Added to this house"
"""By extensions, to rooms that know nothing of them."""
HEADS = (
    ADDED,
    "Talking",
    "Rooms",
    "People",
    "What was said",
    "Your account",
    "The house and your client",
    "Keeping this room",
    "Keeping the house",
)
"""The house's own, in the order in which they are shown, after what is particular to the room."""


def tell_commands(room: Room, session: Session, *, each: bool = False) -> None:
    """Show the session what it may use in the room; `each`: with what it does, however many there are."""
    mine = [found for found in room.commands() if room.allows(session, found)]
    talk = " What begins without a slash is said to everyone here." if room.takes_text else ""
    if len(mine) <= FEW:
        session.tell(_described(room, mine, f"These are the commands here.{talk}"))
        return
    heads = _by_head(room, mine)
    if each:
        for head, found in heads.items():
            session.tell(_described(room, found, head))
        return
    rows = tuple((head, " ".join(room.prefix + c.name for c in found)) for head, found in heads.items())
    more = f"{room.prefix}help <command> shows how one is used, {room.prefix}help all what each of them does."
    session.tell(Table(f"These are the commands here.{talk}", ("about", "commands"), rows))
    session.tell(more)


def _described(room: Room, commands: list[Command], title: str) -> Table:
    rows = tuple((room.prefix + found.usage, found.summary) for found in commands)
    return Table(title, ("command", "what it does"), rows)


def _by_head(room: Room, commands: list[Command]) -> dict[str, list[Command]]:
    """The commands under their heads; those that only this kind of room has come first."""
    named = dict(room.declarations())
    own = f"Only in {room.name}"
    heads: dict[str, list[Command]] = {head: [] for head in (own, *HEADS)}
    for found in commands:
        heads.setdefault(ADDED if found.rooms else named[found] or own, []).append(found)
    return {head: found for head, found in heads.items() if found}
