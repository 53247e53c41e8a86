"""Accounts and registered rooms in memory. Rule: as in `memory.py`."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import partial
from itertools import islice

from teahouse.events import Event
from teahouse.store.ready import Ready
from teahouse.store.records import Account, Missing, RoomRecord, Taken


class MemoryPeople:
    """Who comes back, until the process ends, and which rooms there are."""

    def __init__(self) -> None:
        super().__init__()
        self._accounts: dict[str, Account] = {}
        self._private: dict[str, deque[Event]] = {}
        self._markers: dict[str, dict[str, int]] = {}
        self._rooms: dict[str, RoomRecord] = {}

    def account(self, key: str) -> Awaitable[Account | None]:
        """See `People.account`."""
        return Ready(partial(self._accounts.get, key))

    def account_of_nick(self, key: str, look: str = "") -> Awaitable[Account | None]:
        """See `People.account_of_nick`."""
        owned = [(nick, account) for account in self._accounts.values() for nick in account.own]
        found = [account for nick, account in owned if nick.key == key]
        found += [account for nick, account in owned if look and nick.look == look]
        return Ready(lambda: found[0] if found else None)

    def accounts(self, pattern: str = "*", *, count: int = 1_000) -> Awaitable[list[Account]]:
        """See `People.accounts`."""
        glob = pattern.replace("[", "[[]")
        found = (self._accounts[key] for key in sorted(self._accounts) if fnmatchcase(key, glob))
        return Ready(lambda: list(islice(found, count)))

    def add_account(self, account: Account) -> Awaitable[None]:
        """See `People.add_account`."""

        def add() -> None:
            if account.key in self._accounts:
                raise Taken(account.key)
            self._keep(account)

        return Ready(add)

    def save_account(self, account: Account) -> Awaitable[None]:
        """See `People.save_account`."""

        def save() -> None:
            if account.key not in self._accounts:
                raise Missing(f"There is no account {account.key}.")
            self._keep(account)

        return Ready(save)

    def remove_account(self, key: str) -> Awaitable[None]:
        """See `People.remove_account`."""

        def remove() -> None:
            if self._accounts.pop(key, None) is None:
                raise Missing(f"There is no account {key}.")
            self._markers.pop(key, None)
            self._private.pop(key, None)

        return Ready(remove)

    def _keep(self, account: Account) -> None:
        others = [nick for each in self._accounts.values() if each.key != account.key for nick in each.own]
        keys, looks = {nick.key for nick in others}, {nick.look for nick in others}
        for nick in account.own:
            if nick.key in keys or nick.look in looks:
                raise Taken(nick.key)
            keys.add(nick.key)
            looks.add(nick.look)
        self._accounts[account.key] = account

    def changed_elsewhere(self) -> Awaitable[bool]:
        """See `People.changed_elsewhere`: nobody else gets at it."""
        return Ready(lambda: False)

    # ---- read markers --------------------------------------------------------------------------------------

    def marker(self, account: str, room: str) -> Awaitable[int]:
        """See `People.marker`."""
        return Ready(lambda: self._markers.get(account, {}).get(room, 0))

    def markers(self, account: str) -> Awaitable[dict[str, int]]:
        """See `People.markers`."""
        return Ready(lambda: dict(self._markers.get(account, {})))

    def set_marker(self, account: str, room: str, id_: int) -> None:
        """See `People.set_marker`."""
        if account in self._accounts:
            own = self._markers.setdefault(account, {})
            own[room] = max(id_, own.get(room, 0))
            if not id_:
                del own[room]

    # ---- rooms ---------------------------------------------------------------------------------------------

    def rooms(self) -> list[RoomRecord]:
        """See `Places.rooms`."""
        return list(self._rooms.values())

    def save_room(self, room: RoomRecord) -> Awaitable[None]:
        """See `Places.save_room`."""
        return Ready(partial(self._rooms.__setitem__, room.key, room))

    def _rename_record(self, key: str, after: str, name: str) -> None:
        """The room's record, and the markers in it."""
        if key in self._rooms:
            self._rooms[after] = replace(self._rooms.pop(key), key=after, name=name)
        for own in self._markers.values() if after != key else ():
            own.pop(after, None)
            if key in own:
                own[after] = own.pop(key)

    def remove_room(self, key: str) -> Awaitable[None]:
        """See `Places.remove_room`."""

        def remove() -> None:
            if self._rooms.pop(key, None) is None:
                raise Missing(f"There is no room {key}.")

        return Ready(remove)
