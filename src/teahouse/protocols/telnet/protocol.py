"""Telnet, MUD clients and plain TCP, on Twisted. Rule: bytes go to the codec and lines to the session; what a client
tells of itself becomes its view.
"""

from __future__ import annotations

import socket
import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from twisted.internet import tcp

from teahouse.events import Answered, Emoted, Event, Failed, LoggedIn, Prompt, RoomRenamed, Said
from teahouse.link import Preference
from teahouse.protocols.link import StreamLink
from teahouse.protocols.telnet import client, mssp
from teahouse.protocols.telnet.client import TelnetView
from teahouse.protocols.telnet.codec import TelnetCodec
from teahouse.protocols.telnet.credentials import Credentials
from teahouse.protocols.telnet.lines import LineCodec
from teahouse.protocols.telnet.messages import (
    AbortOutput,
    AreYouThere,
    BadEncoding,
    Charset,
    CompressionUnwanted,
    CompressionWanted,
    Environ,
    Gmcp,
    GmcpWanted,
    MsspWanted,
    Mtts,
    TerminalType,
    TooLong,
    TooMuch,
    WindowSize,
)
from teahouse.protocols.telnet.particulars import particulars
from teahouse.protocols.telnet.render import channel_list, render
from teahouse.protocols.terminal.preferences import preferences, preferred
from teahouse.protocols.terminal.view import TerminalView
from teahouse.rooms.chat import ChatRoom
from teahouse.server import Server
from teahouse.session import Session
from teahouse.view import View

PLAIN = TelnetView()
SPOKEN: frozenset[type[Event]] = frozenset({Said, Emoted})
IAC = 255
YES = b"\r\n[yes]\r\n"
# MCCP2's reader takes any window; these keep a compressed connection at 32 KiB instead of zlib's 256.
ZLIB_WINDOW, ZLIB_MEMORY = 12, 5


class LineSession(Session):
    """A session that shows text; MUD clients keep a list of channels beside it."""

    __slots__ = ()

    def room_renamed(self, room: ChatRoom, event: RoomRenamed) -> None:
        """See `Session.room_renamed`."""
        if isinstance(self.view, TelnetView) and self.view.gmcp:
            self.link.write(channel_list(self.server))


class LineLink(StreamLink):
    """Lines of text and nothing else, for nc, scripts and clients that do not negotiate."""

    __slots__ = ("codec",)

    protocol: ClassVar[str] = "line"
    shows_quiet: ClassVar[bool] = False
    codec: LineCodec

    def make_session(self, server: Server) -> Session:
        """See `StreamLink.make_session`."""
        self.codec = self.make_codec(server.limits.line_bytes)
        return LineSession(server, self, render, PLAIN)

    def make_codec(self, max_line: int) -> LineCodec:
        """The codec that this protocol reads with."""
        return LineCodec(max_line)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802  Twisted's name
        """Lines to the session, in order; anything else to its handler."""
        session = self.session
        if session is None:
            return
        for message in self.codec.feed(data):
            if type(message) is str:
                session.receive(message)
            else:
                self.handle(session, message)

    def handle(self, session: Session, message: object) -> None:
        """A message that is not a line."""
        match message:
            case TooLong(limit):
                text = f"That line is longer than {limit:,} bytes, so nobody was shown it: send it in parts."
                session.tell(Failed("too-long", text))
            case BadEncoding():
                session.tell(
                    "That was not UTF-8, so it was read as Windows-1252. Is your client set to UTF-8?"
                )

    @property
    def same_to_all(self) -> frozenset[type[Event]]:
        """See `Link.same_to_all`."""
        return SPOKEN

    def keepalive(self) -> None:
        """Nothing can be sent that is not text: TCP's own keepalive has to do."""

    @property
    def view(self) -> TerminalView:
        """How the session is shown things."""
        assert self.session is not None
        view = self.session.view
        assert isinstance(view, TerminalView)
        return view

    def preferences(self) -> Sequence[Preference]:
        """See `Link.preferences`."""
        return preferences(self.view)

    def prefer(self, name: str, value: str) -> None:
        """See `Link.prefer`."""
        assert self.session is not None
        self.session.show_as(preferred(self.view, name, value))


class TelnetLink(LineLink):
    """Telnet as clients really speak it. Negotiation, and what was chosen by hand, which stays as chosen."""

    __slots__ = ("_chosen", "_credentials", "_deflate", "_mtts", "_names", "_window", "_wraps")

    protocol: ClassVar[str] = "telnet"
    codec: TelnetCodec

    def connectionMade(self) -> None:  # noqa: N802  Twisted's name
        """See `StreamLink.connectionMade`. Whoever is not let in is told why, too."""
        self._deflate: zlib._Compress | None = None
        super().connectionMade()

    def make_session(self, server: Server) -> Session:
        """See `StreamLink.make_session`."""
        self._chosen: frozenset[str] = frozenset()
        self._mtts = 0
        self._window = 0
        self._wraps = False
        self._names: tuple[str, ...] = ()
        session = super().make_session(server)
        self._credentials = Credentials(self.codec)
        self.write(self.codec.opening())
        return session

    def make_codec(self, max_line: int) -> TelnetCodec:
        """See `LineLink.make_codec`. What TLS carries is not compressed: that would give secrets away."""
        return TelnetCodec(max_line, compress=not self.secure)

    def _tune(self) -> None:
        """A Synch (RFC 854) is IAC DM, sent as urgent: out of band, the IAC would be left without its DM."""
        super()._tune()
        transport: Any = self.transport
        if isinstance(transport, tcp.Connection):
            transport.getHandle().setsockopt(socket.SOL_SOCKET, socket.SO_OOBINLINE, 1)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802  Twisted's name
        """As for lines; what the codec answers goes out before anything else happens."""
        session = self.session
        if session is None:
            return
        messages = self.codec.feed(data)
        answer = self.codec.take()
        if answer:
            self.write(answer)
        if IAC in data:
            self._note_channels(session)
        for message in messages:
            if type(message) is not str:
                self.handle(session, message)
            elif session.logged_in or not mssp.is_request(message):
                session.receive(message)
            else:
                self.write(self.codec.encode(mssp.text(particulars(self.factory.server))))

    def handle(self, session: Session, message: object) -> None:
        """A message that is not a line."""
        match message:
            case WindowSize(width, _):
                self._window = width
                self._learn(self.view)
            case TerminalType(name, names):
                self._names = names
                self._wraps = client.wraps_by_itself(names)
                self._learn(client.named(self.view, name))
            case Mtts(bits):
                self._wraps = client.wraps_by_itself(self._names, mtts=True)
                self._mtts |= bits  # TinTin++ sends them twice, by TTYPE and by NEW-ENVIRON, and not the same
                self._learn(client.with_mtts(self.view, self._mtts))
            case Environ("CLIENT_NAME", name):
                self._wraps = self._wraps or client.wraps_by_itself((name,))
                self._learn(client.named(self.view, name))
            case Charset(name):
                self._learn(replace(self.view, ascii=self.view.ascii or name == "US-ASCII"))
            case _:
                self._obey(session, message)

    def _obey(self, session: Session, message: object) -> None:
        """A message that asks for something."""
        match message:
            case AreYouThere():
                self.write(YES)
            case AbortOutput():
                if self._deflate is None:  # else what waits is in the middle of a stream that has to be whole
                    self.forget_output()
            case MsspWanted():
                self.write(self.codec.mssp(particulars(self.factory.server)))
            case CompressionWanted():
                self._compress()
            case CompressionUnwanted():
                self._uncompress()
            case GmcpWanted():
                self.write(self._credentials.offer(session))
            case Gmcp(package, data):
                self._gmcp(session, package.lower(), data)
            case TooMuch():
                session.drop("Your client never stops negotiating.")
            case _:
                super().handle(session, message)

    # ---- how things are shown ------------------------------------------------------------------------------

    def _learn(self, view: TerminalView) -> None:
        """The client has told something of itself; what its user has set by hand stays."""
        assert self.session is not None
        if not self._wraps:
            view = replace(view, width=self._window)
        kept = {name: getattr(self.view, name) for name in self._chosen}
        view = replace(view, **kept)
        if view != self.view:
            self.session.show_as(view)

    def prefer(self, name: str, value: str) -> None:
        """See `Link.prefer`."""
        before = self.view
        super().prefer(name, value)
        fields = ("ascii", "colours", "joins", "reader", "width")
        self._chosen |= {field for field in fields if getattr(before, field) != getattr(self.view, field)}

    def reply(self, event: Event, view: View) -> bytes:
        """See `Link.reply`: prompts hide what is typed, and tell the client that no line end will come."""
        data = super().reply(event, view)
        match event:
            case Prompt(secret=secret):
                return (self.codec.hide_input(on=True) if secret else b"") + data + self.codec.prompt_end()
            case Answered():
                shown_again = self.codec.hide_input(on=False)
                return shown_again + b"\r\n" if shown_again else b""
            case LoggedIn() if isinstance(view, TelnetView) and view.gmcp:
                data = channel_list(self.factory.server) + data
        return self._credentials.result(event) + data

    def _gmcp(self, session: Session, package: str, data: object) -> None:
        line = self._credentials.line(session, package, data)
        if line:
            session.receive(line)

    def _note_channels(self, session: Session) -> None:
        """The client may have asked for channel text, or taken that back: Core.Supports reaches the codec alone."""
        supports = self.codec.gmcp_supports("Comm.Channel")
        view = self.view
        if isinstance(view, TelnetView) and view.gmcp != supports:
            session.show_as(replace(view, gmcp=supports))
            if supports and session.logged_in:
                self.write(channel_list(session.server))

    # ---- MCCP2, keepalive ----------------------------------------------------------------------------------

    def write(self, data: bytes) -> None:
        """See `Link.write`."""
        if self._deflate is not None and data:
            data = self._deflate.compress(data) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        super().write(data)

    def _compress(self) -> None:
        if self._deflate is None:
            self.write(self.codec.start_compression())
            self._deflate = zlib.compressobj(wbits=ZLIB_WINDOW, memLevel=ZLIB_MEMORY)

    def _uncompress(self) -> None:
        if self._deflate is not None:
            rest, self._deflate = self._deflate.flush(zlib.Z_FINISH), None
            self.write(rest)

    def keepalive(self) -> None:
        """See `Link.keepalive`."""
        self.write(self.codec.keepalive())
