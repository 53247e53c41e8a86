"""Giving and taking roles in a room. Rule: who may is decided in `moderation/ranks.py`; a role belongs to an account,
or, for a guest, to the time they are in the room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from teahouse.commands import command, rank
from teahouse.errors import AlreadySo, NotInRoom
from teahouse.events import Entered, Left, RoleChanged, sign
from teahouse.moderation.masks import Claim, Person
from teahouse.moderation.ranks import Standing, a, check_grant
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.rooms.chat import ChatRoom
    from teahouse.session import Session
    from teahouse.user import User


class Someone(NamedTuple):
    """Who is to have a role; `user` is None for an account that is not in the house."""

    nick: str
    person: Person
    user: User | None


HEAD = "Keeping this room"


@command(role="operator")
async def op(room: ChatRoom, session: Session, nick: str) -> None:
    """Make someone an operator, who keeps order in this room. Where a room has owners, they alone may."""
    await set_role(room, session, await someone(room, nick), "operator")


@command(role="operator")
async def deop(room: ChatRoom, session: Session, nick: str) -> None:
    """Take the role of operator (or owner) from someone, or give up your own."""
    await _take(room, session, nick, ("operator", "owner"))


@command(role="operator")
async def voice(room: ChatRoom, session: Session, nick: str) -> None:
    """Give someone a voice: they talk where the room is moderated or slow, and no filter is about them."""
    whom = await someone(room, nick)
    here = room.policy.role(whom.person)
    if rank(here) > rank("voice"):
        raise AlreadySo(f"{whom.nick} is {a(here)} here, and has a voice by that.")
    await set_role(room, session, whom, "voice")


@command(role="operator")
async def devoice(room: ChatRoom, session: Session, nick: str) -> None:
    """Take someone's voice again."""
    await _take(room, session, nick, ("voice",))


@command(role="operator")
async def owner(room: ChatRoom, session: Session, nick: str) -> None:
    """Make someone an owner of this room, who makes operators and other owners. /deop undoes it."""
    await set_role(room, session, await someone(room, nick), "owner")


async def someone(room: ChatRoom, nick: str) -> Someone:
    """Who may have a role here: a member, or an account, here or not. Raises NoSuchNick, NotInRoom."""
    user = room.server.users.get(fold(nick))
    if user is not None and user not in room.members and user.account is None:
        raise NotInRoom(f"{user.nick} is not in this room, and has no account that would keep a role.")
    if user is None:
        account = await room.server.accounts.owner(nick)
        if account is None or fold(nick) not in {each.key for each in account.own}:
            user = room.server.present(nick)  # says who may be meant
        elif (user := room.server.user_of(account.key)) is None:
            return Someone(account.name, Claim(account.key, "", (), (), account.key), None)
    return Someone(user.nick, user, user)


async def set_role(room: ChatRoom, session: Session, whom: Someone, role: str) -> None:
    """Give someone a role in this room; "" takes the one there is. Raises NotAllowed, AlreadySo, TooMany."""
    if room.policy.role(whom.person) == role:
        raise AlreadySo(
            f"{whom.nick} is {a(role)} here already." if role else f"{whom.nick} has no role here."
        )
    change_role(room, session, whom, role)
    await room.keep()


def check_change(room: ChatRoom, session: Session, whom: Someone, role: str) -> None:
    """Raise NotAllowed if this one may not give someone that role, or take it ("")."""
    before = room.policy.role(whom.person)
    standing = Standing(whom.nick, before, room.policy.is_founder(whom.person))
    check_grant(room.standing(session.user), standing, role, owned=room.policy.owned)


def change_role(room: ChatRoom, session: Session, whom: Someone, role: str) -> None:
    """As `set_role`; to be followed by `keep`."""
    check_change(room, session, whom, role)
    before = room.policy.role(whom.person)
    user = whom.user if whom.user in room.members else None
    seen = user is not None and room.shows(user)
    room.policy.grant(whom.person, role)
    event = RoleChanged(session.user.nick, whom.nick, role or "member", before or "member")
    if user is None:
        room.broadcast(event)
    else:
        if not seen:
            _appear(room, user)
        room.announce(event, user, session.user)
        if seen:
            _disappear(room, user)
    room.note(session, "role", whom.nick, detail=f"{before or 'member'} to {role or 'member'}")


def _appear(room: ChatRoom, user: User) -> None:
    """One whom a voice lets everyone see in an auditorium has come in, for those who could not see that."""
    if room.shows(user):
        _tell_others(room, user, Entered(user.nick, room.is_crowded(), user.realname, room=room.key))


def _disappear(room: ChatRoom, user: User) -> None:
    if not room.shows(user):
        _tell_others(room, user, Left(user.nick, "", room.is_crowded(), room=room.key))


def _tell_others(room: ChatRoom, user: User, event: Entered | Left) -> None:
    sign(event, user.account.name if user.account is not None else "", user.userhost, bot=user.is_bot)
    knowing = {user, *room.keepers()}
    for each in room.members:
        if each not in knowing:
            each.tell(event)


async def _take(room: ChatRoom, session: Session, nick: str, roles: tuple[str, ...]) -> None:
    whom = await someone(room, nick)
    here = room.policy.role(whom.person)
    if here not in roles:
        raise AlreadySo(f"{whom.nick} is {a(here)} here." if here else f"{whom.nick} has no role here.")
    await set_role(room, session, whom, "")
