"""Records of uploads in memory. Rule: as in `memory.py`."""

from __future__ import annotations

from collections.abc import Awaitable, Collection
from datetime import datetime

from teahouse.store.memory_people import MemoryPeople
from teahouse.store.ready import Ready
from teahouse.store.records import Missing, Upload


class MemoryUploads(MemoryPeople):
    """What was put into the house, until the process ends."""

    def __init__(self) -> None:
        super().__init__()
        self._uploads: dict[str, Upload] = {}

    def keep_upload(self, upload: Upload) -> Awaitable[None]:
        """See `Uploads.keep_upload`."""

        def keep() -> None:
            if upload.account not in self._accounts:
                raise Missing(f"There is no account {upload.account}.")
            self._uploads[upload.id] = upload

        return Ready(keep)

    def upload(self, id_: str) -> Awaitable[Upload | None]:
        """See `Uploads.upload`."""
        return Ready(lambda: self._uploads.get(id_))

    def uploads(
        self, account: str = "", *, before: datetime | None = None, count: int = 50
    ) -> Awaitable[list[Upload]]:
        """See `Uploads.uploads`."""
        found = [each for each in self._of(account) if before is None or each.at < before]
        return Ready(lambda: sorted(found, key=lambda each: (each.at, each.id), reverse=True)[:count])

    def upload_bytes(self, account: str = "") -> Awaitable[int]:
        """See `Uploads.upload_bytes`."""
        return Ready(lambda: sum(each.size for each in self._of(account)))

    def upload_ids(self) -> Awaitable[set[str]]:
        """See `Uploads.upload_ids`."""
        return Ready(lambda: set(self._uploads))

    def forget_uploads(self, ids: Collection[str]) -> Awaitable[None]:
        """See `Uploads.forget_uploads`."""
        for id_ in ids:
            self._uploads.pop(id_, None)
        return Ready(lambda: None)

    def remove_account(self, key: str) -> Awaitable[None]:
        """See `People.remove_account`."""
        self.forget_uploads([each.id for each in self._of(key)])
        return super().remove_account(key)

    def _of(self, account: str) -> list[Upload]:
        return [each for each in self._uploads.values() if not account or each.account == account]
