"""The telnet codec: received bytes to messages, text and prompts to bytes. It does no I/O and knows no clock.

`feed` takes what was received; then send `take()`, which has the answers that negotiation needs, and handle the
messages. Nothing is sent that the peer has not shown it understands, but for `opening` and `hide_input`.
"""

from __future__ import annotations

from teahouse.protocols.telnet import gmcp, mssp
from teahouse.protocols.telnet.lines import MAX_LINE
from teahouse.protocols.telnet.messages import Message
from teahouse.protocols.telnet.negotiation import OPENING, Negotiation
from teahouse.protocols.telnet.options import Side
from teahouse.protocols.telnet.stream import TelnetStream
from teahouse.protocols.telnet.wire import (
    ECHO,
    EOR,
    EOR_MARK,
    GA,
    GMCP,
    MCCP2,
    NOP,
    SGA,
    command,
    escaped,
    subnegotiation,
)


class TelnetCodec(TelnetStream):
    """One telnet connection. `compress` says whether MCCP2 is offered: under TLS it should not be."""

    __slots__ = ("_compress", "_negotiation", "_opened")

    def __init__(self, max_line: int = MAX_LINE, *, compress: bool = True) -> None:
        super().__init__(max_line)
        self._compress = compress
        self._opened = False
        self._negotiation: Negotiation | None = None

    def take(self) -> bytes:
        """What must be sent in answer to what was fed."""
        return self._negotiation.take() if self._negotiation else b""

    def opening(self) -> bytes:
        """The questions to begin with: terminal type, window size, environment, charset. Once; then b""."""
        if self._opened:
            return b""
        self._opened = True
        return self._negotiation.open() if self._negotiation else OPENING

    def encode(self, text: str, charset: str = "utf-8") -> bytes:
        """Text with LF between its lines, as it goes on the wire: CR LF, and IAC doubled."""
        return escaped(text.replace("\r", "").replace("\n", "\r\n").encode(charset, "replace"))

    def hide_input(self, on: bool) -> bytes:
        """Hide what is typed from now on, or show it again: "WILL ECHO", without the SGA of character mode."""
        if self._negotiation is None and not on:
            return b""
        options = self._telnet().options
        if not on and not self._speaks:
            # Some clients obey and never answer: waiting for their DO would leave them without echo for ever.
            return options.withdraw(Side.OURS, ECHO)
        return options.ask(Side.OURS, ECHO, on=on)

    def prompt_end(self) -> bytes:
        """What tells a client that the unfinished line it got is a prompt: EOR (RFC 885) or GA (RFC 854)."""
        if not self._speaks or self._negotiation is None:
            return b""
        options = self._negotiation.options
        if options.is_on(Side.OURS, EOR):
            return command(EOR_MARK)
        # We never suppress GA by the option (RFC 858), but who asked for it has no use for one.
        return b"" if options.was_refused(Side.OURS, SGA) else command(GA)

    def keepalive(self) -> bytes:
        return command(NOP) if self._speaks else b""

    def gmcp(self, package: str, data: object = None) -> bytes:
        """A GMCP message, or b"" if the peer did not agree to GMCP. `data` is anything that JSON can say."""
        if self._negotiation is None or not self._negotiation.options.is_on(Side.OURS, GMCP):
            return b""
        return gmcp.message(package, data)

    def gmcp_supports(self, module: str) -> bool:
        """The peer asked for this module, such as "Comm.Channel", with Core.Supports."""
        return self._negotiation is not None and module.lower() in self._negotiation.modules

    def mssp(self, values: mssp.Values) -> bytes:
        """The answer to MsspWanted."""
        return mssp.message(values)

    def start_compression(self) -> bytes:
        """The answer to CompressionWanted; every byte after it is zlib's."""
        return subnegotiation(MCCP2, b"")

    def _telnet(self) -> Negotiation:
        if self._negotiation is None:
            self._negotiation = Negotiation(compress=self._compress)
            if self._opened:
                self._negotiation.open()  # OPENING was sent: those answers are awaited
        return self._negotiation

    def _greet(self) -> None:
        negotiation = self._telnet()
        negotiation.out += self.opening()
        negotiation.offer()

    def _heard(self, verb: int, option: int, messages: list[Message]) -> None:
        self._telnet().heard(verb, option, messages)

    def _subnegotiated(self, payload: bytes, messages: list[Message]) -> bool:
        return self._telnet().subnegotiated(payload, messages)
