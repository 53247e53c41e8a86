"""The certificates by which an account can be entered, by their SHA-256 fingerprints. Rule: what an account's record
says decides; the index only says where to look.

They stand in `Account.settings["certificates"]`, each as 64 digits in lower case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from teahouse.errors import NotFound, TooMany, UsageError

if TYPE_CHECKING:
    from teahouse.store import Account

MOST = 5
"""In one account: one for each device is enough."""
SETTING = "certificates"
_FINGERPRINT = re.compile("[0-9a-f]{64}")


def normal(text: str) -> str:
    """A fingerprint as it is kept, from what OpenSSL and people write: "AB:CD:…", "ab cd". Raises UsageError."""
    found = text.lower().replace(":", "").replace(" ", "")
    if not _FINGERPRINT.fullmatch(found):
        raise UsageError(
            "A fingerprint is SHA-256, in 64 digits: openssl x509 -fingerprint -sha256 shows it."
        )
    return found


def certificates_of(account: Account) -> tuple[str, ...]:
    """The account's."""
    kept = account.settings.get(SETTING)
    return tuple(map(str, kept)) if isinstance(kept, (list, tuple)) else ()


def with_certificate(account: Account, fingerprint: str) -> Account:
    """The account with one more. Raises TooMany."""
    kept = certificates_of(account)
    if fingerprint in kept:
        return account
    if len(kept) >= MOST:
        raise TooMany(f"Your account has {MOST} certificates, and no more fit: remove one first.")
    return _with(account, (*kept, fingerprint))


def without_certificate(account: Account, fingerprint: str) -> Account:
    """The account with one less. Raises NotFound."""
    kept = certificates_of(account)
    if fingerprint not in kept:
        raise NotFound("Your account has no such certificate.")
    return _with(account, (each for each in kept if each != fingerprint))


def _with(account: Account, fingerprints: Iterable[str]) -> Account:
    return replace(account, settings={**account.settings, SETTING: list(fingerprints)})


class Holders:
    """Which accounts (by key) have had a certificate since the house opened. Only this house writes them, so that
    none is missed; `complete` once all accounts have been looked through."""

    def __init__(self) -> None:
        self.complete = False
        self._keys: dict[str, set[str]] = {}

    def note(self, account: Account) -> None:
        """The account has what it has."""
        for fingerprint in certificates_of(account):
            self._keys.setdefault(fingerprint, set()).add(account.key)

    def of(self, fingerprint: str) -> list[str]:
        """Where to look."""
        return sorted(self._keys.get(fingerprint, ()))
