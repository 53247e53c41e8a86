"""One IRC connection's session. Rule: a line is a `Message`; what it asks for stands in the table of commands, and
its answer goes through the house as everything does.
"""

from __future__ import annotations

from collections.abc import Awaitable, Iterable
from typing import TYPE_CHECKING, Any

from teahouse.errors import ChatError, EndSession
from teahouse.events import Event, Notice, RoomRenamed
from teahouse.link import Link
from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.answers import Answer, LabelBegun, LabelEnded, Refusal
from teahouse.protocols.irc.capabilities import announce, known, one
from teahouse.protocols.irc.codec import Refused
from teahouse.protocols.irc.commands.markers import tell_marker
from teahouse.protocols.irc.commands.renaming import tell_renamed
from teahouse.protocols.irc.commands.table import find
from teahouse.protocols.irc.errors import explained
from teahouse.protocols.irc.making import numeric
from teahouse.protocols.irc.message import Message, Ready
from teahouse.protocols.irc.metadata import SUBSCRIPTIONS, is_aware
from teahouse.protocols.irc.multiline import KIND as MULTILINE
from teahouse.protocols.irc.multiline import Broken, Collector
from teahouse.protocols.irc.registration import Registration
from teahouse.protocols.irc.render import render
from teahouse.protocols.irc.told import as_told
from teahouse.protocols.irc.view import SHAPING, IrcView, plain_view, with_caps
from teahouse.protocols.irc.welcome import announce_supported
from teahouse.session import Session

if TYPE_CHECKING:
    from teahouse.rooms.chat import ChatRoom
    from teahouse.server import Server

LABEL_BYTES = 64
LINES_OF_A_BATCH = 5
"""So many lines of a batch cost as much, where floods are counted, as one by itself."""
Line = Message | Refused | Broken


class IrcSession(Session):
    """A session with the capabilities that its client has asked for, and the state of its registration."""

    __slots__ = ("_collector", "asked", "cap_version", "caps", "registration", "state")

    def __init__(self, server: Server, link: Link) -> None:
        super().__init__(server, link, render, plain_view(server.settings.irc.server))
        self.asked: frozenset[str] = frozenset()
        """The capabilities that the client has asked for, by the names that it used."""
        self.caps: frozenset[str] = frozenset()
        """The same, by the names that the house knows them by."""
        self.cap_version = 301
        self.registration: Registration | None = Registration()
        """None once it is registered."""
        self.state: dict[str, Any] = {}
        """What some commands keep for this connection, by the name of the command."""
        self._collector: Collector | None = None

    @property
    def nick(self) -> str:
        """The nick as numerics have it."""
        return self.user.nick or (self.registration.nick if self.registration else "") or "*"

    @property
    def server_name(self) -> str:
        """The name under which the house speaks."""
        return self.server.settings.irc.server

    # ---- lines ---------------------------------------------------------------------------------------------

    def receive(self, line: Line) -> None:
        """See `Session.receive`. The lines of a batch are one message, and come when it is closed."""
        if type(line) is Message and (line.tags or line.command == "BATCH") and MULTILINE in self.caps:
            collector = self._collector = self._collector or Collector(self.server.limits)
            if collector.takes(line):
                self._bucket.tokens -= 1 / LINES_OF_A_BATCH
                collected = collector.feed(line)
                if collected is None:
                    return
                line = collected
        super().receive(line)

    def perform(self, line: Line) -> Awaitable[None] | None:
        """See `Session.perform`."""
        label = self._label_of(line)
        if not label:
            return self._do(line)
        self.tell(LabelBegun(label))
        try:
            waiting = self._do(line)
        except Exception as error:
            if not isinstance(error, EndSession):
                self._answer_error(error, line)
            self.tell(LabelEnded(label))
            if isinstance(error, EndSession):
                raise
            return None
        if waiting is None:
            self.tell(LabelEnded(label))
            return None
        return self._end_label(waiting, line, label)

    async def _end_label(self, waiting: Awaitable[None], line: Line, label: str) -> None:
        try:
            await waiting
        except EndSession:
            raise
        except Exception as error:  # noqa: BLE001  as in `perform`
            self._answer_error(error, line)
        finally:
            self.tell(LabelEnded(label))

    def _label_of(self, line: Line) -> str:
        if "labeled-response" not in self.caps:
            return ""
        label = line.label if isinstance(line, (Refused, Broken)) else line.tags.get("label", "")
        return label if len(label) <= LABEL_BYTES else ""

    def _do(self, line: Line) -> Awaitable[None] | None:
        if isinstance(line, Refused):
            self._refuse(line)
            return None
        if isinstance(line, Broken):
            raise line.fail
        verb = find(line.command)
        if self.registration is not None and not (verb and verb.before):
            raise Refusal(n.ERR_NOTREGISTERED)
        if verb is None:
            return self._unknown(line)
        if len(line.params) < verb.least:
            raise Refusal(n.ERR_NEEDMOREPARAMS, line.command)
        return verb.handler(self, line)

    def _unknown(self, line: Message) -> Awaitable[None] | None:
        """A verb that IRC does not know may be a command of the room last spoken in."""
        if self.room.find(line.command) is None:
            raise Refusal(n.ERR_UNKNOWNCOMMAND, line.command)
        return self.room.run(self, line.command, " ".join(line.params))

    def _refuse(self, line: Refused) -> None:
        if line.code == "too-long":
            raise Refusal(n.ERR_INPUTTOOLONG)
        if line.code == "invalid-utf8":
            text = "Message rejected: it is not UTF-8. Is your client set to UTF-8?"
            self.send(Message("FAIL", (line.command, "INVALID_UTF8", text)))

    def size_of(self, line: Line) -> int:
        """See `Session.size_of`: about as much as came."""
        if isinstance(line, (Refused, Broken)):
            return 32
        return 32 + sum(map(len, line.params)) + sum(map(len, line.tags.values()))

    def command_in(self, line: Line) -> str:
        """See `Session.command_in`."""
        return line.command if isinstance(line, (Message, Refused)) else ""

    def failure(self, error: ChatError, line: Line) -> Event:
        """See `Session.failure`."""
        message = line if isinstance(line, Message) else Message(self.command_in(line))
        return Answer(explained(error, message, self.nick, self.caps))

    def tell(self, event: Event | str) -> None:
        """See `Session.tell`."""
        super().tell(as_told(self, Notice(event) if isinstance(event, str) else event))

    def marked(self, place: str, id_: int) -> None:
        """See `Session.marked`."""
        tell_marker(self, place)

    # ---- answers -------------------------------------------------------------------------------------------

    def send(self, *messages: Message | Ready) -> None:
        """Tell this client these messages, after all that it was told before."""
        self.tell(Answer(messages))

    def numeric(self, code: str, *params: str) -> None:
        """Tell it a numeric; the nick comes first by itself, and the text last if there is one for it."""
        self.send(self.made(code, *params))

    def made(self, code: str, *params: str) -> Message:
        """A numeric, to be sent together with others. One without parameters has the text that belongs to it."""
        return numeric(self.server_name, self.nick, code, *params)

    def attempt(self, line: Message, call: Any, *args: Any) -> Any:
        """Do one thing of several that a line asks for: an error is answered, and the others go on."""
        try:
            return call(*args)
        except ChatError as error:
            self.tell(self.failure(error, line))
            return None

    # ---- how it is shown things ----------------------------------------------------------------------------

    def follow(self, event: Event) -> None:
        """See `Session.follow`: only clients that ask for it are told (extended-monitor)."""
        if self.has("extended-monitor"):
            super().follow(event)

    def has(self, cap: str) -> bool:
        """Whether the client has asked for a capability."""
        return cap in self.caps

    def ask_for(self, names: Iterable[str]) -> None:
        """The client has these capabilities from now on, or (`-name`) has them no more."""
        asked = set(self.asked)
        for name in names:
            (asked.discard if name[:1] == "-" else asked.add)(name.removeprefix("-"))
        self.asked = one(frozenset(asked))
        self.caps = one(frozenset(known(self.asked)))
        if not is_aware(self):
            self.state.pop(SUBSCRIPTIONS, None)
        self.shape()

    @property
    def tells_reading(self) -> bool:
        """See `Session.tells_reading`."""
        return "draft/read-marker" in self.caps

    def room_renamed(self, room: ChatRoom, event: RoomRenamed) -> None:
        """See `Session.room_renamed`."""
        tell_renamed(self, room, event)

    def house_changed(self) -> None:
        """See `Session.house_changed`: the client may be offered other capabilities, and other limits."""
        announce(self)
        announce_supported(self)
        if self._collector is not None:
            self._collector.limits = self.server.limits

    def shape(self) -> None:
        """The capabilities are others now: show things accordingly."""
        view = self.view
        assert isinstance(view, IrcView)
        self.show_as(with_caps(view, one(self.caps & SHAPING)))
