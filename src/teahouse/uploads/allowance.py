"""How much may come in. Rule: what is promised to uploads under way counts as if it were here already, so that
many at once have no more space than one after the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from typing import TYPE_CHECKING

from teahouse.errors import Busy, ChatError, NoSpace, TooFast, TooLarge
from teahouse.limits import Bucket
from teahouse.text import show_size
from teahouse.uploads.intake import NO_ROOM, Promise

if TYPE_CHECKING:
    from teahouse.server import Server
    from teahouse.settings import Uploads as Settings

HOUR = 3_600.0
MOST = 10_000
"""Accounts of which it is remembered how often they upload; the longest unused are forgotten."""
TOO_MANY = "As many files are being uploaded as may be at once: please try again in a moment."


class Allowance:
    """Promises space to uploads, by their ids, and counts them."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._buckets: dict[str, Bucket] = {}
        self.promised: dict[str, Promise] = {}

    @property
    def _settings(self) -> Settings:
        return self._server.settings.uploads

    def check_rate(self, account: str) -> None:
        """This is an upload of an account. Raises TooFast."""
        most, now = self._settings.files_per_hour, self._server.runtime.now()
        bucket = self._buckets.pop(account, None) or Bucket(most, now)
        self._buckets[account] = bucket
        while len(self._buckets) > MOST:
            del self._buckets[next(iter(self._buckets))]
        if not bucket.take(now, most / HOUR, most):
            wait = ceil((1 - bucket.tokens) * HOUR / most)
            raise TooFast(f"You may upload {most} files within an hour: the next one in {wait} seconds.")

    async def promise(self, id_: str, account: str, size: int | None) -> Promise:
        """Space for an upload of so many bytes; for one that does not say, as much as there is. Raises TooLarge,
        Busy, NoSpace, StoreError."""
        settings = self._settings
        largest = TooLarge(f"A file has at most {show_size(settings.file_bytes)} here.")
        if size is not None and size > settings.file_bytes:
            raise largest
        own = [each for each in self.promised.values() if each.account == account]
        if len(self.promised) >= settings.at_once or len(own) >= settings.at_once_per_account:
            raise Busy(TOO_MANY)
        promise = Promise(account, settings.file_bytes if size is None else size, largest)
        own_bytes, all_bytes = _sum(own), _sum(self.promised.values())
        self.promised[id_] = promise  # from here on others count it, while the store is asked
        try:
            own_bytes += await self._server.store.upload_bytes(account)
            all_bytes += await self._server.store.upload_bytes()
            self._fit(promise, size, settings.account_bytes - own_bytes, self._account_full())
            self._fit(promise, size, settings.house_bytes - all_bytes, NoSpace(NO_ROOM))
        except BaseException:
            del self.promised[id_]
            raise
        return promise

    def _fit(self, promise: Promise, size: int | None, left: int, over: ChatError) -> None:
        if left < (size or 1):
            raise over
        if left < promise.most:
            promise.most, promise.over = left, over

    def _account_full(self) -> NoSpace:
        most = show_size(self._settings.account_bytes)
        return NoSpace(f"Your files may have {most} here in all: /uploads lists them, and removes them.")


def _sum(promises: Iterable[Promise]) -> int:
    return sum(each.most for each in promises)
