"""Who is in a channel, and what it is about, in numerics. Rule: what someone may not see is not in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.fitting import join_lists
from teahouse.protocols.irc.making import LINE
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.names import channel, prefix

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession
    from teahouse.rooms.chat import ChatRoom
    from teahouse.user import User


def names_of(session: IrcSession, room: ChatRoom) -> list[Message]:
    """353 and 366."""
    target = channel(room.key)
    sign = "@" if room.policy.terms.hidden else "="
    head = f":{session.server_name} {n.RPL_NAMREPLY} {session.nick} {sign} {target} :"
    nicks = [member(session, room, user) for user in room.seen_by(session)]
    lines = join_lists(nicks, LINE - 2 - len(head.encode()))
    return [
        *(session.made(n.RPL_NAMREPLY, sign, target, line) for line in lines),
        session.made(n.RPL_ENDOFNAMES, target),
    ]


def member(session: IrcSession, room: ChatRoom, user: User) -> str:
    """A member as NAMES has it, for what the client can read."""
    signs = prefix(room.policy.role(user), multi=session.has("multi-prefix"))
    return signs + (f"{user.nick}!{user.userhost}" if session.has("userhost-in-names") else user.nick)


def topic_of(session: IrcSession, room: ChatRoom) -> list[Message]:
    """332 and 333, or 331."""
    target = channel(room.key)
    if not room.topic:
        return [session.made(n.RPL_NOTOPIC, target)]
    shown = [session.made(n.RPL_TOPIC, target, room.topic)]
    if room.topic_at is not None and room.topic_by:
        at = str(int(room.topic_at.timestamp()))
        shown.append(session.made(n.RPL_TOPICWHOTIME, target, room.topic_by, at))
    return shown
