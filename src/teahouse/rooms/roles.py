"""Giving and taking roles in a room. Rule: who may is decided in `moderation/ranks.py`; a role belongs to an account,
or, for a guest, to the time they are in the room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from teahouse.commands import command, rank
from teahouse.errors import AlreadySo, NotInRoom
from teahouse.events import Entered, Left, RoleChanged
from teahouse.moderation.masks import Claim, Person
from teahouse.moderation.ranks import Standing, a, check_grant
from teahouse.rooms.governed import Governed
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.session import Session
    from teahouse.user import User


class Someone(NamedTuple):
    """Who is to have a role; `user` is None for an account that is not in the house."""

    nick: str
    person: Person
    user: User | None


class Roles(Governed):
    """Commands that make operators, voices and owners, and undo that."""

    theme = "Keeping this room"

    @command(role="operator")
    async def op(self, session: Session, nick: str) -> None:
        """Make someone an operator, who keeps order in this room. Where a room has owners, they alone may."""
        await self.set_role(session, await self.someone(nick), "operator")

    @command(role="operator")
    async def deop(self, session: Session, nick: str) -> None:
        """Take the role of operator (or owner) from someone, or give up your own."""
        await self._take(session, nick, ("operator", "owner"))

    @command(role="operator")
    async def voice(self, session: Session, nick: str) -> None:
        """Give someone a voice: they talk where the room is moderated or slow, and no filter is about them."""
        whom = await self.someone(nick)
        here = self.policy.role(whom.person)
        if rank(here) > rank("voice"):
            raise AlreadySo(f"{whom.nick} is {a(here)} here, and has a voice by that.")
        await self.set_role(session, whom, "voice")

    @command(role="operator")
    async def devoice(self, session: Session, nick: str) -> None:
        """Take someone's voice again."""
        await self._take(session, nick, ("voice",))

    @command(role="operator")
    async def owner(self, session: Session, nick: str) -> None:
        """Make someone an owner of this room, who makes operators and other owners. /deop undoes it."""
        await self.set_role(session, await self.someone(nick), "owner")

    async def someone(self, nick: str) -> Someone:
        """Who may have a role here: a member, or an account, here or not. Raises NoSuchNick, NotInRoom."""
        user = self.server.users.get(fold(nick))
        if user is not None and user not in self.members and user.account is None:
            raise NotInRoom(f"{user.nick} is not in this room, and has no account that would keep a role.")
        if user is None:
            account = await self.server.accounts.owner(nick)
            if account is None or fold(nick) not in {each.key for each in account.own}:
                user = self.server.present(nick)  # says who may be meant
            elif (user := self.server.user_of(account.key)) is None:
                return Someone(account.name, Claim(account.key, "", (), (), account.key), None)
        return Someone(user.nick, user, user)

    async def set_role(self, session: Session, whom: Someone, role: str) -> None:
        """Give someone a role in this room; "" takes the one there is. Raises NotAllowed, AlreadySo, TooMany."""
        if self.policy.role(whom.person) == role:
            raise AlreadySo(
                f"{whom.nick} is {a(role)} here already." if role else f"{whom.nick} has no role here."
            )
        self.change_role(session, whom, role)
        await self.keep()

    def check_change(self, session: Session, whom: Someone, role: str) -> None:
        """Raise NotAllowed if this one may not give someone that role, or take it ("")."""
        before = self.policy.role(whom.person)
        standing = Standing(whom.nick, before, self.policy.is_founder(whom.person))
        check_grant(self.standing(session.user), standing, role, owned=self.policy.owned)

    def change_role(self, session: Session, whom: Someone, role: str) -> None:
        """As `set_role`; to be followed by `keep`."""
        self.check_change(session, whom, role)
        before = self.policy.role(whom.person)
        user = whom.user if whom.user in self.members else None
        seen = user is not None and self.shows(user)
        self.policy.grant(whom.person, role)
        event = RoleChanged(session.user.nick, whom.nick, role or "member", before or "member")
        if user is None:
            self.broadcast(event)
        else:
            if not seen:
                self._appear(user)
            self.announce(event, user, session.user)
            if seen:
                self._disappear(user)
        self.note(session, "role", whom.nick, detail=f"{before or 'member'} to {role or 'member'}")

    def _appear(self, user: User) -> None:
        """One whom a voice lets everyone see in an auditorium has come in, for those who could not see that."""
        if self.shows(user):
            self._tell_others(user, Entered(user.nick, self.is_crowded(), room=self.key))

    def _disappear(self, user: User) -> None:
        if not self.shows(user):
            self._tell_others(user, Left(user.nick, "", self.is_crowded(), room=self.key))

    def _tell_others(self, user: User, event: Entered | Left) -> None:
        knowing = {user, *self.keepers()}
        for each in self.members:
            if each not in knowing:
                each.tell(event)

    async def _take(self, session: Session, nick: str, roles: tuple[str, ...]) -> None:
        whom = await self.someone(nick)
        here = self.policy.role(whom.person)
        if here not in roles:
            raise AlreadySo(f"{whom.nick} is {a(here)} here." if here else f"{whom.nick} has no role here.")
        await self.set_role(session, whom, "")
