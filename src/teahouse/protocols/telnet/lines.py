"""Bytes to lines for line-mode clients: one line end is one line, however the bytes were cut into chunks.

Bounded: never more than `max_line` bytes of an unfinished line are kept. Lenient: no bytes make it raise.
Ordinary chunks take the short way in `_lines`, where C loops do all the work; whatever is rare (other line
ends than LF and CR LF, an erase character, a long line, a bad byte) goes through `_carefully`.
"""

from __future__ import annotations

import re

from teahouse.protocols.telnet.messages import BadEncoding, Message, TooLong

MAX_LINE = 4096
BOM = "\ufeff"
NUL, BS, CR, NAK, DEL = 0x00, 0x08, 0x0D, 0x15, 0x7F

# Clients in character mode (plink while a password is typed) leave the editing of the line to the server.
ERASE_CHARACTER = "\b\x7f"
ERASE_LINE = "\x15"
_EDITING = re.compile("[\b\x7f\x15]")

# What a telnet client says before its user typed anything. IAC IAC is left alone: there it is the text "ÿÿ".
_SUB_BODY = rb"(?:[^\xff]|\xff\xff){0,256}"
_NEGOTIATION = re.compile(
    rb"(?:\xff(?:[\xec-\xef\xf1-\xf9]|[\xfb-\xfe].|\xfa" + _SUB_BODY + rb"\xff\xf0))*+", re.DOTALL
)
_UNFINISHED = re.compile(rb"\xff(?:[\xfb-\xfe]|\xfa" + _SUB_BODY + rb"\xff?)?", re.DOTALL)


class LineCodec:
    """Lines in, lines out; no negotiation. For `--line` endpoints and, as its base, for telnet."""

    __slots__ = ("_after_cr", "_buffer", "_first", "_max_line", "_opening", "_skipping", "_told")

    def __init__(self, max_line: int = MAX_LINE) -> None:
        self._max_line = max_line
        self._buffer = b""  # the unfinished line: no CR, LF or NUL in it
        self._opening: bytes | None = b""  # None as soon as the peer has sent anything but negotiation
        self._first = True  # the first line may begin with a BOM
        self._after_cr = False  # a line ended in CR: one LF or NUL after it belongs to the same line end
        self._skipping = False  # the current line was too long and is dropped up to its end
        self._told = False  # BadEncoding was reported

    def feed(self, data: bytes) -> list[Message]:
        """Take what was received; return the complete lines and whatever there is to report."""
        if self._opening is not None:
            data = self._without_negotiation(data)
        return self._lines(data)

    def encode(self, text: str) -> bytes:
        """Text with LF between its lines, as it goes on the wire. A CR in it can only be an accident."""
        return text.replace("\r", "").replace("\n", "\r\n").encode("utf-8", "replace")

    def _without_negotiation(self, data: bytes) -> bytes:
        """Drop the opening of a telnet client on a line endpoint, or the room would see it as a line."""
        data = (self._opening or b"") + data
        match = _NEGOTIATION.match(data)
        rest = data[match.end() :] if match else data
        if _UNFINISHED.fullmatch(rest) or not rest:
            self._opening = rest
            return b""
        self._opening = None
        return rest

    def _lines(self, data: bytes) -> list[Message]:
        if self._after_cr or self._skipping or self._first:
            return self._carefully(data)
        whole = self._buffer + data if self._buffer else data
        if CR in whole:
            whole = whole.replace(b"\r\n", b"\n")
        # An int is looked for with memchr: eight times as fast as a bytes object of length one.
        if CR in whole or NUL in whole or BS in whole or DEL in whole or NAK in whole:
            return self._carefully(data)
        if len(whole) > self._max_line and max(map(len, whole.split(b"\n"))) > self._max_line:
            return self._carefully(data)
        messages: list[Message] = []
        complete, end, rest = whole.rpartition(b"\n")
        if not end:
            self._buffer = rest
            return messages
        try:
            messages += complete.decode().split("\n")
        except UnicodeDecodeError:
            return self._carefully(data)
        self._buffer = rest
        return messages

    def _carefully(self, data: bytes) -> list[Message]:
        messages: list[Message] = []
        *parts, rest = self._line_ends(data).split(b"\n")
        for part in parts:
            self._add(part, messages)
            self._end_line(messages)
        self._add(rest, messages)
        return messages

    def _line_ends(self, data: bytes) -> bytes:
        """The same data with LF as its only line end and without NUL (RFC 854, page 11)."""
        if not data:
            return data
        if self._after_cr and data[0] in b"\n\0":
            data = data[1:]
        self._after_cr = data.endswith(b"\r")
        data = data.replace(b"\r\n", b"\n").replace(b"\r\0", b"\n")
        return data.replace(b"\r", b"\n").replace(b"\0", b"")

    def _add(self, part: bytes, messages: list[Message]) -> None:
        if self._skipping:
            return
        if len(self._buffer) + len(part) > self._max_line:
            self._drop_line()
            self._skipping = True
            messages.append(TooLong(self._max_line))
        else:
            self._buffer += part

    def _end_line(self, messages: list[Message]) -> None:
        if not self._skipping:
            messages.append(self._text(self._buffer, messages))
        self._first = False
        self._drop_line()

    def _drop_line(self) -> None:
        self._buffer = b""
        self._skipping = False

    def _text(self, line: bytes, messages: list[Message]) -> str:
        try:
            text = line.decode()
        except UnicodeDecodeError:
            text = line.decode("cp1252", "replace")
            if not self._told:
                self._told = True
                messages.append(BadEncoding())
        if self._first:
            text = text.removeprefix(BOM)
        return _edited(text) if _EDITING.search(text) else text


def _edited(text: str) -> str:
    """The line as it stands after its erase characters did their work."""
    kept: list[str] = []
    for character in text:
        if character == ERASE_LINE:
            kept.clear()
        elif character not in ERASE_CHARACTER:
            kept.append(character)
        elif kept:
            kept.pop()
    return "".join(kept)
