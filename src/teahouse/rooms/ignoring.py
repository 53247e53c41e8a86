"""Not hearing someone. Rule: it is each one's own business, nobody else learns of it, and one who has an account is
not heard under any nick; with an account of one's own it holds on all devices, and for good.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.commands import command
from teahouse.errors import NoSuchNick, TooMany, UsageError
from teahouse.moderation.masks import ACCOUNT
from teahouse.rooms.base import Result, Room
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.session import Session
    from teahouse.user import User


class Ignoring(Room):
    """Commands about whom one does not want to hear."""

    theme = "People"

    @command
    def ignore(self, session: Session, nick: str = "") -> Result:
        """Hear nothing more of someone, or list whom you do not hear.

        Someone with an account you do not hear under any nick. If you have one yourself, it is kept there."""
        if nick:
            return self._ignore(session, nick)
        heard_not = ", ".join(sorted(each.removeprefix(ACCOUNT) for each in session.user.ignored))
        session.tell(f"You ignore: {heard_not}" if heard_not else "You ignore nobody: /ignore <nick>")
        return None

    async def _ignore(self, session: Session, nick: str) -> None:
        user = session.user
        who = await self._meant(nick)
        if who in {user.key, ACCOUNT + user.account_key}:
            raise UsageError("You cannot ignore yourself.")
        if who not in user.ignored and len(user.ignored) >= self.server.limits.ignores_per_user:
            raise TooMany(f"You ignore {len(user.ignored)} people, and no more fit: /unignore someone first.")
        user.ignore(who)
        self._regroup(user)
        session.tell(f"You hear nothing more of {nick}. /unignore {nick} undoes that.")
        await self.keep_ignored(user)

    @command
    async def unignore(self, session: Session, nick: str) -> None:
        """Hear someone again."""
        user = session.user
        named = {fold(nick), ACCOUNT + fold(nick), await self._meant(nick)} & user.ignored
        if not named:
            raise NoSuchNick(f"You do not ignore {nick}. /ignore lists whom you do.")
        for each in named:
            user.unignore(each)
        self._regroup(user)
        session.tell(f"You hear {nick} again.")
        await self.keep_ignored(user)

    async def keep_ignored(self, user: User) -> None:
        """Have it written down whom someone with an account ignores. Raises ChatError."""
        account = user.account
        ignored = sorted(user.ignored)
        if account is not None and ignored != account.settings.get("ignored", []):
            await self.server.accounts.change(account, settings={"ignored": ignored})

    async def _meant(self, nick: str) -> str:
        """The account of the one who has the nick, or whom it belongs to; the nick itself where there is none."""
        user = self.server.users.get(fold(nick))
        if user is not None:
            return ACCOUNT + user.account_key if user.account_key else user.key
        account = await self.server.store.account_of_nick(fold(nick))
        return ACCOUNT + account.key if account is not None else fold(nick)

    def _regroup(self, user: User) -> None:
        for each in user.sessions:
            self.server.fanout.regroup(each)
