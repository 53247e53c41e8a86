"""The IRC codec for what comes in: received bytes to messages, however they were cut. No I/O, no clock.

Bounded: no more of an unfinished line is kept than the longest line may have; the rest of a longer one is
counted and thrown away. Lenient: no bytes make it raise. For what goes out there is `message.encode`.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, TypeAlias

from teahouse.protocols.irc.message import Message, parse, parse_tags

_CR, _NUL = 0x0D, 0x00
_LONGEST_COMMAND = 64


@dataclass(frozen=True, slots=True)
class LineLimits:
    """How long a line may be, in bytes, and whether it must be UTF-8.

    The sizes are those for what clients send (message-tags, "Size limit"); a reader of what servers send wants
    8189 bytes of tag data.
    """

    body: int = 512
    """All but the tags, with CR LF, which counts as two bytes even where only LF was sent."""
    tag_data: int = 4094
    """What stands between "@" and the space."""
    endless: int = 16 * 1024
    """A line that passes this ends the reading: the longest that any client sends fits into it three times."""
    utf8only: bool = True


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that is not delivered. A line that is too long is refused at once and skipped to its end.

    `command` is "*" where the line shows none that can be repeated in an answer; `label` is that of
    labeled-response, or "". "malformed" is a line with no command, only tags or a source.
    """

    code: Literal["too-long", "invalid-utf8", "malformed"]
    command: str = "*"
    label: str = ""


@dataclass(frozen=True, slots=True)
class Endless:
    """A line that has no end: drop the peer. Nothing is read after it."""


Incoming: TypeAlias = Message | Refused | Endless


class Decoder:
    """What one connection sends. A WebSocket frame, which is one line without its end, is fed with a LF."""

    __slots__ = ("_body", "_deaf", "_limits", "_rest", "_short", "_skipped")

    def __init__(self, limits: LineLimits | None = None) -> None:
        self._limits = limits or LineLimits()
        self._body = self._limits.body - 2
        self._short = min(self._body, self._limits.tag_data + 1)  # never too long, whatever is in it
        self._rest = b""  # the unfinished line
        self._skipped = 0  # the size so far of a line that was refused before it ended
        self._deaf = False

    def feed(self, data: bytes) -> list[Incoming]:
        """Take what was received; return the lines that it completes, and what is refused. Empty lines are not."""
        heard: list[Incoming] = []
        if self._skipped or self._deaf:
            data = self._skip(data, heard)
        *lines, rest = (self._rest + data if self._rest else data).split(b"\n")
        for line in lines:
            self._hear(line, heard)
        if self._deaf:
            rest = b""
        elif len(rest) > self._short and self._is_too_long(rest):
            self._refuse_long(rest, heard)
            rest = b""
        self._rest = rest
        return heard

    def _hear(self, line: bytes, heard: list[Incoming]) -> None:
        """A complete line, with the CR that may stand before its LF."""
        if self._deaf:
            return
        if len(line) > self._short and self._is_too_long(line):
            self._refuse_long(line, heard)
            self._skipped = 0
            return
        if _CR in line or _NUL in line:
            # A lone CR ends a line for some clients: whoever relays it would let its sender forge one.
            line = line.replace(b"\r", b"").replace(b"\0", b"")
        try:
            heard.append(parse(line.decode()))
        except ValueError:  # UnicodeDecodeError is one
            self._hear_badly(line, heard)

    def _hear_badly(self, line: bytes, heard: list[Incoming]) -> None:
        """A line that is empty, has no command, or is not UTF-8."""
        try:
            text = line.decode()
        except UnicodeDecodeError:
            if self._limits.utf8only:
                heard.append(_refused("invalid-utf8", line))
                return
            text = line.decode("cp1252", "replace")
        if not text.strip(" "):
            return
        try:
            heard.append(parse(text))
        except ValueError:
            heard.append(_refused("malformed", line))

    def _limit(self, line: bytes) -> int:
        """How long this line may be without its end, as far as its beginning tells."""
        if line[:1] != b"@":
            return self._body
        section = self._limits.tag_data + 2
        space = line.find(b" ", 0, section)
        return section if space < 0 else space + 1 + self._body

    def _is_too_long(self, line: bytes) -> bool:
        return len(line) - line.endswith(b"\r") > self._limit(line)

    def _refuse_long(self, line: bytes, heard: list[Incoming]) -> None:
        # Only what is sure to be there already, however the line was cut, goes into the answer.
        heard.append(_refused("too-long", line[: self._limit(line)]))
        self._count(len(line), heard)

    def _skip(self, data: bytes, heard: list[Incoming]) -> bytes:
        """Throw away the rest of a refused line; return what comes after it."""
        end = -1 if self._deaf else data.find(b"\n")
        self._count(len(data) if end < 0 else end, heard)
        if end < 0 or self._deaf:
            return b""
        self._skipped = 0
        return data[end + 1 :]

    def _count(self, size: int, heard: list[Incoming]) -> None:
        self._skipped += size
        if self._skipped > self._limits.endless and not self._deaf:
            self._deaf = True
            heard.append(Endless())


def _refused(code: Literal["too-long", "invalid-utf8", "malformed"], line: bytes) -> Refused:
    """The refusal of a line, or of one that goes on after this, with what can be told of it."""
    text = line.replace(b"\r", b"").replace(b"\0", b"").decode("utf-8", "replace")
    label, command = "", "*"
    if code == "too-long":
        # What it is cut in is not told: a tag or a word of which the end is missing.
        text = text.rpartition(" " if " " in text or text[:1] != "@" else ";")[0]
    if text[:1] == "@":
        section, _, text = text[1:].partition(" ")
        label = parse_tags(section).get("label", "")
    with suppress(ValueError):
        command = parse(text).command
    repeatable = command.isascii() and len(command) <= _LONGEST_COMMAND
    return Refused(code, command if repeatable else "*", label)
