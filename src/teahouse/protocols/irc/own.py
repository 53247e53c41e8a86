"""What a client names: a channel that it is in, and a message by its id. Rule: whoever may not see a message is told
that there is none; whose it is stands in `teahouse.lines`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.protocols.irc.answers import Fail
from teahouse.protocols.irc.names import room_of
from teahouse.protocols.irc.selectors import message_id
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession
    from teahouse.rooms.chat import ChatRoom


def own_room(session: IrcSession, command: str, target: str) -> ChatRoom:
    """The channel, if the user is in it. Raises Fail."""
    room = session.user.rooms.get(fold(room_of(target)))
    if room is None:
        raise Fail(command, "INVALID_TARGET", target, text=f"That cannot be done in {target}.")
    return room


def id_of(msgid: str) -> int:
    """The id of a message as clients name it; 0, which none has, for what can be no id."""
    try:
        return message_id(msgid)
    except ValueError:
        return 0


def unknown(command: str, target: str, msgid: str) -> Fail:
    """There is no such message, or none that the user may know of."""
    return Fail(command, "UNKNOWN_MSGID", target, msgid, text="This message does not exist or is too old")
