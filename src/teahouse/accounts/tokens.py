"""Tokens: what opens an account without its password, for one device or one program. Rule: 32 random bytes, shown
once; the account keeps their hash, what they are for, and no more of them than so many.
"""

from __future__ import annotations

import binascii
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_bytes, token_hex
from typing import TYPE_CHECKING, Any, NamedTuple

from teahouse.errors import NotFound, TooMany, UsageError, WrongPassword

if TYPE_CHECKING:
    from teahouse.server import Server
    from teahouse.store import Account

LOGIN = "login"
"""The scope of a token that a client logs in with. Programs have others."""
SCOPES = ("read", "write", "moderate", "hooks")
"""What a program may do with its token: look and listen, talk, keep order, manage webhooks."""
KEY = "tokens"
MOST = 50
LOGINS = 20
"""Devices that are remembered; the oldest is forgotten for a new one."""
LOGIN_DAYS = 180
LABEL = 64
WRONG = "That token opens nothing (any more): log in with your password."
NOTHING = "Your account has no such token: /token list shows those it has."


class Token(NamedTuple):
    """What an account keeps of one."""

    id: str
    hash: str
    scopes: tuple[str, ...]
    label: str
    created: datetime

    @property
    def is_old(self) -> bool:
        """Whether it is a login's, and opens nothing any more."""
        return LOGIN in self.scopes and datetime.now(UTC) - self.created > timedelta(days=LOGIN_DAYS)


def tokens_of(account: Account) -> list[Token]:
    """Those of an account, the oldest first."""
    kept = account.settings.get(KEY, [])
    found = (_from_dict(each) for each in kept if isinstance(each, dict)) if isinstance(kept, list) else ()
    return [each for each in found if not each.is_old]


async def create(
    server: Server, account: Account, scopes: Collection[str], label: str = ""
) -> tuple[str, Token]:
    """A new one: what is shown once, and what is kept of it. Raises TooMany, ChatError."""
    text, made = made_for(account, scopes, label)
    await server.accounts.edit(account, lambda kept: with_token(kept, made))
    return text, made


def made_for(account: Account, scopes: Collection[str], label: str = "") -> tuple[str, Token]:
    """One for an account that does not have it yet: what is shown once, and what is to be kept."""
    secret = token_bytes(32)
    made = Token(token_hex(8), _hash(secret), tuple(scopes), label[:LABEL], datetime.now(UTC))
    return f"{_packed(account.key.encode())}.{_packed(secret)}", made


async def check(server: Server, text: str, scope: str) -> tuple[Account, Token]:
    """The account that a token opens for this. Raises WrongPassword: 256 bits need no guard against guessing."""
    account, found = await find(server, text)
    if scope not in found.scopes:
        raise WrongPassword(WRONG)
    return account, found


async def find(server: Server, text: str) -> tuple[Account, Token]:
    """The account that a token opens, for whatever. Raises WrongPassword."""
    key, secret = _parts(text)
    account = await server.store.account(key) if key else None
    if account is None or account.suspended:
        raise WrongPassword(WRONG)
    hashed = _hash(secret)
    found = next((each for each in tokens_of(account) if hmac.compare_digest(each.hash, hashed)), None)
    if found is None:
        raise WrongPassword(WRONG)
    return account, found


def checked_scopes(scopes: Iterable[str]) -> tuple[str, ...]:
    """The scopes that someone wants for a program, each once. Raises UsageError."""
    wanted = set(scopes)
    if not wanted or not wanted <= set(SCOPES):
        raise UsageError(f"A token is for one or more of: {', '.join(SCOPES)}.")
    return tuple(each for each in SCOPES if each in wanted)


async def revoke(server: Server, account: Account, *ids: str) -> None:
    """These open nothing any more. Raises NotFound, ChatError."""
    await server.accounts.edit(account, lambda kept: without_tokens(kept, ids))


def without_logins(account: Account) -> Account:
    """The account with no device remembered, as after another password."""
    return _having(account, (each for each in tokens_of(account) if LOGIN not in each.scopes))


def with_token(account: Account, made: Token) -> Account:
    """The account with one more. Raises TooMany."""
    kept = tokens_of(account)
    if LOGIN in made.scopes:
        logins = [each for each in kept if LOGIN in each.scopes]
        too_many = set(logins[: max(0, len(logins) - LOGINS + 1)])
        kept = [each for each in kept if each not in too_many]
    if len(kept) >= MOST:
        raise TooMany(f"Your account has {len(kept)} tokens, and no more fit: revoke one first.")
    return _having(account, [*kept, made])


def without_tokens(account: Account, ids: Collection[str]) -> Account:
    """The account without these. Raises NotFound."""
    kept = tokens_of(account)
    left = [each for each in kept if each.id not in ids]
    if len(left) == len(kept):
        raise NotFound(NOTHING)
    return _having(account, left)


def _having(account: Account, tokens: Iterable[Token]) -> Account:
    settings = {**account.settings, KEY: [_to_dict(each) for each in tokens]}
    return replace(account, settings=settings)


# ---- how it is written -------------------------------------------------------------------------------------


def _to_dict(token: Token) -> dict[str, Any]:
    return {**token._asdict(), "scopes": list(token.scopes), "created": token.created.isoformat()}


def _from_dict(data: dict[str, Any]) -> Token:
    scopes = tuple(str(each) for each in data.get("scopes", ()))
    created = datetime.fromisoformat(str(data["created"]))
    return Token(str(data["id"]), str(data["hash"]), scopes, str(data.get("label", "")), created)


def _hash(secret: bytes) -> str:
    return sha256(secret).hexdigest()


def _packed(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def _parts(text: str) -> tuple[str, bytes]:
    """The account's key and the secret; "" for what is no token."""
    try:
        key, secret = (urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in text.split("."))
        return key.decode(), secret
    except (binascii.Error, ValueError):
        return "", b""
