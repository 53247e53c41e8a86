"""What MUD lists want to know of the house, by the names of tintin.mudhalla.net/protocols/mssp."""

from __future__ import annotations

from teahouse.protocols.telnet import mssp
from teahouse.server import Server


def particulars(server: Server) -> mssp.Values:
    """The house as it is now."""
    return {
        "NAME": server.settings.house.name,
        "PLAYERS": str(len(server.users)),
        "UPTIME": str(int(server.opened_at)),
        "CODEBASE": "Teahouse",
        "FAMILY": "Custom",
        "CHARSET": "UTF-8",
        "ROOMS": str(len(server.rooms)),
        "ANSI": "1",
        "GMCP": "1",
        "MCCP": "1",
        "XTERM 256 COLORS": "1",
    }
