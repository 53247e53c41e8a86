"""Lesson three: an event of your own, which shows in every protocol."""

from dataclasses import dataclass
from random import randint

from teahouse import ChatRoom, Event, Session, command


@dataclass(frozen=True, slots=True)
class Rolled(Event):
    who: str
    value: int

    def __str__(self) -> str:
        return f"{self.who} rolls {self.value}."


@command(room=ChatRoom)
def roll(room: ChatRoom, session: Session, sides: int = 6) -> None:
    """Roll a die."""
    room.broadcast(Rolled(session.user.nick, randint(1, max(1, sides))))
