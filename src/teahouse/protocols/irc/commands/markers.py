"""MARKREAD (draft/read-marker): how far a user has read, told by one device and known to all of them. Rule: a marker
only ever moves on; nobody but the user is told of it, and a guest's is forgotten with the guest.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from teahouse.fanout import Fanout
from teahouse.lines import may_read
from teahouse.protocols.irc import selectors
from teahouse.protocols.irc.answers import Fail
from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.message import Message, middle
from teahouse.protocols.irc.names import channel, is_channel, room_of
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession

MARKREAD = "MARKREAD"
CAPABILITY = "draft/read-marker"


def markread(session: IrcSession, message: Message) -> None:
    """MARKREAD target [timestamp=…]."""
    if not message.params or not message.params[0]:
        raise Fail(MARKREAD, "NEED_MORE_PARAMS", text="Missing parameters")
    target, *rest = message.params
    found = _buffer(session, target)
    if not rest:
        session.send(marker(session, *found) if found else Message(MARKREAD, (target, "*")))
        return
    if found is None:
        raise Fail(MARKREAD, "INVALID_PARAMS", target, text="There is no such target.")
    name, key = found
    id_ = _read_up_to(session, rest[0])
    before = session.user.markers.get(key, 0)
    now = session.server.presence.read(session.user, key, id_)
    if now == before or not session.has(CAPABILITY):  # else it is told as all of the user's clients are
        session.send(marker(session, name, key))


def marker(session: IrcSession, name: str, key: str) -> Message:
    """How far its user has read there."""
    id_ = session.user.markers.get(key, 0)
    return Message(MARKREAD, (name, f"timestamp={selectors.time_of(id_)}" if id_ else "*"))


def tell_marker(session: IrcSession, key: str) -> None:
    """Its user has read further on some device, over whichever protocol."""
    if not session.has(CAPABILITY) or not key:
        return
    if key[0] != "@":
        session.send(marker(session, channel(key), key))
        return
    other = session.server.users.get(key[1:])
    session.send(marker(session, other.nick if other else key[1:], key))


def marker_on_join(session: IrcSession, room: str) -> list[Message]:
    """What a client that knows read markers is told between JOIN and 366 (section "Command flows")."""
    return [marker(session, channel(room), room)] if session.has(CAPABILITY) else []


def _buffer(session: IrcSession, target: str) -> tuple[str, str] | None:
    """A buffer's name, and the name under which its marker is kept; None for one that the user may not read, as for
    one that is not there. Raises Fail."""
    if middle(target) != target:  # what no answer could name
        raise Fail(MARKREAD, "INVALID_PARAMS", target, text="There is no such target.")
    if not is_channel(target):
        other = session.server.users.get(fold(target))
        return other.nick if other else target, f"@{fold(target)[: session.server.limits.nick_length]}"
    room = session.server.rooms.get(fold(room_of(target)))
    if room is None or not may_read(session, room):
        return None
    return channel(room.key), room.key


def _read_up_to(session: IrcSession, word: str) -> int:
    """The last id of that time; of now, for a time that is yet to come; of the first moment that ids know, for one
    before it ("Implementation Considerations": it is clamped)."""
    kind, _, value = word.partition("=")
    try:
        if kind != "timestamp":
            raise ValueError(word)
        at = selectors.moment(value)
    except ValueError as error:
        raise Fail(MARKREAD, "INVALID_PARAMS", word, text="Invalid parameters") from error
    now = datetime.fromtimestamp(session.server.runtime.time(), UTC)
    at = max(Fanout.time_of(selectors.FIRST), min(at, now))
    return selectors.place_of(at, session.server.fanout.id_at).after


VERBS = {MARKREAD: Verb(markread)}
