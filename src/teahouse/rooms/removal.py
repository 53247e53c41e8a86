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
from teahouse.rooms.past import answer
from teahouse.rooms.ruling import Ruling
from teahouse.store import MOST
from teahouse.text import fold, parse_duration

if TYPE_CHECKING:
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


class Removal(Ruling):
    """The commands /redact and /purge."""

    theme = "Keeping this room"

    @command(role="operator")
    async def redact(self, session: Session, nick: str, lines_and_reason: Rest = "") -> None:
        """Take out the last line that someone said here, or more of them: /redact troll 3 spam
        It is gone from history, from search, and from the screens of clients that can do that."""
        self._must_keep_history()
        count, reason = _count_and_reason(lines_and_reason)
        author = await self.author(session, nick)
        found = await self.lines_of(author, count)
        if not found:
            raise NotFound(f"Nothing is kept here that {author.nick} has said.")
        await self.take_out(session, "redact", found, author.nick, reason)

    @command(role="operator")
    async def purge(self, session: Session, nick: str, time: str, reason: Rest = "") -> None:
        """Take out all that someone said here in the last minutes or hours: /purge troll 10m spam
        What an account said under other nicks goes too. A day at most, and 500 lines at once. Moderators may take
        it out of all rooms: /purge -all troll 10m"""
        everywhere = nick == "-all"
        if everywhere:
            nick, (time, _, reason) = time, reason.partition(" ")
            if rank(session.user.role) < rank("moderator"):
                raise NotAllowed("Only moderators and those above them purge all rooms.")
        since = self.now() - _span(time)
        if everywhere:
            await self._purge_all(session, nick, since, reason)
            return
        self._must_keep_history()
        author = await self.author(session, nick)
        found = await self.lines_of(author, LINES_PURGED, since)
        if not found:
            raise NotFound(f"{author.nick} has said nothing here since then that is kept.")
        await self.take_out(session, "purge", found, author.nick, reason)

    async def _purge_all(self, session: Session, nick: str, since: datetime, reason: str) -> None:
        author = await self.author(session, nick)
        lines = rooms = 0
        for room in list(self.server.rooms.values()):
            found = await room.lines_of(author, LINES_PURGED, since) if room.keeps_history else []
            if found:
                await room.take_out(session, "purge", found, author.nick, reason)
                lines, rooms = lines + len(found), rooms + 1
        if not lines:
            raise NotFound(f"{author.nick} has said nothing since then that is kept in any room.")
        session.tell(f"Taken out: {lines} line{'s' * (lines > 1)} in {rooms} room{'s' * (rooms > 1)}.")

    # ---- what IRC and others use too -----------------------------------------------------------------------

    async def author(self, session: Session, nick: str) -> Author:
        """Who has said what is to go. Raises NotAllowed if that one may not be acted on."""
        user = self.server.users.get(fold(nick))
        if user is not None:
            if user is not session.user:
                check_kick(self.standing(session.user), self.standing(user))
            said = frozenset(id_ for _, id_ in user.said or ())
            return Author(user.nick, user.account_key, said)
        account = await self.server.accounts.owner(nick)
        if account is None or fold(nick) not in {each.key for each in account.own}:
            return Author(nick)
        self.check_against(session, Target((ACCOUNT + account.key,), account.name, None))
        return Author(nick, account.key)

    async def lines_of(self, author: Author, count: int, since: datetime | None = None) -> list[Event]:
        """The last lines, oldest first, that someone said here, at most so many."""
        await self._all_stored()
        first = self.server.fanout.id_at(since) if since is not None else 0
        found: list[Event] = []
        before: int | None = None
        for _ in range(LOOKED_THROUGH):
            page = await answer(
                self.server.store.history(self.key, MOST, before=before, after=first, latest=True)
            )
            found = [each for each in page if author.wrote(each)] + found
            if len(page) < MOST or len(found) >= count:
                break
            before = page[0].id
        return found[-count:]

    async def take_out(
        self, session: Session, what: str, events: list[Event], author: str, reason: str = ""
    ) -> None:
        """These lines are gone, and everyone here is told. `what`: the command that wanted it, for the log."""
        self.demand(session, "operator")
        self._check_authors(session, events)
        ids = tuple(each.id for each in events)
        reason = self.reason_of(session, reason)
        await self._have_done(partial(self.server.store.erase, ids))
        for id_ in ids:
            self._put_in_tail(id_, None)
        for user in self.server.users.values():
            for room, id_ in list(user.said or ()):
                if room == self.key and id_ in ids:
                    user.unsay(room, id_)
        self.broadcast(Deleted(session.user.nick, ids, author, reason))
        self.note(session, what, author, reason=reason, detail=f"{len(ids)} lines")

    def _check_authors(self, session: Session, events: Iterable[Event]) -> None:
        """Raise NotAllowed if these are lines of an account that may not be acted on, whatever its nick was then."""
        for name in {event.account for event in events} - {""}:
            if fold(name) != session.user.account_key:
                self.check_against(session, Target((ACCOUNT + fold(name),), name, None))

    async def _all_stored(self) -> None:
        """What has been said up to now can be found in the store."""
        await self._have_done(partial(self.server.store.erase, ()))

    def _must_keep_history(self) -> None:
        if not self.keeps_history:
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
