"""Finding what a client names by its id, and whose it is. Rule: whoever may not see a message is told that there is
none; a line is one's own by the account that said it, or if it was said within this visit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from teahouse import lines
from teahouse.events import Event
from teahouse.protocols.irc.answers import Fail
from teahouse.protocols.irc.names import is_channel, room_of
from teahouse.protocols.irc.selectors import message_id
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession
    from teahouse.rooms.chat import ChatRoom
    from teahouse.user import User


class Line(NamedTuple):
    """A message that is kept: in a room, or (None) in the inboxes of accounts."""

    event: Event
    room: ChatRoom | None


async def named(session: IrcSession, command: str, target: str, msgid: str) -> Line:
    """The message of that id in a channel that the user is in, or in a conversation. Raises Fail, StoreError."""
    room = None
    if is_channel(target):
        room = session.server.rooms.get(fold(room_of(target)))
        if room is None or session.user not in room.members:
            raise Fail(command, "INVALID_TARGET", target, text=f"That cannot be done in {target}.")
    await session.server.fanout.stored()
    try:
        event = await _event(session, room, target, message_id(msgid))
    except ValueError:
        event = None
    if event is None:
        raise Fail(command, "UNKNOWN_MSGID", target, msgid, text="This message does not exist or is too old")
    return Line(event, room)


async def _event(session: IrcSession, room: ChatRoom | None, target: str, id_: int) -> Event | None:
    store, account = session.server.store, session.user.account
    if room is not None:
        event = await store.event(id_)
        return event if event is not None and event.room == room.key else None
    if account is None:
        return None
    found = await store.conversation(account.key, fold(target), 1, before=id_ + 1, after=id_ - 1)
    return found[0] if found else None


def is_own(user: User, line: Line) -> bool:
    """Whether this user has said it."""
    event = line.event
    if line.room is not None or (user.account is not None and event.account):
        return lines.is_own(user, event)
    return not event.account and fold(getattr(event, "who", "")) == user.key


def is_text(event: Event) -> bool:
    """Whether it has words that could be others."""
    return hasattr(event, "text")
