"""Changing what was said, by its id, and putting signs to it. Rule: what may be done to a line stands in
`teahouse.lines`.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from teahouse import lines
from teahouse.errors import AccountNeeded, CannotTalk, UsageError
from teahouse.events import Reacted, Typing, words_of
from teahouse.protocols.web.ids import meant
from teahouse.protocols.web.requests.request import Request, own_room
from teahouse.protocols.web.requests.talk import check_length
from teahouse.rooms.commands import people
from teahouse.text import clean

if TYPE_CHECKING:
    from teahouse.protocols.web.session import WebSession

SIGN = 64
"""Bytes of a sign: an emoji of several, or a short word."""
STATES = ("active", "paused", "done")


def edit(session: WebSession, target: int, text: str, room: str = "", to: str = "") -> Awaitable[None]:
    """Correct a line of one's own, in a room or in private."""
    check_length(session, text)
    if to:
        return lines.correct_whisper(session, to, meant(target), text)
    return lines.correct(session, own_room(session, room), meant(target), text)


def delete(
    session: WebSession, target: int, room: str = "", reason: str = "", to: str = ""
) -> Awaitable[None]:
    """Take back a line of one's own, or remove somebody's where one may."""
    if to:
        return lines.take_back_whisper(session, to, meant(target), reason)
    return lines.remove(session, own_room(session, room), meant(target), reason)


def react(  # noqa: PLR0913, PLR0917  as many as it takes
    session: WebSession, target: int, sign: str, room: str = "", to: str = "", gone: bool = False
) -> None:
    """Put a sign to a line, or take it away."""
    if not meant(target):
        raise UsageError('"target" is the id of a line.')
    check_sign(sign)
    if to:
        _tell_privately(session, Reacted(session.user.nick, meant(target), sign, gone, to))
        return
    own_room(session, room).broadcast(Reacted(session.user.nick, meant(target), sign, gone), session.user)


def check_sign(sign: str) -> None:
    """Raise UsageError for what is no sign."""
    if not sign.strip() or clean(sign) != sign or len(sign.encode("utf-8", "replace")) > SIGN:
        raise UsageError(f"A sign is an emoji or a short word, {SIGN} bytes at most.")


def typing(session: WebSession, state: str, room: str = "", to: str = "") -> None:
    """One writes, or has stopped. Who may not talk is not told so while they write."""
    if state not in STATES:
        raise UsageError(f'"state" is one of {", ".join(STATES)}.')
    try:
        if to:
            _tell_privately(session, Typing(session.user.nick, state, to))
            return
        own_room(session, room).broadcast(Typing(session.user.nick, state), session.user)
    except (AccountNeeded, CannotTalk):
        pass


def _tell_privately(session: WebSession, event: Reacted | Typing) -> None:
    other, user = session.server.present(event.to), session.user
    people.check_taken(session.server.foyer, user, other)
    session.server.order.check_whisper(user, words_of(event))
    session.server.fanout.whisper(event, {other, user}, ())


REQUESTS = {
    "edit": Request(edit),
    "delete": Request(delete),
    "react": Request(react),
    "typing": Request(typing),
}
