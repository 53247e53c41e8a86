"""Proving to be of an account: by its password, by SCRAM, by a certificate. Rule: guesses are counted over all of
them together, a suspended account opens to none, and none tells whether there is such an account.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from secrets import token_bytes
from typing import TYPE_CHECKING

from teahouse.accounts import tokens
from teahouse.accounts.guard import Guard
from teahouse.accounts.passwords import Passwords
from teahouse.accounts.records import AccountRecords
from teahouse.errors import Busy, ChatError, WrongPassword
from teahouse.sasl.certificates import Holders, certificates_of
from teahouse.sasl.keys import Keys, keys_of, nobodys, with_password
from teahouse.store import Account
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.server import Server

WRONG = "That name and password do not belong together; a name is one word. New here? register <nick>"
WRONG_PROOF = (
    "That name and password do not belong together; or they do, but the account has not logged in with "
    "the password itself (PLAIN) since SCRAM is known here."
)
WRONG_CERTIFICATE = "That certificate opens no account here, or another one than that."


class Authentication(AccountRecords):
    """What is awaited here raises ChatError, with words for the one who asked."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self._passwords = Passwords(
            server.runtime, server.limits.shortest_password, cheap=server.settings.test_mode
        )
        self._guard = Guard(server.runtime.now, server.admission.key)
        self._holders = Holders()
        self.secret = token_bytes(32)
        """What unknown names are told is made of it: a house that remembers has the same each time it opens."""

    @property
    def guesses(self) -> tuple[int, int]:
        """Wrong proofs so far, over all protocols, and tries that were put off because of them."""
        return self._guard.wrong, self._guard.delayed

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
        account = self._proved(account if right else None, key, address, WRONG)
        self._server.runtime.spawn(self._note_seen(account, password))
        return account

    async def scram_keys(self, name: str, mechanism: str) -> Keys:
        """What SCRAM's first answer to this name is made from: a name that is nobody's has keys that look like any,
        the same each time."""
        account = await self._find(name)
        found = keys_of(account, mechanism) if account is not None else None
        return found or nobodys(mechanism, fold(name), self.secret, cheap=self._passwords.cheap)

    async def authenticate_scram(
        self, name: str, mechanism: str, proves: Callable[[Keys], bool], address: str
    ) -> Account:
        """The account of this name, if that is a proof by its keys. Raises WrongPassword and TooFast, as
        `authenticate` does, and counts with it."""
        account = await self._find(name)
        key = account.key if account else fold(name)
        self._guard.check(key, address)
        keys = keys_of(account, mechanism) if account is not None else None
        account = self._proved(account if keys and proves(keys) else None, key, address, WRONG_PROOF)
        self._server.runtime.spawn(self._note_seen(account))
        return account

    async def authenticate_certificate(
        self, fingerprint: str, name: str, address: str, *, nick: str = ""
    ) -> Account:
        """The account of this name, if it has the certificate that was shown. Without a name, the account of the nick
        if it has it, else the only one that does. Raises WrongPassword and TooFast, and counts as the others."""
        account = await (self._find(name) if name else self._holder(fingerprint, nick))
        key = account.key if account else fold(name) or f"the certificate {fingerprint}"
        self._guard.check(key, address)
        right = account is not None and fingerprint in certificates_of(account)
        account = self._proved(account if right else None, key, address, WRONG_CERTIFICATE)
        self._server.runtime.spawn(self._note_seen(account))
        return account

    async def by_token(self, text: str, address: str) -> tuple[Account, tokens.Token]:
        """The account that a token opens. Raises WrongPassword, and TooFast after too many wrong ones from an address
        (unless it is exempt from limits). Only wrong ones count: a program may ask many things at once."""
        place = self._server.admission.key(address)
        guesser = f"tokens :{place}"  # as below
        if place:
            self._guard.check(guesser, address)
            self._guard.undone(guesser, address)
        try:
            return await tokens.find(self._server, text)
        except WrongPassword:
            if place:
                self._guard.failed(guesser, address)
            raise

    async def again(self, account: Account) -> Account:
        """An account that was proved a moment ago, as it is by now. Raises WrongPassword if that opens it no more."""
        now = await self._kept(account.key)
        if now is None or now.suspended or now.created != account.created or now.password != account.password:
            raise WrongPassword(WRONG)
        return now

    def check_house_password(self, given: str, address: str) -> None:
        """The one password of a house that has one. Raises as `check_shared_password`."""
        self.check_shared_password(self._server.settings.house.password, given, "the house", address)

    def check_shared_password(self, wanted: str, given: str, what: str, address: str) -> None:
        """A password that is nobody's own. Raises WrongPassword, and TooFast after too many guesses from an address
        (unless it is exempt from limits); others are not kept out by them."""
        right = hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode("utf-8", "replace"))
        place = self._server.admission.key(address)
        if place:
            guesser = f"{what} :{place}"  # no account's key has a space in it
            self._guard.check(guesser, address)
            (self._guard.succeeded if right else self._guard.failed)(guesser, address)
        if not right:
            raise WrongPassword(f"That is not the password of {what.replace('the house', 'this house')}.")

    # ---- how it ends ---------------------------------------------------------------------------------------

    def _proved(self, account: Account | None, key: str, address: str, wrong: str) -> Account:
        """The end of a try, right or wrong, by whichever mechanism. Raises WrongPassword for none, and for one that
        is suspended."""
        if account is None or account.suspended:
            self._guard.failed(key, address)
            raise WrongPassword(wrong)
        self._guard.succeeded(key, address)
        return account

    async def _holder(self, fingerprint: str, nick: str) -> Account | None:
        account = await self._find(nick) if nick else None
        if account is not None and fingerprint in certificates_of(account):
            return account
        await self._look_through()
        found = [await self._kept(key) for key in self._holders.of(fingerprint)]
        holders = [each for each in found if each and fingerprint in certificates_of(each)]
        return holders[0] if len(holders) == 1 else None

    async def _look_through(self) -> None:
        """Once: see who has which certificate."""
        async with self._locks.held("the certificates"):
            if not self._holders.complete:
                for account in await self._everybody():
                    self._holders.note(account)
                self._holders.complete = True

    async def _made_of(self, password: str) -> tuple[str, dict[str, str]]:
        """What is kept of a new password: its hash, and what SCRAM needs, if there is time for that. Raises Busy."""
        hashed = await self._passwords.hash(password)
        try:
            return hashed, await self._passwords.keys(password, hashed)
        except Busy:
            return hashed, {}

    async def _note_seen(self, account: Account, password: str = "") -> None:
        """Nobody who knows the password has to wait for this at the door, or stays out where it fails."""
        try:
            made = await self._made_anew(account, password) if password else None
            await self.edit(account, partial(_seen, password=account.password, made=made))
        except ChatError as error:
            self._server.runtime.log.warn("{name}: {error}", name=account.name, error=error.text)

    async def _made_anew(self, account: Account, password: str) -> tuple[str, dict[str, str]] | None:
        """What is kept of a password that has just been right, if that is not what would be kept today."""
        try:
            if self._passwords.needs_rehash(account.password):
                return await self._made_of(password)
            if self._passwords.needs_keys(account):
                return account.password, await self._passwords.keys(password, account.password)
        except Busy:
            pass  # the next time will do
        return None


def _seen(kept: Account, password: str, made: tuple[str, dict[str, str]] | None) -> Account:
    """Made of a password that is another one by now, it is good for nothing."""
    if made is not None and kept.password == password:
        kept = with_password(kept, *made)
    return replace(kept, seen=datetime.now(UTC))
