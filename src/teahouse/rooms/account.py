"""What one can do about one's account. Rule: what opens an account (its password) is asked for again before it is
changed or given up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from teahouse.commands import Rest, command
from teahouse.errors import EndSession, NotAllowed, UsageError
from teahouse.events import Replayed, Table
from teahouse.rooms.login import ask_new_password
from teahouse.rooms.people import People

if TYPE_CHECKING:
    from teahouse.session import Session
    from teahouse.store import Account


class AccountHolder(People):
    """Commands about the account of the one who uses them."""

    theme = "Your account"

    @command
    async def register(self, session: Session) -> None:
        """Make an account of your nick, so that it is yours whenever you come."""
        user = session.user
        if user.account is not None:
            raise NotAllowed(f"You have an account already: {user.account.name}.")
        if not self.server.settings.house.registration:
            raise NotAllowed("Nobody registers by themselves here: ask those who keep the house.")
        self.server.order.check_register(user, user.nick)
        await self.server.accounts.check_free(user.nick)
        self.warn_of_plain(session)
        password = await ask_new_password(session)
        account = await self.server.accounts.register(user.nick, password, session.address)
        self.server.take_account(user, account)
        await self.keep_ignored(user)
        session.tell(f"{account.name} is your account now. Next time: login {account.name}")

    @command
    def account(self, session: Session) -> None:
        """Show what the house keeps of your account."""
        account = self.own_account(session)
        rows = (
            ("name", account.name),
            ("role", account.role),
            ("since", f"{account.created:%d %B %Y}"),
            ("nicks reserved", ", ".join(each.nick for each in account.nicks) or "none"),
            ("always on", "yes" if account.always_on else "no"),
            ("devices", str(len(session.user.sessions))),
        )
        session.tell(Table(f"Your account, {account.name}:", ("what", "value"), rows))

    @command(aliases=("passwd",))
    async def password(self, session: Session) -> None:
        """Change your password."""
        account = self.own_account(session)
        self.warn_of_plain(session)
        old = await session.ask("Your password now: ", secret=True)
        new = await ask_new_password(session)
        await self.server.accounts.change_password(account, old, new, session.address)
        session.tell("Your password is changed.")

    @command
    async def certificate(
        self, session: Session, what: Literal["list", "add", "remove"] = "list", fingerprint: Rest = ""
    ) -> None:
        """Let a client come in as you by its TLS certificate, without a password.

        It is known by its fingerprint (SHA-256); without one, /certificate add takes that of this connection."""
        account = self.own_account(session)
        if what == "add":
            await self._add_certificate(session, account, fingerprint or session.link.certificate)
        elif what == "remove":
            await self.server.accounts.remove_certificate(account, fingerprint or session.link.certificate)
            session.tell("That certificate opens your account no more.")
        else:
            self._list_certificates(session, account)

    async def _add_certificate(self, session: Session, account: Account, fingerprint: str) -> None:
        if not fingerprint:
            raise UsageError("Your client has shown no certificate here: /certificate add <fingerprint>")
        self.warn_of_plain(session)
        password = await session.ask("Your password: ", secret=True)
        await self.server.accounts.authenticate(account.name, password, session.address)
        await self.server.accounts.add_certificate(account, fingerprint)
        session.tell("That certificate opens your account from now on.")

    def _list_certificates(self, session: Session, account: Account) -> None:
        kept = self.server.accounts.certificates(account)
        if not kept:
            session.tell("No certificate opens your account: /certificate add has one do so.")
            return
        rows = tuple((each, "here" if each == session.link.certificate else "") for each in kept)
        session.tell(Table("These certificates open your account:", ("SHA-256", "shown"), rows))

    @command
    async def unregister(self, session: Session) -> None:
        """Give up your account for ever.

        Its nicks are free again, its private messages and settings are gone. What you have said in rooms stays
        there: /delete takes lines back before you go."""
        account = self.own_account(session)
        self.warn_of_plain(session)
        session.tell(f"This removes the account {account.name} for ever. An empty line keeps it.")
        password = await session.ask("Your password: ", secret=True)
        if not password:
            raise UsageError("Your account stays as it is.")
        await self.server.accounts.authenticate(account.name, password, session.address)
        await self.server.accounts.remove(account)
        self.server.is_nobodys(session.user)
        session.tell("Your account is removed. You are here as a guest now.")

    @command
    async def reserve(self, session: Session, nick: str) -> None:
        """Keep one more nick for yourself: nobody else may use it, and you may with /nick."""
        account = self.own_account(session)
        self.server.order.check_rename(session.user, nick)
        await self.server.accounts.reserve(account, nick)
        session.tell(f"{nick} is reserved for you.")

    @command
    async def release(self, session: Session, nick: str) -> None:
        """Let a nick go that you have reserved."""
        await self.server.accounts.release(self.own_account(session), nick)
        session.tell(f"{nick} is free again.")

    @command
    async def alwayson(self, session: Session, state: Literal["on", "off"]) -> None:
        """Stay in your rooms when you are not connected, and be shown what you missed when you come back."""
        await self.server.accounts.change(self.own_account(session), always_on=state == "on")
        self.server.presence.moved(session.user)
        session.tell(
            "You stay here when your connection ends." if state == "on" else "You leave when you disconnect."
        )

    @command
    def detach(self, session: Session) -> None:
        """Disconnect, and stay in your rooms until you come back (for a day)."""
        self.own_account(session)
        session.user.detached = True
        session.tell("You stay here. Log in again to come back to where you were.")
        raise EndSession("detached")

    @command
    async def missed(self, session: Session) -> None:
        """Show what was said in this room since you were last here."""
        self.own_account(session)
        after = (session.user.left_at or {}).get(self.key)
        if after is None:
            raise UsageError("The house does not know when you were last in this room.")
        events = await self.server.store.history(self.key, 100, after=after)
        wanted = session.user.wants_of(events)
        if not wanted:
            session.tell("You have missed nothing here.")
            return
        session.tell(Replayed(wanted, room=self.key))

    def own_account(self, session: Session) -> Account:
        account = session.user.account
        if account is None:
            raise NotAllowed("You are here as a guest: /register makes an account of your nick.")
        return account

    def warn_of_plain(self, session: Session) -> None:
        if not session.link.secure:
            session.tell(self.server.warning_of_plain_text())
