"""Who is at the other end of a connection. Rule: it is what the socket says, unless one who is trusted to know better
has said something else (a proxy before the first byte, a gateway before the login).
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Peer(NamedTuple):
    """An IP address ("" where that means nothing), a port, and whether the way from there is encrypted."""

    address: str
    port: int = 0
    secure: bool = False


def hand_over(transport: Any, protocol: Any) -> None:
    """Let another protocol have a connection from now on; what the one before had registered must be gone."""
    if hasattr(transport, "wrappedProtocol"):  # TLS
        transport.wrappedProtocol = protocol
    else:
        transport.protocol = protocol
    protocol.makeConnection(transport)
