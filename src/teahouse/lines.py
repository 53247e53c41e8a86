"""One line of the past, named by its id: finding it, and changing it. Rule: whoever may not see a line is told that
there is none; it is one's own by the account that said it, or if it was said within this visit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.errors import ChatError, NotAllowed, NotFound, UsageError
from teahouse.rooms.commands import removal
from teahouse.rooms.past import answer
from teahouse.text import clean, fold

if TYPE_CHECKING:
    from teahouse.events import Event
    from teahouse.rooms.chat import ChatRoom
    from teahouse.session import Session
    from teahouse.user import User

NONE = "There is no such line here, or it is not kept any more."


def may_read(session: Session, room: ChatRoom) -> bool:
    """Whether someone may look at what was said in a room: members may, and others where anyone may and nothing keeps
    them from coming in."""
    if session.user in room.members:
        return True
    if not (room.keeps_history and room.is_seen_by(session) and room.may_read(session)):
        return False
    try:
        room.check_entry(session)
    except ChatError:
        return False
    return True


async def find(session: Session, room: ChatRoom, id_: int) -> Event:
    """A line of a room that one is in. Raises NotFound."""
    await session.server.fanout.stored()
    event = await answer(session.server.store.event(id_)) if id_ else None
    if event is None or event.room != room.key or not hasattr(event, "who"):
        raise NotFound(NONE)
    return event


def is_own(user: User, event: Event) -> bool:
    """Whether this user has said it, in a room: an account that had the name before was somebody else."""
    account = user.account
    if account is not None and event.account:
        return fold(event.account) == account.key and event.at >= account.created
    return (event.room, event.id) in (user.said or ())


async def correct(session: Session, room: ChatRoom, id_: int, words: str) -> None:
    """Put other words in the place of one's own. Raises ChatError."""
    if not clean(words).strip():
        raise UsageError("That would be nothing to see: delete the line instead.")
    event = await find(session, room, id_)
    if not (is_own(session.user, event) and hasattr(event, "text")):
        raise NotAllowed("Only who has said something can correct it.")
    await room.correct(session.user, id_, words)


async def remove(session: Session, room: ChatRoom, id_: int, reason: str = "") -> None:
    """Take back a line of one's own; or take out another's, if one keeps order and stands above that one. Raises
    ChatError."""
    event = await find(session, room, id_)
    if is_own(session.user, event):
        await room.take_back(session.user, id_, room.shown_reason(session.user, reason))
        return
    room.demand(session, "operator")
    who = str(getattr(event, "who", ""))
    await removal.author_of(room, session, who)
    await removal.take_out(room, session, [event], removal.Cause("redact", who, reason))
