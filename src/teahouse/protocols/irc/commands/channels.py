"""Channels: JOIN PART NAMES TOPIC."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable
from typing import TYPE_CHECKING

from teahouse.commands import rank
from teahouse.errors import ChatError
from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.answers import Refusal
from teahouse.protocols.irc.bounds import send_whole
from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.listing import names_of, topic_of
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.names import channel, is_channel, room_of
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession
    from teahouse.rooms.chat import ChatRoom


def room_named(session: IrcSession, target: str) -> ChatRoom:
    """The room that a channel is, if the client may know of it. Raises Refusal."""
    room = session.server.rooms.get(fold(room_of(target))) if is_channel(target) else None
    if room is None or not room.is_seen_by(session):
        raise Refusal(n.ERR_NOSUCHCHANNEL, target or "*")
    return room


def own_room(session: IrcSession, target: str) -> ChatRoom:
    """The same, where the client's user must be in it. Raises Refusal."""
    room = room_named(session, target)
    if session.user not in room.members:
        raise Refusal(n.ERR_NOTONCHANNEL, target)
    return room


def join(session: IrcSession, message: Message) -> Awaitable[None] | None:
    """JOIN #a,#b key,key; JOIN 0 leaves all of them."""
    if message.params[0] == "0":
        for room in list(session.user.rooms.values()):
            room.dismiss(session.user)
        return None
    keys = message.params[1].split(",") if len(message.params) > 1 else []
    return _join_all(session, message.params[0].split(","), keys)


async def _join_all(session: IrcSession, targets: Iterable[str], keys: list[str]) -> None:
    for number, target in enumerate(targets):
        key = keys[number] if number < len(keys) else ""
        try:
            await _join(session, target, key)
        except ChatError as error:
            session.tell(session.failure(error, Message("JOIN", (target,))))


async def _join(session: IrcSession, target: str, key: str) -> None:
    if not is_channel(target) or len(target) < 2:
        raise Refusal(n.ERR_NOSUCHCHANNEL, target or "*")
    if fold(room_of(target)) in session.user.rooms:
        return
    waiting = session.server.foyer.run(session, "join", f"{room_of(target)} {key}".strip())
    if waiting is not None:
        await waiting


def part(session: IrcSession, message: Message) -> None:
    """PART #a,#b reason."""
    reason = message.params[1] if len(message.params) > 1 else ""
    for target in message.params[0].split(","):
        session.attempt(message, _part, session, target, reason)


def _part(session: IrcSession, target: str, reason: str) -> None:
    room, user = own_room(session, target), session.user
    room.dismiss(user, room.shown_reason(user, reason))


def names(session: IrcSession, message: Message) -> None:
    """NAMES #a,#b: a channel that is not to be seen has no members; without one, only the end is told."""
    targets = message.params[0].split(",")[:MOST_NAMES] if message.params and message.params[0] else ["*"]
    for target in targets:
        room = session.server.rooms.get(fold(room_of(target)))
        if room is None or not is_channel(target) or not room.is_seen_by(session):
            session.numeric(n.RPL_ENDOFNAMES, target)
        else:
            send_whole(session, "NAMES", names_of(session, room))


MOST_NAMES = 10


def topic(session: IrcSession, message: Message) -> Awaitable[None] | None:
    """TOPIC #a shows it, TOPIC #a :text sets it, TOPIC #a : clears it."""
    target = message.params[0]
    if len(message.params) == 1:
        session.send(*topic_of(session, room_named(session, target)))
        return None
    room = own_room(session, target)
    if room.policy.terms.topic_locked and rank(room.role_of(session)) < rank("operator"):
        raise Refusal(n.ERR_CHANOPRIVSNEEDED, channel(room.key))
    return room.set_topic(session, message.params[1][: session.server.limits.topic_length])


VERBS = {
    "JOIN": Verb(join, 1),
    "PART": Verb(part, 1),
    "NAMES": Verb(names),
    "TOPIC": Verb(topic, 1),
}
