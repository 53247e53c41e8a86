"""Whom a rule is about. Rule: a mask has one spelling (`canonical`), whoever wrote it down in whichever way.

troll*               a nick                    → troll*!*@*
*!*@*.7hd2k3xq.ip    nick, ident and cloak
account:ann          an account, whatever nick or address it comes with
account:*            everyone with an account; `guest:*` is everyone without one
192.0.2.7, 192.0.2.0/24, 2001:db8::/32    addresses; `*!*@192.0.2.7` is the same
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import NamedTuple, Protocol

from teahouse.errors import UsageError
from teahouse.moderation.globs import glob
from teahouse.text import fold

LONGEST = 200
"""Characters in a mask."""
ACCOUNT = "account:"
GUEST = "guest:*"
_MAPPED = IPv6Network("::ffff:0:0/96")
_BAD = re.compile(r"[\s\x00-\x1f\x7f,]")


class Person(Protocol):
    """Someone whom a mask may be about: nick (folded), ident, the cloaks and addresses of all devices, account."""

    @property
    def key(self) -> str: ...
    @property
    def ident(self) -> str: ...
    @property
    def hosts(self) -> Iterable[str]: ...
    @property
    def addresses(self) -> Iterable[str]: ...
    @property
    def account_key(self) -> str: ...


class Claim(NamedTuple):
    """Who someone is about to be."""

    key: str
    ident: str
    hosts: Iterable[str]
    addresses: Iterable[str]
    account_key: str


def canonical(text: str) -> str:
    """The one spelling of a mask. Raises UsageError, which says what masks look like."""
    mask = _spelled(fold(text)) if text and len(text) <= LONGEST else ""
    if not mask or len(mask) > LONGEST or _BAD.search(mask):
        raise UsageError(
            f"A mask is one word of at most {LONGEST} characters: nick!ident@host, account:name or 192.0.2.0/24."
        )
    return mask


def _spelled(text: str) -> str:
    if text.startswith(ACCOUNT):
        return ACCOUNT + (text[len(ACCOUNT) :] or "*")
    if text == GUEST:
        return GUEST
    anyone, _, host = text.rpartition("@")
    network = _network(host) if anyone in {"", "*", "*!*"} else None
    return str(network) if network is not None else _full(text)


def is_everyone(mask: str) -> bool:
    """Whether a mask (in its one spelling) is about all, all with an account, or all without one: nobody by name."""
    return mask in {"*!*@*", ACCOUNT + "*", GUEST}


def is_mask(text: str) -> bool:
    """Whether it can be nothing but a mask: no nick looks so."""
    return any(c in text for c in "*?!@:/") or _network(text) is not None


def is_address(mask: str) -> bool:
    """Whether a mask (in its one spelling) says where people connect from: nothing for everyone's eyes. A nick does
    not."""
    return _network(mask) is not None


def matches(mask: str, person: Person) -> bool:
    """Whether a mask (in its one spelling) is about someone, on any of their devices."""
    if mask.startswith(ACCOUNT):
        return bool(person.account_key) and glob(mask[len(ACCOUNT) :])(person.account_key)
    if mask == GUEST:
        return not person.account_key
    if "!" not in mask:
        return any(is_within(address, mask) for address in person.addresses)
    fits = glob(mask)
    return any(fits(f"{person.key}!{fold(person.ident)}@{host}") for host in person.hosts or ("",))


def is_within(address: str, mask: str) -> bool:
    """Whether an address is in the network that a mask names."""
    network = _network(mask)
    if network is None or not address:
        return False
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None)
    return (mapped or ip) in network


def _full(text: str) -> str:
    """`nick!ident@host` with stars for what is not said, and never two stars in a row."""
    nick, bang, rest = text.partition("!")
    if not bang and "@" in text:
        nick, rest = "*", text
    ident, _, host = rest.partition("@")
    return re.sub(r"\*+", "*", f"{nick or '*'}!{ident or '*'}@{host or '*'}")


@lru_cache(maxsize=4_096)
def _network(text: str) -> IPv4Network | IPv6Network | None:
    if not text[:1].isalnum() and text[:1] != ":":
        return None
    try:
        network = ip_network(text, strict=False) if "." in text or ":" in text else None
    except ValueError:
        return None
    if isinstance(network, IPv6Network) and network.subnet_of(_MAPPED):
        return ip_network((int(network.network_address) & 0xFFFFFFFF, network.prefixlen - 96))
    return network
