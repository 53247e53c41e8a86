"""What a session may ask of the connection behind it. Rule: each protocol answers this and nothing more; the core
knows a connection in no other way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple, Protocol

from teahouse.events import Event
from teahouse.view import View


class Preference(NamedTuple):
    """Something a person can set for the session: its name, how it stands now, what it may be, what it does."""

    name: str
    value: str
    choices: str
    help: str


class Link(Protocol):
    """What a session may ask of the connection behind it: each protocol has one."""

    protocol: ClassVar[str]
    """Its name, as in the folder: "telnet", "irc", …"""
    many: ClassVar[bool]
    """Whether the client shows several rooms side by side, so that joining one does not leave another."""
    is_led: ClassVar[bool]
    """Whether the house shows one who logs in the message of the day and leads them into the lobby; otherwise their
    client asks for what it wants."""
    can_ask: ClassVar[bool]
    """Whether a question can be put to the one at the other end, whose next line is the answer."""
    shows_quiet: ClassVar[bool]
    """Whether comings and goings in a crowded room are shown at all."""
    address: str
    """Where the peer is: an IP address; "" where that means nothing."""
    port: int
    secure: bool
    """Whether the connection is encrypted."""

    @property
    def same_to_all(self) -> frozenset[type[Event]]:
        """Kinds of event that look the same to the one whose doing they are as to everyone else."""

    @property
    def queued(self) -> int:
        """Bytes that wait for the peer to read."""

    @property
    def certificate(self) -> str:
        """The SHA-256 fingerprint of the certificate that the client has shown, in 64 digits; "" for none."""

    def write(self, data: bytes) -> None:
        """Send; never raises and never waits. A peer that does not read is dropped at the output limit."""

    def reply(self, event: Event, view: View) -> bytes:
        """The wire form of an event that is told to this session alone; may change the link's state."""

    def shown(self, data: bytes, view: View) -> bytes:
        """What happened in a room, in its wire form, on its way to this session alone; as it goes out."""

    def close(self) -> None:
        """End the connection once everything written has been sent."""

    def drop(self, reason: str) -> None:
        """End the connection now; tell the peer why if that is possible without waiting."""

    def pause(self) -> None:
        """Read nothing more until `resume`."""

    def resume(self) -> None:
        """Read again."""

    def keepalive(self) -> None:
        """Send something that a live client answers or ignores."""

    def preferences(self) -> Sequence[Preference]:
        """What can be set."""

    def prefer(self, name: str, value: str) -> None:
        """Set it. Raises UsageError."""
