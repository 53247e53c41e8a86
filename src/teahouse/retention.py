"""Forgetting. Rule: what a room's policy says is done once an hour, in rooms too that nobody is in; one room's
trouble keeps no other from it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from teahouse.store import StoreError

if TYPE_CHECKING:
    from teahouse.server import Server

FIRST = 60.0
HOURLY = 3600.0


class Retention:
    """Has the store forget what is older, or more, than a room keeps."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def start(self) -> None:
        """Begin a minute after the house has opened, however often it opens."""
        self._server.runtime.later(FIRST, self._run)

    def _run(self) -> None:
        self._server.runtime.later(HOURLY, self._run)
        self._server.runtime.spawn(self.forget())

    async def forget(self) -> None:
        """Do it now, for all rooms."""
        server = self._server
        try:
            rooms = await server.store.rooms_with_lines()
        except StoreError as error:
            server.runtime.log.error("cannot see which rooms have lines to forget: {error}", error=error)
            return
        for key in rooms:
            try:
                await self._forget_in(key)
            except StoreError as error:
                server.runtime.log.error("cannot forget lines of {room}: {error}", room=key, error=error)
        try:
            await server.bounding.forget_private()
        except StoreError as error:
            server.runtime.log.error("cannot forget private messages: {error}", error=error)

    async def _forget_in(self, key: str) -> None:
        server = self._server
        room = server.rooms.get(key)
        days, lines = server.settings.kept_in(key) if room is None else (room.keep_days, room.keep_lines)
        now = datetime.fromtimestamp(server.runtime.time(), UTC)
        before = now - timedelta(days=days) if days else None
        gone = 0
        if before is not None:
            gone += await server.store.forget_before(key, at=before)
        if lines:
            gone += await server.store.forget_before(key, keep=lines)
        if room is not None:
            room.forget_old(before, lines)
        if gone:
            server.runtime.log.debug("forgot {count} lines of {room}", count=gone, room=key)
