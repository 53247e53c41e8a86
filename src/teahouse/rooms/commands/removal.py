"""Taking out what others have said. Rule: gone from the store first, then from what newcomers are shown; then all are
told, once, so that clients take it away too.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from teahouse.commands import Rest, command, rank
from teahouse.errors import NotAllowed, NotFound, UsageError
from teahouse.events import Deleted, Event
from teahouse.moderation.masks import ACCOUNT
from teahouse.moderation.ranks import check_kick
from teahouse.moderation.targets import Target
from teahouse.rooms.lists import check_against
from teahouse.rooms.past import answer, have_done
from teahouse.store import MOST
from teahouse.text import fold, parse_duration

if TYPE_CHECKING:
    from teahouse.rooms.chat import ChatRoom
    from teahouse.session import Session

LINES = 100
"""Lines that one /redact takes out."""
LINES_PURGED = 500
"""Lines that one /purge takes out of a room."""
LONGEST = timedelta(days=1)
"""How far back /purge goes."""
LOOKED_THROUGH = 50
"""Pages of `MOST` events that are looked through for someone's lines."""
REDACT = "Usage: /redact <nick> [lines] [reason]"
PURGE = "Usage: /purge [-all] <nick> <time, as 10m> [reason]. Moderators purge -all rooms."


class Cause(NamedTuple):
    """Why lines go: by which command, who has said them, and the reason that people are told."""

    what: str
    author: str
    reason: str = ""


class Author(NamedTuple):
    """Whose lines are meant: those under a nick, those of an account whatever its nick was then, and those that
    someone who is here is known to have said."""

    nick: str
    account: str = ""
    said: frozenset[int] = frozenset()

    def wrote(self, event: Event) -> bool:
        """Whether it is one of these lines."""
        who = fold(getattr(event, "who", ""))
        own = self.account and fold(event.account) == self.account
        return event.id in self.said or bool(who and (who == fold(self.nick) or own))


HEAD = "Keeping this room"


@command(role="operator")
async def redact(room: ChatRoom, session: Session, nick: str, lines_and_reason: Rest = "") -> None:
    """Take out the last line that someone said here, or more of them: /redact troll 3 spam
    It is gone from history, from search, and from the screens of clients that can do that."""
    _must_keep_history(room)
    count, reason = _count_and_reason(lines_and_reason)
    author = await author_of(room, session, nick)
    found = await lines_of(room, author, count)
    if not found:
        raise NotFound(f"Nothing is kept here that {author.nick} has said.")
    await take_out(room, session, found, Cause("redact", author.nick, reason))


@command(role="operator")
async def purge(room: ChatRoom, session: Session, nick: str, time: str, reason: Rest = "") -> None:
    """Take out all that someone said here in the last minutes or hours: /purge troll 10m spam
    What an account said under other nicks goes too. A day at most, and 500 lines at once. Moderators may take
    it out of all rooms: /purge -all troll 10m"""
    everywhere = nick == "-all"
    if everywhere:
        nick, (time, _, reason) = time, reason.partition(" ")
        if rank(session.user.role) < rank("moderator"):
            raise NotAllowed("Only moderators and those above them purge all rooms.")
    since = room.now() - _span(time)
    if everywhere:
        await _purge_all(room, session, nick, since, reason)
        return
    _must_keep_history(room)
    author = await author_of(room, session, nick)
    found = await lines_of(room, author, LINES_PURGED, since)
    if not found:
        raise NotFound(f"{author.nick} has said nothing here since then that is kept.")
    await take_out(room, session, found, Cause("purge", author.nick, reason))


async def _purge_all(room: ChatRoom, session: Session, nick: str, since: datetime, reason: str) -> None:
    author = await author_of(room, session, nick)
    lines = rooms = 0
    for place in list(room.server.rooms.values()):
        found = await lines_of(place, author, LINES_PURGED, since) if place.keeps_history else []
        if found:
            await take_out(place, session, found, Cause("purge", author.nick, reason))
            lines, rooms = lines + len(found), rooms + 1
    if not lines:
        raise NotFound(f"{author.nick} has said nothing since then that is kept in any room.")
    session.tell(f"Taken out: {lines} line{'s' * (lines > 1)} in {rooms} room{'s' * (rooms > 1)}.")


# ---- what IRC and others use too -----------------------------------------------------------------------------


async def author_of(room: ChatRoom, session: Session, nick: str) -> Author:
    """Who has said what is to go. Raises NotAllowed if that one may not be acted on."""
    user = room.server.users.get(fold(nick))
    if user is not None:
        if user is not session.user:
            check_kick(room.standing(session.user), room.standing(user))
        said = frozenset(id_ for _, id_ in user.said or ())
        return Author(user.nick, user.account_key, said)
    account = await room.server.accounts.owner(nick)
    if account is None or fold(nick) not in {each.key for each in account.own}:
        return Author(nick)
    check_against(room, session, Target((ACCOUNT + account.key,), account.name, None))
    return Author(nick, account.key)


async def lines_of(room: ChatRoom, author: Author, count: int, since: datetime | None = None) -> list[Event]:
    """The last lines, oldest first, that someone said here, at most so many."""
    await _all_stored(room)
    first = room.server.fanout.id_at(since) if since is not None else 0
    found: list[Event] = []
    before: int | None = None
    for _ in range(LOOKED_THROUGH):
        page = await answer(
            room.server.store.history(room.key, MOST, before=before, after=first, latest=True)
        )
        found = [each for each in page if author.wrote(each)] + found
        if len(page) < MOST or len(found) >= count:
            break
        before = page[0].id
    return found[-count:]


async def take_out(room: ChatRoom, session: Session, events: list[Event], cause: Cause) -> None:
    """These lines are gone, and everyone here is told. Raises NotAllowed, CannotTalk."""
    room.demand(session, "operator")
    _check_authors(room, session, events)
    ids = tuple(each.id for each in events)
    reason = room.reason_of(session, cause.reason)
    await have_done(room.server, partial(room.server.store.erase, ids))
    for id_ in ids:
        room.put_in_tail(id_, None)
    for user in room.server.users.values():
        for key, id_ in list(user.said or ()):
            if key == room.key and id_ in ids:
                user.unsay(key, id_)
    room.broadcast(Deleted(session.user.nick, ids, cause.author, reason))
    room.note(session, cause.what, cause.author, reason=reason, detail=f"{len(ids)} lines")


def _check_authors(room: ChatRoom, session: Session, events: Iterable[Event]) -> None:
    """Raise NotAllowed if these are lines of an account that may not be acted on, whatever its nick was then."""
    for name in {event.account for event in events} - {""}:
        if fold(name) != session.user.account_key:
            check_against(room, session, Target((ACCOUNT + fold(name),), name, None))


async def _all_stored(room: ChatRoom) -> None:
    """What has been said up to now can be found in the store."""
    await have_done(room.server, partial(room.server.store.erase, ()))


def _must_keep_history(room: ChatRoom) -> None:
    if not room.keeps_history:
        raise NotFound("What is said here is not kept: there is nothing to take out.")


def _count_and_reason(text: str) -> tuple[int, str]:
    word, _, rest = text.strip().partition(" ")
    if not (word.isascii() and word.isdecimal()):
        return 1, text.strip()
    if not 1 <= int(word[:6]) <= LINES:
        raise UsageError(f"/redact takes out from 1 to {LINES} lines. {REDACT}")
    return int(word), rest.strip()


def _span(text: str) -> timedelta:
    try:
        span = parse_duration(text)
    except ValueError as error:
        raise UsageError(f"{error} {PURGE}") from error
    if span > LONGEST:
        raise UsageError(f"/purge goes back a day at most. {PURGE}")
    return span
