"""The records of accounts, read and changed. Rule: of two changes to one account at the same time neither undoes the
other, and what was changed from outside meanwhile stays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from teahouse.accounts.locks import KeyedLocks
from teahouse.errors import ChatError, NickInUse
from teahouse.store import Account, StoreError, Taken
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.server import Server

NO_STORE = "The house cannot write that down just now. Please try again later."
EVERYBODY = 1_000_000
"""More accounts than any house has."""


class AccountRecords:
    """What is awaited here raises ChatError where the store fails, with words for the one who asked."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._locks = KeyedLocks(server.runtime)

    async def _find(self, nick: str, look: str = "") -> Account | None:
        try:
            return await self._server.store.account_of_nick(fold(nick), look)
        except StoreError as error:
            raise ChatError(NO_STORE) from error

    async def _kept(self, key: str) -> Account | None:
        try:
            return await self._server.store.account(key)
        except StoreError as error:
            raise ChatError(NO_STORE) from error

    async def _everybody(self) -> list[Account]:
        try:
            return await self._server.store.accounts(count=EVERYBODY)
        except StoreError as error:
            raise ChatError(NO_STORE) from error

    async def change(self, account: Account, **values: Any) -> Account:
        """The account with these values, and all others as they are kept by now: a keeper may have changed them
        from outside since it was read. Of `settings` those are changed that are named."""

        def changed(kept: Account) -> Account:
            settings = {**kept.settings, **values.get("settings", {})}
            return replace(kept, **{**values, "settings": settings})

        return await self.edit(account, changed)

    async def edit(self, account: Account, how: Callable[[Account], Account]) -> Account:
        """The account as `how` makes it from what is kept by now; of two such changes, none undoes the other."""
        async with self._locks.held(account.key):
            kept = await self._kept(account.key)
            return await self.save(how(kept or account))

    async def save(self, account: Account) -> Account:
        """Keep an account as it is now; its user, if there is one, has it so from now on."""
        try:
            await self._server.store.save_account(account)
        except Taken as error:
            raise NickInUse(
                f"{error.key} belongs to another account, or looks like one of its nicks."
            ) from error
        except StoreError as error:
            raise ChatError(NO_STORE) from error
        self._server.roll.withdraw(account.key, "guest" if account.suspended else account.role)
        user = self._server.user_of(account.key)
        if user is not None:
            self._server.belongs(user, account)
        return account
