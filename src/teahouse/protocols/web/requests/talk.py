"""Saying something. Rule: as on IRC: the target is known, and no line is made that would be parsed again."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from teahouse.errors import NotInRoom, UsageError
from teahouse.events import Emoted, Said, Whispered
from teahouse.protocols.web.requests.request import Request
from teahouse.rooms.chat import ChatRoom
from teahouse.text import clean, fold

if TYPE_CHECKING:
    from teahouse.protocols.web.session import WebSession


def own_room(session: WebSession, name: str) -> ChatRoom:
    """The room of that name that one is in. Raises NotInRoom."""
    room = session.user.rooms.get(fold(name))
    if room is None:
        raise NotInRoom(f"You are not in {name or 'a room of no name'}.")
    return room


def say(  # noqa: PLR0913, PLR0917  as many as a line has
    session: WebSession, text: str, room: str = "", to: str = "", reply_to: int = 0, manner: str = ""
) -> Awaitable[None] | None:
    """Say something in a room, or to one person."""
    if not clean(text).strip():
        raise UsageError("There is nothing in it that anyone could see.")
    if len(text.encode("utf-8", "replace")) > session.server.limits.line_bytes:
        raise UsageError(f"A line has at most {session.server.limits.line_bytes:,} bytes.")
    if to:
        return _whisper(session, Whispered(session.user.nick, to, text, manner, reply_to))
    place = own_room(session, room)
    session.room = place
    if type(place).on_text is not ChatRoom.on_text and not manner:
        return place.on_text(session, text)  # a room that makes something else of what is said
    nick = session.user.nick
    event = Emoted(nick, text, reply_to) if manner == "emote" else Said(nick, text, manner, reply_to)
    place.speak(session.user, event)
    return None


async def _whisper(session: WebSession, event: Whispered) -> None:
    await session.server.foyer.whisper(session, event)


REQUESTS = {"say": Request(say)}
