"""Messages of several lines, as clients send them in batches (draft/multiline). Rule: a batch becomes one message
before anything else looks at it; no more of it is kept than the house takes, and whoever sends more is told at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from teahouse.protocols.irc.answers import Fail
from teahouse.protocols.irc.message import Message

if TYPE_CHECKING:
    from teahouse.limits import Limits

BATCH = "BATCH"
KIND = "draft/multiline"
CONCAT = "draft/multiline-concat"
PIECES = "draft/multiline pieces"
"""A tag of the house's own, which with its space no client can send: where the pieces of a text end that its client
has cut, in characters. The last is the text's own end, so that other words in its place undo it."""
_OF_A_LINE = frozenset({"batch", CONCAT})


@dataclass(frozen=True, slots=True)
class Broken:
    """A batch that cannot be delivered: why, and the label that it had."""

    fail: Fail
    label: str = ""


Collected = Message | Broken | None


@dataclass(slots=True)
class _Open:
    reference: str
    target: str
    tags: Mapping[str, str]
    command: str = ""
    parts: list[str] = field(default_factory=list)
    lines: int = 0
    size: int = 0
    length: int = 0
    ends: list[int] = field(default_factory=list)


class Collector:
    """The batch that one client has open: none, or one (client-batch)."""

    __slots__ = ("_given_up", "_open", "limits")

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._open: _Open | None = None
        self._given_up = ""

    def takes(self, message: Message) -> bool:
        """Whether this is for `feed`."""
        return message.command == BATCH or "batch" in message.tags

    def feed(self, message: Message) -> Collected:
        """Take a BATCH, or a line of one. None: wait for more; else the message that it all was, or what is wrong."""
        if message.command == BATCH:
            word = message.params[0] if message.params else ""
            if word[:1] == "+" and len(word) > 1:
                return self._begin(word[1:], message)
            if word[:1] == "-" and len(word) > 1:
                return self._end(word[1:], message)
            return Broken(
                Fail(BATCH, "MULTILINE_INVALID", text="A batch begins with +reference."), _label(message)
            )
        return self._add(message)

    # ---- begin, go on, end ---------------------------------------------------------------------------------

    def _begin(self, reference: str, message: Message) -> Collected:
        label = _label(message)
        if self._open is not None:
            return self._break("MULTILINE_INVALID", text="There is a batch open already.")
        self._given_up = reference
        kind = message.params[1] if len(message.params) > 1 else ""
        if kind != KIND:
            return Broken(Fail(BATCH, "UNKNOWN_TYPE", kind or "*", text="Unknown batch type"), label)
        if len(message.params) != 3 or not message.params[2] or "," in message.params[2]:
            return Broken(Fail(BATCH, "MULTILINE_INVALID", text="A batch has one target."), label)
        self._given_up = ""
        self._open = _Open(reference, message.params[2], dict(message.tags))
        return None

    def _add(self, message: Message) -> Collected:
        batch, reference = self._open, message.tags["batch"]
        if reference == self._given_up and reference:
            return None
        if batch is None or reference != batch.reference:
            return self._break("MULTILINE_INVALID", text="There is no such batch open.")
        wrong = self._wrong(batch, message)
        if wrong is not None:
            return wrong
        joined = CONCAT in message.tags or not batch.lines
        text = message.params[1] if joined else f"\n{message.params[1]}"
        if joined and batch.lines:
            batch.ends.append(batch.length)
        batch.length += len(text)
        batch.command = message.command
        batch.lines += 1
        batch.size += len(text.encode("utf-8", "replace"))
        batch.parts.append(text)
        return self._too_much(batch)

    def _end(self, reference: str, message: Message) -> Collected:
        batch = self._open
        if reference == self._given_up:
            self._given_up = ""
            return None
        if batch is None or batch.reference != reference:
            return self._break("MULTILINE_INVALID", text="There is no such batch open.")
        text = "".join(batch.parts)
        if not text.strip("\n"):
            result = self._break("MULTILINE_INVALID", text="Invalid multiline batch with blank lines only")
            self._given_up = ""
            return result
        self._open = None
        tags = dict(batch.tags)
        if batch.ends:
            tags[PIECES] = ",".join(map(str, [*batch.ends, len(text)]))
        return Message(batch.command, (batch.target, text), "", tags)

    # ---- what may be wrong ---------------------------------------------------------------------------------

    def _wrong(self, batch: _Open, message: Message) -> Broken | None:
        if message.command not in {"PRIVMSG", "NOTICE"} or len(message.params) < 2:
            return self._break("MULTILINE_INVALID", text="Invalid multiline batch")
        if message.params[0] != batch.target:
            given = message.params[0]
            return self._break(
                "MULTILINE_INVALID_TARGET", batch.target, given, text="Invalid multiline target"
            )
        if batch.command not in {"", message.command}:
            return self._break("MULTILINE_INVALID", text="PRIVMSG and NOTICE do not mix.")
        if CONCAT in message.tags and not message.params[1]:
            text = "Invalid multiline batch with concatenated blank line"
            return self._break("MULTILINE_INVALID", text=text)
        if message.tags.keys() - _OF_A_LINE:
            return self._break("MULTILINE_INVALID", text="Tags stand on the BATCH that opens it.")
        return None

    def _too_much(self, batch: _Open) -> Broken | None:
        limits = self.limits
        if batch.size > limits.multiline_bytes:
            most = str(limits.multiline_bytes)
            return self._break("MULTILINE_MAX_BYTES", most, text="Multiline batch max-bytes exceeded")
        if batch.lines > limits.multiline_lines:
            most = str(limits.multiline_lines)
            return self._break("MULTILINE_MAX_LINES", most, text="Multiline batch max-lines exceeded")
        return None

    def _break(self, code: str, *context: str, text: str) -> Broken:
        """Give the open batch up; what still comes of it is passed over."""
        batch, self._open = self._open, None
        label = ""
        if batch is not None:
            label = batch.tags.get("label", "")
            self._given_up = batch.reference
        return Broken(Fail(BATCH, code, *context, text=text), label)


def pieces_of(text: str, ends: str) -> list[list[str]]:
    """The lines of a text, each in the pieces in which its client sent it (`PIECES`)."""
    if not ends and "\n" not in text:
        return [[text]]
    cuts = [int(end) for end in ends.split(",") if end]
    if cuts and cuts[-1] != len(text):
        cuts = []
    found, start = [], 0
    for line in text.split("\n"):
        end = start + len(line)
        bounds = [start, *(at for at in cuts if start < at < end), end]
        found.append([text[a:b] for a, b in pairwise(bounds)])
        start = end + 1
    return found


def _label(message: Message) -> str:
    return message.tags.get("label", "")
