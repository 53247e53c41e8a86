"""Another name for a room. Rule: all that goes by the room's key follows in one step, here, between two turns; nobody
is shown the new name before the store has it too.

While the store is at it, neither name can be given to another room: what is kept could be neither's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from teahouse.errors import BadName, Busy, CannotRename, NotStored, RoomNameInUse
from teahouse.events import RoomRenamed, TermsChanged
from teahouse.rooms.chat import ChatRoom
from teahouse.store import Done
from teahouse.text import fold, valid_room_name

if TYPE_CHECKING:
    from teahouse.server import Server
    from teahouse.session import Session

NOT_WRITTEN = "The house cannot write that down just now: the room keeps its name."


class Renaming:
    """Gives rooms other names."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._held: set[str] = set()
        """Keys that a room is just leaving, or about to have."""
        self._now: dict[str, str] = {}

    def checked(self, name: str) -> str:
        """The name of a room that may be made. Raises BadName, Busy."""
        try:
            name = valid_room_name(name, max_length=self._server.limits.room_length)
        except ValueError as error:
            raise BadName(str(error)) from error
        if fold(name) in self._held:
            raise Busy(
                f"A room is being renamed that is called {name}, or was. Please try again in a moment."
            )
        return name

    def check(self, room: ChatRoom) -> None:
        """Raise CannotRename for a room of the house's own: one that its configuration or an extension has made."""
        server = self._server
        owned = server.rooms.lasts(room) and not room.registered
        if owned or server.settings.names_room(room.key) or type(room) is not ChatRoom:
            raise CannotRename("This room belongs to the house, which knows it by its name: it keeps that.")

    def now(self, key: str) -> str:
        """The key that a room has now, for those who hear of what happened when it still had this one."""
        return self._now.get(key, key)

    async def rename(self, room: ChatRoom, name: str, session: Session, reason: str) -> None:
        """Do it. Raises BadName, Busy, CannotRename, RoomNameInUse; NotStored, and then the room has its old name
        again."""
        name, before = self.checked(name), room.key
        names = {before, fold(name)}
        if before in self._held:
            raise Busy("This room is being renamed already.")
        self._held |= names
        try:
            if fold(name) != before:
                await self._check_free(name)
            await self._move(room, name, session, reason)
        finally:
            self._held -= names

    async def _check_free(self, name: str) -> None:
        """Raise RoomNameInUse or CannotRename where another room has that name, or has left something under it."""
        server, key = self._server, fold(name)
        if key in server.rooms:
            raise RoomNameInUse(f"There is a room called {name} already: choose another name.")
        if server.settings.names_room(key):
            raise CannotRename(f"The house has its own room {name}: choose another name.")
        await server.fanout.stored()  # what was said in a room that has just gone
        if await server.store.newest([key]) or any(each.key == key for each in server.store.rooms()):
            raise CannotRename(f"What was said in a former room {name} is kept still: choose another name.")

    # ---- in one step ---------------------------------------------------------------------------------------

    async def _move(self, room: ChatRoom, name: str, session: Session, reason: str) -> None:
        server, before, old_name = self._server, room.key, room.name
        if server.rooms.get(before) is not room:
            raise CannotRename("This room has just gone: nobody is in it any more.")
        waiter, names = server.runtime.waiter(), {before, fold(name)}
        self._now[before] = fold(name)
        documents = server.hooks.follow_room(before, fold(name))

        def write(done: Done) -> None:
            def written(error: Exception | None) -> None:
                self._now.pop(before, None)
                self._held -= names  # before anyone is told: they may come to the old name at once
                done(None)  # what there is to tell is told in any case
                waiter.callback(error)

            try:
                server.store.rename_room(before, name, documents, written)
            except Exception as error:  # noqa: BLE001  a store that raises has not done it: nobody waits for it
                server.runtime.log.failure("the store failed")
                written(error)

        self._follow(room, name, write)
        self._tell(room, RoomRenamed(session.user.nick, name, old_name, before, reason), session)
        error: Exception | None = await waiter
        if error is not None:
            server.runtime.log.error("room {room} cannot be renamed: {error}", room=old_name, error=error)
            self._move_back(room, old_name)
            raise NotStored(NOT_WRITTEN)

    def _move_back(self, room: ChatRoom, name: str) -> None:
        """What is kept goes by the old name."""
        server, now, key = self._server, room.name, room.key
        if server.rooms.get(key) is room and server.rooms.get(fold(name), room) is room:
            server.hooks.follow_room(key, fold(name))
            self._follow(room, name, lambda done: done(None))
            self._tell(room, RoomRenamed(server.settings.house.name, name, now, key, NOT_WRITTEN))

    def _follow(self, room: ChatRoom, name: str, write: Callable[[Done], None]) -> None:
        """The room has the name, for everyone who goes by it."""
        server, before, after = self._server, room.key, fold(name)
        server.fanout.rename_room(before, after, write)
        server.rooms.rename(room, name)
        for user in server.users.values():
            user.follow_room(before, after)
        for user in room.members:
            server.presence.moved(user)
        if before != after:
            self._forward(before, after)

    def _forward(self, before: str, after: str) -> None:
        """Rooms that send people to this one go on doing so."""
        for room in self._server.rooms.values():
            if room.policy.terms.forward == before:
                room.policy.terms = replace(room.policy.terms, forward=after)
                house = self._server.settings.house.name
                room.broadcast(TermsChanged(house, "forward", after, before))
                self._server.runtime.spawn(room.try_to(room.keep()))

    def _tell(self, room: ChatRoom, event: RoomRenamed, by: Session | None = None) -> None:
        room.broadcast(event, by.user if by is not None else None)
        for user in room.members:
            for session in user.sessions:
                session.room_renamed(room, event)
