"""From what happened to what is sent. Rule: nothing is written while a turn of the reactor still reads; at its
end everyone gets one write with all that the turn had for them, in the order in which it happened, and what a
room keeps is stored before anyone sees it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from teahouse.bus import Bus
from teahouse.errors import NotStored
from teahouse.events import UNSTAMPED, Event, sign, stamp
from teahouse.fanout.audience import Audience
from teahouse.fanout.composing import Composer
from teahouse.fanout.turn import NOT_KEPT, Commit, Delivery, Turn, without
from teahouse.measures.counters import Counters
from teahouse.runtime import Runtime, Waiter
from teahouse.store import Done, Store

if TYPE_CHECKING:
    from teahouse.rooms.base import Room
    from teahouse.session import Session
    from teahouse.user import User

ORIGIN: ContextVar[Session | None] = ContextVar("ORIGIN", default=None)
"""The session whose line is being run: its own words may look different to it."""

UNHEARD: ContextVar[bool] = ContextVar("UNHEARD", default=False)
"""Whether a bot is acting: bots do not hear that, else two of them could go on for ever."""

EPOCH_MS = 1_577_836_800_000  # 2020-01-01: event ids stay below 2**63 until the year 2298
NODE_BITS = 10


class Fanout:
    """Stamps what happens, gathers it by turn, has it stored, and hands it out."""

    trusting = False
    """Whether the store says of what it is given that it is kept before that is so (durability "none")."""

    def __init__(self, runtime: Runtime, store: Store, bus: Bus, counters: Counters, node: int = 0) -> None:
        self._runtime = runtime
        self._counters = counters
        self._store = store
        self._bus = bus
        self._node = node
        self._audiences: dict[str, Audience] = {}
        self._turn: Turn | None = None
        self._at = datetime.now(UTC)
        self._last = 0
        self._closed: list[Delivery] = []
        self._waiting: deque[Commit] = deque()
        self._flush_is_due = False
        self._lost: set[int] = set()
        self._composer = Composer(runtime, self._lost)
        self.ears: tuple[User, ...] = ()
        """Those who overhear all that happens, what bots do too: mostly nobody."""

    @property
    def last_id(self) -> int:
        """The id of the last thing that happened."""
        return self._last << NODE_BITS | self._node

    @property
    def waiting(self) -> int:
        """Turns that wait for the store, or behind one that does."""
        return len(self._waiting)

    def id_at(self, at: datetime) -> int:
        """What happened before that time has a smaller id, unless the clock was set back meanwhile."""
        return int(at.timestamp() * 1000) - EPOCH_MS << 2 * NODE_BITS

    @staticmethod
    def time_of(id_: int) -> datetime:
        """When that happened, to the millisecond: `id_at`, the other way."""
        return UNSTAMPED + timedelta(milliseconds=(id_ >> 2 * NODE_BITS) + EPOCH_MS)

    async def stored(self) -> None:
        """What has been said up to now can be found in the store."""
        self.flush()
        if self._waiting or self.trusting:
            waiter: Waiter[None] = self._runtime.waiter()
            self._store.erase((), lambda _: waiter.callback(None))
            await waiter

    async def shown(self, event: Event | None = None) -> None:
        """What has happened up to now has been sent to everyone. Raises NotStored if this event, which has just
        happened, could not be kept: then nobody was shown it."""
        waiter: Waiter[bool] = self._runtime.waiter()
        self._open().call(lambda: waiter.callback(event is None or event.id not in self._lost))
        if not await waiter:
            raise NotStored(NOT_KEPT)

    # ---- who hears what ------------------------------------------------------------------------------------

    def join(self, user: User, room: str) -> None:
        """All sessions of the user hear the room from now on."""
        audience = self._audiences.setdefault(room, Audience(room))
        for session in user.sessions:
            self._hear(session, audience)
        self._mark_several(user)

    def leave(self, user: User, room: str) -> None:
        """The user's sessions do not hear the room any more."""
        for session in user.sessions:
            self.deafen(session, (room,))
        self._mark_several(user)

    def attach(self, session: Session) -> None:
        """A new session of a user hears all the rooms that the user is in."""
        for room in session.user.rooms:
            self._hear(session, self._audiences.setdefault(room, Audience(room)))
        self._mark_several(session.user)

    def deafen(self, session: Session, rooms: Iterable[str]) -> None:
        """A session that goes away hears these rooms no more."""
        for room in rooms:
            audience = self._audiences.get(room)
            if audience is None or session not in audience:
                continue
            if self._turn is not None and not (session.ended and self._turn.forget(session)):
                self._turn.settle(session, audience)
            audience.remove(session)
            if not audience:
                del self._audiences[room]

    def forget(self, session: Session) -> None:
        """The session is put out at once: what it was told in this turn would come after its last words."""
        if self._turn is not None:
            self._turn.forget(session)

    def settle(self, session: Session) -> None:
        """The session is about to look elsewhere: what it has heard so far is shown as it looks now."""
        if self._turn is not None:
            for room in session.user.rooms:
                if room in self._audiences:
                    self._turn.settle(session, self._audiences[room])

    def regroup(self, session: Session) -> None:
        """The session's view has changed: from the end of this turn it is shown things that way."""
        for room in session.user.rooms:
            audience = self._audiences.get(room)
            if audience is not None and session in audience:
                audience.add(session)

    def rename_room(self, before: str, after: str, work: Callable[[Done], None]) -> None:
        """A room (by key) has another key from here on. What happened so far goes to the store first, then the store
        does this work, and what happens from now on is shown once that is done."""
        self._end_turn()
        if (audience := self._audiences.pop(before, None)) is not None:
            audience.room = after
            self._audiences[after] = audience
        self._open().begin_with(work)

    def _hear(self, session: Session, audience: Audience) -> None:
        if session not in audience and self._turn is not None:
            self._turn.joined(session, audience)
        audience.add(session)

    def _mark_several(self, user: User) -> None:
        audiences = [self._audiences[room] for room in user.rooms if room in self._audiences]
        for session in user.sessions:
            heard = [audience for audience in audiences if session in audience]
            for audience in heard:
                audience.mark_several(session, len(heard) > 1)

    # ---- what happens --------------------------------------------------------------------------------------

    def doer(self, event: Event) -> User | None:
        """The one who is doing this just now, if the event says so."""
        return _author(event, ORIGIN.get())

    def publish(self, event: Event, rooms: Iterable[Room], by: User | None = None) -> None:
        """Something happened in these rooms; in more than one, it belongs to none of them by name. `by`: whose
        doing it is, where that is not clear from whose line is being run."""
        places = list(rooms)
        turn = self._turn or self._open()
        origin = ORIGIN.get()
        self._counters.happened(event)
        self._last += 1
        if event.id:
            event = replace(event)  # it has happened before: what was stamped once stays as it is
        stamp(
            event, places[0].key if len(places) == 1 else "", self._last << NODE_BITS | self._node, self._at
        )
        author = _author(event, origin)
        self._sign(event, by or author)
        keepers: list[Room] = []
        audiences: list[Audience] = []
        bots: dict[User, None] = {}
        for room in places:  # one loop: this is once for each line that anybody says
            if room.record(event):
                keepers.append(room)
            if room.bots:
                bots.update(dict.fromkeys(room.bots))
            if (audience := self._audiences.get(room.key)) is not None:
                audiences.append(audience)
        turn.hear(audiences, event, origin, author, keepers)
        if bots and not UNHEARD.get():
            for bot in bots:
                turn.overhear(bot, event)
        for ear in self.ears:
            turn.overhear(ear, event)

    def _sign(self, event: Event, by: User | None) -> None:
        if by is not None:
            sign(event, by.account.name if by.account is not None else "", by.userhost, bot=by.is_bot)

    def tell(self, session: Session, event: Event) -> None:
        """Say something to one session, after all that it was shown before."""
        turn = self._open()
        self._last += 1
        if not event.id:
            stamp(event, event.room, self._last << NODE_BITS | self._node, self._at)
        origin = ORIGIN.get()
        turn.tell(session, event, origin, _author(event, origin))

    def whisper(self, event: Event, users: Iterable[User], owners: tuple[str, ...]) -> None:
        """Say something to these users alone; it is kept for the accounts (by key) among those it is about."""
        turn = self._open()
        self._counters.happened(event)
        if not event.id:
            self._last += 1
            stamp(event, "", self._last << NODE_BITS | self._node, self._at)
        self._sign(event, self.doer(event))
        for user in users:
            user.tell(event)
        if owners:
            turn.keep_private(event, owners)
        for ear in self.ears:
            turn.overhear(ear, event)

    def end(self, session: Session) -> None:
        """Close the session's connection once it has been sent all that it has been told."""
        self._open().end(session)

    def overhear(self, bot: User, event: Event) -> None:
        """Let a bot know, once all that came before has been sent."""
        if not UNHEARD.get():
            self._open().overhear(bot, event)

    def barrier(self) -> None:
        """What comes next is written only after everything so far has been written to everyone."""
        self._end_turn(barrier=True)

    def _end_turn(self, *, barrier: bool = False) -> None:
        if self._turn is not None:
            self._closed.append(self._turn.close()._replace(barrier=barrier))
            self._turn = None

    def _open(self) -> Turn:
        turn = self._turn
        if turn is None:
            turn = self._turn = Turn()
            now = self._runtime.time()
            self._at = datetime.fromtimestamp(now, UTC)
            # A clock that is set back must not set the order back: ids only ever grow.
            self._last = max(self._last, int(now * 1000) - EPOCH_MS << NODE_BITS)
            if not self._flush_is_due:
                self._flush_is_due = True
                self._runtime.later(0, self.flush)
        return turn

    # ---- and goes out --------------------------------------------------------------------------------------

    def flush(self) -> None:
        """The end of a turn: store what is to be kept, then send; behind earlier turns that still wait."""
        self._flush_is_due = False
        self._end_turn()
        closed, self._closed = self._closed, []
        for delivery in closed:
            commit = Commit(delivery)
            if commit.done and not self._waiting:
                self._send([delivery])
                continue
            self._waiting.append(commit)
            commit.began = self._runtime.now()
            self._keep(commit)
        self._send_committed()
        if not self._waiting and self._turn is None:
            self._lost.clear()

    def _keep(self, commit: Commit) -> None:
        kept, private = commit.delivery.kept, commit.delivery.private
        for work in commit.delivery.works:
            self._store_part(commit, [], work)
        if kept:
            self._store_part(commit, kept, partial(self._store.append, kept))
        for event, owners in private:
            self._store_part(commit, [event], partial(self._store.append_private, event, owners))

    def _store_part(self, commit: Commit, events: list[Event], store: Callable[[Done], None]) -> None:
        done = partial(self._stored, commit, events)
        try:
            store(done)
        except Exception as error:  # noqa: BLE001  a store that raises has not kept it: nobody waits for it
            self._runtime.log.failure("the store failed")
            done(error)

    def _stored(self, commit: Commit, events: list[Event], error: Exception | None) -> None:
        commit.parts -= 1
        now = self._runtime.now()
        self._counters.committed(now - commit.began, now, failed=error is not None)
        if error is not None:
            self._runtime.log.error("{count} events not stored: {error}", count=len(events), error=error)
            lost = {event.id for event in events}
            self._lost.update(lost)
            for room, event in commit.delivery.keepers:
                if event.id in lost:
                    room.strike(event)
            commit.delivery = without(commit.delivery, lost)
        self._send_committed()

    def _send_committed(self) -> None:
        """What one commit has released goes out together: one write for each session, however many turns."""
        run: list[Delivery] = []
        while self._waiting and self._waiting[0].done:
            run.append(self._waiting.popleft().delivery)
            if run[-1].barrier:
                self._send(run)
                run = []
        if run:
            self._send(run)

    def _send(self, run: list[Delivery]) -> None:
        if len(run) == 1:
            self._composer.compose(run[0], self._write)
        else:
            gathered: dict[Session, list[bytes]] = {}
            for delivery in run:
                self._composer.compose(
                    delivery, lambda session, data: gathered.setdefault(session, []).append(data)
                )
            for session, parts in gathered.items():
                self._write(session, b"".join(parts))
        for delivery in run:
            self._finish(delivery)

    def _write(self, session: Session, data: bytes) -> None:
        try:
            session.link.write(data)
        except Exception:  # noqa: BLE001  a link never raises; one that does harms nobody else
            self._runtime.log.failure("cannot write to {nick}", nick=session.user.nick)

    def _finish(self, delivery: Delivery) -> None:
        for session in delivery.ending:
            session.link.close()
        self._counters.delivered(delivery)
        for bot, event in delivery.overheard:
            if bot.listener is not None:
                bot.listener.heard(event)
        for call in delivery.calls:
            call()
        self._bus.publish(delivery.kept)


def _author(event: Event, origin: Session | None) -> User | None:
    """The one whose doing it is, if the event says so: found now, for the nick may change before it is shown."""
    if origin is not None and origin.user.nick in {getattr(event, "who", ""), getattr(event, "relay", "")}:
        return origin.user
    return None
