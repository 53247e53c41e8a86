"""What others see in place of an address. Rule: keyed, so that nobody can find the address by trying them all; and
the same for the same network, so that those who keep order can ban what they cannot see.
"""

from __future__ import annotations

import hmac
from base64 import b32encode
from functools import lru_cache
from hashlib import sha256
from ipaddress import IPv4Address, ip_address, ip_network

PARTS = {4: (32, 24, 16), 6: (64, 48, 32)}
"""Prefix lengths of the networks that a cloak names, the narrowest first."""
LETTERS = 8
"""Of each part: 40 bits, so that two networks of one house hardly ever share one."""
NOWHERE = "house"
"""The host of those who have no address: bots, and people who are here without a connection."""


class Cloaks:
    """Cloaks of one house: `k3xq….7hd2….m4zp….ip`, of which `*.7hd2….m4zp….ip` is a whole network."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.of = lru_cache(maxsize=4_096)(self._of)
        """The cloak of an address; `NOWHERE` for what is none."""

    def _of(self, address: str) -> str:
        try:
            ip = ip_address(address.partition("%")[0])
        except ValueError:
            return NOWHERE
        mapped = None if isinstance(ip, IPv4Address) else ip.ipv4_mapped
        ip = mapped or ip
        networks = (ip_network((ip, length), strict=False) for length in PARTS[ip.version])
        return ".".join([*(self._part(str(network)) for network in networks), "ip"])

    def _part(self, network: str) -> str:
        digest = hmac.new(self._key, network.encode(), sha256).digest()
        return b32encode(digest)[:LETTERS].decode().lower()
