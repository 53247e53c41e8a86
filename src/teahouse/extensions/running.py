"""The extensions of a running house. Rule: one that fails is reported and left out, or its old form is left in
place; the house goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from teahouse.errors import ChatError, NotFound
from teahouse.extensions.blame import ExtensionError, blaming
from teahouse.extensions.loading import Extension, for_good, forget, load
from teahouse.extensions.starting import Starter
from teahouse.rooms.base import Room, forget_tables
from teahouse.rooms.chat import ChatRoom

if TYPE_CHECKING:
    from teahouse.extensions.hooks import Resource
    from teahouse.server import Server
    from teahouse.settings import RoomSettings, Settings


class Extensions:
    """Loads, starts, reloads and stops them."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._starter = Starter(server)
        self._loaded: dict[str, Extension] = {}

    def open(self, settings: Settings) -> None:
        """What the house brings and what it is set to have: extensions, rooms of their classes, the entry.

        Raises ExtensionError when a room's class, or the entry, is not to be had.
        """
        for source in settings.extensions:
            self.add(source)
        for name, room in settings.rooms.items():
            if room.class_:
                with _asked_by("rooms", name, "class"):
                    self.open_room(name, room)
        if settings.entry:
            with _asked_by("entry"):
                self._server.entry = self.entry(settings.entry) or self._server.entry

    def open_room(self, name: str, room: RoomSettings) -> None:
        """A room of a class of an extension, as it is set. Raises ExtensionError."""
        kind = self.room_class(room.class_)
        with blaming(self.get(room.class_.rpartition(":")[0])):
            self._server.rooms.add(kind(self._server, name, topic=room.topic, history=room.history))

    def add(self, source: str) -> None:
        """Load and start one; what keeps it from that goes to the log, and the house opens without it."""
        try:
            self.get(source)
        except ExtensionError as error:
            self._server.runtime.log.error("extension left out: {error}", error=str(error))

    def get(self, source: str) -> Extension:
        """The extension of that name or path, loaded and started now if need be. Raises ExtensionError."""
        found = self._by_source(source)
        if found is None:
            found = load(source)
            try:
                self._starter.start(found)
            except ExtensionError:
                forget(found.name)
                raise
            self._loaded[found.name] = found
        return found

    def stop(self) -> None:
        """Stop all of them, the last one first."""
        for extension in reversed(list(self._loaded.values())):
            self._starter.stop(extension)
            forget(extension.name)
        self._loaded.clear()

    def room_class(self, name: str) -> type[ChatRoom]:
        """The class that `module:Class` names. Raises ExtensionError."""
        source, _, class_name = name.rpartition(":")
        there = {each.__name__: each for each in self.get(source).rooms if issubclass(each, ChatRoom)}
        if class_name not in there:
            raise ExtensionError(
                f"{source} has no ChatRoom called {class_name}, only: {', '.join(there) or 'none'}"
            )
        return there[class_name]

    def entry(self, source: str) -> Room | None:
        """The first room of an extension, to greet each new connection; None if it has no room (but web resources,
        say). Raises ExtensionError."""
        extension = self.get(source)
        if not extension.rooms:
            return None
        kind = extension.rooms[0]
        known = next((room for room in self._server.rooms.values() if type(room) is kind), None)
        if known is not None:
            return known
        with blaming(extension):
            room = kind(self._server, extension.name)
        if isinstance(room, ChatRoom):
            self._server.rooms.add(room)
        return room

    def resource(self, path: str) -> Resource | None:
        """What answers for a path of the web site."""
        found = (each.resources.get(path) for each in self._loaded.values())
        return next(filter(None, found), None)

    def _by_source(self, source: str) -> Extension | None:
        return next((each for each in self._loaded.values() if source in {each.source, each.name}), None)

    # ---- reloading -----------------------------------------------------------------------------------------

    def reload(self, name: str) -> str:
        """Reload an extension, or the one that a room's class comes from; what was done, as a sentence.

        Raises ChatError when there is no such thing, or when the new form cannot be loaded: then the old one
        goes on as it was.
        """
        old = self._find(name)
        try:
            with for_good(old.name):
                new = load(old.source)
                rooms = self._put_in_place(old, new)
        except ExtensionError as error:
            raise ChatError(f"Not reloaded: the old form goes on. {error}") from error
        finally:
            forget_tables()
        self._loaded[new.name] = new
        stay = f": everyone stays in {', '.join(rooms)}" if rooms else ""
        return f"{new.name} is reloaded{stay}."

    def reload_all(self) -> list[str]:
        """Reload every extension; what came of it, a sentence for each."""
        said = []
        for name in list(self._loaded):
            try:
                said.append(self.reload(name))
            except ChatError as error:
                self._server.runtime.log.error("{name}: {error}", name=name, error=error.text)
                said.append(f"{name}: {error.text}")
        return said

    def _find(self, name: str) -> Extension:
        room = self._server.rooms.get(name.casefold())
        found = self._by_source(name)
        if found is None and room is not None:
            found = next((each for each in self._loaded.values() if type(room) in each.rooms), None)
        if found is None:
            known = ", ".join(self._loaded) or "none"
            raise NotFound(f"There is no extension {name}, nor a room from one. Extensions here: {known}.")
        return found

    def _put_in_place(self, old: Extension, new: Extension) -> list[str]:
        """Stop the old form, put new rooms into the places of the old ones, start the new form; the rooms' names.

        Raises ExtensionError, and then the old form and its rooms are there again.
        """
        pairs: list[tuple[Room, Room]] = []
        self._starter.stop(old)
        try:
            for before in [room for room in self._server.all_rooms() if type(room) in old.rooms]:
                pairs.append((before, _successor(before, new)))
            for before, after in pairs:
                self._server.replace_room(before, after)
            self._starter.start(new)
        except ExtensionError:
            for before, after in pairs:
                self._server.replace_room(after, before)
            self._restart(old)
            raise
        return [before.name for before, _ in pairs]

    def _restart(self, old: Extension) -> None:
        try:
            self._starter.start(old)
        except ExtensionError as error:
            self._server.runtime.log.error(
                "{name} could not be started again: {error}", name=old.name, error=error
            )


@contextmanager
def _asked_by(*key: str) -> Iterator[None]:
    """Note in an ExtensionError which setting it comes from."""
    try:
        yield
    except ExtensionError as error:
        error.key = key
        raise


def _successor(room: Room, new: Extension) -> Room:
    kind = next((each for each in new.rooms if each.__name__ == type(room).__name__), None)
    if kind is None:
        raise ExtensionError(f"{new.file}: it has no {type(room).__name__} any more, and {room.name} is one")
    with blaming(new):
        return kind.in_place_of(room)
