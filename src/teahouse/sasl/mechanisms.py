"""The mechanisms there are. Rule: this table is the only place that knows them all."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from teahouse.errors import NotFound
from teahouse.sasl.exchange import Exchange, Peer
from teahouse.sasl.external import External
from teahouse.sasl.keys import HASHES
from teahouse.sasl.plain import Plain
from teahouse.sasl.scram import Scram

if TYPE_CHECKING:
    from teahouse.accounts import Accounts

MECHANISMS: dict[str, Callable[[Accounts, Peer], Exchange]] = {
    "EXTERNAL": External,
    **{name: partial(Scram, mechanism=name) for name in HASHES},
    "PLAIN": Plain,
}
"""From the best to the least, as a client takes the first one that it knows."""


def offered(certificate: str = "") -> tuple[str, ...]:
    """The names to tell a client that has shown this certificate, or none."""
    return tuple(name for name in MECHANISMS if certificate or name != "EXTERNAL")


def begin(name: str, accounts: Accounts, peer: Peer) -> Exchange:
    """A new exchange by the mechanism of that name, in capitals or not. Raises NotFound."""
    kind = MECHANISMS.get(name.upper())
    if kind is None:
        raise NotFound(f"This house knows these ways to log in: {', '.join(offered(peer.certificate))}.")
    return kind(accounts, peer)
