"""The sessions of programs: one for each call, and one for each event stream. Rule: to the house a program is a
device of its account; what a call is answered goes back to the call alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar

from teahouse.errors import UsageError
from teahouse.events import Event
from teahouse.fanout import ORIGIN
from teahouse.link import Preference
from teahouse.protocols.web.api.sse import render
from teahouse.protocols.web.view import WebView
from teahouse.session import Session
from teahouse.view import View

if TYPE_CHECKING:
    from teahouse.server import Server

PROTOCOL = "api"
VIEW = WebView()


class Desk:
    """See `Link`. What stands behind the session of one call: nobody who could be shown anything."""

    protocol: ClassVar[str] = PROTOCOL
    many: ClassVar[bool] = True
    same_to_all: ClassVar[frozenset[type[Event]]] = frozenset()
    is_led: ClassVar[bool] = False
    can_ask: ClassVar[bool] = False
    shows_quiet: ClassVar[bool] = True
    certificate: ClassVar[str] = ""
    port: int = 0
    queued: int = 0

    def __init__(self, address: str, *, secure: bool) -> None:
        self.address = address
        self.secure = secure

    def write(self, data: bytes) -> None:
        """See `Link.write`."""

    def reply(self, event: Event, view: View) -> bytes:
        """See `Link.reply`."""
        return b""

    def shown(self, data: bytes, view: View) -> bytes:
        """See `Link.shown`."""
        return data

    def close(self) -> None:
        """See `Link.close`."""

    def drop(self, reason: str) -> None:
        """See `Link.drop`."""

    def pause(self) -> None:
        """See `Link.pause`."""

    def resume(self) -> None:
        """See `Link.resume`."""

    def keepalive(self) -> None:
        """See `Link.keepalive`."""

    def preferences(self) -> tuple[Preference, ...]:
        """See `Link.preferences`."""
        return ()

    def prefer(self, name: str, value: str) -> None:
        """See `Link.prefer`."""
        raise UsageError("There is nothing to set here.")


class ApiSession(Session):
    """A session of a program."""

    __slots__ = ()

    def __init__(self, server: Server, link: Desk) -> None:
        super().__init__(server, link, render, VIEW)
        self.attends = False
        self.room = server.foyer

    @property
    def tells_reading(self) -> bool:
        """See `Session.tells_reading`: what a program was sent has been read by nobody."""
        return True


@contextmanager
def doing(session: Session) -> Iterator[None]:
    """What happens within this is the doing of this session."""
    token = ORIGIN.set(session)
    try:
        yield
    finally:
        ORIGIN.reset(token)
