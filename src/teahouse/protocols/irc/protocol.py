"""IRC on Twisted. Rule: bytes to messages and events to bytes; nothing is decided here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from teahouse.errors import UsageError
from teahouse.events import (
    AccountChanged,
    AwayChanged,
    Emoted,
    Entered,
    Event,
    HostChanged,
    Kicked,
    Left,
    RealnameChanged,
    Renamed,
    RoleChanged,
    RuleLifted,
    RuleMade,
    Said,
    TermsChanged,
    TopicChanged,
)
from teahouse.link import Preference
from teahouse.protocols.irc.answers import LabelBegun, LabelEnded
from teahouse.protocols.irc.codec import Decoder, Endless, LineLimits
from teahouse.protocols.irc.labels import labeled, split_lines
from teahouse.protocols.irc.message import Message, encode
from teahouse.protocols.irc.registration import GOODBYE
from teahouse.protocols.irc.render import is_to_oneself, render
from teahouse.protocols.irc.services import SERVICES
from teahouse.protocols.irc.session import IrcSession
from teahouse.protocols.irc.view import IrcView
from teahouse.protocols.link import StreamLink
from teahouse.server import Server
from teahouse.session import Session
from teahouse.view import View

CHANGES: frozenset[type[Event]] = frozenset(
    {
        AccountChanged,
        AwayChanged,
        Entered,
        HostChanged,
        Kicked,
        Left,
        RealnameChanged,
        Renamed,
        RoleChanged,
        RuleLifted,
        RuleMade,
        TermsChanged,
        TopicChanged,
    }
)
SHOWN_AGAIN = CHANGES | {Said, Emoted}
LINES = {utf8only: LineLimits(utf8only=utf8only) for utf8only in (False, True)}
"""What a line may be; shared by all connections."""


class IrcLink(StreamLink):
    """A connection that speaks IRC."""

    __slots__ = ("_answer", "_decoder", "_delivered", "_references", "_said_goodbye")

    protocol: ClassVar[str] = "irc"
    many: ClassVar[bool] = True
    is_led: ClassVar[bool] = False
    can_ask: ClassVar[bool] = False
    lines: ClassVar[Mapping[bool, LineLimits]] = LINES
    """By whether only UTF-8 is taken."""

    @classmethod
    def prepare(cls, server: Server) -> None:
        """See `StreamLink.prepare`."""
        server.keep_nicks(*(service.nick for service in SERVICES.values()))

    def make_session(self, server: Server) -> Session:
        """See `StreamLink.make_session`."""
        self._decoder = Decoder(self.lines[server.settings.irc.utf8only])
        self._answer: list[bytes] | None = None
        self._delivered = b""
        self._references = 0
        self._said_goodbye = False
        return IrcSession(server, self)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802  Twisted's name
        """Messages to the session, in order."""
        session = self.session
        if session is None:
            return
        for message in self._decoder.feed(data):
            if type(message) is Endless:
                session.drop("Your line has no end.")
            else:
                session.receive(message)

    # ---- what a session may ask ----------------------------------------------------------------------------

    @property
    def same_to_all(self) -> frozenset[type[Event]]:
        """See `Link.same_to_all`. Who wants their own words back (echo-message) gets them as others do, where they
        cannot be the answer to a label."""
        session = self.session
        caps = session.caps if isinstance(session, IrcSession) else frozenset()
        return SHOWN_AGAIN if "echo-message" in caps and "labeled-response" not in caps else CHANGES

    def reply(self, event: Event, view: View) -> bytes:
        """See `Link.reply`. What answers a command that has a label waits until all of the answer is there."""
        session = self.session
        assert isinstance(view, IrcView)
        if not isinstance(session, IrcSession):
            return b""
        if isinstance(event, LabelBegun):
            self._answer = []
            return b""
        if isinstance(event, LabelEnded):
            return self._labeled(event.label, view)
        if view.here and is_to_oneself(event):
            return self._echoed_and_delivered(event, view)
        return self.shown(render(event, view), view)

    def _echoed_and_delivered(self, event: Event, view: IrcView) -> bytes:
        """What one says to oneself comes twice: the echo, for clients that want it, and the message itself, which has
        no label (labeled-response, "Tags")."""
        delivered = render(event, replace(view, own=False, here=False))
        echo = self.shown(render(event, view), view)
        if self._answer is None:
            return echo + delivered
        self._delivered += delivered
        return b""

    def shown(self, data: bytes, view: View) -> bytes:
        """See `Link.shown`."""
        if self._answer is None or not view.here:
            return data
        self._answer += split_lines(data)
        return b""

    def _labeled(self, label: str, view: IrcView) -> bytes:
        lines, self._answer = self._answer or [], None
        delivered, self._delivered = self._delivered, b""
        self._references += 1
        return labeled(lines, label, f"l{self._references}", view.server) + delivered

    def close(self) -> None:
        """See `Link.close`: a client is told why."""
        why = self.session.state.get(GOODBYE) if isinstance(self.session, IrcSession) else ""
        self._say_goodbye(f"Closing link: {why}" if why else "Closing link")
        super().close()

    def say_dropped(self, session: Session, reason: str) -> None:
        """See `StreamLink.say_dropped`."""
        self._say_goodbye(reason)

    def refuse(self, reason: str) -> None:
        """See `StreamLink.refuse`."""
        self._said_goodbye = True
        super().refuse(f"ERROR :{reason}")

    def keepalive(self) -> None:
        """See `Link.keepalive`."""
        if self.session is not None:
            self.write(f"PING :{self.factory.server.settings.irc.server}\r\n".encode())

    def preferences(self) -> tuple[Preference, ...]:
        """See `Link.preferences`."""
        return ()

    def prefer(self, name: str, value: str) -> None:
        """See `Link.prefer`."""
        raise UsageError("On IRC your client decides how things look.")

    def _say_goodbye(self, reason: str) -> None:
        if not self._said_goodbye:
            self._said_goodbye = True
            self.write(encode(Message("ERROR", (reason,))))
