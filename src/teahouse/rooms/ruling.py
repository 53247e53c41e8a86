"""The terms of a room, and whose it is. Rule: terms are changed here, by their names in `moderation/terms.py`, and
everyone is told; a registered room belongs to an account and stays when nobody is in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.commands import Rest, command, rank
from teahouse.errors import AccountNeeded, AlreadySo, ChatError, NotAllowed, TooMany, UsageError
from teahouse.events import RoleChanged, Table, TermsChanged
from teahouse.moderation import terms
from teahouse.rooms.keepers import Keepers
from teahouse.store import Missing, StoreError
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.session import Session
    from teahouse.user import User


class Ruling(Keepers):
    """The command /room."""

    theme = "Keeping this room"

    @command(name="room")
    async def room_command(self, session: Session, what: str = "", value: Rest = "") -> None:
        """Show on what terms one is in this room, or change them: /room slow 10s
        Operators set a term to on, off, or what it takes; /room shows them all, and what each means. /room register
        makes the room yours: it stays when nobody is in it, with all that is set here. /room release gives it up."""
        if what in {"register", "release"} and not value:
            await (self.register_room(session) if what == "register" else self.release_room(session))
        elif not what:
            self._show_room(session)
        elif not value:
            name = terms.term(what)
            now = terms.shown(self.policy.terms, name)
            session.tell(f"{terms.spelled(name)} is {now}. {terms.meaning(name)}")
        else:
            await self.set_term(session, terms.term(what), value)

    async def set_term(self, session: Session, name: str, value: str) -> None:
        """Another value, as people type it, for a term. Raises NotAllowed, UsageError, AlreadySo."""
        self.demand(session, "operator")
        before = self.policy.terms
        after = terms.with_term(before, name, value)
        if after == before:
            raise AlreadySo(f"{terms.spelled(name)} is {terms.shown(before, name)} already.")
        if name == "forward" and after.forward:
            self._check_forward(session, after.forward)
        self.policy.terms = after
        shown = _told(after, name)
        self.broadcast(TermsChanged(session.user.nick, name, shown, _told(before, name)))
        self.note(session, "room", detail=f"{terms.spelled(name)} {terms.shown(after, name)}")
        await self.keep()

    def _check_forward(self, session: Session, key: str) -> None:
        """Raise UsageError or NotAllowed unless there is such a room, to which one may send people."""
        other = self.server.rooms.get(key)
        if other is self:
            raise UsageError("This is that room: forward to another one.")
        if other is None or not (other.is_seen_by(session) or other.takes_from(session)):
            raise UsageError("There is no such room to forward to.")
        if not other.takes_from(session):
            raise NotAllowed(f"Only those who keep {other.name} in order may have people sent there.")

    def takes_from(self, session: Session) -> bool:
        """Whether someone may have people sent here: those who keep this room, and everyone to the lobby. Nobody is
        sent where they are unwanted."""
        is_lobby = self.key == fold(self.server.settings.house.lobby)
        return is_lobby or rank(self.role_of(session)) >= rank("operator")

    def _show_room(self, session: Session) -> None:
        now = self.policy.terms
        rows = [
            ("registered by", self.policy.founder or "nobody", "Whose room it is."),
            ("your role", self.role_of(session), "What you are in this room."),
        ]
        if rank(self.role_of(session)) >= rank("operator"):
            rows += self._role_rows()
        rows += [(terms.spelled(name), terms.shown(now, name), terms.meaning(name)) for name in terms.NAMES]
        session.tell(Table(f"Room {self.name}:", ("what", "value", "meaning"), tuple(rows)))

    def _role_rows(self) -> list[tuple[str, str, str]]:
        """The accounts that have a role here, present or not."""
        found = []
        for role in ("owner", "operator", "voice"):
            have = sorted(key for key, each in self.policy.roles.items() if each == role)
            if have:
                found.append((f"{role}s", ", ".join(have), "Accounts that have this role for good."))
        return found

    # ---- whose it is ---------------------------------------------------------------------------------------

    async def register_room(self, session: Session) -> None:
        """The room belongs to the user's account from now on. Raises AccountNeeded, NotAllowed, TooMany."""
        self.demand(session, "operator")
        account = session.user.account
        if account is None:
            raise AccountNeeded("A room belongs to an account: /register makes one of your nick.")
        if self.policy.founder:
            raise AlreadySo(f"This room is registered already, by {self.policy.founder}.")
        if self.server.rooms.lasts(self):
            raise NotAllowed("This room belongs to the house, and stays anyway.")
        most = self.server.limits.rooms_per_account
        if sum(room.policy.founder == account.key for room in self.server.rooms.values()) >= most:
            raise TooMany(f"You have registered as many rooms as one may ({most}): /room release one first.")
        before = self.policy.role(session.user)
        self.policy.founder = account.key
        self.server.rooms.add(self._place)
        self.tell_role(session.user, before)
        self.note(session, "register room")
        await self.keep()
        session.tell(f"{self.name} is your room now, and stays when nobody is in it.")

    async def release_room(self, session: Session) -> None:
        """The room belongs to nobody any more, and goes with the last one in it. Raises NotAllowed."""
        founder = self.policy.founder
        if not founder:
            raise AlreadySo("Nobody has registered this room.")
        if not self.policy.is_founder(session.user) and rank(session.user.role) < rank("moderator"):
            raise NotAllowed(f"{founder} has registered this room: only {founder} can give it up.")
        self.policy.founder = ""
        if session.user.account_key == founder:
            self.policy.grant(session.user, "operator")
        owner = self.server.user_of(founder)
        if owner is not None:
            self.tell_role(owner, "owner", session.user)
        self.note(session, "release room", founder)
        await self._unregister()
        session.tell(f"{self.name} is registered no more, and goes with the last one in it.")

    async def look_for_accounts(self) -> None:
        """Accounts that were removed from outside have nothing here any more."""
        for key in self.policy.accounts:
            try:
                if await self.server.store.account(key) is None:
                    self.account_gone(key)
            except StoreError as error:
                self.server.runtime.log.error("room {room}: {error}", room=self.name, error=error)

    def account_gone(self, key: str) -> None:
        """An account is no more: its role here neither, and a room that it had registered is nobody's."""
        was_founder = bool(key) and key == self.policy.founder
        if not self.policy.forget_account(key):
            return
        self.note(None, "account gone", key)
        self.server.runtime.spawn(self._try_to(self._unregister() if was_founder else self.keep()))

    async def _unregister(self) -> None:
        self.server.rooms.remove(self._place)
        self.see_what_is_kept()
        try:
            await self.server.store.remove_room(self.key)
            if self.policy.terms.is_closed:
                await self.forget_all()
        except Missing:
            pass
        except StoreError as error:
            raise ChatError(
                "The house cannot write that down: after a restart the room is registered again."
            ) from error

    def tell_role(self, user: User, before: str, by: User | None = None) -> None:
        """A member may have another role than before, by its account."""
        role = self.policy.role(user)
        if user in self.members and role != before:
            by = by or user
            self.announce(RoleChanged(by.nick, user.nick, role or "member", before or "member"), user, by)


def _told(now: terms.Terms, name: str) -> str | int | bool:
    """A term's value as everyone may see it."""
    value: str | int | bool = getattr(now, name)
    return terms.HIDDEN_VALUE if name == "password" and value else value
