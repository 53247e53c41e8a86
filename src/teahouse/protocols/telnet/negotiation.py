"""What the options mean to a chat house: what is asked, offered and agreed to, and what follows from it.

Asked of everybody: the four options that left every client we tried in line mode. Offered only to a peer that
has shown that it speaks telnet. SGA is never offered and ECHO only while a password is typed, because either
turns some client to character mode; BINARY and LINEMODE change what Enter sends. All else is refused.
"""

from __future__ import annotations

from teahouse.protocols.telnet import gmcp, payloads, wire
from teahouse.protocols.telnet.messages import (
    Charset,
    CompressionUnwanted,
    CompressionWanted,
    GmcpWanted,
    InputHidden,
    Message,
    MsspWanted,
    TerminalType,
)
from teahouse.protocols.telnet.options import Change, Options, Side

ASKED = (wire.TTYPE, wire.NAWS, wire.NEW_ENVIRON, wire.CHARSET)
OFFERED = (wire.EOR, wire.MSSP, wire.GMCP)  # and MCCP2, once TTYPE is settled: Mudlet wants that order
AGREED = frozenset(
    [Side.THEIRS + option for option in ASKED]
    + [Side.OURS + option for option in (*OFFERED, wire.MCCP2, wire.CHARSET)]
)
OPENING = b"".join(wire.negotiation(wire.DO, option) for option in ASKED)
TERMINAL_TYPES = 4  # three for MTTS; tf5 has a fourth


class Negotiation:
    """The telnet side of one connection. Made when it is first needed; a netcat user never has one."""

    __slots__ = ("_compress", "_names", "modules", "options", "out")

    def __init__(self, *, compress: bool) -> None:
        self.options = Options()
        self.modules: frozenset[str] = frozenset()  # of GMCP, in lower case
        self.out = bytearray()  # answers for the peer
        self._compress = compress
        self._names: tuple[str, ...] | None = None  # while the terminal types are asked for

    def open(self) -> bytes:
        return b"".join(self.options.ask(Side.THEIRS, option, on=True) for option in ASKED)

    def offer(self) -> None:
        for option in OFFERED:
            self.out += self.options.ask(Side.OURS, option, on=True)

    def heard(self, verb: int, option: int, messages: list[Message]) -> None:
        """WILL, WONT, DO or DONT."""
        if option == wire.TIMING_MARK:
            # RFC 860: not a state but a question, asked with each Ctrl-C; telnet shows no output until the answer.
            if verb == wire.DO:
                self.out += wire.negotiation(wire.WILL, wire.TIMING_MARK)
            return
        side = Side.THEIRS if verb < wire.DO else Side.OURS
        agree = side + option in AGREED and (self._compress or option != wire.MCCP2)
        reply, change = self.options.hear(verb, option, agree=agree)
        self.out += reply
        if change and side is Side.THEIRS:
            self._theirs_settled(option, change)
        elif change:
            self._ours_settled(option, change, messages)

    def subnegotiated(self, payload: bytes, messages: list[Message]) -> bool:
        """A subnegotiation. True if it was a proper one of those that may come without end."""
        option, data = payload[0], payload[1:]
        if not (self.options.is_on(Side.THEIRS, option) or self.options.is_on(Side.OURS, option)):
            return False
        match option:
            # A window is resized for as long as the connection lasts, and GMCP is traffic like text.
            case wire.NAWS:
                return self._window(data, messages)
            case wire.GMCP:
                return self._gmcp(data, messages)
            case wire.TTYPE:
                self._terminal_type(data, messages)
            case wire.NEW_ENVIRON:
                messages += payloads.environ(data)
            case wire.CHARSET:
                self._charset(data, messages)
        return False

    def take(self) -> bytes:
        data = bytes(self.out)
        self.out.clear()
        return data

    def _theirs_settled(self, option: int, change: Change) -> None:
        """What follows from an option that the peer performs, or does not."""
        if option == wire.TTYPE:
            if change is Change.ON:
                self._names = ()
                self._ask_terminal_type()
            else:
                self._types_done()
        elif option == wire.NEW_ENVIRON and change is Change.ON:
            self.out += wire.subnegotiation(wire.NEW_ENVIRON, payloads.ENVIRON_SEND)
        elif option == wire.CHARSET and change is Change.ON:
            self.out += wire.subnegotiation(wire.CHARSET, payloads.CHARSET_REQUEST)

    def _ours_settled(self, option: int, change: Change, messages: list[Message]) -> None:
        """What follows from an option of ours that the peer wants, or does not."""
        match option, change:
            case wire.ECHO, _:
                messages.append(InputHidden(change is Change.ON))
            case wire.MSSP, Change.ON:
                messages.append(MsspWanted())
            case wire.GMCP, _:
                self.modules = frozenset()
                if change is Change.ON:
                    messages.append(GmcpWanted())
            case wire.MCCP2, Change.ON:
                messages.append(CompressionWanted())
            case wire.MCCP2, Change.OFF:
                messages.append(CompressionUnwanted())
            case wire.CHARSET, Change.ON:
                self.out += wire.subnegotiation(wire.CHARSET, payloads.CHARSET_REQUEST)

    def _window(self, data: bytes, messages: list[Message]) -> bool:
        size = payloads.window_size(data)
        if size:
            messages.append(size)
        return size is not None

    def _terminal_type(self, data: bytes, messages: list[Message]) -> None:
        if self._names is None or data[:1] != bytes((payloads.IS,)):
            return
        name = payloads.printable(data[1:])
        if not name or name in self._names:  # RFC 1091: the last one twice means that there are no more
            self._types_done()
            return
        self._names = (*self._names, name)
        messages.append(payloads.mtts(name) or TerminalType(name, self._names))
        if len(self._names) < TERMINAL_TYPES:
            self._ask_terminal_type()
        else:
            self._types_done()

    def _ask_terminal_type(self) -> None:
        self.out += wire.subnegotiation(wire.TTYPE, bytes((payloads.SEND,)))

    def _types_done(self) -> None:
        self._names = None
        if self._compress:
            self.out += self.options.ask(Side.OURS, wire.MCCP2, on=True)

    def _charset(self, data: bytes, messages: list[Message]) -> None:
        name = payloads.charset_accepted(data)
        if data[:1] == bytes((payloads.REQUEST,)):
            name, answer = payloads.charset_chosen(data)
            self.out += wire.subnegotiation(wire.CHARSET, answer)
        if name:
            messages.append(Charset(name))

    def _gmcp(self, data: bytes, messages: list[Message]) -> bool:
        message = gmcp.parse(data)
        if message is None:
            return False
        package = message.package.lower()
        if package.startswith("core.supports."):
            self.modules = gmcp.supported(self.modules, package, message.data)
        elif package == "core.ping":
            self.out += gmcp.message("Core.Ping")
        else:
            messages.append(message)
        return True
