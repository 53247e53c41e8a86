"""A store that forgets when the process ends. Rule: bounded, the oldest go first; simple enough to be right by
reading, so that the contract tests can hold every other store against it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from teahouse.events import Event
from teahouse.store.lines import MOST, Done
from teahouse.store.memory_acts import MemoryActs
from teahouse.store.memory_private import MemoryPrivate, part
from teahouse.store.memory_uploads import MemoryUploads
from teahouse.store.ready import Ready
from teahouse.store.records import Missing, Occupied, StoreError
from teahouse.store.space import Share
from teahouse.store.spans import span
from teahouse.text import fold


class MemoryStore(MemoryPrivate, MemoryUploads, MemoryActs):
    """The last `per_room` events of each room; rooms that nobody has written to for longest go first."""

    def __init__(self, per_room: int = 1_000, rooms: int = 2_000) -> None:
        super().__init__(per_account=per_room)
        self._per_room = per_room
        self._most_rooms = rooms
        self._events: dict[str, deque[Event]] = {}

    def append(self, events: Sequence[Event], done: Done) -> None:
        """See `Lines.append`; safe at once."""
        for event in events:
            kept = self._events.get(event.room)
            if kept is None:
                kept = self._make_room(event.room)
            kept.append(event)
        done(None)

    # ---- reading -------------------------------------------------------------------------------------------

    def recent(self, room: str, count: int, *, kinds: Collection[str] = ()) -> list[Event]:
        """See `Lines.recent`."""
        events = list(self._events.get(room, ()))
        if kinds:
            events = [event for event in events[-MOST:] if event.kind() in kinds]
        return events[-count:] if count else []

    def event(self, id_: int) -> Awaitable[Event | None]:
        """See `Lines.event`."""
        return Ready(lambda: next((e for kept in self._events.values() for e in kept if e.id == id_), None))

    def history(  # noqa: PLR0913  as in the protocol
        self,
        room: str,
        count: int,
        *,
        before: int | None = None,
        after: int | None = None,
        latest: bool = False,
        kinds: Collection[str] = (),
    ) -> Awaitable[list[Event]]:
        """See `Lines.history`."""
        found = (each for each in self._events.get(room, ()) if not kinds or each.kind() in kinds)
        return Ready(lambda: part(found, span(count, before, after, latest)))

    def newest(self, rooms: Collection[str]) -> Awaitable[dict[str, int]]:
        """See `Lines.newest`."""
        ids = {room: max((e.id for e in self._events.get(room, ())), default=0) for room in rooms}
        return Ready(lambda: {room: id_ for room, id_ in ids.items() if id_})

    def rooms_with_lines(self) -> Awaitable[list[str]]:
        """See `Lines.rooms_with_lines`."""
        return Ready(lambda: list(self._events))

    def search(  # noqa: PLR0913  as in the protocol
        self,
        words: Sequence[str],
        *,
        rooms: Collection[str],
        who: str = "",
        since: datetime | None = None,
        before: datetime | None = None,
        count: int = 20,
    ) -> Awaitable[list[Event]]:
        """See `Lines.search`."""
        wanted, author = [fold(word) for word in words], fold(who)

        def fits(event: Any) -> bool:
            return (
                hasattr(event, "text")
                and (not author or fold(getattr(event, "who", "")) == author)
                and (since is None or event.at >= since)
                and (before is None or event.at < before)
                and all(word in fold(event.text) for word in wanted)
            )

        found = [event for room in set(rooms) for event in self._events.get(room, ()) if fits(event)]
        return Ready(lambda: sorted(found, key=_id, reverse=True)[: min(count, MOST)])

    def shares(self) -> Awaitable[list[Share]]:
        """See `Space.shares`."""
        rooms = [Share(key, "", len(each), len(each)) for key, each in self._events.items() if each]
        return Ready(lambda: rooms + self._private_shares())

    # ---- changing and forgetting ---------------------------------------------------------------------------

    def change(self, id_: int, text: str, done: Done) -> None:
        """See `Lines.change`."""
        changed = False
        for kept in (*self._events.values(), *self._private.values()):
            for index, event in enumerate(kept):
                if event.id == id_ and hasattr(event, "text"):
                    kept[index] = replace(event, text=text)  # type: ignore[call-arg]  # it has one
                    changed = True
        done(None if changed else Missing("There is no such line any more."))

    def erase(self, ids: Collection[int], done: Done) -> None:
        """See `Lines.erase`."""
        gone = set(ids)
        for kept in (*self._events.values(), *self._private.values()):
            left = [event for event in kept if event.id not in gone]
            kept.clear()
            kept.extend(left)
        done(None)

    def forget_before(
        self, room: str, *, id_: int | None = None, at: datetime | None = None, keep: int | None = None
    ) -> Awaitable[int]:
        """See `Lines.forget_before`."""
        kept = self._events.get(room, deque())
        gone = 0
        while kept and (
            (id_ is not None and kept[0].id < id_)
            or (at is not None and kept[0].at < at)
            or (keep is not None and len(kept) > keep)
        ):
            kept.popleft()
            gone += 1
        return Ready(lambda: gone)

    def restore(self, events: Sequence[Event]) -> Awaitable[int]:
        """See `Lines.restore`."""
        known = {event.id for kept in self._events.values() for event in kept}
        fresh = {event.id: event for event in reversed(events) if event.id not in known}
        for event in reversed(fresh.values()):
            self.append([event], lambda _: None)
        return Ready(lambda: len(fresh))

    def rename_room(self, key: str, name: str, documents: Mapping[str, Any], done: Done) -> None:
        """See `Places.rename_room`."""
        after = fold(name)
        if after != key and (self._events.get(after) or after in self._rooms):
            done(Occupied(f"Something is kept of another room {after}."))
            return
        if key in self._events and after != key:
            kept = self._events.pop(key)
            self._events[after] = deque((replace(each, room=after) for each in kept), maxlen=kept.maxlen)
        self._rename_record(key, after, name)
        for document, value in documents.items():
            self.save_document(document, value)
        done(None)

    # ---- the whole -----------------------------------------------------------------------------------------

    def backup(self, path: Path) -> Awaitable[None]:
        """See `Store.backup`."""

        def refuse() -> None:
            raise StoreError("This house keeps nothing on disk: there is nothing to back up.")

        return Ready(refuse)

    def close(self) -> None:
        """See `Store.close`."""
        self._events.clear()

    def _make_room(self, room: str) -> deque[Event]:
        if len(self._events) >= self._most_rooms:
            del self._events[min(self._events, key=self._newest)]
        kept: deque[Event] = deque(maxlen=self._per_room)
        self._events[room] = kept
        return kept

    def _newest(self, room: str) -> int:
        kept = self._events[room]
        return kept[-1].id if kept else 0


def _id(event: Event) -> int:
    return event.id
