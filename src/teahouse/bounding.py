"""The bound of what the house keeps on disk. Rule: where it is reached the oldest go, of those rooms and accounts
that have most; nobody's new words are refused, and those concerned and the keepers are told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.events import Notice
from teahouse.store import StoreError
from teahouse.store.space import Share, levelled

if TYPE_CHECKING:
    from teahouse.server import Server

EVERY = 60.0
PAUSE = 900.0
"""Seconds after which what was forgotten has left the disk's word index, too."""
LEAST = 100
"""Lines that everyone keeps, whatever else fills the disk."""
LEFT = 0.9
"""How much of the bound is left in use when it was reached."""
MEGABYTE = 1 << 20
FULL = (
    "The house keeps as much as it may ([data] most_megabytes, {most:,}): the oldest {lines:,} lines of those who "
    "have most are forgotten."
)
IN_A_ROOM = "The house has no more space: the oldest lines of this room are forgotten."
IN_PRIVATE = "The house keeps no more for you: your oldest private messages are forgotten."


class Bounding:
    """Looks once a minute, and forgets."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def start(self) -> None:
        """Begin a minute after the house has opened."""
        self._server.runtime.later(EVERY, self._run)

    def _run(self) -> None:
        self._server.runtime.spawn(self._look())

    async def _look(self) -> None:
        again = EVERY
        try:
            if await self.make_space():
                again = PAUSE
        except StoreError as error:
            self._server.runtime.log.error("cannot see how much is kept: {error}", error=error)
        finally:
            self._server.runtime.later(again, self._run)

    async def make_space(self) -> int:
        """Forget as much as is too much; how many lines that were. Raises StoreError."""
        most = self._server.settings.data.most_megabytes
        size = await self._server.store.size() if most else 0
        if size <= most * MEGABYTE:
            return 0
        gone = 0
        for share, keep in levelled(await self._server.store.shares(), int(size - LEFT * most * MEGABYTE)):
            gone += await self._forget(share, max(keep, LEAST))
        told = FULL.format(most=most, lines=gone)
        self._server.runtime.log.warn("{told}", told=told)
        for user in self._server.roll.keepers:
            user.tell(Notice(told))
        return gone

    async def forget_private(self) -> None:
        """Forget what is over `private_messages` of each account. Raises StoreError."""
        most = self._server.limits.private_messages
        for share in await self._server.store.shares() if most else ():
            if share.account and share.lines > most:
                await self._forget(share, most)

    async def _forget(self, share: Share, keep: int) -> int:
        server = self._server
        if share.account:
            gone = await server.store.forget_private(share.account, keep=keep)
            user = server.user_of(share.account)
            if user is not None and gone:
                user.tell(Notice(IN_PRIVATE))
            return gone
        gone = await server.store.forget_before(share.room, keep=keep)
        room = server.rooms.get(share.room)
        if room is not None and gone:
            room.forget_old(None, keep)
            room.broadcast(Notice(IN_A_ROOM))
        return gone
