"""What one can do once one has a nick: with people. Rule: nothing here depends on where one stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.commands import Rest, command
from teahouse.errors import NoSuchNick, TooLong, TooMany, UsageError
from teahouse.events import AwayChanged, Notice, Table, Whispered
from teahouse.rooms.base import Result, Room
from teahouse.text import fold, show_duration

if TYPE_CHECKING:
    from teahouse.session import Session
    from teahouse.user import User

WHO_ROWS = 200


class People(Room):
    """Commands about other people, and about how they see you."""

    @command(aliases=("tell", "whisper", "w"))
    def msg(self, session: Session, nick: str, text: Rest) -> Result:
        """Say something to one person only; kept for those with an account who are not here."""
        self.server.order.check_whisper(session.user, text)
        other = self.server.users.get(fold(nick))
        if other is None:
            return self._leave_message(session, nick, text)
        whispered = Whispered(session.user.nick, other.nick, text)
        both = {user.account.key: None for user in (other, session.user) if user.account is not None}
        self.server.fanout.whisper(whispered, {other, session.user}, tuple(both))
        if other.hears(session.user.nick):
            other.reply_to = session.user
        if other.away:
            session.tell(f"{other.nick} is away: {other.away}")
        return None

    async def _leave_message(self, session: Session, nick: str, text: str) -> None:
        account = await self.server.store.account_of_nick(fold(nick))
        if account is None:
            self.server.present(nick)  # says who may be meant
            return
        user = session.user
        both = {account.key: None} | ({user.account.key: None} if user.account is not None else {})
        self.server.fanout.whisper(Whispered(user.nick, account.name, text), {user}, tuple(both))
        session.tell(f"{account.name} is not here, and is shown that on coming back.")

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
        rows = tuple(self._who_row(user) for user in found[:WHO_ROWS])
        more = (
            f" (the first {WHO_ROWS} are shown: /who <beginning of a nick>)" if len(found) > WHO_ROWS else ""
        )
        title = f"In the house: {len(found):,}{more}"
        session.tell(Table(title, ("nick", "room", "idle", "by", "away"), rows))

    def _who_row(self, user: User) -> tuple[str, ...]:
        now = self.server.runtime.now()
        rooms = ", ".join(room.name for room in user.rooms.values())
        by = ", ".join(sorted({each.link.protocol for each in user.sessions}))
        return user.nick, rooms, show_duration(now - user.active_at), by, user.away

    @command
    def whois(self, session: Session, nick: str) -> None:
        """Show what the house knows of someone."""
        user = self.server.present(nick)
        now = self.server.runtime.now()
        rows = [
            ("nick", user.nick),
            ("rooms", ", ".join(room.name for room in user.rooms.values()) or "none"),
            ("here for", show_duration(now - user.since)),
            ("idle for", show_duration(now - user.active_at)),
            ("connected by", ", ".join(_how(each) for each in user.sessions)),
        ]
        if user.away:
            rows.append(("away", user.away))
        session.tell(Table(f"About {user.nick}:", ("what", "value"), tuple(rows)))

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

    @command
    def ignore(self, session: Session, nick: str = "") -> None:
        """Hear nothing more of someone, or list whom you do not hear."""
        user = session.user
        if not nick:
            heard_not = ", ".join(sorted(user.ignored))
            session.tell(f"You ignore: {heard_not}" if heard_not else "You ignore nobody: /ignore <nick>")
            return
        if fold(nick) == user.key:
            raise UsageError("You cannot ignore yourself.")
        if user.hears(nick) and len(user.ignored) >= self.server.limits.ignores_per_user:
            raise TooMany(f"You ignore {len(user.ignored)} people, and no more fit: /unignore someone first.")
        user.ignore(nick)
        self._regroup(user)
        session.tell(f"You hear nothing more of {nick}. /unignore {nick} undoes that.")

    @command
    def unignore(self, session: Session, nick: str) -> None:
        """Hear someone again."""
        if not session.user.unignore(nick):
            raise NoSuchNick(f"You do not ignore {nick}. /ignore lists whom you do.")
        self._regroup(session.user)
        session.tell(f"You hear {nick} again.")

    def _regroup(self, user: User) -> None:
        for each in user.sessions:
            self.server.fanout.regroup(each)


def _how(session: Session) -> str:
    return session.link.protocol + (" (encrypted)" if session.link.secure else "")


def motd(text: str) -> Notice:
    """The message of the day, as shown after login and by /motd."""
    return Notice(text.rstrip("\n"))
