"""What is kept of a password for SCRAM: keys that check a proof and make none. Rule: they count only beside the very
password hash that they were made with, so that no password outlives its change, whoever makes it and however.

They stand in `Account.settings["scram"]`, by mechanism, in the form of RFC 5803; `of` is the mark of that hash.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from secrets import token_bytes
from typing import TYPE_CHECKING

from teahouse.sasl.saslprep import saslprep

if TYPE_CHECKING:
    from teahouse.store import Account

HASHES = {"SCRAM-SHA-512": "sha512", "SCRAM-SHA-256": "sha256"}
# Every client goes through all of them at each login, and the slowest do it in JavaScript on a phone: so a fifth of
# what OWASP wants where a server does it. 80 ms here for both, once per password, off the reactor.
ITERATIONS = {"SCRAM-SHA-512": 42_000, "SCRAM-SHA-256": 120_000}
CHEAP = 4_096  # the least that RFC 7677 section 4 allows, and that clients take
SALT = 16
SETTING = "scram"
_FORM = re.compile(r"(SCRAM-SHA-(?:256|512))\$(\d{1,9}):([\w+/=]+)\$([\w+/=]+):([\w+/=]+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Keys:
    """RFC 5802 section 3: of one password, salt and mechanism."""

    mechanism: str
    iterations: int
    salt: bytes
    stored: bytes = field(repr=False)
    server: bytes = field(repr=False)

    def proves(self, message: bytes, proof: bytes) -> bool:
        """Whether the proof is of one who knows the password and has seen this message."""
        signature = self._hmac(self.stored, message)
        client = bytes(a ^ b for a, b in zip(signature, proof, strict=True))
        return hmac.compare_digest(hashlib.new(HASHES[self.mechanism], client).digest(), self.stored)

    def signature(self, message: bytes) -> bytes:
        """The house's own proof."""
        return self._hmac(self.server, message)

    def text(self) -> str:
        """How they are kept: RFC 5803 section 3."""
        salt, stored, server = (b64encode(each).decode() for each in (self.salt, self.stored, self.server))
        return f"{self.mechanism}${self.iterations}:{salt}${stored}:{server}"

    def _hmac(self, key: bytes, message: bytes) -> bytes:
        return hmac.digest(key, message, HASHES[self.mechanism])


def derived(mechanism: str, password: str, salt: bytes, iterations: int) -> Keys:
    """Those of a password; takes its time."""
    name = HASHES[mechanism]
    data = saslprep(password).encode("utf-8", "surrogatepass")
    salted = hashlib.pbkdf2_hmac(name, data, salt, iterations)
    client = hmac.digest(salted, b"Client Key", name)
    stored = hashlib.new(name, client).digest()
    return Keys(mechanism, iterations, salt, stored, hmac.digest(salted, b"Server Key", name))


def nobodys(mechanism: str, name: str, secret: bytes, *, cheap: bool = False) -> Keys:
    """Those of a name that has none: they are the same each time and look like any, and nobody has a proof."""

    def bits(what: str) -> bytes:
        return hmac.digest(secret, f"{mechanism} {what} {name}".encode("utf-8", "replace"), HASHES[mechanism])

    return Keys(
        mechanism, CHEAP if cheap else ITERATIONS[mechanism], bits("salt")[:SALT], bits("stored"), b""
    )


def parsed(text: str) -> Keys:
    """Keys as they are kept. Raises ValueError."""
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError("not in the form of RFC 5803")
    salt, stored, server = (b64decode(each, validate=True) for each in match.groups()[2:])
    size = hashlib.new(HASHES[match[1]]).digest_size
    if len(stored) != size or len(server) != size or not int(match[2]):
        raise ValueError("keys of the wrong size")
    return Keys(match[1], int(match[2]), salt, stored, server)


# ---- with an account ---------------------------------------------------------------------------------------


def made(password: str, hashed: str, *, cheap: bool = False) -> dict[str, str]:
    """What to keep of a password beside this hash of it; takes its time."""
    keys = {
        name: derived(name, password, token_bytes(SALT), CHEAP if cheap else ITERATIONS[name])
        for name in HASHES
    }
    return {"of": _mark(hashed), **{name: each.text() for name, each in keys.items()}}


def with_password(account: Account, hashed: str, kept: Mapping[str, str]) -> Account:
    """The account with another password and what was made beside it; {} for nothing, until it is typed next."""
    others = {name: value for name, value in account.settings.items() if name != SETTING}
    return replace(account, password=hashed, settings={**others, SETTING: dict(kept)} if kept else others)


def keys_of(account: Account, mechanism: str) -> Keys | None:
    """Those of the account's password as it is now; None where there are none."""
    kept = account.settings.get(SETTING)
    if not isinstance(kept, Mapping) or kept.get("of") != _mark(account.password):
        return None
    try:
        return parsed(str(kept.get(mechanism)))
    except ValueError:
        return None


def are_kept(account: Account, *, cheap: bool = False) -> bool:
    """Whether all are there, and took as much work as new ones."""
    found = [(keys_of(account, name), CHEAP if cheap else ITERATIONS[name]) for name in HASHES]
    return all(keys is not None and keys.iterations >= least for keys, least in found)


def _mark(hashed: str) -> str:
    return hashlib.sha256(hashed.encode()).hexdigest()[:32]
