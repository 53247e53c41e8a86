"""Which files people have put into the house. Rule: the store has the records; the files lie beside it, and whoever
takes a record away takes care of its file.
"""

from __future__ import annotations

from collections.abc import Awaitable, Collection
from datetime import datetime
from typing import Protocol

from teahouse.store.records import Upload


class Uploads(Protocol):
    """Keeps records of uploads. Those of an account go with it."""

    def keep_upload(self, upload: Upload) -> Awaitable[None]:
        """Keep a new one. Raises Missing where its account is gone."""

    def upload(self, id_: str) -> Awaitable[Upload | None]:
        """The one of this id."""

    def uploads(
        self, account: str = "", *, before: datetime | None = None, count: int = 50
    ) -> Awaitable[list[Upload]]:
        """The newest of an account ("": of all), newest first; only those made before that time."""

    def upload_bytes(self, account: str = "") -> Awaitable[int]:
        """The size of all that an account ("": everyone) has here."""

    def upload_ids(self) -> Awaitable[set[str]]:
        """Every id there is."""

    def forget_uploads(self, ids: Collection[str]) -> Awaitable[None]:
        """Take these records out; those that are not there are no error."""
