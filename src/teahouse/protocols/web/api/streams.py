"""Event streams that are open. Rule: so many for each token, one timer for all; a stream ends when its token opens
nothing any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.accounts.tokens import tokens_of
from teahouse.errors import ChatError, TooMany
from teahouse.protocols.web.api.stream import EventStream
from teahouse.store import StoreError

if TYPE_CHECKING:
    from teahouse.server import Server

EVERY = 15.0
"""Seconds between two heartbeats: proxies cut what is silent for longer than some 30."""
REVOKED = "The token of this stream opens nothing any more."


class Streams:
    """Knows them by the account's key and the token's id."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._open: dict[EventStream, None] = {}
        self._is_timed = False

    def __len__(self) -> int:
        return len(self._open)

    def add(self, stream: EventStream) -> None:
        """One more. Raises TooMany."""
        most = self._server.limits.api_streams
        if sum(each.owner == stream.owner for each in self._open) >= most:
            raise TooMany(f"This token has {most} event streams open, and no more fit: close one first.")
        self._open[stream] = None
        self._time()

    def remove(self, stream: EventStream) -> None:
        """It has ended."""
        self._open.pop(stream, None)

    def _time(self) -> None:
        if self._open and not self._is_timed:
            self._is_timed = True
            self._server.runtime.later(EVERY, self._beat)

    def _beat(self) -> None:
        self._is_timed = False
        for each in list(self._open):
            each.beat()
        self._server.runtime.spawn(self._look_after())
        self._time()

    async def _look_after(self) -> None:
        """End those whose token has been revoked, or whose account is suspended."""
        for each in list(self._open):
            try:
                account = await self._server.store.account(each.owner[0])
            except (ChatError, StoreError) as error:
                self._server.runtime.log.warn("cannot see whose stream this is: {error}", error=error)
                return
            good = account is not None and not account.suspended
            if account is None or not good or each.owner[1] not in {token.id for token in tokens_of(account)}:
                each.refuse(REVOKED)
