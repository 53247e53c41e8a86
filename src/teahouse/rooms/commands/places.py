"""Logged in, and in no room. Rule: what a chat room can do beside talking, it has from here."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from teahouse.commands import Rest, command
from teahouse.errors import (
    AccountNeeded,
    Banned,
    ChatError,
    InviteOnly,
    NotInRoom,
    RoomFull,
    TooMany,
    UsageError,
    WrongRoomPassword,
)
from teahouse.events import Table
from teahouse.events.order import Forwarded
from teahouse.rooms.commands.people import motd_of
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.rooms.base import Room
    from teahouse.rooms.chat import ChatRoom
    from teahouse.session import Session

ROOM_ROWS = 200

HEAD = "Rooms"


@command
def rooms(room: Room, session: Session) -> None:
    """List the rooms you can join."""
    seen = [each for each in room.server.rooms.values() if each.is_seen_by(session)]
    found = sorted(seen, key=lambda each: (-len(each.members), each.key))
    rows = tuple((each.name, f"{len(each.members):,}", each.topic) for each in found[:ROOM_ROWS])
    more = f" (the fullest {ROOM_ROWS} are shown)" if len(found) > ROOM_ROWS else ""
    session.tell(Table(f"Rooms: {len(found):,}{more}", ("room", "people", "topic"), rows))


@command(aliases=("j",))
def join(room: Room, session: Session, room_: Rest) -> None:
    """Go into a room. With -k before its name, stay in the one you are in as well. A password comes last."""
    keep, name, password = _how_and_where(room_)
    user = session.user
    limit = room.server.limits.rooms_per_user
    if fold(name) not in user.rooms and (keep or session.link.many) and len(user.rooms) >= limit:
        raise TooMany(f"You are in {len(user.rooms)} rooms, and no more fit: /leave one first.")
    fresh = fold(name) not in room.server.rooms
    if fresh:
        room.server.order.check_words(user, name)  # everyone sees it in the list of rooms
    place = room.server.rooms.open(name, account=user.account_key, addresses=user.addresses)
    try:
        if fresh and not room.server.rooms.lasts(place):
            place.policy.grant(user, "operator")  # who makes a room keeps it in order
        session.enter(place, keep=keep, password=password)
    except (AccountNeeded, Banned, InviteOnly, RoomFull, WrongRoomPassword) as error:
        _forward(room, session, place, error, keep=keep)
    finally:
        room.server.rooms.close_if_empty(place)  # a room made for one whom it does not let in


def _forward(room: Room, session: Session, place: ChatRoom, error: ChatError, *, keep: bool) -> None:
    """One who may not come in is shown to another room, if there is one for that."""
    other = room.server.rooms.get(place.policy.terms.forward)
    if other is None or other is place:
        raise error
    session.tell(Forwarded(place.name, other.name, error.text))
    session.enter(other, keep=keep)


@command(aliases=("part",))
def leave(room: Room, session: Session, room_: str = "") -> None:
    """Go out of this room, or of another one that you are in."""
    user = session.user
    place = user.rooms.get(fold(room_.removeprefix("#")) if room_ else session.room.key)
    if place is None:
        raise NotInRoom(
            f"You are not in {room_}." if room_ else "You are in no room: /quit leaves the house."
        )
    place.dismiss(user)


@command
def motd(room: Room, session: Session) -> None:
    """Show the message of the day."""
    session.tell(motd_of(room.server.settings.house.motd or "There is no message of the day."))


@command
def time(room: Room, session: Session) -> None:
    """Show what time it is here."""
    now = datetime.fromtimestamp(room.server.runtime.time(), UTC)
    session.tell(f"{now:It is %H:%M on %A, %d %B %Y (UTC).}")


def _how_and_where(text: str) -> tuple[bool, str, str]:
    """Whether to stay where one is, the room's name, and its password."""
    words = text.split()
    keep = words[0] == "-k"
    name, *password = words[keep:] or [""]
    if not name or len(password) > 1:
        raise UsageError("Usage: /join [-k] <room> [password]. A room's name is one word.")
    return keep, name.removeprefix("#"), "".join(password)
