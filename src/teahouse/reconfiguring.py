"""Another configuration for an open house. Rule: it is taken as a whole or not at all; what an open house cannot
change stays as it is, and whoever asked is told which keys need a restart.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from teahouse.errors import BadConfiguration
from teahouse.events import Notice
from teahouse.extensions.blame import ExtensionError
from teahouse.settings import RoomSettings, Settings

if TYPE_CHECKING:
    from teahouse.server import Server
    from teahouse.session import Session

Rooms = dict[str, RoomSettings]
LIVE_IN_A_ROOM = ("topic", "history", "keep_days", "keep_lines")
"""What an open room takes of its table; its terms, and who keeps order there, are its keepers' by now."""


class Reconfiguring:
    """Reads the configuration again when a keeper says so (SIGHUP, `/reload`, IRC's REHASH)."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.read: Callable[[], Settings] = lambda: server.settings
        """The configuration as it is written now. Raises BadConfiguration. Whoever runs the house brings it, and with
        it what a new one means for the process; a house without a file has what it has."""
        self.taken: list[Callable[[Settings], object]] = []
        """Called when another configuration holds."""

    def reload(self) -> list[str]:
        """Take the configuration as it is now, and load all extensions afresh; what came of it, in sentences. Raises
        BadConfiguration, and then nothing has changed."""
        log = self._server.runtime.log
        try:
            wanted = self.read()
        except BadConfiguration as error:
            for problem in error.problems:
                log.error("{problem}", problem=problem)
            raise
        said = self._take(wanted)
        for each in said:
            log.info("{done}", done=each)
        return said

    def reload_for(self, session: Session) -> None:
        """The same for someone who is told what came of it. Raises BadConfiguration."""
        try:
            said = self.reload()
        except BadConfiguration as error:
            for problem in error.problems:
                session.tell(Notice(problem))
            raise
        for each in said:
            session.tell(Notice(each))

    def hangup(self) -> None:
        """SIGHUP: the same, and the log alone is told."""
        try:
            self.reload()
        except BadConfiguration as error:
            self._server.runtime.log.error("{error}", error=error.text)

    def _take(self, wanted: Settings) -> list[str]:
        server, before = self._server, self._server.settings
        merged = Merged(before)
        merged.take(wanted)
        settings = merged.settings
        server.take_settings(settings)
        said = [f"The configuration is read; what changed: {', '.join(merged.changed) or 'nothing'}."]
        said += [f"Needs a restart: {', '.join(merged.later)}."] if merged.later else []
        said += server.extensions.reload_all()
        for source in settings.extensions[len(before.extensions) :]:
            server.extensions.add(source)
        said += self._open_rooms(before)
        server.rooms.take_settings(before)
        for tell in self.taken:
            tell(settings)
        server.changed()
        return said

    def _open_rooms(self, before: Settings) -> Iterator[str]:
        self._server.rooms.open_set()
        for name, room in self._server.settings.rooms.items():
            if room.class_ and name not in before.rooms:
                try:
                    self._server.extensions.open_room(name, room)
                except ExtensionError as error:
                    yield f"rooms.{name}: {error}"


@dataclass
class Merged:
    """What holds in an open house when its configuration becomes another one."""

    settings: Settings
    changed: list[str] = field(default_factory=list)
    """The keys that are different by that."""
    later: list[str] = field(default_factory=list)
    """Those that need a restart."""

    def take(self, after: Settings) -> None:
        """The configuration is this one now."""
        before, values = self.settings, {}
        for each in fields(Settings):
            old, new = getattr(before, each.name), getattr(after, each.name)
            values[each.name] = self._keys(old, new, f"{each.name}.") if is_dataclass(old) else old
        values["extensions"] = self._extensions(before.extensions, after.extensions)
        values["rooms"] = self._rooms(before.rooms, after.rooms)
        self.later += [
            name for name in ("test_mode", "entry") if getattr(before, name) != getattr(after, name)
        ]
        self.settings = replace(before, **values)

    def _keys(self, old: Any, new: Any, prefix: str, live: Container[str] | None = None) -> Any:
        """A table; `live`: the only keys that an open house takes, where it is not the key that says so."""
        kept: dict[str, Any] = {}
        for each in fields(old):
            before, after = getattr(old, each.name), getattr(new, each.name)
            if before == after:
                continue
            is_live = not each.metadata.get("restart") if live is None else each.name in live
            (self.changed if is_live else self.later).append(prefix + each.name.removesuffix("_"))
            if not is_live:
                kept[each.name] = before
        return replace(new, **kept)

    def _extensions(self, before: list[str], after: list[str]) -> list[str]:
        fresh = [each for each in after if each not in before]
        self.changed += ["extensions"] if fresh else []
        self.later += [] if set(before) <= set(after) else ["extensions"]
        return before + fresh

    def _rooms(self, before: Rooms, after: Rooms) -> Rooms:
        self.later += [f"rooms.{name}" for name in before if name not in after]
        self.changed += [f"rooms.{name}" for name in after if name not in before]
        both = before.keys() & after.keys()
        same = {n: self._keys(before[n], after[n], f"rooms.{n}.", LIVE_IN_A_ROOM) for n in sorted(both)}
        return {**after, **before, **same}
