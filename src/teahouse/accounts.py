"""Who comes back: registering, proving who one is, changing what is kept. Rule: an account is one thing, whatever
nick it shows; what is asked of the store is on disk before anyone is told that it is done.
"""

from __future__ import annotations

import hmac
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from teahouse.errors import Busy, ChatError, NickInUse, NotAllowed, TooMany, WrongPassword
from teahouse.guard import Guard
from teahouse.passwords import Passwords
from teahouse.store import Account, Nick, StoreError, Taken
from teahouse.text import fold, skeleton

if TYPE_CHECKING:
    from teahouse.server import Server

WRONG = "That name and password do not belong together. New here? register <nick>"
NO_STORE = "The house cannot write that down just now. Please try again later."


class Accounts:
    """The accounts of a house. What is awaited here raises ChatError, with words for the one who asked."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._passwords = Passwords(server.runtime, cheap=server.settings.test_mode)
        self._guard = Guard(server.runtime.now, server.admission.key)

    def stop(self) -> None:
        """Hash nothing more."""
        self._passwords.stop()

    async def owner(self, nick: str) -> Account | None:
        """The account that a nick belongs to, or the nick that it looks like."""
        return await self._find(nick, skeleton(nick))

    async def check_free(self, nick: str, account: Account | None = None) -> None:
        """Raise NickInUse if the nick belongs to (or looks like one of) another account than this."""
        owner = await self.owner(nick)
        if owner is not None and (account is None or owner.key != account.key):
            raise NickInUse(f"{nick} belongs to an account, or looks like one: choose another nick.")

    async def authenticate(self, name: str, password: str, address: str) -> Account:
        """The account that this name and password open. Raises WrongPassword, TooFast, Busy; the same for an
        unknown name as for a wrong password, and after the same time."""
        account = await self._find(name)
        key = account.key if account else fold(name)  # guesses at all of its nicks are guesses at one account
        self._guard.check(key, address)
        try:
            right = await self._passwords.verify(account.password if account else None, password)
        except Busy:
            self._guard.undone(key, address)
            raise
        if account is None or not right or account.suspended:
            self._guard.failed(key, address)
            raise WrongPassword(WRONG)
        self._guard.succeeded(key, address)
        self._server.runtime.spawn(self._note_seen(account, password))
        return account

    def check_house_password(self, given: str, address: str) -> None:
        """The one password of a house that has one. Raises WrongPassword, and TooFast after too many guesses from
        an address (unless it is exempt from limits); others are not kept out by them."""
        wanted = self._server.settings.house.password
        right = hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode("utf-8", "replace"))
        place = self._server.admission.key(address)
        if place:
            guesser = f"the house:{place}"  # no account's key has a space in it
            self._guard.check(guesser, address)
            (self._guard.succeeded if right else self._guard.failed)(guesser, address)
        if not right:
            raise WrongPassword("That is not the password of this house.")

    async def register(self, nick: str, password: str, address: str) -> Account:
        """A new account, with this nick as its name, known to be at this address. Raises NickInUse, BadPassword,
        Busy."""
        self._passwords.check(password, nick)
        now = datetime.now(UTC)
        hashed = await self._passwords.hash(password)
        account = Account(
            name=nick,
            key=fold(nick),
            look=skeleton(nick),
            password=hashed,
            created=now,
            seen=now,
            role="member",
        )
        try:
            await self._server.store.add_account(account)
        except Taken as error:
            raise NickInUse(
                f"{nick} belongs to an account, or looks like one: choose another nick."
            ) from error
        except StoreError as error:
            raise ChatError(NO_STORE) from error
        self._guard.succeeded(account.key, address)
        return account

    async def change_password(self, account: Account, old: str, new: str, address: str) -> Account:
        """The account with another password. Raises WrongPassword, BadPassword."""
        await self.authenticate(account.name, old, address)
        self._passwords.check(new, account.name)
        return await self.change(account, password=await self._passwords.hash(new))

    async def reserve(self, account: Account, nick: str) -> Account:
        """The account with one more nick that nobody else may have. Raises NickInUse, TooMany."""
        limit = self._server.limits.nicks_per_account
        if len(account.nicks) >= limit:
            raise TooMany(f"You have reserved {limit} nicks, and no more fit: /release one first.")
        self._server.check_nick(nick, self._server.user_of(account.key))
        return await self.change(account, nicks=(*account.nicks, Nick(nick, fold(nick), skeleton(nick))))

    async def release(self, account: Account, nick: str) -> Account:
        """The account without a nick that it had reserved."""
        left = tuple(each for each in account.nicks if each.key != fold(nick))
        if len(left) == len(account.nicks):
            raise NotAllowed(f"You have not reserved {nick}.")
        return await self.change(account, nicks=left)

    async def remove(self, account: Account) -> None:
        """Forget the account, its nicks, markers and private messages; what it said in rooms stays."""
        try:
            await self._server.store.remove_account(account.key)
        except StoreError as error:
            raise ChatError(NO_STORE) from error

    def forget(self, account: Account) -> None:
        """The account is gone, or has a new password, by the hand of a keeper: nobody is known to own it."""
        self._guard.forget(account.key)

    async def change(self, account: Account, **values: Any) -> Account:
        """The account with these values, and all others as they are kept by now: a keeper may have changed them
        from outside since it was read."""
        try:
            kept = await self._server.store.account(account.key)
        except StoreError as error:
            raise ChatError(NO_STORE) from error
        return await self.save(replace(kept or account, **values))

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
        user = self._server.user_of(account.key)
        if user is not None:
            self._server.belongs(user, account)
        return account

    async def _find(self, nick: str, look: str = "") -> Account | None:
        try:
            return await self._server.store.account_of_nick(fold(nick), look)
        except StoreError as error:
            raise ChatError(NO_STORE) from error

    async def _note_seen(self, account: Account, password: str) -> None:
        """Nobody who knows the password has to wait for this at the door, or stays out where it fails."""
        values: dict[str, Any] = {"seen": datetime.now(UTC)}
        try:
            if self._passwords.needs_rehash(account.password):
                with suppress(Busy):
                    values["password"] = await self._passwords.hash(password)
            await self.change(account, **values)
        except ChatError as error:
            self._server.runtime.log.warn("{name}: {error}", name=account.name, error=error.text)
