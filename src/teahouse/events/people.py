"""Who is where, and under which name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from teahouse.events.base import Event, because


@dataclass(frozen=True, slots=True)
class Entered(Event):
    """Someone came into a room. `quiet`: the room is so full that terminals do not mention it; `role`: what they are
    in it, if it has given them a role."""

    who: str
    quiet: bool = False
    realname: str = ""
    away: str = ""
    role: str = ""

    def __str__(self) -> str:
        return f"{self.who} has entered the room."


@dataclass(frozen=True, slots=True)
class Left(Event):
    """Someone went out of a room and may still be in the house; the leaver sees it too."""

    who: str
    reason: str = ""
    quiet: bool = False

    def __str__(self) -> str:
        return f"{self.who} has left the room." + because(self.reason)


@dataclass(frozen=True, slots=True)
class Quit(Event):
    """Someone left the house: told once to everyone who shared a room with them."""

    who: str
    reason: str = ""
    quiet: bool = False

    def __str__(self) -> str:
        return f"{self.who} has left the house." + because(self.reason)


@dataclass(frozen=True, slots=True)
class Renamed(Event):
    """Someone goes by another nick now: told once to everyone who shares a room with them."""

    who: str
    nick: str

    def __str__(self) -> str:
        return f"{self.who} is now known as {self.nick}."


@dataclass(frozen=True, slots=True)
class AwayChanged(Event):
    """Someone went away (`text` says why), or is back (`text` is empty). `quiet`: by connecting or disconnecting,
    which terminals do not mention."""

    who: str
    text: str
    quiet: bool = False

    def __str__(self) -> str:
        return f"{self.who} is away: {self.text}" if self.text else f"{self.who} is back."


@dataclass(frozen=True, slots=True)
class RealnameChanged(Event):
    """Someone calls themselves something else now, beside the nick."""

    who: str
    realname: str

    def __str__(self) -> str:
        return f"{self.who} calls themselves {self.realname} now."


@dataclass(frozen=True, slots=True)
class AccountChanged(Event):
    """Someone has proved to be of an account since they came (`name`), or is of none any more ("")."""

    who: str
    name: str

    def __str__(self) -> str:
        return (
            f"{self.who} has the account {self.name}."
            if self.name
            else f"{self.who} has no account any more."
        )


@dataclass(frozen=True, slots=True)
class HostChanged(Event):
    """Someone is connected from another place than before: `ident@cloak` is another now."""

    who: str
    ident: str
    host: str

    def __str__(self) -> str:
        return f"{self.who} is connected from another place now."


@dataclass(frozen=True, slots=True)
class Appeared(Event):
    """Someone goes by a nick that one watches: told to those who watch it."""

    who: str

    def __str__(self) -> str:
        return f"{self.who} is in the house."


@dataclass(frozen=True, slots=True)
class Vanished(Event):
    """Nobody goes by a nick any more that one watches: told to those who watch it."""

    who: str

    def __str__(self) -> str:
        return f"{self.who} is not in the house any more."


@dataclass(frozen=True, slots=True)
class TopicChanged(Event):
    """A room's topic; told to newcomers too, then with the one who set it long ago."""

    kept: ClassVar[bool] = True
    who: str
    topic: str

    def __str__(self) -> str:
        by = f" (set by {self.who})" if self.who else ""
        return f"Topic: {self.topic}{by}" if self.topic else f"The topic was cleared{by}."


@dataclass(frozen=True, slots=True)
class Roster(Event):
    """Who is in a room, told to a newcomer; `nicks` is cut short in a full room, `total` is not."""

    nicks: tuple[str, ...]
    total: int

    def __str__(self) -> str:
        more = self.total - len(self.nicks)
        return f"In this room: {', '.join(self.nicks)}" + (f" and {more:,} more" if more else "")
