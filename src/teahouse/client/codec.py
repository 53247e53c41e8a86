"""A telnet client without I/O: received bytes to news, typed lines to bytes.

Rule: what comes out is safe to show, whatever came in; nothing that is kept grows beyond its bound; and what a
server has not ended (no line end yet, no GA or EOR) stands before the input as its prompt until it is.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TypeAlias

from teahouse.client.negotiation import Negotiation
from teahouse.client.safe import Painter, rings
from teahouse.client.terminal import Terminal
from teahouse.protocols.telnet.messages import Message, TooMuch
from teahouse.protocols.telnet.stream import TelnetStream
from teahouse.protocols.telnet.wire import EOR_MARK, GA, SB, command, escaped

UNFINISHED = 32 * 1024
"""Bytes without a line end; more are shown as a line."""
PROMPT_ENDS = (command(GA), command(EOR_MARK))
_UNSENDABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the server, with its colours."""

    text: str
    bell: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """The server has marked the end of a prompt."""

    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What stands before the input from now on; may be empty."""

    text: str


@dataclass(frozen=True, slots=True)
class Hidden:
    """Whether what is typed must not be seen."""

    on: bool


@dataclass(frozen=True, slots=True)
class Babble:
    """The server negotiates without end; nothing is read after this."""


News: TypeAlias = Line | Asked | Prompt | Hidden | Babble


class ClientCodec(TelnetStream):
    """One connection. After `receive` and `resized`, send what `take` returns."""

    __slots__ = ("_held", "_negotiation", "_news", "_painter", "_shown", "_swallow", "_tail")

    def __init__(self, terminal: Terminal) -> None:
        super().__init__()
        self._negotiation = Negotiation(terminal)
        self._painter = Painter()
        self._news: list[News] = []
        self._tail = bytearray()  # the unfinished line
        self._held = ""  # the prompt that was ended by GA or EOR
        self._shown = ""  # the prompt as last reported
        self._swallow = False  # a hidden line was sent: the line end that comes for it is ours already

    @property
    def hidden(self) -> bool:
        """Whether what is typed must not be seen."""
        return self._negotiation.hidden

    def receive(self, data: bytes) -> list[News]:
        """Take what was received."""
        if any(isinstance(message, TooMuch) for message in self.feed(data)):
            self._news.append(Babble())
        prompt = self.unfinished() or self._held
        if prompt != self._shown:
            self._shown = prompt
            self._news.append(Prompt(prompt))
        news, self._news = self._news, []
        return news

    def take(self) -> bytes:
        """What must be sent in answer."""
        data = bytes(self._negotiation.out)
        self._negotiation.out.clear()
        return data

    def send(self, text: str) -> bytes:
        """Typed text (or pasted lines of it) as bytes; the prompt that it answers is done with."""
        self._negotiation.options.renew()
        self._swallow = self.hidden
        self._tail.clear()
        self._held = self._shown = ""
        text = _UNSENDABLE.sub("", text.replace("\r\n", "\n"))
        return escaped(text.replace("\n", "\r\n").encode("utf-8", "replace") + b"\r\n")

    def resized(self, columns: int, rows: int) -> None:
        """The window has another size now."""
        self._negotiation.resized(columns, rows)

    def unfinished(self) -> str:
        """What has come of a line that has no end yet."""
        if not self._tail:
            return ""
        text = codecs.getincrementaldecoder("utf-8")("replace").decode(bytes(self._tail))
        return self._painter.unfinished(text.replace("\0", "").rstrip("\r").rpartition("\r")[2])

    # ---- what the framing reports --------------------------------------------------------------------------

    def _greet(self) -> None:
        """A client waits to be asked."""

    def _heard(self, verb: int, option: int, messages: list[Message]) -> None:
        before = self.hidden
        self._negotiation.heard(verb, option)
        if self.hidden != before:
            self._news.append(Hidden(self.hidden))

    def _subnegotiated(self, payload: bytes, messages: list[Message]) -> bool:
        self._negotiation.subnegotiated(payload)
        return False

    def _sequence(self, data: bytes, at: int, text: bytearray, messages: list[Message]) -> int:
        if self._sub is None and data.startswith(PROMPT_ENDS, at):
            self._flush(text, messages)
            self._end_prompt()
            return at + 2
        return super()._sequence(data, at, text, messages)

    def _command(self, code: int, text: bytearray, messages: list[Message]) -> None:
        if code == SB:
            super()._command(code, text, messages)
        else:
            self._affordable(messages)  # AYT, IP and their like are for servers

    def _end_prompt(self) -> None:
        self._held = self.unfinished()
        self._tail.clear()
        if self._held:
            self._news.append(Asked(self._held))

    def _lines(self, data: bytes) -> list[Message]:
        self._tail += data
        *lines, rest = self._tail.split(b"\n")
        for line in lines:
            self._end_of(bytes(line))
        self._tail = rest
        if len(self._tail) > UNFINISHED:
            self._end_of(bytes(self._tail))
            self._tail.clear()
        return []

    def _end_of(self, line: bytes) -> None:
        """One line of the wire; a CR alone within it would have hidden what is before it."""
        swallow, self._swallow = self._swallow, False
        text = _decoded(line).replace("\0", "").strip("\r")
        if swallow and not text:
            return
        for part in text.split("\r"):
            self._news.append(Line(self._painter.line(part), rings(part)))


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")
