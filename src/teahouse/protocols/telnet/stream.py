"""Telnet's framing (RFC 854, 855): which bytes are text, which commands, which subnegotiation. No option is
known here.

Bounded: a subnegotiation is kept up to 8 KiB and thrown away beyond; past 4,096 commands that no honest client
needs, or 64 KiB of one subnegotiation, the peer is reported as `TooMuch` and never read again.
"""

from __future__ import annotations

from teahouse.protocols.telnet.lines import BS, MAX_LINE, NAK, LineCodec
from teahouse.protocols.telnet.messages import AbortOutput, AreYouThere, Interrupt, Message, TooMuch
from teahouse.protocols.telnet.wire import AO, AYT, DONT, EC, EL, EOF, GA, IAC, IP, NOP, SB, SE, WILL, command

COMMANDS = 4096
SUB_KEPT = 8 * 1024
SUB_TOLERATED = 64 * 1024
# Clients send these by themselves for as long as a connection lasts: as a keepalive, after each line.
FREE_COMMANDS = (command(NOP), command(GA))


class TelnetStream(LineCodec):
    """A LineCodec for bytes with telnet commands among them; a subclass knows what the options mean."""

    __slots__ = ("_commands", "_idle", "_pending", "_speaks", "_sub", "_sub_size")

    def __init__(self, max_line: int = MAX_LINE) -> None:
        super().__init__(max_line)
        self._idle = True  # nothing of telnet is pending: a chunk without IAC is just text
        self._pending = b""  # the beginning of a command that was cut: IAC, or IAC and a verb
        self._sub: bytearray | None = None  # the subnegotiation we are in
        self._sub_size = 0  # its size so far, with what was not kept
        self._commands = 0
        self._speaks = False

    @property
    def speaks_telnet(self) -> bool:
        """The peer has sent a telnet command, so it will not show ours as junk."""
        return self._speaks

    def feed(self, data: bytes) -> list[Message]:
        if self._idle and IAC not in data:
            return self._lines(data)
        return self._scan(data)

    def _greet(self) -> None:
        """The peer's first command arrives."""
        raise NotImplementedError

    def _heard(self, verb: int, option: int, messages: list[Message]) -> None:
        """WILL, WONT, DO or DONT arrived."""
        raise NotImplementedError

    def _subnegotiated(self, payload: bytes, messages: list[Message]) -> bool:
        """A subnegotiation arrived, its first byte the option. True if it does not count as a command."""
        raise NotImplementedError

    def _scan(self, data: bytes) -> list[Message]:
        messages: list[Message] = []
        text = bytearray()
        data = self._pending + data
        self._pending = b""
        start = 0
        while start < len(data) and self._commands <= COMMANDS:
            at = data.find(IAC, start)
            if at < 0:
                at = len(data)
            if self._sub is None:
                text += data[start:at]
            elif not self._add_to_sub(data[start:at], messages):
                break
            start = self._sequence(data, at, text, messages)
        self._flush(text, messages)
        self._idle = self._sub is None and not self._pending and self._commands <= COMMANDS
        return messages

    def _sequence(self, data: bytes, at: int, text: bytearray, messages: list[Message]) -> int:
        """Handle the IAC sequence that begins at `at`; return where to go on."""
        sequence = data[at : at + 3]
        if len(sequence) < 2 or (len(sequence) < 3 and WILL <= sequence[1] <= DONT):
            self._pending = sequence
            return len(data)
        code = sequence[1]
        if self._sub is not None and self._inside_sub(code, messages):
            return at + 2
        if code == IAC:
            text.append(IAC)
            return at + 2
        self._flush(text, messages)
        if not self._speaks and code >= EOF:
            self._speaks = True
            self._greet()
        if data.startswith(FREE_COMMANDS, at):
            while data.startswith(FREE_COMMANDS, at):
                at += 2
            return at
        if WILL <= code <= DONT:
            if self._affordable(messages):
                self._heard(code, sequence[2], messages)
            return at + 3
        self._command(code, text, messages)
        return at + 2

    def _command(self, code: int, text: bytearray, messages: list[Message]) -> None:
        if code == SB:
            self._sub = bytearray()
            self._sub_size = 0
        elif not self._affordable(messages):
            return
        elif code == IP:
            self._drop_line()
            messages.append(Interrupt())
        elif code == AO:
            messages.append(AbortOutput())
        elif code == AYT:
            messages.append(AreYouThere())
        elif code == EC:
            text.append(BS)
        elif code == EL:
            text.append(NAK)

    def _inside_sub(self, code: int, messages: list[Message]) -> bool:
        """IAC and `code` within a subnegotiation. False: it is a command, and the subnegotiation is broken off."""
        if code == IAC:
            self._add_to_sub(b"\xff", messages)
        elif code == SE:
            self._end_sub(messages)
        elif code < EOF:
            # Not a command at all: a client that forgot to double a data byte 255, as in a NAWS of 255 columns.
            self._add_to_sub(bytes((IAC, code)), messages)
        else:
            self._sub = None
            return not self._affordable(messages)
        return True

    def _add_to_sub(self, data: bytes, messages: list[Message]) -> bool:
        """Keep what is within the bound. False: the peer went on past all patience."""
        if self._sub is None:
            return False
        self._sub_size += len(data)
        if self._sub_size <= SUB_KEPT:
            self._sub += data
        else:
            self._sub.clear()
        if self._sub_size > SUB_TOLERATED:
            self._give_up(messages)
        return self._sub_size <= SUB_TOLERATED

    def _end_sub(self, messages: list[Message]) -> None:
        payload = bytes(self._sub or b"")
        self._sub = None
        if not payload or not self._subnegotiated(payload, messages):
            self._affordable(messages)

    def _affordable(self, messages: list[Message]) -> bool:
        """Count a command. False when it is the one too many."""
        self._commands += 1
        if self._commands > COMMANDS:
            self._give_up(messages)
            return False
        return True

    def _give_up(self, messages: list[Message]) -> None:
        self._commands = COMMANDS + 1
        self._sub = None
        messages.append(TooMuch())

    def _flush(self, text: bytearray, messages: list[Message]) -> None:
        if text:
            messages += self._lines(bytes(text))
            text.clear()
