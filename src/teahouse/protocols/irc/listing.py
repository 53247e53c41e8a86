"""Who is in a channel, and what it is about, in numerics. Rule: what someone may not see is not in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.fitting import packed
from teahouse.protocols.irc.making import LINE
from teahouse.protocols.irc.message import Message, Ready
from teahouse.protocols.irc.names import channel, prefix

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession
    from teahouse.rooms.chat import ChatRoom


def names_of(session: IrcSession, room: ChatRoom) -> list[Message | Ready]:
    """353 and 366."""
    target = channel(room.key)
    sign = "@" if room.policy.terms.hidden else "="
    head = f":{session.server_name} {n.RPL_NAMREPLY} {session.nick} {sign} {target} :".encode()
    lines = packed(" ".join(_members(session, room)).encode(), LINE - 2 - len(head))
    return [
        Ready(b"".join([head + line + b"\r\n" for line in lines])),
        session.made(n.RPL_ENDOFNAMES, target),
    ]


def _members(session: IrcSession, room: ChatRoom) -> list[str]:
    """Who is there, as the client can read it: a thousand are listed for each of a thousand who come in at once."""
    seen, multi = room.seen_by(session), session.has("multi-prefix")
    nicks = [user.nick for user in seen]
    if session.has("userhost-in-names"):
        nicks = [f"{user.nick}!{user.userhost}" for user in seen]
    signs = {user: prefix(role, multi=multi) for user, role in room.policy.roles_among(seen).items()}
    if not signs:
        return nicks
    return [signs[user] + nick if user in signs else nick for user, nick in zip(seen, nicks, strict=True)]


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
