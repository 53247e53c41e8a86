"""RENAME (draft/channel-rename): a channel has another name, with all that it has. Rule: who does not know of
that leaves the old channel and joins the new one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.errors import ChatError
from teahouse.events import Entered, Left, RoomRenamed, sign
from teahouse.protocols.irc.answers import Fail
from teahouse.protocols.irc.commands.keeping import kept_room
from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.names import is_channel, room_of
from teahouse.rooms.commands.renaming import change_name

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession
    from teahouse.rooms.chat import ChatRoom

CAP = "draft/channel-rename"
CODES = {
    "room-name-in-use": "CHANNEL_NAME_IN_USE",
    "cannot-rename": "CANNOT_RENAME",
    "already-so": "CANNOT_RENAME",
    "bad-name": "CANNOT_RENAME",
    "cannot-talk": "CANNOT_RENAME",
    "busy": "CANNOT_RENAME",
}
"""Section "Errors": what has a numeric that fits better (442, 482) keeps that."""


async def rename(session: IrcSession, message: Message) -> None:
    """RENAME #old #new :reason, from clients without the capability too."""
    old, new, reason = (*message.params, "")[:3]
    room = kept_room(session, old)
    if not is_channel(new):
        raise Fail("RENAME", "CANNOT_RENAME", old, new or "*", text="A channel's name begins with #.")
    try:
        await change_name(room, session, room_of(new), reason)
    except ChatError as error:
        if error.code not in CODES:
            raise
        raise Fail("RENAME", CODES[error.code], old, new, text=error.text) from error


def tell_renamed(session: IrcSession, room: ChatRoom, event: RoomRenamed) -> None:
    """Section "Fallback": PART, JOIN, and what else those are told who join; nothing where only the case changes."""
    if session.has(CAP) or event.before_key == room.key:
        return
    user = session.user
    gone = Left(user.nick, event.reason, room=event.before_key)
    come = Entered(user.nick, realname=user.realname, room=room.key)
    for each in (gone, come):
        sign(each, user.account.name if user.account is not None else "", user.userhost)
        session.tell(each)
    room.show(session)


VERBS = {"RENAME": Verb(rename, 2)}
