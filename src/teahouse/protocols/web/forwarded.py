"""Whom a proxy speaks for. No I/O. Rule: from the right, each proxy that is trusted is believed about the one before
it; what stands left of the first who is not is hearsay.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ipaddress import ip_address

from teahouse.protocols.peer import Peer

Trusts = Callable[[str], bool]
Headers = Callable[[str], Sequence[str]]
MOST = 16
"""Proxies in a row that are looked at."""


def client_of(peer: Peer, headers: Headers, trusts: Trusts) -> Peer:
    """The client for whom this peer, a proxy that is trusted, has sent a request: X-Forwarded-For, -Proto."""
    said = [part.strip() for value in headers("X-Forwarded-For") for part in value.split(",")]
    schemes = [part.strip().lower() for value in headers("X-Forwarded-Proto") for part in value.split(",")]
    address = peer.address
    for part in reversed(said[-MOST:]):
        found = _address(part)
        if not found:
            break
        address = found
        if not trusts(found):
            break
    secure = schemes[-1] == "https" if schemes else peer.secure
    return Peer(address, 0 if address != peer.address else peer.port, secure)


def _address(text: str) -> str:
    """The address in `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1` or `[2001:db8::1]:80`; "" for anything else."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ip_address(text))
    except ValueError:
        return ""
