"""What is told to one session."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from teahouse.events.base import Event


@dataclass(frozen=True, slots=True)
class LoggedIn(Event):
    """The session has come into the house, under this nick."""

    nick: str

    def __str__(self) -> str:
        return f"You are {self.nick}."


@dataclass(frozen=True, slots=True)
class Notice(Event):
    """The house (or a room) says something, as it stands; may have several lines."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Table(Event):
    """An answer with rows and columns: who is here, which rooms there are, which commands."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __str__(self) -> str:
        return "\n".join([self.title, *("  ".join(filter(None, row)) for row in self.rows)])


@dataclass(frozen=True, slots=True)
class Failed(Event):
    """A command could not be done. `code` is stable for programs, `text` says what to do instead."""

    code: str
    text: str
    command: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Pong(Event):
    """The answer to a ping: all that happened before it has been written to everyone."""

    token: str

    def __str__(self) -> str:
        return f"PONG {self.token}".rstrip()


@dataclass(frozen=True, slots=True)
class Prompt(Event):
    """The house waits for one line; `secret` ones are not shown while they are typed."""

    text: str
    secret: bool = False

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Answered(Event):
    """The line that a `Prompt` asked for has come; what is typed is shown again."""

    def __str__(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Marked(Event):
    """One has read a room up to the event `read`, or what was said with `peer` in private: on any device."""

    read: int
    peer: str = ""

    def __str__(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Replayed(Event):
    """Things that happened before, oldest first: for a newcomer, or (with a title) for one who asked for them."""

    events: tuple[Event, ...]
    title: str = ""

    def without(self, lost: Collection[int]) -> Replayed:
        """The same, but for the events with these ids."""
        return replace(self, events=tuple(event for event in self.events if event.id not in lost))

    def __str__(self) -> str:
        return "\n".join(filter(None, [self.title, *map(str, self.events)]))
