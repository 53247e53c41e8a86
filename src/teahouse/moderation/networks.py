"""Which rule is about an address. Rule: found by looking up its few networks, however many rules there are: it is
asked before anything is known of those who connect, and by all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network

from teahouse.moderation.masks import is_address
from teahouse.moderation.rules import Rule


class Networks:
    """The rules of a list that name networks."""

    def __init__(self) -> None:
        self._rules: dict[str, Rule] = {}
        self._lengths: dict[int, list[int]] = {4: [], 6: []}

    def take(self, rules: Iterable[Rule]) -> None:
        """These are the rules from now on; those that name no network are passed over."""
        self._rules = {each.mask: each for each in rules if is_address(each.mask)}
        found = {(ip_network(mask).version, ip_network(mask).prefixlen) for mask in self._rules}
        self._lengths = {
            version: sorted(length for one, length in found if one == version) for version in (4, 6)
        }

    def about(self, address: str, now: datetime) -> Rule | None:
        """The rule that holds for an address, that for the widest network first."""
        if not self._rules:
            return None
        try:
            ip = ip_address(address.partition("%")[0])
        except ValueError:
            return None
        if isinstance(ip, IPv6Address):
            ip = ip.ipv4_mapped or ip
        for length in self._lengths[ip.version]:
            rule = self._rules.get(str(ip_network((ip, length), strict=False)))
            if rule is not None and rule.holds(now):
                return rule
        return None
