"""What a room remembers: shown again, searched, corrected, taken back. Rule: everyone may change their own lines and
nobody else's, and a change is told to people once the store has made it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from teahouse.commands import Rest, command
from teahouse.errors import Busy, ChatError, NotFound, UsageError
from teahouse.events import Deleted, Edited, Event, Notice, Reacted, Replayed, TopicChanged
from teahouse.rooms.gathering import Gathering
from teahouse.rooms.questions import Page, back_and_text, page, wanted
from teahouse.rooms.searching import FOUND, found_by
from teahouse.store import Done, Missing, StoreBusy, StoreError
from teahouse.text import clean

if TYPE_CHECKING:
    from teahouse.runtime import Waiter
    from teahouse.server import Server
    from teahouse.session import Session
    from teahouse.user import User

T = TypeVar("T")
_TEXTS: dict[type[StoreError], tuple[type[ChatError], str]] = {
    Missing: (NotFound, "That line is not kept any more."),
    StoreBusy: (Busy, "The house has much to write and to look up just now. Please try again in a moment."),
    StoreError: (ChatError, "The house cannot get at what it keeps just now. Please try again later."),
}


class Past(Gathering):
    """A room that keeps what is said, for as long as its policy says. See `Retention` for the forgetting."""

    theme = "What was said"

    carried = Gathering.carried | {"keeps_history", "keep_days", "keep_lines", "_tail"}

    def __init__(self, server: Server, name: str, *, history: bool = True) -> None:
        super().__init__(server, name)
        self.keeps_history = history
        self.keep_days, self.keep_lines = server.settings.kept_in(self.key)
        lines = server.settings.house.history_lines if history else 0
        self._tail: deque[Event] = deque(
            filter(_replayed, server.store.recent(self.key, lines)), maxlen=lines
        )

    def may_read(self, session: Session) -> bool:
        """Hook: whether one who is not in this room may search it."""
        return True

    # ---- what newcomers are shown --------------------------------------------------------------------------

    def record(self, event: Event) -> bool:
        """Keep it for newcomers, if it is of a kind that is kept."""
        if not event.kept or not self.keeps_history:
            return False
        if _replayed(event):
            self._tail.append(event)
        return True

    def keeps(self, event: Event) -> bool:
        """See `Gathering.keeps`."""
        return self.keeps_history and event.kept

    def strike(self, event: Event) -> None:
        """See `Room.strike`: newcomers are not shown it either."""
        if event in self._tail:
            self._tail.remove(event)

    def lately(self, user: User) -> tuple[Event, ...]:
        """What was said here before, as far as this newcomer is to be shown it."""
        return _heard(self._tail, user)

    def tell_what_is_kept(self, session: Session, *, always: bool = True) -> None:
        """Say how long it is remembered what is said here; that it is for ever, only if asked."""
        if always or not self.keeps_history or self.keep_days or self.keep_lines:
            session.tell(Notice(self._what_is_kept(), room=self.key))

    def _what_is_kept(self) -> str:
        if not self.keeps_history:
            return "What is said here is not kept."
        days = f" for {self.keep_days:,} day{'s' * (self.keep_days > 1)}" if self.keep_days else ""
        lines = f"the last {self.keep_lines:,} line{'s' * (self.keep_lines > 1)}" if self.keep_lines else ""
        return f"What is said here is kept{days}{',' * bool(days and lines)} {lines}".rstrip() + "."

    def forget_old(self, before: datetime | None, lines: int) -> None:
        """Show newcomers nothing from before that time, and no more than so many lines (0: all)."""
        while self._tail and (
            (before is not None and self._tail[0].at < before) or 0 < lines < len(self._tail)
        ):
            self._tail.popleft()

    async def forget_all(self) -> None:
        """What was said here so far is gone from history, search and disk. Raises StoreError."""
        self._tail.clear()
        await self.server.store.forget_before(self.key, id_=self.server.fanout.last_id + 1)

    # ---- looking back --------------------------------------------------------------------------------------

    @command
    async def history(self, session: Session, lines: Rest = "") -> None:
        """Show what was said here: /history [lines] [before <when>]
        When is a time (14:00), a day (2026-11-20), both (2026-11-20 14:00), how long ago (2h, 3d), or how many lines
        back (40). Times are UTC. Without a number it is 20 lines; 200 at most."""
        asked = page(lines, self._now())
        if not self.keeps_history:
            raise NotFound(self._what_is_kept())
        found = await self._page(asked)
        fitting = self._fitting(found)
        events = _heard(fitting, session.user)
        if not events:
            session.tell("Nothing is kept from before that.")
            return
        session.tell(Replayed(events, title=f"Said in {self.name}:", room=self.key))
        if asked.before is None and (len(found) == asked.lines or len(fitting) < len(found)):
            session.tell(f"What was said before: /history {asked.lines} before {asked.skip + len(fitting)}")

    async def _page(self, asked: Page) -> list[Event]:
        before = None if asked.before is None else self.server.fanout.id_at(asked.before)
        count = asked.lines + asked.skip
        found = await answer(self.server.store.history(self.key, count, before=before))
        return found[: max(0, len(found) - asked.skip)][-asked.lines :]

    @command
    async def search(self, session: Session, words: Rest) -> None:
        """Find what was said: /search words [from:nick] [in:room] [since:2d] [before:2026-11-20]
        Lines with all the words, also inside longer ones; "two words" in quotation marks for a phrase. It looks in
        the rooms you are in and in those that anyone may read, and shows the newest 20."""
        found = await answer(found_by(session, wanted(words, self._now())))
        events = _heard(self._fitting(found[::-1]), session.user)
        if not events:
            session.tell("Nothing was found.")
            return
        more = "The newest lines found:" if len(found) == FOUND else f"Found: {len(events)}"
        session.tell(Replayed(events, title=more))

    def _fitting(self, events: Sequence[Event]) -> Sequence[Event]:
        """The last of these that fit through the door at once: long lines must not drop the one who asks."""
        space = self.server.limits.output_bytes // 4
        for count, event in enumerate(reversed(events)):
            space -= len(str(event).encode("utf-8", "replace"))
            if space < 0 and count:
                return events[len(events) - count :]
        return events

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.server.runtime.time(), UTC)

    # ---- changing one's own words --------------------------------------------------------------------------

    @command
    async def edit(self, session: Session, text: Rest) -> None:
        """Correct your last line here, or one before: /edit -2 the right words
        Everyone is shown the correction, and history has it in the line's place."""
        back, words = back_and_text(text)
        if not clean(words).strip():
            raise UsageError("That would be nothing to see. /delete takes a line back.")
        await self.correct(session.user, self._own_line(session.user, back), words)

    async def correct(self, user: User, id_: int, words: str) -> None:
        """Put other words in the place of a user's own line. Raises ChatError."""
        edited = Edited(user.nick, id_, words)
        # Before the store has it, and only once: it counts where people talk slowly.
        self.check_words(edited, user)
        await self._have_done(partial(self.server.store.change, id_, words))
        self._put_in_tail(id_, words)
        self.server.fanout.publish(edited, (self,), user)

    @command
    async def delete(self, session: Session, lines_back: int = 1) -> None:
        """Take back your last line here, or the one so many lines back: it is gone from history."""
        user = session.user
        id_ = self._own_line(user, abs(lines_back))
        await self.take_back(user, id_)

    async def take_back(self, user: User, id_: int, reason: str = "") -> None:
        """A user's own line is gone from history. Raises ChatError."""
        said = (self.key, id_) in (user.said or ())
        await self._have_done(partial(self.server.store.erase, (id_,)))
        if said and not user.unsay(self.key, id_):
            raise NotFound("That line is taken back already.")
        self._put_in_tail(id_, None)
        self.broadcast(Deleted(user.nick, (id_,), reason=reason), user)

    def _own_line(self, user: User, back: int) -> int:
        """The id of the user's line that is so many back, 1 being the last."""
        if not self.keeps_history:
            raise NotFound(f"{self._what_is_kept()} There is nothing to change.")
        own = [id_ for room, id_ in user.said or () if room == self.key]
        if not own:
            raise NotFound("You have said nothing here lately that could be changed.")
        if back < 1:
            raise UsageError("1 is your last line, 2 the one before.")
        if back > len(own):
            raise NotFound(f"Of what you said here, the last {len(own)} can be changed.")
        return own[-back]

    async def _have_done(self, call: Callable[[Done], None]) -> None:
        await have_done(self.server, call)

    def _put_in_tail(self, id_: int, text: str | None) -> None:
        """The line as newcomers are to be shown it from now on; None: not at all."""
        for place, event in enumerate(self._tail):
            if event.id == id_:
                if text is None:
                    del self._tail[place]
                else:
                    changed: Any = event  # what someone has said has a text
                    self._tail[place] = replace(changed, text=text)
                return


async def have_done(server: Server, call: Callable[[Done], None]) -> None:
    """Have the store do something, behind all that was said before. Raises ChatError."""
    server.fanout.flush()  # the line may have been said in this very turn: it goes to the store first
    waiter: Waiter[None] = server.runtime.waiter()
    call(lambda error: waiter.callback(None) if error is None else waiter.errback(error))
    await answer(waiter)


async def answer(awaitable: Awaitable[T]) -> T:
    """What the store answers; what it says wrong, in words for the one who asked."""
    try:
        return await awaitable
    except StoreError as error:
        kind = next(each for each in _TEXTS if isinstance(error, each))
        raise _TEXTS[kind][0](_TEXTS[kind][1]) from error


def _heard(events: Sequence[Event], user: User) -> tuple[Event, ...]:
    return user.wants_of(events)


def _replayed(event: Event) -> bool:
    return not isinstance(event, (TopicChanged, Reacted))  # the topic of today is shown by itself
