"""Who is in a room. Rule: a page at a time, those who keep order first: what names a thousand people would be made
a thousand times when a thousand come in.
"""

from __future__ import annotations

from heapq import nsmallest
from typing import TYPE_CHECKING, Any

from teahouse.commands import rank
from teahouse.errors import UsageError
from teahouse.protocols.web.answers import fitting
from teahouse.protocols.web.requests.request import Request, own_room
from teahouse.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from teahouse.rooms.chat import ChatRoom
    from teahouse.session import Session
    from teahouse.user import User

ROLES = ("voice", "operator", "owner")
FEW = 50
"""As many people `join` names; of more it tells how many they are."""
PAGE, LONGEST_PAGE = 100, 200
Place = tuple[int, str]
"""Where someone stands in the list: by role, then by name."""


def members(
    session: Session, room: str, begins: str = "", after: str = "", count: int = PAGE
) -> dict[str, Any]:
    """Who is in it, as far as one sees them: those whose nick begins so, behind someone."""
    if not 1 <= count <= LONGEST_PAGE:
        raise UsageError(f'"count" is from 1 to {LONGEST_PAGE}.')
    return page_of(session, own_room(session, room), count, begins=begins, after=after)


def members_if_few(session: Session, room: ChatRoom) -> dict[str, Any]:
    """All of them; of a crowd, how many they are."""
    total = len(room.seen_by(session))
    return page_of(session, room, FEW) if total <= FEW else {"members": [], "total": total}


def page_of(
    session: Session, room: ChatRoom, count: int, *, begins: str = "", after: str = ""
) -> dict[str, Any]:
    """A page of the list: `total` are all who are there, `more` says whether the list goes on behind it."""
    seen = room.seen_by(session)
    roles = {user: role for user, role in room.policy.roles_among(seen).items() if role in ROLES}
    behind = (
        _place_of(session.server.users.get(fold(after)), fold(after), roles)
        if after
        else (-rank("admin"), "")
    )

    def places() -> Iterator[tuple[Place, User]]:
        start = fold(begins)
        for user in seen:
            place = _place_of(user, user.key, roles)
            if place > behind and user.key.startswith(start):
                yield place, user

    found = nsmallest(count + 1, places())
    rows = fitting(session, [_member(user, roles.get(user, "")) for _, user in found[:count]])
    return {"members": rows, "total": len(seen), "more": len(found) > len(rows)}


def _place_of(user: User | None, key: str, roles: dict[User, str]) -> Place:
    role = roles.get(user, "") if user is not None else ""
    return (-rank(role) if role else 0, key)


def role_in(room: ChatRoom, user: User) -> str:
    """What the room has made of someone; what they are in the house is told elsewhere."""
    role = room.policy.role(user)
    return role if role in ROLES else ""


def _member(user: User, role: str) -> dict[str, Any]:
    return {
        "nick": user.nick,
        "role": role,
        "away": user.away,
        "account": user.account.name if user.account is not None else "",
        "bot": user.is_bot or user.listener is not None,
    }


REQUESTS: dict[str, Request] = {"members": Request(members, reads=True)}
