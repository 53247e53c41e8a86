"""What those do who keep order. Rule: everyone in the room is told, as far as it is theirs to know."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from teahouse.events.base import Event, because


@dataclass(frozen=True, slots=True)
class Kicked(Event):
    """Someone was put out of a room; they see it too, and so do their other devices."""

    who: str
    nick: str
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.who} put {self.nick} out of the room." + because(self.reason)


@dataclass(frozen=True, slots=True)
class RoleChanged(Event):
    """Someone has another role in the room. `role` and `before` are of `ROLES`; "member" is no role of its own."""

    who: str
    nick: str
    role: str
    before: str

    def __str__(self) -> str:
        if self.role == "member":
            return f"{self.who} took the role of {self.before} from {self.nick}."
        role = f"{'an' if self.role[0] in 'aeiou' else 'a'} {self.role}"
        if self.who == self.nick:  # by registering the room, or giving it up
            return f"{self.nick} is {role} of this room now."
        return f"{self.who} made {self.nick} {role}."


@dataclass(frozen=True, slots=True)
class TermsChanged(Event):
    """One of the room's terms is another now (see `Terms`). A password is never shown: `value` is "set" then."""

    who: str
    name: str
    value: str | int | bool
    before: str | int | bool = ""

    def __str__(self) -> str:
        value: object = "on" if self.value is True else self.value or "off"
        unit = " seconds" if self.name == "slow" and self.value else ""
        return f"{self.who} set {self.name.replace('_', '-')} to {value}{unit}."


@dataclass(frozen=True, slots=True)
class RoomRenamed(Event):
    """The room has another name; all else about it is as it was. `room` is its key now; `before` and `before_key` are
    what it was called, and its key then: the same one where only the case of the name is another."""

    who: str
    name: str
    before: str
    before_key: str
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.who} renamed the room from {self.before} to {self.name}." + because(self.reason)


@dataclass(frozen=True, slots=True)
class RuleMade(Event):
    """Someone came onto one of the room's lists: "bans", "mutes", "exempt" or "invited".

    `about` is the nick it was said of, "" for a mask; `masks` are what the list has of it. A mask that says where
    people connect from is not among them: that is for moderators' eyes.
    """

    who: str
    rules: str
    masks: tuple[str, ...]
    about: str = ""
    reason: str = ""
    until: datetime | None = None

    def __str__(self) -> str:
        end = f" until {self.until:%Y-%m-%d %H:%M} UTC" if self.until else ""
        about = self.about or ", ".join(self.masks) or "an address"
        return f"{self.who} {MADE[self.rules]} {about}{end}." + because(self.reason)


@dataclass(frozen=True, slots=True)
class RuleLifted(Event):
    """Someone is on that list no more; as in `RuleMade`."""

    who: str
    rules: str
    masks: tuple[str, ...]
    about: str = ""

    def __str__(self) -> str:
        about = self.about or ", ".join(self.masks) or "an address"
        return f"{self.who} {LIFTED[self.rules]} {about}."


@dataclass(frozen=True, slots=True)
class Together(Event):
    """Changes of roles, terms and lists of one room that were asked for as one. Bots hear each by itself."""

    who: str
    events: tuple[Event, ...]

    def each(self) -> tuple[Event, ...]:
        """The changes, each as if it had been told by itself."""
        return tuple(
            replace(
                event,
                room=self.room,
                id=self.id,
                at=self.at,
                account=self.account,
                userhost=self.userhost,
                bot=self.bot,
            )
            for event in self.events
        )

    def __str__(self) -> str:
        return "\n".join(map(str, self.events))


@dataclass(frozen=True, slots=True)
class Forwarded(Event):
    """One who may not come into a room (`place`; `why` says so) is shown to another one: told to them alone."""

    place: str
    to: str
    why: str

    def __str__(self) -> str:
        return f"{self.why} You are shown to {self.to} instead."


@dataclass(frozen=True, slots=True)
class Knocked(Event):
    """Someone asks to be let into a room: told to those who keep order there."""

    who: str
    text: str = ""

    def __str__(self) -> str:
        said = f": {self.text}" if self.text else "."
        return f"{self.who} asks to be let in{said}"


@dataclass(frozen=True, slots=True)
class Invited(Event):
    """Someone is invited into a room: told to the one who is, and to those who keep order there."""

    who: str
    nick: str
    place: str

    def __str__(self) -> str:
        return f"{self.who} invites {self.nick} into {self.place}."


@dataclass(frozen=True, slots=True)
class Reported(Event):
    """Someone asks those who keep order to look at something: told to moderators, and to operators of the room."""

    who: str
    about: str
    reason: str
    place: str = ""
    number: int = 0

    def __str__(self) -> str:
        where = f" in {self.place}" if self.place else ""
        number = f" Report {self.number}:" if self.number else ""
        return f"{number} {self.who} reports {self.about}{where}: {self.reason}".strip()


@dataclass(frozen=True, slots=True)
class Announced(Event):
    """One who keeps the house tells everyone in it something; nobody can ignore that."""

    who: str
    text: str

    def __str__(self) -> str:
        return f"{self.who} to everyone in the house: {self.text}"


MADE = {"bans": "banned", "mutes": "muted", "exempt": "exempted", "invited": "lets in"}
LIFTED = {
    "bans": "unbanned",
    "mutes": "unmuted",
    "exempt": "no longer exempts",
    "invited": "no longer lets in",
}
