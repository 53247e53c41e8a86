"""Rooms, and who is in them. Rule: what someone may not see is not in it, and nobody is told where others connect
from.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, Any

from teahouse.errors import BadName, NotInRoom
from teahouse.lines import may_read
from teahouse.protocols.web.codec import write
from teahouse.protocols.web.ids import shown
from teahouse.protocols.web.requests.request import Request
from teahouse.rooms.past import answer
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.rooms.chat import ChatRoom
    from teahouse.session import Session
    from teahouse.user import User

ROLES = ("voice", "operator", "owner")
MOST_ROOMS = 200
SHARE = 4
"""The part of what may wait for a client that one answer may be."""


def own_room(session: Session, name: str) -> ChatRoom:
    """The room of that name that one is in. Raises NotInRoom."""
    room = session.user.rooms.get(fold(name))
    if room is None:
        raise NotInRoom(f"You are not in {name or 'a room of no name'}.")
    return room


def fitting(session: Session, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """As many of the first as one answer has space for: it must not drop the one who asked."""
    space = session.server.limits.output_bytes // SHARE
    found: list[dict[str, Any]] = []
    for row in rows:
        space -= len(write(row))
        if space < 0 and found:
            break
        found.append(row)
    return found


# ---- going in and out --------------------------------------------------------------------------------------


async def join(session: Session, room: str, password: str = "") -> dict[str, Any]:
    """Go into a room, beside others."""
    if not room or " " in room or " " in password:
        raise BadName("A room's name, and its password, is one word.")
    name = room.removeprefix("#")
    if fold(name) not in session.user.rooms:
        waiting = session.server.foyer.run(session, "join", f"{name} {password}".strip())
        if waiting is not None:
            await waiting
    place = session.user.rooms.get(fold(name)) or own_room(session, session.room.key)  # or shown to another
    return await _entered(session, place)


async def _entered(session: Session, room: ChatRoom) -> dict[str, Any]:
    (about,) = await about_rooms(session, [room])
    return {"room": room.key, **about, **members(session, room.key)}


def leave(session: Session, room: str) -> None:
    """Go out of it."""
    own_room(session, room).dismiss(session.user)


# ---- what there is -----------------------------------------------------------------------------------------


def members(session: Session, room: str) -> dict[str, Any]:
    """Who is in it, as far as one sees them; `total` is more where the list is cut short."""
    return members_of(session, own_room(session, room))


def members_of(session: Session, place: ChatRoom) -> dict[str, Any]:
    """See `members`."""
    seen = place.seen_by(session)
    most = session.server.limits.answer_rows
    rows = (_member(place, user) for user in islice(seen, most))
    return {"members": fitting(session, rows), "total": len(seen)}


def _role(room: ChatRoom, user: User) -> str:
    """What the room has made of someone; what they are in the house is told elsewhere."""
    role = room.policy.role(user)
    return role if role in ROLES else ""


def _member(room: ChatRoom, user: User) -> dict[str, Any]:
    return {
        "nick": user.nick,
        "role": _role(room, user),
        "away": user.away,
        "account": user.account.name if user.account is not None else "",
        "bot": user.is_bot or user.listener is not None,
    }


async def rooms(session: Session) -> dict[str, Any]:
    """The rooms one may see: first those one is in, then the fullest."""
    own = session.user.rooms
    others = [
        each for key, each in session.server.rooms.items() if key not in own and each.is_seen_by(session)
    ]
    others.sort(key=lambda room: (-len(room.members), room.key))
    found = await about_rooms(session, [*own.values(), *others[:MOST_ROOMS]])
    return {"rooms": fitting(session, found), "total": len(own) + len(others)}


async def rooms_of_ones_own(session: Session) -> list[dict[str, Any]]:
    """Those that one is in."""
    return await about_rooms(session, list(session.user.rooms.values()))


async def about_rooms(session: Session, places: list[ChatRoom]) -> list[dict[str, Any]]:
    """What one is told of these rooms."""
    readable = [room.key for room in places if may_read(session, room)]
    newest = await answer(session.server.store.newest(readable)) if readable else {}
    return [_room(session, room, newest.get(room.key, 0)) for room in places]


def _room(session: Session, room: ChatRoom, last: int) -> dict[str, Any]:
    return {
        "name": room.name,
        "key": room.key,
        "topic": room.topic,
        "people": len(room.seen_by(session)),
        "joined": room.key in session.user.rooms,
        "role": _role(room, session.user),
        "last": shown(last),
        "read": shown(session.user.markers.get(room.key, 0)),
    }


def commands(session: Session, room: str = "") -> dict[str, Any]:
    """The commands one has in a room, or in none."""
    place = own_room(session, room) if room else session.server.foyer
    found = [each for each in place.commands() if place.allows(session, each) and not each.hidden]
    return {
        "commands": [
            {"name": each.name, "usage": each.usage, "help": each.help, "aliases": list(each.aliases)}
            for each in found
        ]
    }


REQUESTS: dict[str, Request] = {
    "join": Request(join),
    "leave": Request(leave),
    "members": Request(members),
    "rooms": Request(rooms),
    "commands": Request(commands),
}
