"""Where one may search. Rule: in the rooms that one is in, and in those that anyone may read; a closed one is not
told from one that is not there.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from teahouse.errors import NoSuchRoom
from teahouse.events import Event
from teahouse.rooms.questions import Wanted
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.rooms.chat import ChatRoom
    from teahouse.session import Session

FOUND = 20


def found_by(session: Session, asked: Wanted) -> Awaitable[list[Event]]:
    """The newest lines that someone may see and that fit, newest first. Raises NoSuchRoom; awaited, StoreError."""
    return session.server.store.search(
        asked.words,
        rooms=_where(session, asked),
        who=asked.who,
        since=asked.since,
        before=asked.before,
        count=FOUND,
    )


def _where(session: Session, asked: Wanted) -> list[str]:
    """The rooms to look in, by key."""
    if not asked.room:
        return [key for key, room in session.server.rooms.items() if is_open(room, session)]
    room = session.server.rooms.get(fold(asked.room))
    if room is None or not is_open(room, session):
        raise NoSuchRoom(f"There is no room {asked.room} that you can search: /rooms lists those there are.")
    return [room.key]


def is_open(room: ChatRoom, session: Session) -> bool:
    """Whether someone may search a room."""
    return room.keeps_history and (room.key in session.user.rooms or room.may_read(session))
