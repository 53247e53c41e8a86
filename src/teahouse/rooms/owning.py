"""Whose a room is. Rule: a registered room belongs to an account and stays when nobody is in it; what an account had
here goes with it.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from teahouse.commands import rank
from teahouse.errors import AccountNeeded, AlreadySo, ChatError, NotAllowed, TooMany
from teahouse.events import RoleChanged
from teahouse.store import Missing, StoreError

if TYPE_CHECKING:
    from teahouse.rooms.chat import ChatRoom
    from teahouse.session import Session
    from teahouse.user import User


async def register_room(room: ChatRoom, session: Session) -> None:
    """The room belongs to the user's account from now on. Raises AccountNeeded, NotAllowed, TooMany."""
    room.demand(session, "operator")
    account = session.user.account
    if account is None:
        raise AccountNeeded("A room belongs to an account: /register makes one of your nick.")
    if room.policy.founder:
        raise AlreadySo(f"This room is registered already, by {room.policy.founder}.")
    if room.server.rooms.lasts(room):
        raise NotAllowed("This room belongs to the house, and stays anyway.")
    most = room.server.limits.rooms_per_account
    if sum(each.policy.founder == account.key for each in room.server.rooms.values()) >= most:
        raise TooMany(f"You have registered as many rooms as one may ({most}): /room release one first.")
    before = room.policy.role(session.user)
    room.policy.founder = account.key
    room.server.rooms.add(room)
    tell_role(room, session.user, before)
    room.note(session, "register room")
    await room.keep()
    session.tell(f"{room.name} is your room now, and stays when nobody is in it.")


async def release_room(room: ChatRoom, session: Session) -> None:
    """The room belongs to nobody any more, and goes with the last one in it. Raises NotAllowed."""
    founder = room.policy.founder
    if not founder:
        raise AlreadySo("Nobody has registered this room.")
    if not room.policy.is_founder(session.user) and rank(session.user.role) < rank("moderator"):
        raise NotAllowed(f"{founder} has registered this room: only {founder} can give it up.")
    if session.user.account_key == founder:
        room.policy.grant(
            session.user, "operator"
        )  # before anything is changed: there may be no space for it
    room.policy.founder = ""
    owner = room.server.user_of(founder)
    if owner is not None:
        tell_role(room, owner, "owner", session.user)
    room.note(session, "release room", founder)
    await _unregister(room)
    session.tell(f"{room.name} is registered no more, and goes with the last one in it.")


async def look_for_accounts(room: ChatRoom, kept_at: datetime | None = None) -> None:
    """Accounts that were removed from outside have nothing here any more; nor have those that were made, in the place
    of one of the same name, after the room was written down as it is."""
    for key in room.policy.accounts:
        try:
            found = await room.server.store.account(key)
            if found is None:
                account_gone(room, key)
            elif kept_at is not None and found.created > kept_at:
                account_gone(room, key, is_another=True)
        except StoreError as error:
            room.server.runtime.log.error("room {room}: {error}", room=room.name, error=error)


def account_gone(room: ChatRoom, key: str, *, is_another: bool = False) -> None:
    """An account is no more: its role here neither, nor its webhooks, and a room that it had registered is nobody's.
    `is_another`: there is one of that name again."""
    was_founder = bool(key) and key == room.policy.founder
    had = room.policy.forget_account(key)
    if had or not is_another:
        room.server.runtime.spawn(room.try_to(room.server.hooks.remove_all(room.key, key)))
    if not had:
        return
    room.note(None, "account gone", key)
    room.server.runtime.spawn(room.try_to(_unregister(room) if was_founder else room.keep()))


async def forget_record(room: ChatRoom) -> None:
    """A room that was kept is there no more. Raises ChatError."""
    try:
        await room.server.store.remove_room(room.key)
    except Missing:
        pass
    except StoreError as error:
        raise ChatError("The house cannot write down that this room is gone.") from error


async def _unregister(room: ChatRoom) -> None:
    room.server.rooms.remove(room)
    room.see_what_is_kept()
    try:
        await room.server.store.remove_room(room.key)
        if room.policy.terms.is_closed:
            await room.forget_all()
    except Missing:
        pass
    except StoreError as error:
        raise ChatError(
            "The house cannot write that down: after a restart the room is registered again."
        ) from error
    await room.server.hooks.remove_all(room.key)
    await room.keep()  # as long as someone always on is in it


def tell_role(room: ChatRoom, user: User, before: str, by: User | None = None) -> None:
    """A member may have another role than before, by its account."""
    role = room.policy.role(user)
    if user in room.members and role != before:
        by = by or user
        room.announce(RoleChanged(by.nick, user.nick, role or "member", before or "member"), user, by)
