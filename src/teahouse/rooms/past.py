"""What a room remembers: shown again, searched, corrected, taken back. Rule: everyone may change their own lines and
nobody else's, and a change is told to people once the store has made it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from teahouse.errors import Busy, ChatError, NotFound, TooLate
from teahouse.events import Deleted, Edited, Event, Notice, Reacted, TopicChanged
from teahouse.rooms.gathering import Gathering
from teahouse.store import Done, Missing, StoreBusy, StoreError
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.runtime import Waiter
    from teahouse.server import Server
    from teahouse.session import Session
    from teahouse.settings import Settings
    from teahouse.user import User

T = TypeVar("T")
_TEXTS: dict[type[StoreError], tuple[type[ChatError], str]] = {
    Missing: (NotFound, "That line is not kept any more."),
    StoreBusy: (Busy, "The house has much to write and to look up just now. Please try again in a moment."),
    StoreError: (ChatError, "The house cannot get at what it keeps just now. Please try again later."),
}


class Past(Gathering):
    """A room that keeps what is said, for as long as its policy says. See `Retention` for the forgetting."""

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

    def take_settings(self, before: Settings) -> None:
        """The house has other settings than before: this room may keep what is said for another time, and then all
        here are told."""
        was = self.what_is_kept()
        self.keep_days, self.keep_lines = self.server.settings.kept_in(self.key)
        self._tail = deque(self._tail, self.server.settings.house.history_lines)
        self.see_what_is_kept()
        if (now := self.what_is_kept()) != was:
            self.broadcast(Notice(now))

    def see_what_is_kept(self) -> None:
        """Hook: whether this room keeps what is said may be another matter now."""

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
        found = next((each for each in self._tail if each.id == event.id), None)
        if found is not None:
            self._tail.remove(found)

    def be_called(self, name: str) -> None:
        """The room has this name from now on; what newcomers are shown was said in it, too."""
        self.name, self.key = name, fold(name)
        self._tail = deque((replace(each, room=self.key) for each in self._tail), maxlen=self._tail.maxlen)

    def lately(self, user: User) -> tuple[Event, ...]:
        """What was said here before, as far as this newcomer is to be shown it."""
        return user.wants_of(self._tail)

    def tell_what_is_kept(self, session: Session, *, always: bool = True) -> None:
        """Say how long it is remembered what is said here; that it is for ever, only if asked."""
        if always or not self.keeps_history or self.keep_days or self.keep_lines:
            session.tell(Notice(self.what_is_kept(), room=self.key))

    def what_is_kept(self) -> str:
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
        now, key = self.server.fanout.last_id + 1, ""
        while key != self.key:  # it may have been renamed meanwhile, with what was not forgotten yet
            key = self.key
            await self.server.store.forget_before(key, id_=now)

    # ---- changing one's own words --------------------------------------------------------------------------

    async def correct(self, user: User, id_: int, words: str) -> None:
        """Put other words in the place of a user's own line. Raises ChatError."""
        check_in_time(self.server, id_)
        edited = Edited(user.nick, id_, words)
        # Before the store has it, and only once: it counts where people talk slowly.
        self.check_words(edited, user)
        await have_done(self.server, partial(self.server.store.change, id_, words))
        self.put_in_tail(id_, words)
        self.server.fanout.publish(edited, (self,), user)

    async def take_back(self, user: User, id_: int, reason: str = "") -> None:
        """A user's own line is gone from history. Raises ChatError."""
        check_in_time(self.server, id_)
        said = (self.key, id_) in (user.said or ())
        await have_done(self.server, partial(self.server.store.erase, (id_,)))
        if said and not user.unsay(self.key, id_):
            raise NotFound("That line is taken back already.")
        self.put_in_tail(id_, None)
        self.broadcast(Deleted(user.nick, (id_,), reason=reason), user)

    def put_in_tail(self, id_: int, text: str | None) -> None:
        """The line as newcomers are to be shown it from now on; None: not at all."""
        for place, event in enumerate(self._tail):
            if event.id == id_:
                if text is None:
                    del self._tail[place]
                else:
                    changed: Any = event  # what someone has said has a text
                    self._tail[place] = replace(changed, text=text)
                return


def check_in_time(server: Server, id_: int) -> None:
    """Raise TooLate if what has this id was said too long ago to be changed (`limits.change_minutes`)."""
    minutes = server.limits.change_minutes
    now = datetime.fromtimestamp(server.runtime.time(), UTC)
    if minutes and server.fanout.time_of(id_) < now - timedelta(minutes=minutes):
        end = f"{minutes:,} minute{'s' * (minutes > 1)}"
        raise TooLate(f"What you say can be corrected or taken back for {end}: this was said before that.")


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


def _replayed(event: Event) -> bool:
    return not isinstance(event, (TopicChanged, Reacted))  # the topic of today is shown by itself
