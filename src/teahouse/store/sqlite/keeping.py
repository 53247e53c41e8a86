"""Accounts, read markers and rooms, asked for and kept. Rule: as in `store.py`."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable
from functools import partial
from typing import Any

from teahouse.runtime import Runtime
from teahouse.store.records import Account, RoomRecord, StoreBusy
from teahouse.store.sqlite import accounts
from teahouse.store.sqlite.part import Connections, Part
from teahouse.store.sqlite.writer import Job

LATER = 1.0
"""Seconds for which read markers are gathered before they are written down."""


class SqlitePeople(Part):
    """See `People` and `Places`. `version`: of the file, to see by it what is changed from outside."""

    def __init__(self, runtime: Runtime, connections: Connections, version: int) -> None:
        super().__init__(runtime, connections)
        self._marked: dict[tuple[str, str], int] = {}
        self._writing: deque[dict[tuple[str, str], int]] = deque()
        self._is_due = False
        self._version = version

    def account(self, key: str) -> Awaitable[Account | None]:
        """See `People.account`."""
        return self._lookups.ask(lambda db: accounts.by_key(db, key))

    def account_of_nick(self, key: str, look: str = "") -> Awaitable[Account | None]:
        """See `People.account_of_nick`."""
        return self._lookups.ask(lambda db: accounts.by_nick(db, key, look))

    def accounts(self, pattern: str = "*", *, count: int = 1_000) -> Awaitable[list[Account]]:
        """See `People.accounts`."""
        return self._lookups.ask(lambda db: accounts.by_pattern(db, pattern, count))

    def add_account(self, account: Account) -> Awaitable[None]:
        """See `People.add_account`."""
        return self._do(partial(accounts.add, account=account))

    def save_account(self, account: Account) -> Awaitable[None]:
        """See `People.save_account`."""
        return self._do(partial(accounts.save, account=account))

    def remove_account(self, key: str) -> Awaitable[None]:
        """See `People.remove_account`."""
        for each in [each for each in self._marked if each[0] == key]:
            del self._marked[each]
        return self._do(partial(accounts.remove, key=key))

    async def changed_elsewhere(self) -> bool:
        """See `People.changed_elsewhere`. The connection that writes does not count its own."""
        version: int = await self._do(lambda desk: accounts.data_version(desk.db))
        before, self._version = self._version, version
        return version != before

    def rooms(self) -> list[RoomRecord]:
        """See `Places.rooms`."""
        return accounts.rooms(self._db)

    def save_room(self, room: RoomRecord) -> Awaitable[None]:
        """See `Places.save_room`."""
        return self._do(partial(accounts.save_room, room=room))

    def remove_room(self, key: str) -> Awaitable[None]:
        """See `Places.remove_room`."""
        return self._do(partial(accounts.remove_room, key=key))

    # ---- read markers --------------------------------------------------------------------------------------

    async def marker(self, account: str, room: str) -> int:
        """See `People.marker`."""
        return (await self.markers(account)).get(room, 0)

    async def markers(self, account: str) -> dict[str, int]:
        """See `People.markers`."""
        unwritten = (*self._writing, self._marked)  # before it is asked: they may be written meanwhile
        found = await self._lookups.ask(lambda db: accounts.markers(db, account))
        for marks in unwritten:
            for (owner, room), id_ in marks.items():
                if owner == account:
                    found[room] = id_ and max(id_, found.get(room, 0))
        return {room: id_ for room, id_ in found.items() if id_}

    def set_marker(self, account: str, room: str, id_: int) -> None:
        """See `People.set_marker`."""
        self._marked[account, room] = id_ and max(id_, self._marked.get((account, room), 0))
        if not self._is_due:
            self._is_due = True
            self._runtime.later(LATER, self.flush_markers)

    def _move_markers(self, key: str, after: str) -> None:
        """Those that are not written down yet, of a room that has another key from now on."""
        marks, self._marked = self._marked, {}
        for (account, room), id_ in marks.items():
            if room != after or after == key:
                self._marked[account, after if room == key else room] = id_

    def flush_markers(self) -> None:
        """Have the markers written down that have been set since."""
        self._is_due = False
        if not self._marked:
            return
        marks, self._marked = self._marked, {}
        self._writing.append(marks)
        try:
            self._writer.put(Job(partial(accounts.mark, marks=marks), self._marked_down))
        except StoreBusy as error:
            self._marked_down(None, error)

    def _marked_down(self, value: Any, error: Exception | None) -> None:
        marks = self._writing.popleft() if error is None else self._writing.pop()
        if error is not None:
            self._runtime.log.warn(
                "{count} read markers are not written down: {error}", count=len(marks), error=error
            )
