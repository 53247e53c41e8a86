"""What people and channels have clients know of them, by key: showing it, and telling of changes (draft/metadata-2,
draft/metadata-3). Rule: one is told of channels that one is in, of people whom one sees there or watches, and of
oneself; and only of keys that one has subscribed to. It is kept in the user's account, and in the room's record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from teahouse.commands import rank
from teahouse.errors import ChatError
from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.batches import batched
from teahouse.protocols.irc.clients import by_irc, clients_of
from teahouse.protocols.irc.making import wire
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.names import channel
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession
    from teahouse.rooms.chat import ChatRoom
    from teahouse.user import User

TWO, THREE = "draft/metadata-2", "draft/metadata-3"
BATCH = "metadata"
ALL = "*ALL"
SUBSCRIPTIONS, BEFORE = "metadata subscriptions", "metadata before connecting"
EVERYONE = "*"
"""The visibility of all keys there are: everyone may see them."""
LATER = 5
"""Seconds after which a client may ask for what is too much while it comes in."""
ON_JOIN, ON_DEMAND = 16, 2
"""The part of what may wait for a client that it is sent at once, unasked and asked."""
_KEY = re.compile(r"[a-z0-9_./-]+")


def is_key(word: str, most: int) -> bool:
    """Whether a word can be a key ("Keys and Values")."""
    return bool(_KEY.fullmatch(word)) and len(word) <= most


def is_aware(session: IrcSession) -> bool:
    """Whether the client knows metadata."""
    return session.has("batch") and (session.has(TWO) or session.has(THREE))


def knows_two(session: IrcSession) -> bool:
    """Whether it knows the second draft, and not the third."""
    return session.has(TWO)


def subscriptions(session: IrcSession) -> dict[str, None]:
    """The keys that it wants to be told of."""
    found: dict[str, None] = session.state.setdefault(SUBSCRIPTIONS, {})
    return found


def take_over(session: IrcSession) -> None:
    """What the client has said before it came in is its user's from now on."""
    user, server = session.user, session.server
    before: dict[str, str] = session.state.pop(BEFORE, {})
    said = {key: value for key, value in before.items() if server.order.may_say(user, value)}
    if not said:
        return
    known = dict([*{**user.metadata, **said}.items()][: server.limits.metadata_keys])
    user.metadata = known
    if user.account is not None:
        server.runtime.spawn(_keep(session, known))


async def _keep(session: IrcSession, known: dict[str, str]) -> None:
    account = session.user.account
    if account is not None:
        try:
            await session.server.accounts.change(account, settings={"metadata": known})
        except ChatError as error:
            session.tell(error.text)


# ---- showing it ----------------------------------------------------------------------------------------------


def answer(session: IrcSession, target: str, key: str, value: str) -> Message:
    """What a key is, as an answer; "" where it is not set."""
    if value:
        return session.made(n.RPL_KEYVALUE, target, key, EVERYONE, value)
    return session.made(n.RPL_KEYNOTSET, target, key)


def news(session: IrcSession, target: str, key: str, value: str) -> Message:
    """What a key is, as one is told unasked: the second draft has a message of its own for it."""
    if knows_two(session):
        return Message("METADATA", (target, key, EVERYONE, value) if value else (target, key, EVERYONE))
    return answer(session, target, key, value)


def own_metadata(session: IrcSession) -> list[Message]:
    """All that is known of the client's user, on coming in ("Automatic synchronization")."""
    if not is_aware(session):
        return []
    nick = session.user.nick
    lines = [news(session, nick, key, value) for key, value in session.user.metadata.items()]
    return batched(session, BATCH, (nick,), lines)


def on_join(session: IrcSession, room: ChatRoom) -> list[Message]:
    """What is known of a room and those in it, for a client that comes into it."""
    if not is_aware(session):
        return []
    lines = list(of_room(session, room, subscriptions(session)))
    if len(wire(lines)) > session.server.limits.output_bytes // ON_JOIN:
        return [session.made(n.ERR_METADATASYNCLATER, channel(room.key), str(LATER))]
    return batched(session, BATCH, (channel(room.key),), lines)


def on_appearing(session: IrcSession, user: User) -> list[Message]:
    """What is known of one who is watched and comes."""
    if not is_aware(session):
        return []
    return batched(session, BATCH, (user.nick,), of_user(session, user, subscriptions(session)))


def of_user(session: IrcSession, user: User, keys: Iterable[str]) -> Iterator[Message]:
    """What some keys of a user are, those that are set."""
    known = user.metadata
    for key in keys if known else ():
        if key in known:
            yield news(session, user.nick, key, known[key])


def of_room(session: IrcSession, room: ChatRoom, keys: Iterable[str]) -> Iterator[Message]:
    """What some keys of a room and of those whom one sees there are."""
    keys = list(keys)
    for key in keys:
        if key in room.metadata:
            yield news(session, channel(room.key), key, room.metadata[key])
    for user in room.seen_by(session) if keys else ():
        yield from of_user(session, user, keys)


def of_all(session: IrcSession, keys: Iterable[str]) -> list[Message]:
    """The same for all rooms that one is in, and people whom one watches; each once."""
    keys, server = list(keys), session.server
    found = [line for room in session.user.rooms.values() for line in of_room(session, room, keys)]
    for nick in server.watching.watched(session):
        user = server.users.get(fold(nick))
        if user is not None:
            found += of_user(session, user, keys)
    return list({line.params: line for line in found}.values())


def fitting(session: IrcSession, lines: Iterable[Message]) -> list[Message]:
    """As many as the client can be sent at once."""
    space = session.server.limits.output_bytes // ON_DEMAND
    found = []
    for line in lines:
        space -= len(wire([line]))
        if space < 0:
            break
        found.append(line)
    return found


# ---- telling of changes --------------------------------------------------------------------------------------


def tell_of_user(user: User, key: str, value: str, but: IrcSession) -> None:
    """Let those know who see the user; all of its devices but the one that did it."""
    told = dict.fromkeys(clients_of(user))
    for room in user.rooms.values():
        for member in room.members:
            if room.shows(user) or rank(room.role_of_user(member)) >= rank("operator"):
                told.update(dict.fromkeys(clients_of(member)))
    told.update(dict.fromkeys(by_irc(but.server.watching.watchers(user))))
    _tell(told, user.nick, key, value, but)


def tell_of_room(room: ChatRoom, key: str, value: str, but: IrcSession) -> None:
    """Let those know who are in it."""
    told = [client for member in room.members for client in clients_of(member)]
    _tell(told, channel(room.key), key, value, but)


def _tell(told: Iterable[IrcSession], target: str, key: str, value: str, but: IrcSession) -> None:
    for client in told:
        if client is not but and is_aware(client) and key in subscriptions(client):
            client.send(news(client, target, key, value))
