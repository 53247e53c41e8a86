"""What keepers change from outside while the house is open. Rule: it holds for those who are in the house within a
few seconds, and nobody has to log in again for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.events import Notice
from teahouse.rooms import owning
from teahouse.store import StoreError

if TYPE_CHECKING:
    from teahouse.server import Server
    from teahouse.store import Account
    from teahouse.user import User

EVERY = 2.0
"""Seconds between two looks. One costs next to nothing: only where something is new, accounts are read again."""
REMOVED = "Your account was removed by those who keep the house."
SUSPENDED = "Your account is suspended."


class Rereading:
    """Reads the accounts of those who are in the house again, when another program has written."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._not_before = 0.0
        self._looks = False
        self._is_due = False

    def look(self, now: float) -> None:
        """Once a second: see whether there is something new."""
        if now >= self._not_before and not self._looks:
            self._looks = True
            self._server.runtime.spawn(self._look())

    async def _look(self) -> None:
        try:
            if await self._server.store.changed_elsewhere() or self._is_due:
                self._is_due = False
                await self._read_again()
        except StoreError as error:
            self._is_due = True
            self._server.runtime.log.warn("cannot see what keepers have changed: {error}", error=error)
        finally:
            self._looks = False
            self._not_before = self._server.runtime.now() + EVERY

    async def _read_again(self) -> None:
        for user in list(self._server.users.values()):
            account = user.account
            if account is None:
                continue
            found = await self._server.store.account(account.key)
            if user.account is account:
                self._take(user, account, found)
            else:
                self._is_due = True  # it was saved at this moment: by the next look that is done
        for key in set(self._server.roll.lent.values()) - {""}:
            found = await self._server.store.account(key)
            self._server.roll.withdraw(key, found.role if found and not found.suspended else "guest")
        for room in list(self._server.rooms.values()):
            await owning.look_for_accounts(room)
        await self._server.uploads.look_after()

    def _take(self, user: User, before: Account, now: Account | None) -> None:
        if now is None or now.created != before.created:
            self._server.accounts.forget(before)
            self._server.is_nobodys(user)
            self._remain(user, REMOVED)
            return
        if now.password != before.password:
            self._server.accounts.forget(before)
        self._server.belongs(user, now)
        if now.suspended:
            self._put_out(user, SUSPENDED, "suspended")
        elif now.role != before.role:
            user.tell(Notice(f"Your role is {now.role} now."))

    def _remain(self, user: User, why: str) -> None:
        """Without an account one is here as a guest, where the house has guests."""
        if user.sessions and self._server.settings.house.guests:
            user.tell(Notice(f"{why} You are here as a guest now."))
        else:
            self._put_out(user, why, "")

    def _put_out(self, user: User, why: str, reason: str) -> None:
        if not user.sessions:
            self._server.presence.let_go(user, reason)
        for session in list(user.sessions):
            session.tell(why)
            session.end(reason)
