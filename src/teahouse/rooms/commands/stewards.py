"""What those do who keep the whole house. Rule: nobody does it to themselves, or to one whose role in the house is as
high as their own; and all of it stands in the audit log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from teahouse.commands import Rest, command, rank
from teahouse.errors import NotAllowed
from teahouse.events import Announced, Notice
from teahouse.rooms.commands.reports import account_named, done_by

if TYPE_CHECKING:
    from teahouse.rooms.base import Room
    from teahouse.session import Session
    from teahouse.store import Account

HEAD = "Keeping the house"


@command(role="moderator")
def kill(room: Room, session: Session, nick: str, reason: Rest = "") -> None:
    """Put someone out of the house, on all devices. They may come back: /houseban keeps them out."""
    order, user = room.server.order, room.server.present(nick)
    order.check_over(session.user, user)
    reason = reason[: room.server.limits.away_length]
    address = " ".join(dict.fromkeys(user.addresses))
    order.note(done_by(session, "kill", user.nick, reason=reason, address=address))
    told = f"You are put out of the house{': ' if reason else '.'}{reason}"
    order.kill(user, told, f"killed{': ' * bool(reason)}{reason}")
    session.tell(f"{user.nick} is put out of the house.")


@command(role="moderator", name="announce")
def announce_to_all(room: Room, session: Session, text: Rest) -> None:
    """Tell something to everyone in the house, in whatever room they are."""
    said = Announced(session.user.nick, text)
    room.server.order.note(done_by(session, "announce", "everyone", reason=text[:200]))
    places = [each for each in room.server.rooms.values() if each.members]
    if places:
        room.server.fanout.publish(said, places, session.user)
    for user in room.server.users.values():
        if not user.rooms:
            user.tell(Announced(said.who, said.text))


@command(role="admin")
async def role(
    room: Room, session: Session, nick: str, role: Literal["member", "moderator", "admin", "show"] = "show"
) -> None:
    """Show what someone with an account is in the house, or make them something else: at once, and for good."""
    account = await account_named(room, nick)
    if role == "show":
        session.tell(f"{account.name} is {_a(account.role)}.")
        return
    _check_role(room, session, account)
    if account.role != role:
        await _give(room, session, account, role)
    session.tell(f"{account.name} is {_a(role)} now.")


async def _give(room: Room, session: Session, account: Account, role: str) -> None:
    await room.server.accounts.change(account, role=role)
    room.server.order.note(done_by(session, "role", account.name, reason=f"{account.role} → {role}"))
    user = room.server.user_of(account.key)
    if user is not None:
        user.tell(Notice(f"Your role is {role} now."))


def _check_role(room: Room, session: Session, account: Account) -> None:
    """Raise NotAllowed where someone would change their own role, or an equal's."""
    if account.key == session.user.account_key:
        raise NotAllowed("You cannot change your own role: another admin can, or teahouse account role.")
    if rank(account.role) >= rank("admin"):
        raise NotAllowed(f"{account.name} is an admin, too: teahouse account role can change that.")


def _a(role: str) -> str:
    return f"an {role}" if role[0] == "a" else f"a {role}"
