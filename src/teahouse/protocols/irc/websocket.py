"""IRC over a WebSocket (ircv3.net/specs/extensions/websocket). Rule: a message is a line without its end, and else it
is IRC as on any stream.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from teahouse.protocols.irc.codec import LineLimits
from teahouse.protocols.irc.protocol import LINES, IrcLink
from teahouse.protocols.websocket.frames import MESSAGE_BYTES
from teahouse.protocols.websocket.protocol import WebSocketLink

BINARY, TEXT = "binary.ircv3.net", "text.ircv3.net"


class IrcWebLink(WebSocketLink, IrcLink):
    """A connection that speaks IRC, at `/irc` of the web site. Who names no subprotocol is sent text."""

    __slots__ = ()

    subprotocols: ClassVar[Sequence[str]] = (TEXT, BINARY)
    lines: ClassVar[Mapping[bool, LineLimits]] = {
        utf8only: replace(limits, endless=MESSAGE_BYTES) for utf8only, limits in LINES.items()
    }
    """A message has an end: one that is too long is refused as a line, with 417."""

    def open_outlet(self) -> None:
        """See `Outlet`."""
        self.binary = self.subprotocol == BINARY
        super().open_outlet()

    def message(self, data: bytes) -> None:
        """See `WebSocketLink.message`. An end that a client sends all the same makes an empty line, which is none."""
        IrcLink.dataReceived(self, data + b"\n")
