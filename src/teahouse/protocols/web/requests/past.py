"""What was said before, and how far one has read. Rule: one reads what one could by /history and /search, and what
ignored people said is passed over.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from teahouse.errors import NoSuchRoom, UsageError
from teahouse.events import Event
from teahouse.lines import is_own, may_read
from teahouse.protocols.web.answers import fitting
from teahouse.protocols.web.ids import meant, shown
from teahouse.protocols.web.render import described
from teahouse.protocols.web.requests.request import Request, own_room
from teahouse.rooms.past import answer
from teahouse.rooms.questions import wanted
from teahouse.rooms.searching import found_by
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.session import Session

PAGE, LONGEST_PAGE = 50, 200
TALKS = 100
Ends = tuple[int | None, int | None]


async def history(  # noqa: PLR0913, PLR0917  as many as it takes
    session: Session, room: str = "", with_: str = "", before: int = 0, after: int = 0, count: int = PAGE
) -> dict[str, Any]:
    """A page of the past, oldest first: the last lines (before an id), or the first after one."""
    if bool(room) == bool(with_) or (before and after):
        raise UsageError('"history" takes "room" or "with", and "before" or "after" or neither.')
    if not 1 <= count <= LONGEST_PAGE:
        raise UsageError(f'"count" is from 1 to {LONGEST_PAGE}.')
    await session.server.fanout.stored()
    ends = (meant(before) or None, meant(after) if after else None)
    read = _talk(session, with_, count + 1, ends) if with_ else _room(session, room, count + 1, ends)
    found = await answer(read)
    return _page(session, found, count, forwards=bool(after))


def _room(session: Session, name: str, count: int, ends: Ends) -> Awaitable[list[Event]]:
    room = session.server.rooms.get(fold(name))
    if room is None or not may_read(
        session, room
    ):  # one that is closed is not told from one that is not there
        raise NoSuchRoom(f"There is no room {name} whose past you can read.")
    return session.server.store.history(room.key, count, before=ends[0], after=ends[1])


def _talk(session: Session, nick: str, count: int, ends: Ends) -> Awaitable[list[Event]]:
    account = session.user.account
    if account is None:  # a guest's messages are kept for nobody
        return _nothing()
    return session.server.store.conversation(account.key, fold(nick), count, before=ends[0], after=ends[1])


async def _nothing() -> list[Event]:
    return []


def _page(session: Session, found: Sequence[Event], count: int, *, forwards: bool) -> dict[str, Any]:
    """The events of a page, as far as they fit and are for this user; `first` and `last` say from where to go on,
    for what was passed over counts too."""
    page = list(found[:count] if forwards else found[-count:])
    rows = [row_of(session, event) for event in (page if forwards else reversed(page))]
    kept = len(fitting(session, rows))
    page = page[:kept] if forwards else page[len(page) - kept :]
    wanted = session.user.wants_of(page)
    return {
        "events": [row_of(session, each) for each in wanted],
        "more": len(found) > len(page),
        "first": shown(page[0].id) if page else 0,
        "last": shown(page[-1].id) if page else 0,
    }


def row_of(session: Session, event: Event) -> dict[str, Any]:
    """An event of the past, as one is shown it."""
    user = session.user
    said = (event.room, event.id) in (user.said or ())
    return described(event, own=is_own(user, event) or said)


async def search(session: Session, words: str) -> dict[str, Any]:
    """As /search: newest first."""
    return await find_lines(session, words)


async def find_lines(session: Session, words: str, room: str = "") -> dict[str, Any]:
    """The lines with these words, in one room or in all that one may search."""
    await session.server.fanout.stored()
    asked = wanted(words, datetime.fromtimestamp(session.server.runtime.time(), UTC))
    asked.room = room or asked.room
    found = await answer(found_by(session, asked))
    rows = [row_of(session, each) for each in session.user.wants_of(found)]
    return {"events": fitting(session, rows)}


def read(session: Session, id_: int, room: str = "", with_: str = "") -> None:
    """One has read as far as that."""
    if bool(room) == bool(with_) or not meant(id_):
        raise UsageError('"read" takes an "id", and "room" or "with".')
    place = own_room(session, room).key if room else f"@{_peer(session, with_)}"
    session.server.presence.read(session.user, place, min(meant(id_), session.server.fanout.last_id))


def _peer(session: Session, nick: str) -> str:
    if len(nick) > session.server.limits.nick_length:
        raise UsageError('"with" is a nick.')
    return fold(nick)


async def conversations(session: Session) -> dict[str, Any]:
    """Those one has talked with in private, the latest last."""
    user = session.user
    if user.account is None:
        return {"conversations": []}
    found = await answer(session.server.store.conversations(user.account.key, count=TALKS))
    rows = ({"with": peer, "last": shown(last), "read": _read(session, peer)} for peer, last in found)
    return {"conversations": fitting(session, rows)}


def _read(session: Session, peer: str) -> int:
    return shown(session.user.markers.get(f"@{peer}", 0))


REQUESTS = {
    "history": Request(history, reads=True),
    "search": Request(search, reads=True),
    "read": Request(read),
    "conversations": Request(conversations, reads=True),
}
