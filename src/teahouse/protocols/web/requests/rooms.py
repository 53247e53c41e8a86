"""Rooms: which there are, going into one and out of it. Rule: what someone may not see is not in it, and nobody is
told where others connect from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from teahouse.errors import BadName
from teahouse.lines import may_read
from teahouse.protocols.web.answers import fitting
from teahouse.protocols.web.ids import shown
from teahouse.protocols.web.requests.members import members_if_few, role_in
from teahouse.protocols.web.requests.request import Request, own_room
from teahouse.rooms.past import answer
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.rooms.chat import ChatRoom
    from teahouse.session import Session

MOST_ROOMS = 200


# ---- going in and out --------------------------------------------------------------------------------------


async def join(session: Session, room: str, password: str = "", make: bool = True) -> dict[str, Any]:
    """Go into a room, beside others; one that is not there is made, unless `make` says otherwise."""
    if not room or " " in room or " " in password:
        raise BadName("A room's name, and its password, is one word.")
    name = room.removeprefix("#")
    if not make:
        session.server.room(name)  # says that there is none
    if fold(name) not in session.user.rooms:
        waiting = session.server.foyer.run(session, "join", f"{name} {password}".strip())
        if waiting is not None:
            await waiting
    place = session.user.rooms.get(fold(name)) or own_room(session, session.room.key)  # or shown to another
    return await _entered(session, place)


async def _entered(session: Session, room: ChatRoom) -> dict[str, Any]:
    (about,) = await about_rooms(session, [room])
    return {"room": room.key, **about, **members_if_few(session, room)}


def leave(session: Session, room: str) -> None:
    """Go out of it."""
    own_room(session, room).dismiss(session.user)


# ---- what there is -----------------------------------------------------------------------------------------


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
        "role": role_in(room, session.user),
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
    "rooms": Request(rooms, reads=True),
    "commands": Request(commands, reads=True),
}
