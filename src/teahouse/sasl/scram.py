"""SCRAM (RFC 5802, RFC 7677): the client proves that it knows the password without saying it, and the house that it
knows the account. Rule: for every name the steps are the same; whether there is such an account shows in none of
them before the proof has failed, and not then.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from secrets import token_urlsafe
from typing import TYPE_CHECKING

from teahouse.errors import TooLong, UsageError
from teahouse.sasl.exchange import Challenge, Done, Exchange, Peer, Step, check_identity, check_name

if TYPE_CHECKING:
    from teahouse.accounts import Accounts
    from teahouse.sasl.keys import Keys
    from teahouse.store import Account

NONCE = 256
"""Bytes in a client's nonce; clients send some 20 to 40."""
BINDING = "This house binds no login to its channel: choose a mechanism without -PLUS."
FORM = "That is no message of SCRAM's (RFC 5802 section 7)."
_EXTENSIONS = r"(?:,[A-Za-z]=[^,\0]+)*"
_NONCE = r"r=([!-+\--~]+)"
_FIRST = re.compile(rf"([ny],(?:a=([^,\0]+))?,)(n=([^,\0]+),{_NONCE}{_EXTENSIONS})")
_FINAL = re.compile(rf"(c=([A-Za-z0-9+/=]+),{_NONCE}{_EXTENSIONS}),p=([A-Za-z0-9+/=]+)")
_NO_ESCAPE = re.compile("=(?!2C|3D)")


def fresh_nonce() -> str:
    """The house's part of the nonce: 144 random bits."""
    return token_urlsafe(18)


class Scram(Exchange):
    """Three messages of the client's; the last is empty."""

    def __init__(
        self, accounts: Accounts, peer: Peer, mechanism: str, nonce: Callable[[], str] = fresh_nonce
    ) -> None:
        super().__init__(accounts, peer)
        self._mechanism = mechanism
        self._nonce = nonce
        self._header = self._identity = self._name = self._said = self._both = ""
        self._keys: Keys
        self._account: Account

    async def first(self, text: str) -> Step:
        """`n,,n=amy,r=…`: who it wants to be. Section 5.1: "m=" before the name asks for what nobody knows here,
        and does not match."""
        if text.startswith("p="):
            raise UsageError(BINDING)
        match = _FIRST.fullmatch(text)
        if match is None:
            raise UsageError(FORM)
        self._header, identity, bare, name, nonce = match.groups()
        self._identity, self._name = _unescaped(identity or ""), _unescaped(name)
        check_name(self._identity, self._name)
        if len(nonce) > NONCE:
            raise TooLong(f"A nonce has at most {NONCE} bytes.")
        return await self._salt(bare, nonce)

    async def _salt(self, bare: str, nonce: str) -> Step:
        self._keys = keys = await self.accounts.scram_keys(self._name, self._mechanism)
        self._both = nonce + self._nonce()
        challenge = f"r={self._both},s={b64encode(keys.salt).decode()},i={keys.iterations}"
        self._said = f"{bare},{challenge}"
        self.then = self._proof
        return Challenge(challenge.encode())

    async def _proof(self, text: str) -> Step:
        """`c=biws,r=…,p=…`: the proof. It is for these nonces, so that it is good for nothing a second time."""
        match = _FINAL.fullmatch(text)
        if match is None:
            raise UsageError(FORM)
        bare, binding, both, proof = match.groups()
        if binding != b64encode(self._header.encode()).decode() or both != self._both:
            raise UsageError("The answer is not one to what the house has said.")
        message, given = f"{self._said},{bare}".encode(), _decoded(proof, len(self._keys.stored))
        self._account = await self.accounts.authenticate_scram(
            self._name, self._mechanism, lambda keys: keys.proves(message, given), self.peer.address
        )
        check_identity(self._account, self._identity)
        self.then = self._last
        return Challenge(b"v=" + b64encode(self._keys.signature(message)))

    async def _last(self, text: str) -> Step:
        """Nothing: the client has believed the house. A keeper may have changed the account since the proof."""
        if text:
            raise UsageError(FORM)
        return Done(await self.accounts.again(self._account))


def _unescaped(name: str) -> str:
    """Section 5.1: a comma is =2C in a name, and an equals sign =3D. Raises UsageError."""
    if _NO_ESCAPE.search(name):
        raise UsageError(FORM)
    return name.replace("=2C", ",").replace("=3D", "=")


def _decoded(proof: str, size: int) -> bytes:
    try:
        found = b64decode(proof, validate=True)
    except ValueError:
        raise UsageError(FORM) from None
    if len(found) != size:
        raise UsageError(FORM)
    return found
