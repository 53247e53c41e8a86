"""IRC over a WebSocket (ircv3.net/specs/extensions/websocket). Rule: a message is a line without its end, and else it
is IRC as on any stream.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from teahouse.protocols.irc.protocol import IrcLink
from teahouse.protocols.websocket.protocol import WebSocketLink

BINARY, TEXT = "binary.ircv3.net", "text.ircv3.net"


class IrcWebLink(WebSocketLink, IrcLink):
    """A connection that speaks IRC, at `/irc` of the web site. Who names no subprotocol is sent text."""

    __slots__ = ()

    subprotocols: ClassVar[Sequence[str]] = (TEXT, BINARY)

    def open_outlet(self) -> None:
        """See `Outlet`."""
        self.binary = self.subprotocol == BINARY
        super().open_outlet()

    def message(self, data: bytes) -> None:
        """See `WebSocketLink.message`. An end that a client sends all the same makes an empty line, which is none."""
        IrcLink.dataReceived(self, data + b"\n")
