"""What one can do once one has a nick: with people. Rule: nothing here depends on where one stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from teahouse.commands import Rest, command, rank
from teahouse.errors import AccountNeeded, NoSuchNick, TooLong, UsageError
from teahouse.events import AwayChanged, Notice, Table, Whispered
from teahouse.rooms.base import Result
from teahouse.rooms.ignoring import Ignoring
from teahouse.store import Account
from teahouse.text import fold, show_duration

if TYPE_CHECKING:
    from teahouse.session import Session
    from teahouse.user import User

WHO_ROWS = 200


class People(Ignoring):
    """Commands about other people, and about how they see you."""

    theme = "People"

    @command(aliases=("tell", "whisper", "w"))
    async def msg(self, session: Session, nick: str, text: Rest) -> None:
        """Say something to one person only; kept for those with an account who are not here."""
        other = await self.whisper(session, Whispered(session.user.nick, nick, text))
        if isinstance(other, Account):
            session.tell(f"{other.name} is not here, and is shown that on coming back.")
        elif other.away:
            session.tell(f"{other.nick} is away: {other.away}")

    async def whisper(self, session: Session, event: Whispered) -> User | Account:
        """Say it to the one whose nick is `to`, or keep it for the account that the nick belongs to; which of them
        it was. Raises NoSuchNick, CannotTalk."""
        user = session.user
        self.server.order.check_whisper(user, event.text)
        other = self.server.users.get(fold(event.to))
        if other is None:
            account = await self.server.store.account_of_nick(fold(event.to))
            if account is None:
                return self.server.present(event.to)  # says who may be meant
            self._whisper(_to(event, account.name), {user}, account, user.account)
            return account
        self.check_taken(user, other)
        self._whisper(_to(event, other.nick), {other, user}, other.account, user.account)
        if other.hears(user.nick, user.account.name if user.account is not None else ""):
            other.reply_to = user
        return other

    def check_taken(self, user: User, other: User) -> None:
        """Raise AccountNeeded if the other one takes no private messages from this one. Who writes to someone
        takes the answer."""
        user.accept(other)
        if not other.takes_from(user) and rank(user.role) < rank("moderator"):
            raise AccountNeeded(
                f"{other.nick} takes private messages from people with an account only: /register makes one."
            )

    def _whisper(self, event: Whispered, users: set[User], *of: Account | None) -> None:
        owners = dict.fromkeys(account.key for account in of if account is not None)
        self.server.fanout.whisper(event, users, tuple(owners))

    @command(aliases=("r",))
    def reply(self, session: Session, text: Rest) -> Result:
        """Answer the last private message you got."""
        other = session.user.reply_to
        if other is None:
            raise NoSuchNick("Nobody has sent you a private message yet: /msg <nick> <text> sends one.")
        if self.server.users.get(other.key) is not other:  # whoever has the nick by now is somebody else
            raise NoSuchNick(f"{other.nick} has left the house.")
        return self.msg(session, other.nick, text)

    @command
    def who(self, session: Session, nick: str = "") -> None:
        """List who is in the house, or those whose nick begins so."""
        found = [user for key, user in self.server.users.items() if key.startswith(fold(nick))]
        shown = found[:WHO_ROWS]
        some_have_accounts = any(user.account is not None for user in shown)
        columns = ["nick", *["account"] * some_have_accounts, "room", "idle", "by", "away"]
        columns += ["address"] * _keeps_house(session)
        rows = (self._who_row(session, user) for user in shown)
        more = (
            f" (the first {WHO_ROWS} are shown: /who <beginning of a nick>)" if len(found) > WHO_ROWS else ""
        )
        title = f"In the house: {len(found):,}{more}"
        table = tuple(tuple(row[name] for name in columns) for row in rows)
        session.tell(Table(title, tuple(columns), table))

    def _who_row(self, session: Session, user: User) -> dict[str, str]:
        return {
            "nick": user.nick,
            "account": user.account.name if user.account is not None else "",
            "room": ", ".join(self._rooms_of(session, user)),
            "idle": show_duration(self.server.runtime.now() - user.active_at),
            "by": ", ".join(sorted({each.link.protocol for each in user.sessions})),
            "away": user.away,
            "address": ", ".join(dict.fromkeys(user.addresses)),
        }

    def _rooms_of(self, session: Session, user: User) -> list[str]:
        """Where someone is, as far as the one who asks may know."""
        return [room.name for room in user.rooms.values() if room.shows_to(session, user)]

    @command
    def whois(self, session: Session, nick: str) -> None:
        """Show what the house knows of someone. Where they connect from, only those see who keep the house."""
        user = self.server.present(nick)
        now = self.server.runtime.now()
        rows = [
            ("nick", user.nick),
            ("account", user.account.name if user.account is not None else "none"),
            ("role", user.role if rank(user.role) >= rank("moderator") else ""),
            ("host", user.userhost),
            ("addresses", self._addresses_of(session, user)),
            ("rooms", ", ".join(self._rooms_of(session, user)) or "none"),
            ("here for", show_duration(now - user.since)),
            ("idle for", show_duration(now - user.active_at)),
            ("connected by", ", ".join(_how(each) for each in user.sessions)),
            ("away", user.away),
        ]
        session.tell(Table(f"About {user.nick}:", ("what", "value"), tuple(row for row in rows if row[1])))

    def _addresses_of(self, session: Session, user: User) -> str:
        if user is not session.user and not _keeps_house(session):
            return ""
        return ", ".join(
            f"{each.address} ({each.link.protocol}, port {each.port})"
            for each in user.sessions
            if each.address
        )

    @command
    async def nick(self, session: Session, nick: str) -> None:
        """Go by another nick."""
        user = session.user
        self.server.check_nick(nick, user)
        if nick == user.nick:
            raise UsageError(f"You are {nick} already.")
        await self.server.accounts.check_free(nick, user.account)
        self.server.check_nick(nick, user)  # again: somebody else may have it by now
        self.server.check_rename(user, nick)
        self.server.rename(user, nick)

    @command
    def away(self, session: Session, reason: Rest = "") -> None:
        """Tell people that you are away, and why."""
        if len(reason) > self.server.limits.away_length:
            raise TooLong(f"An away message has at most {self.server.limits.away_length} characters.")
        for room in session.user.rooms.values() if reason else ():
            room.check_quiet_words(session.user, reason)
        if reason and not session.user.rooms:
            self.server.order.check_words(session.user, reason)
        self._set_away(session, reason or "away")

    @command
    def back(self, session: Session) -> None:
        """Tell people that you are back."""
        if not session.user.away:
            raise UsageError("You are not away: /away [reason] says so.")
        self._set_away(session, "")

    def _set_away(self, session: Session, text: str) -> None:
        user = session.user
        user.away = text
        self.server.spread(AwayChanged(user.nick, text), user)


def _to(event: Whispered, nick: str) -> Whispered:
    """The event itself where it says so already: whoever has made it sees its id."""
    return event if event.to == nick else replace(event, to=nick)


def _keeps_house(session: Session) -> bool:
    return rank(session.user.role) >= rank("moderator")


def _how(session: Session) -> str:
    return session.link.protocol + (" (encrypted)" if session.link.secure else "")


def motd(text: str) -> Notice:
    """The message of the day, as shown after login and by /motd."""
    return Notice(text.rstrip("\n"))
