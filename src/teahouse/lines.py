"""One line of the past, in a room or in private, named by its id: finding it, and changing it. Rule: whoever may not
see a line is told that there is none; it is one's own by the account that said it, or if it was said within this
visit.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from teahouse.errors import ChatError, NotAllowed, NotFound, UsageError
from teahouse.events import Deleted, Edited
from teahouse.rooms.commands import removal
from teahouse.rooms.past import answer, check_in_time, have_done
from teahouse.text import clean, fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from teahouse.events import Event
    from teahouse.rooms.chat import ChatRoom
    from teahouse.session import Session
    from teahouse.store import Done
    from teahouse.user import User

NOT_YOURS = "Only who has said something can {} it."
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


def _check_words(words: str) -> None:
    if not clean(words).strip():
        raise UsageError("That would be nothing to see: delete the line instead.")


async def correct(session: Session, room: ChatRoom, id_: int, words: str) -> None:
    """Put other words in the place of one's own. Raises ChatError."""
    _check_words(words)
    event = await find(session, room, id_)
    if not (is_own(session.user, event) and hasattr(event, "text")):
        raise NotAllowed(NOT_YOURS.format("correct"))
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


# ---- in private --------------------------------------------------------------------------------------------


async def correct_whisper(session: Session, nick: str, id_: int, words: str) -> None:
    """Put other words in the place of one's own, said to this nick. Raises ChatError."""
    _check_words(words)
    await _check_own_whisper(session, nick, id_, "correct")
    check_in_time(session.server, id_)
    session.server.order.check_whisper(session.user, words)
    await _change_copies(session, partial(session.server.store.change, id_, words))
    _tell_both(session, Edited(session.user.nick, id_, words, to=nick))


async def take_back_whisper(session: Session, nick: str, id_: int, reason: str = "") -> None:
    """Take back what one has said to this nick: neither of the two has it any more. Raises ChatError."""
    await _check_own_whisper(session, nick, id_, "take back")
    check_in_time(session.server, id_)
    user, place = session.user, f"@{fold(nick)}"
    said = (place, id_) in (user.said or ())
    shown = reason if session.server.order.may_say(user, reason) else ""
    await _change_copies(session, partial(session.server.store.erase, (id_,)))
    if said and not user.unsay(place, id_):
        raise NotFound(NONE)
    _tell_both(session, Deleted(user.nick, (id_,), reason=shown, to=nick))


async def _check_own_whisper(session: Session, nick: str, id_: int, verb: str) -> None:
    """Raise NotFound unless there is such a line between the two, NotAllowed unless this one has said it. A guest's
    are kept for the other one only, and known within the visit."""
    await session.server.fanout.stored()
    user = session.user
    if id_ and (f"@{fold(nick)}", id_) in (user.said or ()):
        return
    store, account = session.server.store, user.account
    if account is None or not id_:
        raise NotFound(NONE)
    found = await answer(store.conversation(account.key, fold(nick), 1, before=id_ + 1, after=id_ - 1))
    if not found:
        raise NotFound(NONE)
    if not is_own(user, found[0]):
        raise NotAllowed(NOT_YOURS.format(verb))


async def _change_copies(session: Session, call: Callable[[Done], None]) -> None:
    """Change it for all accounts that have it; between two guests nobody has, and both have seen it."""
    try:
        await have_done(session.server, call)
    except NotFound:
        if session.user.account is not None:
            raise


def _tell_both(session: Session, event: Deleted | Edited) -> None:
    """The one to whom it was said, and all devices of the one who said it."""
    server, user = session.server, session.user
    other = server.users.get(fold(event.to))
    told = {user} if other is None else {user, other}
    server.fanout.whisper(replace(event, to=other.nick) if other else event, told, ())
