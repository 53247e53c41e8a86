"""Questions about what was said. Rule: as in `store.py`; what may take long is asked of another reader than what
those who come in wait for.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Collection, Sequence
from datetime import datetime

from teahouse.events import Event
from teahouse.store.lines import MOST
from teahouse.store.spans import span
from teahouse.store.sqlite import finding, private, reading
from teahouse.store.sqlite.finding import Query
from teahouse.store.sqlite.part import Part


class SqliteQuestions(Part):
    """See `Lines`: the part of it that reads."""

    def recent(self, room: str, count: int, *, kinds: Collection[str] = ()) -> list[Event]:
        """See `Lines.recent`. Where the file cannot be read the log is told, and people talk on."""
        try:
            return reading.lately(self._db, room, count, self._writer.shown, kinds)
        except sqlite3.Error as error:
            self._runtime.log.error("cannot read what was said in {room}: {error}", room=room, error=error)
            return []

    def event(self, id_: int) -> Awaitable[Event | None]:
        """See `Lines.event`."""
        shown = self._writer.shown
        return self._lookups.ask(lambda db: reading.event(db, id_, shown))

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
        shown, meant = self._writer.shown, span(count, before, after, latest)
        reader = self._searches if kinds else self._lookups  # rare kinds: a whole room may be looked through
        return reader.ask(lambda db: reading.part(db, room, meant, shown, kinds))

    def newest(self, rooms: Collection[str]) -> Awaitable[dict[str, int]]:
        """See `Lines.newest`."""
        shown = self._writer.shown
        return self._lookups.ask(lambda db: reading.newest(db, rooms, shown))

    def rooms_with_lines(self) -> Awaitable[list[str]]:
        """See `Lines.rooms_with_lines`."""
        return self._lookups.ask(reading.rooms_with_lines)

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
        query = Query(tuple(words), tuple(rooms), who, since, before, min(count, MOST))
        shown = self._writer.shown
        return self._searches.ask(lambda db: finding.search(db, query, shown))

    # ---- private messages ----------------------------------------------------------------------------------

    def inbox(self, account: str, *, after: int = 0, count: int = 100) -> Awaitable[list[Event]]:
        """See `Lines.inbox`."""
        return self._lookups.ask(lambda db: private.inbox(db, account, after, min(count, MOST)))

    def conversation(  # noqa: PLR0913  as in the protocol
        self,
        account: str,
        peer: str,
        count: int,
        *,
        before: int | None = None,
        after: int | None = None,
        latest: bool = False,
    ) -> Awaitable[list[Event]]:
        """See `Lines.conversation`."""
        meant = span(count, before, after, latest)
        return self._lookups.ask(lambda db: private.conversation(db, account, peer, meant))

    def conversations(
        self, account: str, *, after: int = 0, before: int | None = None, count: int = 100
    ) -> Awaitable[list[tuple[str, int]]]:
        """See `Lines.conversations`."""
        meant = span(count, before, after)
        return self._lookups.ask(lambda db: private.conversations(db, account, meant))
