"""What those do who keep the whole house. Rule: nobody does it to themselves, or to one whose role in the house is as
high as their own; and all of it stands in the audit log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from teahouse.commands import Rest, command, rank
from teahouse.errors import NotAllowed
from teahouse.events import Announced, Notice
from teahouse.rooms.houserules import RuleMaker

if TYPE_CHECKING:
    from teahouse.session import Session
    from teahouse.store import Account


class Stewards(RuleMaker):
    """Commands of moderators and admins."""

    theme = "Keeping the house"

    @command(role="moderator")
    def kill(self, session: Session, nick: str, reason: Rest = "") -> None:
        """Put someone out of the house, on all devices. They may come back: /houseban keeps them out."""
        order, user = self.server.order, self.server.present(nick)
        order.check_over(session.user, user)
        reason = reason[: self.server.limits.away_length]
        address = " ".join(dict.fromkeys(user.addresses))
        order.note(self.act(session, "kill", user.nick, reason=reason, address=address))
        told = f"You are put out of the house{': ' if reason else '.'}{reason}"
        order.kill(user, told, f"killed{': ' * bool(reason)}{reason}")
        session.tell(f"{user.nick} is put out of the house.")

    @command(role="moderator", name="announce")
    def announce_to_all(self, session: Session, text: Rest) -> None:
        """Tell something to everyone in the house, in whatever room they are."""
        said = Announced(session.user.nick, text)
        self.server.order.note(self.act(session, "announce", "everyone", reason=text[:200]))
        places = [room for room in self.server.rooms.values() if room.members]
        if places:
            self.server.fanout.publish(said, places, session.user)
        for user in self.server.users.values():
            if not user.rooms:
                user.tell(Announced(said.who, said.text))

    @command(role="admin")
    async def role(
        self, session: Session, nick: str, role: Literal["member", "moderator", "admin", "show"] = "show"
    ) -> None:
        """Show what someone with an account is in the house, or make them something else: at once, and for good."""
        account = await self.account_named(nick)
        if role == "show":
            session.tell(f"{account.name} is {_a(account.role)}.")
            return
        self._check_role(session, account)
        if account.role != role:
            await self._give(session, account, role)
        session.tell(f"{account.name} is {_a(role)} now.")

    async def _give(self, session: Session, account: Account, role: str) -> None:
        await self.server.accounts.change(account, role=role)
        self.server.order.note(self.act(session, "role", account.name, reason=f"{account.role} → {role}"))
        user = self.server.user_of(account.key)
        if user is not None:
            user.tell(Notice(f"Your role is {role} now."))

    def _check_role(self, session: Session, account: Account) -> None:
        """Raise NotAllowed where someone would change their own role, or an equal's."""
        if account.key == session.user.account_key:
            raise NotAllowed("You cannot change your own role: another admin can, or teahouse account role.")
        if rank(account.role) >= rank("admin"):
            raise NotAllowed(f"{account.name} is an admin, too: teahouse account role can change that.")


def _a(role: str) -> str:
    return f"an {role}" if role[0] == "a" else f"a {role}"
