"""LIST, with the conditions of ELIST=CMNTU (modern.ircdocs.horse). Rule: a hidden room is only in the list of those
who are in it or keep the house; the fullest rooms come first, for a list that is too long ends early.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from teahouse.moderation.globs import glob
from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.bounds import send_rows
from teahouse.protocols.irc.commands.servers import is_this
from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.names import channel, is_channel, room_of
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession
    from teahouse.rooms.chat import ChatRoom

Condition = Callable[["ChatRoom"], bool]
MOST_CONDITIONS = 20
_NUMBER = re.compile(r"([CTU]?)([<>])([0-9]{1,9})", re.IGNORECASE)


def list_(session: IrcSession, message: Message) -> None:
    """LIST [#channel,mask,!mask,>users,<users,C>minutes,C<minutes,T>minutes,T<minutes]: the channels there are, by
    name, by how many people are in them, by how long ago they were made or their topic was set."""
    wanted = [word for word in _words(session, message) if word][:MOST_CONDITIONS]
    numbers = [found for found in map(_NUMBER.fullmatch, wanted) if found]
    masks = [word for word in wanted if not _NUMBER.fullmatch(word)]
    checks = [_number(session, *found.groups()) for found in numbers]
    checks += [_other_than(_named(mask[1:])) for mask in masks if mask[0] == "!"]
    names = [_named(mask) for mask in masks if mask[0] != "!"]
    rows = (_row(session, room) for room in _seen(session) if _fits(room, checks, names))
    send_rows(
        session, "LIST", rows, session.made(n.RPL_LISTEND), begin=(session.made(n.RPL_LISTSTART, "Channel"),)
    )


def _words(session: IrcSession, message: Message) -> list[str]:
    """The conditions; a last parameter may be the server that is asked (RFC 2812 section 3.2.6)."""
    params = list(message.params)
    if len(params) > 1 and not is_channel(params[-1]) and is_this(session, params[-1]):
        params.pop()
    return ",".join(params).split(",")


def _seen(session: IrcSession) -> list[ChatRoom]:
    rooms = [room for room in session.server.rooms.values() if room.is_seen_by(session)]
    return sorted(rooms, key=lambda room: (-len(room.members), room.key))


def _fits(room: ChatRoom, checks: Iterable[Condition], names: list[Condition]) -> bool:
    """All conditions hold, and one of the names, if there are any, is the room's."""
    return all(check(room) for check in checks) and (not names or any(name(room) for name in names))


def _row(session: IrcSession, room: ChatRoom) -> Message:
    return session.made(n.RPL_LIST, channel(room.key), str(len(room.members)), room.topic)


# ---- conditions ----------------------------------------------------------------------------------------------


def _named(mask: str) -> Condition:
    """A name or a mask, as IRC spells it or without the #."""
    if not any(sign in mask for sign in "*?"):
        key = fold(room_of(mask))
        return lambda room: room.key == key
    fits = glob(fold(mask))
    return lambda room: fits(channel(room.key)) or (not is_channel(mask) and fits(room.key))


def _other_than(condition: Condition) -> Condition:
    return lambda room: not condition(room)


def _number(session: IrcSession, letter: str, sign: str, digits: str) -> Condition:
    """Fewer or more people; made, or its topic set, less or more than so many minutes ago."""
    number, now = int(digits), session.server.runtime.time()

    def value(room: ChatRoom) -> float | None:
        if letter in {"", "U", "u"}:
            return len(room.members)
        at = room.made_at if letter in {"C", "c"} else room.topic_at
        return (now - at.timestamp()) / 60 if at is not None else None

    def check(room: ChatRoom) -> bool:
        found = value(room)
        return found is not None and (found < number if sign == "<" else found > number)

    return check


VERBS = {"LIST": Verb(list_)}
