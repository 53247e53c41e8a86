"""Saying something. Rule: as on IRC: the target is known, and no line is made that would be parsed again."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from teahouse.errors import TooLong, UsageError
from teahouse.events import Emoted, Said, Whispered
from teahouse.protocols.web.ids import meant
from teahouse.protocols.web.requests.request import Request, own_room
from teahouse.rooms.commands import people
from teahouse.text import clean

if TYPE_CHECKING:
    from teahouse.protocols.web.session import WebSession
    from teahouse.rooms.base import Room
    from teahouse.session import Session

MANNERS = ("", "notice", "emote")


def check_length(session: Session, text: str) -> None:
    """Raise TooLong for more than a line may have."""
    most = session.server.limits.line_bytes
    if len(text.encode("utf-8", "replace")) > most:
        raise TooLong(f"A line has at most {most:,} bytes.")


def say(  # noqa: PLR0913, PLR0917  as many as a line has
    session: Session, text: str, room: str = "", to: str = "", reply_to: int = 0, manner: str = ""
) -> Awaitable[None] | None:
    """Say something in a room, or to one person."""
    if not clean(text).strip():
        raise UsageError("There is nothing in it that anyone could see.")
    check_length(session, text)
    if manner not in MANNERS:
        raise UsageError('"manner" is "emote", "notice" or nothing.')
    nick, answered = session.user.nick, meant(reply_to)
    if to:
        return _whisper(session, Whispered(nick, to, text, manner, answered))
    place = own_room(session, room)
    session.room = place
    if not (place.is_talk() or manner):
        return place.interpret(session, text)
    if manner:
        place.check_manner(manner)
    event = Emoted(nick, text, answered) if manner == "emote" else Said(nick, text, manner, answered)
    place.speak(session.user, event)
    return None


async def _whisper(session: Session, event: Whispered) -> None:
    await people.whisper(session.server.foyer, session, event)


def line(session: Session, text: str, room: str = "") -> Awaitable[None] | None:
    """Run a line as it is typed on a terminal, in a room or where one has spoken last."""
    check_length(session, text)
    place: Room = own_room(session, room) if room else session.room
    session.room = place
    return place.handle(session, text)


def answer(session: WebSession, text: str) -> None:
    """The answer to a prompt."""
    check_length(session, text)
    session.answer(text)


REQUESTS = {"say": Request(say), "line": Request(line), "answer": Request(answer, inside=False)}
