"""The rooms of the house: when one opens and when it closes. Rule: a room made on demand goes with the last one in
it; the lobby, and rooms that are set, registered or brought by an extension, last. Someone always on is in a room
over a restart of the house, too: it is there again then, as its keepers left it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING

from teahouse.errors import NoSuchRoom, TooMany
from teahouse.rooms import owning
from teahouse.rooms.chat import ChatRoom
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.rooms.base import Room
    from teahouse.rooms.gathering import Gathering
    from teahouse.server import Server
    from teahouse.settings import Settings
    from teahouse.user import User


class OpenRooms(dict[str, ChatRoom]):
    """The rooms that there are, by key."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self._server = server
        self._lasting = {fold(server.settings.house.lobby)}
        self._makers: dict[str, tuple[str, ...]] = {}
        """Who made a room on demand, by its key: their account and address, as they are counted."""
        self._written: set[str] = set()
        """The keys of rooms made on demand of which the store has a record."""

    def open(
        self,
        name: str,
        kind: type[ChatRoom] = ChatRoom,
        *,
        account: str = "",
        addresses: Collection[str] = (),
    ) -> ChatRoom:
        """The room of that name, made now if need be and allowed; by this account (key) and from these addresses, for
        which there is a fair share. Raises NoSuchRoom, BadName, Busy, TooMany."""
        room = self.get(fold(name))
        if room is not None:
            return room
        limits = self._server.limits
        name = self._server.renaming.checked(name)
        if not self._server.settings.house.rooms_on_demand and fold(name) not in self._lasting:
            raise NoSuchRoom(f"There is no room {name}: /rooms lists those that there are.")
        if len(self) >= limits.rooms:
            raise TooMany("The house has no space for another room. /rooms lists those that there are.")
        makers = self._counted(account, addresses)
        room = self[fold(name)] = kind(self._server, name)
        if makers:
            self._makers[room.key] = makers
        return room

    def _counted(self, account: str, addresses: Collection[str]) -> tuple[str, ...]:
        """Under what one more room is counted. Raises TooMany."""
        places = filter(None, map(self._server.admission.key, addresses))
        makers = tuple(dict.fromkeys([*([f"account:{account}"] if account else []), *places]))
        most = self._server.limits.rooms_made
        open_ones = (each for key, each in self._makers.items() if most and key not in self._lasting)
        made = Counter(chain.from_iterable(open_ones) if makers else ())
        if any(made[each] >= most for each in made.keys() & set(makers)):
            raise TooMany(
                f"{most} rooms that you, or others at your address, have made are open: leave one first."
            )
        return makers

    def close_if_empty(self, room: ChatRoom) -> None:
        """A room made on demand goes with the last one in it."""
        if not room.members and room.key not in self._lasting:
            self.pop(room.key, None)
            self._makers.pop(room.key, None)
            if room.key in self._written:
                self._written.discard(room.key)
                self._server.runtime.spawn(room.try_to(owning.forget_record(room)))

    def add(self, room: ChatRoom) -> None:
        """A room that stays, also when nobody is in it."""
        self[room.key] = room
        self._lasting.add(room.key)
        self._written.discard(room.key)

    def lasts(self, room: Room) -> bool:
        """Whether a room stays when nobody is in it."""
        return room.key in self._lasting

    def survives(self, room: Gathering) -> bool:
        """Whether it is there again when the house opens next: it lasts, or someone always on is in it."""
        return self.lasts(room) or any(user.account and user.account.always_on for user in room.members)

    def written(self, room: Gathering) -> None:
        """There is a record of the room from now on."""
        if not self.lasts(room):
            self._written.add(room.key)

    async def keep_for(self, user: User) -> None:
        """Write down the rooms that outlive a restart because this user does. Raises ChatError."""
        for room in list(user.rooms.values()):
            if not self.lasts(room) and room.key not in self._written:
                await room.keep()

    def remove(self, room: ChatRoom) -> None:
        """A room that was to stay does not: it goes now, or with the last one in it."""
        self._lasting.discard(room.key)
        self.close_if_empty(room)

    def rename(self, room: ChatRoom, name: str) -> None:
        """A room has another name from now on. All else that has to follow stands in `renaming.py`."""
        lasts, makers = self.lasts(room), self._makers.pop(room.key, ())
        written = room.key in self._written
        self._lasting.discard(room.key)
        self._written.discard(room.key)
        self.pop(room.key, None)
        room.be_called(name)
        self[room.key] = room
        if written:
            self._written.add(room.key)
        if lasts:
            self._lasting.add(room.key)
        if makers:
            self._makers[room.key] = makers

    def replace(self, before: ChatRoom, after: ChatRoom) -> None:
        """One room stands in another's place: its members are in that one now."""
        self[before.key] = after
        for user in after.members:
            user.rooms[before.key] = after

    def open_set(self) -> None:
        """Rooms of the settings that are ordinary ones; one that somebody has made already stays as it is."""
        for name, room in self._server.settings.rooms.items():
            if not room.class_:
                there = self.get(fold(name))
                self.add(there or ChatRoom(self._server, name, topic=room.topic, history=room.history))

    def take_settings(self, before: Settings) -> None:
        """The house has other settings than before: its lobby may be another room, and rooms go by theirs."""
        self._lasting.add(fold(self._server.settings.house.lobby))
        for room in list(self.values()):
            room.take_settings(before)

    def open_kept(self) -> None:
        """Rooms that accounts have registered are there again, those in which someone always on was, too (until
        `close_empty`), and every room has what its keepers decided."""
        for record in self._server.store.rooms():
            room = self.get(record.key)
            if room is None and (record.founder or record.key in self._lasting):
                room = ChatRoom(self._server, record.name)
                self.add(room)
            elif room is None and record.on_demand and self._server.settings.house.rooms_on_demand:
                room = self[record.key] = ChatRoom(self._server, record.name)
                self._written.add(record.key)
            if room is not None:
                room.take_record(record)
                kept_at = record.policy.get("kept_at")
                since = datetime.fromisoformat(kept_at) if kept_at else None
                self._server.runtime.spawn(owning.look_for_accounts(room, since))

    def close_empty(self) -> None:
        """Those go that were kept for people who are not back."""
        for room in [each for each in self.values() if each.key in self._written]:
            self.close_if_empty(room)
