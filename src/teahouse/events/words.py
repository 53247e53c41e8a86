"""What people say. Rule: someone's own words, which others may ignore."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from teahouse.events.base import Event, because


@dataclass(frozen=True, slots=True)
class Said(Event):
    """Someone said something to everyone in a room."""

    kept: ClassVar[bool] = True
    words: ClassVar[bool] = True
    who: str
    text: str

    def __str__(self) -> str:
        return f"{self.who}: {self.text}"


@dataclass(frozen=True, slots=True)
class Emoted(Event):
    """Someone did something, in the third person: `* amy waves`."""

    kept: ClassVar[bool] = True
    words: ClassVar[bool] = True
    who: str
    text: str

    def __str__(self) -> str:
        return f"* {self.who} {self.text}"


@dataclass(frozen=True, slots=True)
class Edited(Event):
    """Someone has put other words in the place of a line of their own; `target` is that line's id."""

    words: ClassVar[bool] = True
    who: str
    target: int
    text: str

    def __str__(self) -> str:
        return f"{self.who} corrected: {self.text}"


@dataclass(frozen=True, slots=True)
class Deleted(Event):
    """Lines are gone from history: someone took one of their own back (`author` is empty), or one who keeps order
    removed what `author` had said. `targets` were their ids."""

    words: ClassVar[bool] = True
    who: str
    targets: tuple[int, ...]
    author: str = ""
    reason: str = ""

    def __str__(self) -> str:
        if not self.author:
            return f"{self.who} took back a line."
        count = len(self.targets)
        lines = "a line" if count == 1 else f"{count} lines"
        return f"{self.who} removed {lines} of {self.author}." + because(self.reason)


@dataclass(frozen=True, slots=True)
class Whispered(Event):
    """A private message: shown to the one it is for and to the one who sent it."""

    words: ClassVar[bool] = True
    who: str
    to: str
    text: str

    def __str__(self) -> str:
        return f"{self.who} to {self.to}: {self.text}"
