"""Webhooks of a room. Rule: those who keep order there make them and see them, and each is in the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from teahouse.commands import Rest, command
from teahouse.errors import BadName, UsageError
from teahouse.events import Table
from teahouse.text import valid_name, web_address

if TYPE_CHECKING:
    from teahouse.rooms.chat import ChatRoom
    from teahouse.session import Session

IN = "/api/v1/hooks/"
USAGE = "Usage: /hook in <name>, /hook out <https://…>, /hook remove <id>"

HEAD = "Keeping this room"


@command(role="operator", aliases=("hooks",))
async def hook(
    room: ChatRoom, session: Session, what: Literal["list", "in", "out", "remove"] = "list", value: Rest = ""
) -> None:
    """List the webhooks of this room, make one, or remove one: /hook in weather
    In: whoever has its address talks into this room, as weather/you. Out: what is said here is sent to an
    address, signed. They hold for as long as you keep order here. See docs/api.md."""
    if what == "list":
        _list_hooks(room, session)
    elif not value or " " in value:
        raise UsageError(USAGE)
    elif what == "remove":
        await remove_hook(room, session, value)
        session.tell("That webhook leads nowhere any more.")
    elif what == "in":
        _, text = await add_hook(room, session, name=value)
        session.tell(f"POST to this address talks into {room.name}, shown only now: {IN}{text}")
    else:
        _, text = await add_hook(room, session, url=value)
        session.tell(f"What is said here is sent there. The key of its signatures, shown only now: {text}")


def _list_hooks(room: ChatRoom, session: Session) -> None:
    found = room.server.hooks.of_room(room.key)
    mine = session.user.account_key
    rows = tuple((each.id, each.kind, each.shown_to(mine), each.account) for each in found)
    none = "This room has no webhooks. /hook in <name> makes one."
    session.tell(Table("Webhooks here:", ("id", "way", "name or address", "made by"), rows) if rows else none)


async def add_hook(room: ChatRoom, session: Session, *, name: str = "", url: str = "") -> tuple[str, str]:
    """A new webhook: its id, and what is shown of it once. Raises ChatError."""
    room.demand(session, "operator")
    try:
        name = valid_name(name, max_length=room.server.limits.nick_length) if not url else ""
        url = web_address(url) if url else ""
    except ValueError as error:
        raise BadName(str(error)) from error
    made, text = await room.server.hooks.add(room, session.user, name, url)
    room.note(session, "hook", f"{made.kind} {made.shown_to('')}")
    return made.id, text


async def remove_hook(room: ChatRoom, session: Session, id_: str) -> None:
    """It leads nowhere any more. Raises NotAllowed, NotFound."""
    room.demand(session, "operator")
    await room.server.hooks.remove(room, id_)
    room.note(session, "unhook", id_)
