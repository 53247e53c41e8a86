"""One turn of the reactor: all that happened in it, in order, until it is handed out. Rule: `close` fixes who
is to be shown what; people who come or go later change nothing about it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from teahouse.events import UNSTAMPED, Event, Failed, stamp
from teahouse.fanout.audience import Audience, Group
from teahouse.store import Done

if TYPE_CHECKING:
    from teahouse.rooms.base import Room
    from teahouse.session import Session
    from teahouse.user import User

NOT_KEPT = "The house cannot write that down just now, so nobody was shown it."


class Entry(NamedTuple):
    """One event of a turn: its place in the turn, the session whose doing it is, the user it names as its author
    (None if it names somebody else), once it is set aside for one session the room that this session looked at
    when it happened, and whether it was told to that session alone."""

    place: int
    event: Event
    origin: Session | None
    author: User | None = None
    looked_at: str | None = None
    told: bool = False


class Shared(NamedTuple):
    """A block that is the same for many: rendered and joined once."""

    group: Group
    entries: list[Entry]
    sessions: tuple[Session, ...]


class Delivery(NamedTuple):
    """A closed turn. `own` are the sessions that get a join of their own: they spoke, were told something, hear
    several rooms, or have rules of their own; they are passed over in `shared`. `keepers` are the rooms that have
    `kept` an event, `private` are messages to be kept for accounts. When all of it has been written, `ending` are
    closed and bots are told what they `overheard`."""

    shared: list[Shared]
    own: dict[Session, list[Entry]]
    kept: list[Event]
    keepers: list[tuple[Room, Event]]
    private: list[tuple[Event, tuple[str, ...]]]
    ending: list[Session]
    overheard: list[tuple[User, Event]]
    calls: list[Callable[[], object]]
    """Made at the very end, one by one."""
    works: list[Callable[[Done], None]]
    """What the store has to do first, before it is given anything of this turn."""
    barrier: bool = False
    """Whether what comes after it waits until all of it has been written to everyone."""


class Commit:
    """A turn that waits for the store, or behind one that does."""

    __slots__ = ("began", "delivery", "parts")

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery
        self.began = 0.0
        self.parts = len(delivery.works) + bool(delivery.kept) + len(delivery.private)

    @property
    def done(self) -> bool:
        """Whether nothing of it has still to be stored."""
        return self.parts <= 0


class Turn:
    """What has happened since the last flush."""

    __slots__ = (
        "_calls",
        "_ending",
        "_heard",
        "_keepers",
        "_kept",
        "_loud",
        "_overheard",
        "_place",
        "_private",
        "_since",
        "_told",
        "_works",
    )

    def __init__(self) -> None:
        self._place = 0
        self._heard: dict[Audience, list[Entry]] = {}
        self._loud: dict[Audience, list[Entry]] = {}
        """The same but for what is quiet, where anything was."""
        self._told: dict[Session, list[Entry]] = {}
        self._since: dict[tuple[Session, Audience], int] = {}
        self._kept: list[Event] = []
        self._keepers: list[tuple[Room, Event]] = []
        self._private: list[tuple[Event, tuple[str, ...]]] = []
        self._ending: dict[Session, None] = {}
        self._calls: list[Callable[[], object]] = []
        self._overheard: list[tuple[User, Event]] = []
        self._works: list[Callable[[Done], None]] = []

    def hear(
        self,
        audiences: list[Audience],
        event: Event,
        origin: Session | None,
        author: User | None,
        keepers: list[Room],
    ) -> None:
        """Something happened in some rooms: each session that hears any of them is shown it once."""
        self._place += 1
        entry = Entry(self._place, event, origin, author)
        quiet = getattr(event, "quiet", False)
        for audience in audiences:
            heard = self._heard.get(audience)
            if heard is None:
                heard = self._heard[audience] = []
            if quiet and audience not in self._loud:
                self._loud[audience] = heard.copy()
            elif not quiet and audience in self._loud:
                self._loud[audience].append(entry)
            heard.append(entry)
        if keepers:
            self._kept.append(event)
            self._keepers += [(room, event) for room in keepers]

    def tell(self, session: Session, event: Event, origin: Session | None, author: User | None) -> None:
        """Something is said to one session."""
        self._place += 1
        entry = Entry(self._place, event, origin, author, session.room.key, told=True)
        self._told.setdefault(session, []).append(entry)

    def joined(self, session: Session, audience: Audience) -> None:
        """From here on the session hears the room: what was said earlier in this turn is not for it."""
        if audience in self._heard:
            self._since[session, audience] = self._place
            self._told.setdefault(session, [])

    def settle(self, session: Session, audience: Audience) -> None:
        """Up to here the session has heard the room, and looked where it looks now: set that aside for it
        before it goes elsewhere."""
        entries = self._heard_by(session, audience)
        if entries:
            looked_at = session.room.key
            self._told.setdefault(session, []).extend(e._replace(looked_at=looked_at) for e in entries)
            self._since[session, audience] = self._place

    def keep_private(self, event: Event, owners: tuple[str, ...]) -> None:
        """What has been told is to be stored for these accounts before it is shown."""
        self._private.append((event, owners))

    def overhear(self, bot: User, event: Event) -> None:
        """A bot is where something happened."""
        self._overheard.append((bot, event))

    def end(self, session: Session) -> None:
        """The session's connection closes once it has been sent what this turn has for it."""
        self._ending[session] = None

    def call(self, call: Callable[[], object]) -> None:
        """Once all that this turn has was sent, call this."""
        self._calls.append(call)

    def begin_with(self, work: Callable[[Done], None]) -> None:
        """The store has to do this before anything of this turn is kept or shown."""
        self._works.append(work)

    def forget(self, session: Session) -> bool:
        """The session has ended: nothing more is looked for that it could be shown. False if it ends in good
        order, and is to see all that it was told first."""
        if session in self._ending:
            return False
        self._told.pop(session, None)
        return True

    def close(self) -> Delivery:
        """Who is shown what, now."""
        own = {session: self._shown_to(session) for session in {**self._told, **self._one_by_one()}}
        shared = [
            Shared(group, entries, tuple(sessions))
            for audience, entries in self._heard.items()
            for group, sessions in audience.groups.items()
        ]
        return Delivery(
            shared,
            own,
            self._kept,
            self._keepers,
            self._private,
            list(self._ending),
            self._overheard,
            self._calls,
            self._works,
        )

    def _shown_to(self, session: Session) -> list[Entry]:
        """All that one session is shown of this turn: each thing once, in order, and as it looks now."""
        parts = [self._heard_by(session, audience) for audience in self._heard if session in audience]
        told = self._told.get(session)
        if told is None and len(parts) == 1:
            entries = parts[0]
        else:
            once = {entry.place: entry for part in (told or [], *parts) for entry in part}
            entries = sorted(once.values(), key=_place)
        return entries if session.link.many else [_looked_at(entry, session.room.key) for entry in entries]

    def _heard_by(self, session: Session, audience: Audience) -> list[Entry]:
        """Never looked through from the start: a thousand who come in one turn would make it a million looks."""
        heard = self._heard.get(audience, [])
        if not session.link.shows_quiet:
            heard = self._loud.get(audience, heard)
        since = self._since.get((session, audience), 0)
        return heard[bisect_right(heard, since, key=_place) :] if since else heard

    def _one_by_one(self) -> dict[Session, None]:
        """The sessions for which the shared block of their room will not do."""
        found: dict[Session, None] = {}
        for audience, entries in self._heard.items():
            found |= dict.fromkeys(audience.particular)
            for entry in entries:
                for each in entry.origin.user.sessions if entry.origin is not None else ():
                    if type(entry.event) not in each.link.same_to_all and each in audience:
                        found[each] = None
        if len(self._heard) > 1:
            for audience in self._heard:
                found |= dict.fromkeys(audience.several)
        return found


_place: Callable[[Entry], int] = attrgetter("place")


def _looked_at(entry: Entry, room: str) -> Entry:
    if entry.looked_at is not None:
        return entry
    return Entry(entry.place, entry.event, entry.origin, entry.author, room)


# ---- when the store refuses --------------------------------------------------------------------------------


def without(delivery: Delivery, lost: set[int]) -> Delivery:
    """What may still be shown: all but what was to be kept and is not. Those who wanted it said are told so."""
    shared = [block._replace(entries=_left(block.entries, lost)) for block in delivery.shared]
    own = {session: _left(entries, lost) for session, entries in delivery.own.items()}
    parts = [*delivery.kept, *(event for event, _ in delivery.private)]
    at = max((event.at for event in parts), default=UNSTAMPED)
    for session in _speakers(delivery, lost):
        if session not in own:
            own[session] = [e for block in shared if session in block.sessions for e in block.entries]
        sorry = Failed("not-stored", NOT_KEPT)
        stamp(sorry, "", 0, at)
        own[session].append(Entry(0, sorry, session))
    overheard = [(bot, event) for bot, event in delivery.overheard if event.id not in lost]
    kept = [event for event in delivery.kept if event.id not in lost]
    return delivery._replace(shared=shared, own=own, kept=kept, overheard=overheard)


def _left(entries: list[Entry], lost: set[int]) -> list[Entry]:
    return [entry for entry in entries if entry.event.id not in lost]


def _speakers(delivery: Delivery, lost: set[int]) -> list[Session]:
    blocks = [*(block.entries for block in delivery.shared), *delivery.own.values()]
    refused = (entry for entries in blocks for entry in entries if entry.event.id in lost)
    origins = dict.fromkeys(entry.origin for entry in refused if entry.author in {None, _user(entry.origin)})
    return [session for session in origins if session is not None]


def _user(session: Session | None) -> User | None:
    return session.user if session is not None else None
