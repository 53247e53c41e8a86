"""What people say. Rule: someone's own words, which others may ignore."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from teahouse.events.base import Event, because

Tags = tuple[tuple[str, str], ...]


def words_of(event: Event) -> str:
    """All that others may be shown of what someone says: its words or its sign, and below them what its tags say,
    which some clients show."""
    shown = getattr(event, "text", "") or getattr(event, "sign", "")
    return "\n".join([shown, *(value for _, value in getattr(event, "tags", ()) if value)])


@dataclass(frozen=True, slots=True)
class Said(Event):
    """Someone said something to everyone in a room; several lines where their client can say that.

    `manner` is "" or "notice", by which programs speak, and which no program answers. `reply_to` is the id of
    what this answers. `tags` are what clients add for each other, as IRC has it: the house only hands them on.
    `relay` is the nick of the one who brings it from elsewhere, where `who` is nobody of this house.
    """

    kept: ClassVar[bool] = True
    words: ClassVar[bool] = True
    who: str
    text: str
    manner: str = ""
    reply_to: int = 0
    tags: Tags = ()
    relay: str = ""

    def __str__(self) -> str:
        return f"-{self.who}- {self.text}" if self.manner else f"{self.who}: {self.text}"


@dataclass(frozen=True, slots=True)
class Emoted(Event):
    """Someone did something, in the third person: `* amy waves`. `relay` as in `Said`."""

    kept: ClassVar[bool] = True
    words: ClassVar[bool] = True
    who: str
    text: str
    reply_to: int = 0
    tags: Tags = ()
    relay: str = ""

    def __str__(self) -> str:
        return f"* {self.who} {self.text}"


@dataclass(frozen=True, slots=True)
class Edited(Event):
    """Someone has put other words in the place of a line of their own; `target` is that line's id, and `to` the other
    one where it was said in private."""

    words: ClassVar[bool] = True
    who: str
    target: int
    text: str
    to: str = ""

    def __str__(self) -> str:
        return f"{self.who} corrected: {self.text}"


@dataclass(frozen=True, slots=True)
class Deleted(Event):
    """Lines are gone from history: someone took one of their own back (`author` is empty), or one who keeps order
    removed what `author` had said. `targets` were their ids, and `to` is the other one where it was said in private.
    """

    words: ClassVar[bool] = True
    who: str
    targets: tuple[int, ...]
    author: str = ""
    reason: str = ""
    to: str = ""

    def __str__(self) -> str:
        if not self.author:
            return f"{self.who} took back a line."
        count = len(self.targets)
        lines = "a line" if count == 1 else f"{count} lines"
        return f"{self.who} removed {lines} of {self.author}." + because(self.reason)


@dataclass(frozen=True, slots=True)
class Whispered(Event):
    """A private message: shown to the one it is for and to the one who sent it. As `Said`; `manner` may be "emote"
    too."""

    words: ClassVar[bool] = True
    who: str
    to: str
    text: str
    manner: str = ""
    reply_to: int = 0
    tags: Tags = ()

    def __str__(self) -> str:
        if self.manner == "emote":
            return f"* {self.who} {self.text} (to {self.to})"
        return f"{self.who} to {self.to}: {self.text}"


@dataclass(frozen=True, slots=True)
class Reacted(Event):
    """Someone put a sign (an emoji, or a short word) to something said, whose id is `target`; or took it away."""

    kept: ClassVar[bool] = True
    words: ClassVar[bool] = True
    who: str
    target: int
    sign: str
    gone: bool = False
    to: str = ""
    """The other one, where it was said in private."""

    def __str__(self) -> str:
        return f"{self.who} {'took back' if self.gone else 'reacted:'} {self.sign}"


@dataclass(frozen=True, slots=True)
class Typing(Event):
    """Someone writes ("active"), has stopped for now ("paused") or for good ("done"); never kept, and of no
    interest on a terminal."""

    words: ClassVar[bool] = True
    who: str
    state: str
    to: str = ""

    def __str__(self) -> str:
        return f"{self.who} is typing." if self.state == "active" else ""


@dataclass(frozen=True, slots=True)
class Signalled(Event):
    """Someone's client tells other clients something that the house does not know (IRC's TAGMSG)."""

    words: ClassVar[bool] = True
    who: str
    tags: Tags
    to: str = ""

    def __str__(self) -> str:
        return ""
