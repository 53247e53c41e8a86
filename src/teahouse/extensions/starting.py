"""Starting and stopping an extension. Rule: it starts as a whole or not at all; of one that fails nothing is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.extensions.blame import ExtensionError, blaming, named, timing
from teahouse.extensions.loading import Extension
from teahouse.rooms.base import attach, detach
from teahouse.rooms.chat import ChatRoom

if TYPE_CHECKING:
    from teahouse.extensions.bot import Bot
    from teahouse.extensions.hooks import Hook
    from teahouse.server import Server


class Starter:
    """Knows which bots run, by extension."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._bots: dict[str, list[Bot]] = {}

    def start(self, extension: Extension) -> None:
        """Hooks, then commands, rooms and bots. Raises ExtensionError, and then nothing of it is left."""
        with blaming(extension):
            for hook in extension.on_start:
                self._run(hook)
        opened: list[ChatRoom] = []
        try:
            with blaming(extension):
                for each in extension.commands:
                    attach(each)
                self._open_rooms(extension, opened)
                self._start_bots(extension)
        except ExtensionError:
            self.stop(extension)
            for room in opened:
                self._server.rooms.remove(room)
            raise

    def stop(self, extension: Extension) -> None:
        """Bots, commands and hooks; its rooms stay, for people are in them."""
        for bot in self._bots.pop(extension.name, []):
            bot.stop()
        for each in extension.commands:
            detach(each)
        for hook in extension.on_stop:
            try:
                with blaming(extension):
                    self._run(hook)
            except ExtensionError as error:
                self._server.runtime.log.error("stopping an extension: {error}", error=str(error))

    def _run(self, hook: Hook) -> None:
        with timing(self._server.runtime.log, named(hook)):
            hook(self._server)

    def _open_rooms(self, extension: Extension, opened: list[ChatRoom]) -> None:
        for kind in extension.rooms:
            for name in kind.opens.split() if issubclass(kind, ChatRoom) else ():
                if name not in self._server.rooms and issubclass(kind, ChatRoom):
                    room = kind(self._server, name)
                    self._server.rooms.add(room)
                    opened.append(room)

    def _start_bots(self, extension: Extension) -> None:
        started = self._bots[extension.name] = []
        for kind in extension.bots:
            bot = kind(self._server)
            started.append(bot)
            bot.start()
