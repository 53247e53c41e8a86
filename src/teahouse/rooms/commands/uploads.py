"""Files that people have put into the house. Rule: one sees and removes one's own; what keepers take away stands in
the audit log.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from teahouse.commands import Rest, command, rank
from teahouse.errors import NotAllowed, NotFound, UsageError
from teahouse.events import Table
from teahouse.rooms.commands.account import own_account
from teahouse.rooms.commands.reports import account_named, done_by
from teahouse.text import show_size

if TYPE_CHECKING:
    from teahouse.rooms.base import Room
    from teahouse.session import Session
    from teahouse.store import Account, Upload

HEAD = "Your account"
SHOWN = 20
LOOKED_THROUGH = 1_000
"""Uploads among which one is found by the beginning of its id."""
SHORT = 8
"""Characters of an id that are shown; as many are enough to name it."""
REMOVE = "Usage: /uploads remove <id, or the whole address>"
OF = "Usage: /uploads of <nick>; /uploads all lists those of everyone. Both are for moderators."
_ID = re.compile(rf"[0-9a-f]{{{SHORT},32}}")


@command
async def uploads(
    room: Room, session: Session, what: Literal["list", "remove", "of", "all"] = "list", which: Rest = ""
) -> None:
    """List the files that you have uploaded and how that is done, or remove one: /uploads remove 1f3a5b7d

    Moderators see those of someone (/uploads of bob) and of everyone (/uploads all), and remove them likewise."""
    account = own_account(room, session)
    keeps = rank(session.user.role) >= rank("moderator")
    if what == "list":
        room.server.uploads.check_may(account)
        await _list(room, session, "Your files", account)
        session.tell(_how_to(room, account))
    elif what == "remove":
        await _remove(room, session, account, which, everyones=keeps)
    elif not keeps or (what == "of") != bool(which):
        raise NotAllowed(OF) if not keeps else UsageError(OF)
    elif what == "of":
        owner = await account_named(room, which)
        await _list(room, session, f"Files of {owner.name}", owner)
    else:
        await _list(room, session, "Files of everyone", None)


async def _list(room: Room, session: Session, title: str, owner: Account | None) -> None:
    key, server = owner.key if owner is not None else "", room.server
    found = await server.store.uploads(key, count=SHOWN)
    if not found:
        session.tell(f"{title}: none.")
        return
    size = show_size(await server.store.upload_bytes(key))
    rows = tuple(
        (
            each.id[:SHORT],
            f"{each.at:%m-%d %H:%M}",
            each.account,
            show_size(each.size),
            server.uploads.site + server.uploads.path_of(each),
        )
        for each in found
    )
    newest = f", the newest {SHOWN}" if len(found) == SHOWN else ""
    session.tell(Table(f"{title}, {size} in all{newest}:", ("id", "when", "whose", "size", "address"), rows))


def _how_to(room: Room, account: Account) -> str:
    server = room.server
    days = server.settings.uploads.keep_days
    address = server.uploads.address_by(server.settings) or "https://<this house's web site>/uploads"
    kept = f", and is kept for {days} days" if days else ""
    most = show_size(server.settings.uploads.file_bytes)
    return f"A file has at most {most}{kept}. To upload one: curl -u {account.name} -T picture.jpg {address}/"


async def _remove(room: Room, session: Session, account: Account, which: str, *, everyones: bool) -> None:
    found = await _meant(room, "" if everyones else account.key, which)
    await room.server.uploads.remove([found])
    if found.account != account.key:
        act = done_by(session, "uploads", found.account, reason=f"removed {found.name}", detail=found.id)
        room.server.order.note(act)
    session.tell(f"{found.name} is removed.")


async def _meant(room: Room, owner: str, which: str) -> Upload:
    """The upload of that owner ("": of anyone) whose id, or the beginning of it, stands in the words. Raises
    UsageError, NotFound."""
    match = _ID.search(which.rpartition("/uploads/")[2])
    if match is None:
        raise UsageError(REMOVE)
    kept = await room.server.store.upload(match[0])
    among = [kept] if kept else await room.server.store.uploads(owner, count=LOOKED_THROUGH)
    found = [each for each in among if each.id.startswith(match[0]) and owner in {"", each.account}]
    if len(found) != 1:
        raise NotFound("There is no such file of yours." if owner else "There is no such file.")
    return found[0]
