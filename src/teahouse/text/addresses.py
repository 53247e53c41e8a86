"""Addresses on the web, and which of them lead into other people's networks. Rule: pure functions; what is not known
to be public is not.
"""

from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

LONGEST = 1_000


def web_address(text: str) -> str:
    """Give an http or https address as it is, if something may be sent there.

    Raises:
        ValueError: with a sentence that tells the person what is wrong.
    """
    wrong = "An address is like https://tea.example/hook: http or https, with no name or password in it."
    if len(text) > LONGEST or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError(wrong)
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc or "\\" in text:
        raise ValueError(wrong)
    if parts.port == 0:
        raise ValueError(wrong)
    return text


def is_public(address: str) -> bool:
    """Whether an IP address is on the internet at large, and not of this machine, of a private network, or one that
    leads there by another way of writing it."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        inner: object = found.ipv4_mapped or found.sixtofour or (found.teredo and found.teredo[1])
        if inner is None and found.packed[:12] == NAT64:
            inner = ip_address(found.packed[12:])
        is_unicast = found in UNICAST and found not in DOCUMENTATION
        if not (is_public(str(inner)) if inner else is_unicast):
            return False
    return found.is_global and not found.is_multicast


def is_loopback(address: str) -> bool:
    """Whether an IP address is this machine's own."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return (getattr(found, "ipv4_mapped", None) or found).is_loopback


UNICAST = ip_network("2000::/3")
"""All that is given out of IPv6 for the internet at large (RFC 4291, 2.4)."""
DOCUMENTATION = ip_network("3fff::/20")
"""RFC 9637: newer than what the standard library knows."""
NAT64 = bytes.fromhex("0064ff9b") + bytes(8)
"""RFC 6052: IPv4 behind a translator."""
