"""Which devices of an account are notified. Rule: they stand in the account's record, so that they go with it, and
the ones given last are kept where there are too many.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from teahouse.errors import UsageError
from teahouse.push.encryption import AUTH, from_text, public_key
from teahouse.store import Account
from teahouse.text import web_address

SETTING = "push"
STAYS = "push stays"
"""The setting that says that the account is always on for its subscriptions alone, and no longer than these."""
WRONG = (
    "A push subscription has an https address, a key p256dh (65 bytes on P-256) and a secret auth (16 bytes)."
)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A device: the address at its push service, its public key and secret (as they came), which protocol's words it
    reads, and for IRC the capabilities that its client had."""

    endpoint: str
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)
    kind: str
    caps: tuple[str, ...] = ()


def checked(subscription: Subscription, *, plain: bool = False) -> Subscription:
    """The same. Raises UsageError where nothing could be sent by it. `plain`: http will do."""
    try:
        web_address(subscription.endpoint)
        if urlsplit(subscription.endpoint).scheme != "https" and not plain:
            raise ValueError(subscription.endpoint)
        public_key(from_text(subscription.p256dh))
        if len(from_text(subscription.auth)) != AUTH:
            raise ValueError(subscription.auth)
    except ValueError as error:
        raise UsageError(WRONG) from error
    return subscription


def subscriptions_of(account: Account) -> tuple[Subscription, ...]:
    """Those of an account, the oldest first."""
    kept = account.settings.get(SETTING, [])
    return tuple(Subscription(**{**each, "caps": tuple(each["caps"])}) for each in kept)


def with_one(account: Account, subscription: Subscription, most: int) -> Account:
    """The account with one more, in the place of one for the same address; of too many the oldest go. It is always on
    from now on: else there would be nothing to notify of when its last connection ends."""
    others = [each for each in subscriptions_of(account) if each.endpoint != subscription.endpoint]
    return _with(account, [*others, subscription][-most:])


def without(account: Account, endpoint: str) -> Account:
    """The account with none for this address."""
    return _with(account, [each for each in subscriptions_of(account) if each.endpoint != endpoint])


def without_subscriptions(account: Account) -> Account:
    """The account with none at all: whoever had its password before hears nothing more."""
    return _with(account, []) if SETTING in account.settings else account


def _with(account: Account, subscriptions: list[Subscription]) -> Account:
    kept: list[dict[str, Any]] = [asdict(each) for each in subscriptions]
    stays = bool(account.settings.get(STAYS)) or not account.always_on
    settings = {**account.settings, SETTING: kept, STAYS: bool(kept) and stays}
    return replace(account, settings=settings, always_on=bool(kept) or (account.always_on and not stays))
