"""Who comes back: registering, and changing what is kept. Rule: an account is one thing, whatever nick it shows; what
is asked of the store is on disk before anyone is told that it is done.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from teahouse.accounts import tokens
from teahouse.accounts.authentication import Authentication
from teahouse.accounts.records import NO_STORE
from teahouse.errors import ChatError, NickInUse, NotAllowed, TooMany
from teahouse.push.subscriptions import without_subscriptions
from teahouse.sasl import certificates
from teahouse.sasl.keys import with_password
from teahouse.store import Account, Nick, StoreError, Taken
from teahouse.text import fold, skeleton


class Accounts(Authentication):
    """The accounts of a house. What is awaited here raises ChatError, with words for the one who asked."""

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

    async def register(self, nick: str, password: str, address: str) -> Account:
        """A new account, with this nick as its name, known to be at this address. Raises NickInUse, BadPassword,
        Busy."""
        self._passwords.check(password, nick)
        now = datetime.fromtimestamp(self._server.runtime.time(), UTC)
        hashed, keys = await self._made_of(password)
        account = Account(
            name=nick,
            key=fold(nick),
            look=skeleton(nick),
            password=hashed,
            created=now,
            seen=now,
            role="member",
        )
        account = with_password(account, hashed, keys)
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
        hashed, keys = await self._made_of(new)
        return await self.edit(account, lambda kept: without_devices(with_password(kept, hashed, keys)))

    def certificates(self, account: Account) -> tuple[str, ...]:
        """The fingerprints of those that open it."""
        return certificates.certificates_of(account)

    async def add_certificate(self, account: Account, fingerprint: str) -> Account:
        """The account with one more certificate that opens it. Raises UsageError, TooMany."""
        normal = certificates.normal(fingerprint)
        changed = await self.edit(account, lambda kept: certificates.with_certificate(kept, normal))
        self._holders.note(changed)
        return changed

    async def remove_certificate(self, account: Account, fingerprint: str) -> Account:
        """The account with one less. Raises UsageError, NotFound."""
        normal = certificates.normal(fingerprint)
        return await self.edit(account, lambda kept: certificates.without_certificate(kept, normal))

    def tokens(self, account: Account) -> list[tokens.Token]:
        """Those that open it, the oldest first."""
        return tokens.tokens_of(account)

    async def add_token(self, account: Account, label: str, scopes: Iterable[str]) -> str:
        """A new token for a program, shown once. Raises UsageError, TooMany."""
        text, _ = await tokens.create(self._server, account, tokens.checked_scopes(scopes), label)
        return text

    async def remove_token(self, account: Account, id_: str) -> None:
        """It opens nothing any more. Raises NotFound."""
        await tokens.revoke(self._server, account, id_)

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
        """Forget the account, its nicks, markers, private messages and files; what it said in rooms stays."""
        try:
            await self._server.store.remove_account(account.key)
        except StoreError as error:
            raise ChatError(NO_STORE) from error
        self._server.roll.withdraw(account.key, "guest")
        self._server.runtime.spawn(self._server.uploads.look_after())

    def forget(self, account: Account) -> None:
        """The account is gone, or has a new password, by the hand of a keeper: nobody is known to own it."""
        self._guard.forget(account.key)


def without_devices(account: Account) -> Account:
    """The account with no device remembered and none notified, as after another password."""
    return without_subscriptions(tokens.without_logins(account))
