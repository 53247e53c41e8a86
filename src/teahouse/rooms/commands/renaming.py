"""Another name for a room. Rule: in a room that nobody has registered its operators may, else its owners. How it is
done, and which rooms keep their names, stands in `teahouse.renaming`.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from teahouse.commands import Rest, command
from teahouse.errors import AlreadySo, CannotRename
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.rooms.chat import ChatRoom
    from teahouse.session import Session

HEAD = "Keeping this room"


@command(role="operator")
async def rename(room: ChatRoom, session: Session, name: str, reason: Rest = "") -> None:
    """Give this room another name: /rename tearoom it was too long
    All of it stays: who is in it, its terms, roles and lists, and what was said. In a room that is registered
    only its owners may. Nobody is led from the old name to the new one."""
    await change_name(room, session, name.removeprefix("#"), reason)


async def change_name(room: ChatRoom, session: Session, name: str, reason: str = "") -> None:
    """The room is called so from now on. Raises NotAllowed, AlreadySo, BadName, CannotTalk, RoomNameInUse,
    CannotRename, Busy, NotStored."""
    room.demand(session, "owner" if room.registered else "operator")
    before, order = room.name, room.server.order
    if name == before:
        raise AlreadySo(f"This room is called {name} already.")
    room.server.renaming.check(room)
    _check_time(room)
    order.check_talk(session.user, room.now())
    order.check_words(session.user, name)  # everyone sees it in the list of rooms
    reason = room.reason_of(session, reason)
    renamed_at, room.renamed_at = room.renamed_at, room.server.runtime.now()
    try:
        await room.server.renaming.rename(room, name, session, reason)
    except Exception:
        room.renamed_at = renamed_at
        raise
    if room.key != fold(before):
        room.named_at = room.now()
    room.note(session, "rename", before, reason=reason)
    await room.keep()


def _check_time(room: ChatRoom) -> None:
    """Raise CannotRename for a room that has just been renamed."""
    wait = room.server.limits.rename_seconds - (room.server.runtime.now() - room.renamed_at)
    if wait > 0:
        raise CannotRename(f"This room has been renamed just now: wait {ceil(wait)} seconds.")
