"""Looking at what was done to keep order. Rule: those who keep the house see all of it; those who keep a room see
what was done there, and never where anyone connects from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from teahouse.commands import Rest, command, rank
from teahouse.errors import NotAllowed, UsageError
from teahouse.events import Table
from teahouse.moderation.masks import is_address
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.rooms.foyer import Foyer
    from teahouse.session import Session
    from teahouse.store import Act

ROWS = 20
USAGE = "Usage: /audit [what:ban] [by:nick] [about:nick] [room:name] [before:number]"
HIDDEN = "(an address)"
_PART = re.compile(r"(what|by|about|room|before):(\S+)", re.IGNORECASE)


@dataclass(slots=True)
class Question:
    """What is looked for; "" and 0 are anything."""

    what: str = ""
    by: str = ""
    about: str = ""
    room: str = ""
    before: int = 0


def question(text: str) -> Question:
    """`what:ban by:ann before:120`: all of it has to fit. Raises UsageError."""
    asked = Question()
    for word in text.split():
        match = _PART.fullmatch(word)
        if match is None:
            raise UsageError(f'"{word}" is none of its parts. {USAGE}')
        name, value = match[1].lower(), match[2]
        if getattr(asked, name):
            raise UsageError(f"{name}: stands once. {USAGE}")
        if name == "before" and not (value.isascii() and value.isdecimal() and 0 < len(value) < 18):
            raise UsageError(f"before: is a number out of the list. {USAGE}")
        setattr(asked, name, int(value) if name == "before" else value.removeprefix("#"))
    return asked


HEAD = "Keeping the house"


@command(role="operator")
async def audit(room: Foyer, session: Session, wanted: Rest = "") -> None:
    """Show what was done to keep order: /audit [what:ban] [by:nick] [about:nick] [room:name] [before:number]

    The newest stand last. Those who keep this room see what was done in it; those who keep the house, all."""
    asked = question(wanted)
    full = rank(session.user.role) >= rank("moderator")
    if not full:
        if asked.room and fold(asked.room) != room.key:
            raise NotAllowed(f"You see only what was done in {room.name}: join the other room and ask there.")
        asked.room = room.name
    found = await room.server.store.acts(
        what=asked.what,
        by=asked.by,
        about=asked.about,
        room=asked.room,
        before=asked.before,
        count=ROWS,
    )
    shown = [each for each in reversed(found) if full or room.is_for_keepers(each, session)]
    if not shown:
        session.tell("Nothing like that was done.")
        return
    columns = ("number", "when", "by", "what", "about", "room", "reason")
    rows = tuple(_row(each, full=full) for each in shown)
    session.tell(Table("What was done:", (*columns, "from") if full else columns, rows))
    if len(found) == ROWS:
        session.tell(f"Older ones: {room.prefix}audit {wanted_before(wanted, found[-1].number)}")


def wanted_before(wanted: str, number: int) -> str:
    """The same question, for what was done before that."""
    words = [word for word in wanted.split() if not word.lower().startswith("before:")]
    return " ".join([*words, f"before:{number}"])


def _row(act: Act, *, full: bool) -> tuple[str, ...]:
    about = act.about if full or not is_address(act.about) else HIDDEN
    reason = f"{act.reason} (report {act.settles})".strip() if act.settles else act.reason
    row = (str(act.number), f"{act.at:%m-%d %H:%M}", act.by, act.what, about, act.room, reason)
    return (*row, act.address) if full else row
