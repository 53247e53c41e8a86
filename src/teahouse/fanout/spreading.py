"""Letting people know of something about someone. Rule: each is told once, however many rooms they share, and nobody
who does not see the one it is about.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from teahouse.events import Event, Renamed

if TYPE_CHECKING:
    from teahouse.rooms.chat import ChatRoom
    from teahouse.server import Server
    from teahouse.user import User


def spread(server: Server, event: Event, user: User) -> None:
    """Tell those who share a room with a user and see it there; and those who watch it."""
    shown = [room for room in user.rooms.values() if room.shows(user)]
    server.fanout.publish(event, shown, user)
    seen = _tell_unshown(event, user, shown)
    if not user.rooms:
        user.tell(event)
    if type(event) is not Renamed:  # whoever watches a nick does not follow the one who had it
        elsewhere = replace(event, room="")  # nor is told in which room it was said
        server.watching.follow(elsewhere, user, lambda each: each in seen or _is_in_one(each, shown))


def _tell_unshown(event: Event, user: User, shown: list[ChatRoom]) -> set[User]:
    """Where the user is not shown, only itself is told and those who keep order; who these are."""
    seen = {user} if shown else set()
    for room in user.rooms.values():
        if room not in shown:
            others = [each for each in (user, *room.keepers()) if seen.isdisjoint((each,))]
            seen.update(others)
            for each in others:
                if each is user or not _is_in_one(each, shown):
                    each.tell(event)
    return seen


def _is_in_one(user: User, rooms: list[ChatRoom]) -> bool:
    return any(user in room.members for room in rooms)
