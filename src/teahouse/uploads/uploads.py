"""The house's uploads: taking files in, finding them again, letting them go. Rule: a file without a record, and a
record without a file, are nobody's: the first is swept away, the second is not found.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from teahouse.commands import rank
from teahouse.errors import ChatError, NotAllowed, NotFound, NotStored, WrongKind
from teahouse.store import Account, Missing, StoreError, Upload
from teahouse.uploads import disk
from teahouse.uploads.allowance import Allowance
from teahouse.uploads.intake import Intake
from teahouse.uploads.kinds import declared, is_taken
from teahouse.uploads.names import safe_name
from teahouse.uploads.tickets import Tickets

if TYPE_CHECKING:
    from teahouse.server import Server
    from teahouse.settings import Settings as AllSettings
    from teahouse.settings import Uploads as Settings

NOBODY = "nobody"
PATH = "/uploads"
"""Where they are on the web site."""
ID_BYTES = 16
FIRST = 60.0
HOURLY = 3_600.0
AT_A_TIME = 500
OFF = "This house takes no files."
NO_FILE = "There is no such file (any more)."


class Coming(NamedTuple):
    """What is said of a file before it comes: its name, its media type ("" for none), its bytes (None: unknown)."""

    name: str
    content_type: str
    size: int | None


class Uploads:
    """`directory`: where the files lie; None where the house keeps nothing on disk. `local_site`: the address of the
    web site where that is the same for all who can reach it; else ""."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._disk = disk.Disk(server.runtime, at_once=server.settings.test_mode)
        self.allowance = Allowance(server)
        self.tickets = Tickets(server.runtime.now)
        self.directory: Path | None = None
        self.local_site = ""

    @property
    def is_on(self) -> bool:
        """Whether anybody may upload anything."""
        return self.directory is not None and self._settings.role != NOBODY

    @property
    def _settings(self) -> Settings:
        return self._server.settings.uploads

    @property
    def site(self) -> str:
        """The address of the web site, for those who are not on it; "" where it is not known."""
        return _site(self._server.settings) or self.local_site

    def address_by(self, settings: AllSettings) -> str:
        """Where files are uploaded by these settings, for those not on the web site; "" where they are not."""
        site = _site(settings) or self.local_site
        on = self.directory is not None and settings.uploads.role != NOBODY
        return f"{site}{PATH}" if on and site else ""

    def path_of(self, upload: Upload) -> str:
        """The path of its URL."""
        return f"{PATH}/{upload.id}/{quote(upload.name, safe='')}"

    def check_may(self, account: Account | None) -> None:
        """Raise NotAllowed for one who may not upload anything."""
        if not self.is_on:
            raise NotAllowed(OFF)
        if account is None:
            raise NotAllowed(
                "Files are uploaded by people with an account: /register makes one of your nick."
            )
        if rank(account.role) < rank(self._settings.role):
            raise NotAllowed(f"Files are uploaded by those with the role {self._settings.role} here.")

    # ---- taking in -----------------------------------------------------------------------------------------

    async def take(self, account: Account, coming: Coming, body: AsyncIterable[bytes]) -> Upload:
        """Keep a file, as its bytes come. Raises ChatError and StoreError, and whatever the body raises; then nothing
        of it is left."""
        self.check_may(account)
        said = declared(coming.content_type, coming.name)
        if said and not is_taken(said, self._settings.kinds):
            raise WrongKind(f"Files of the kind {said} are not taken here.")
        self.allowance.check_rate(account.key)
        intake = await self._begin(account, said, coming.size)
        try:
            await intake.open()
            async for data in body:
                await intake.write(data)
            await intake.finish()
            return await self._keep(account, intake, safe_name(coming.name))
        except BaseException:
            await intake.discard()
            raise
        finally:
            del self.allowance.promised[intake.id]

    async def _begin(self, account: Account, said: str, size: int | None) -> Intake:
        assert self.directory is not None
        id_ = token_hex(ID_BYTES)
        promise = await self.allowance.promise(id_, account.key, size)
        takes = partial(is_taken, patterns=self._settings.kinds)
        place = (self.directory, id_)
        return Intake(self._disk, place, promise, said, free=self._settings.free_bytes, takes=takes)

    async def _keep(self, account: Account, intake: Intake, name: str) -> Upload:
        """Those who were suspended, or have another password, since they began have brought nothing."""
        await self._server.accounts.again(account)
        at = datetime.fromtimestamp(self._server.runtime.time(), UTC)
        upload = Upload(
            id=intake.id, account=account.key, name=name, type=intake.kind, size=intake.size, at=at
        )
        try:
            await self._server.store.keep_upload(upload)
        except Missing as error:
            raise NotFound("Your account is gone.") from error
        counters = self._server.measures.counters
        counters.uploads += 1
        counters.uploaded_bytes += upload.size
        return upload

    # ---- finding -------------------------------------------------------------------------------------------

    async def find(self, id_: str) -> Upload:
        """The upload of this id. Raises NotFound, StoreError."""
        found = await self._server.store.upload(id_) if self.directory is not None else None
        if found is None:
            raise NotFound(NO_FILE)
        return found

    async def read(self, upload: Upload, start: int, count: int) -> bytes:
        """A piece of it. Raises NotFound where the file is not there."""
        if self.directory is None:
            raise NotFound(NO_FILE)
        try:
            return await self._disk.do(partial(disk.read, self.directory / upload.id, start, count))
        except OSError as error:
            raise NotFound(NO_FILE) from error

    # ---- letting go ----------------------------------------------------------------------------------------

    async def remove(self, uploads: Iterable[Upload]) -> None:
        """They are no more. Raises NotStored, and then they are still there."""
        ids = [each.id for each in uploads]
        try:
            await self._server.store.forget_uploads(ids)
        except StoreError as error:
            raise NotStored("The house cannot remove files just now. Please try again later.") from error
        if self.directory is not None:
            await self._disk.do(partial(disk.throw_away, self.directory, ids))

    def start(self) -> None:
        """Look after them from now on: once soon, and then once an hour."""
        self._server.runtime.later(FIRST, self._hourly)

    def stop(self) -> None:
        """Let the threads go."""
        self._disk.stop()

    def _hourly(self) -> None:
        self._server.runtime.later(HOURLY, self._hourly)
        self._server.runtime.spawn(self.look_after())

    async def look_after(self) -> None:
        """Let go of what is too old, and of files that belong to nobody (any more)."""
        if self.directory is None:
            return
        try:
            await self._expire()
            await self._sweep(self.directory)
        except (ChatError, StoreError, OSError) as error:
            self._server.runtime.log.error("cannot look after the uploads: {error}", error=error)

    async def _expire(self) -> None:
        if not self._settings.keep_days:
            return
        now = datetime.fromtimestamp(self._server.runtime.time(), UTC)
        until = now - timedelta(days=self._settings.keep_days)
        while old := await self._server.store.uploads(before=until, count=AT_A_TIME):
            await self.remove(old)

    async def _sweep(self, directory: Path) -> None:
        """Remove files without a record: of accounts that are gone, of uploads that a crash has cut off."""
        there = await self._disk.do(partial(disk.listed, directory))
        coming = set(self.allowance.promised)  # at the moment at which the store is asked
        known = await self._server.store.upload_ids() | coming
        lost = [name for name in there if name.removesuffix(disk.PART) not in known]
        if lost:
            await self._disk.do(partial(disk.throw_away, directory, lost))
            self._server.runtime.log.info("removed {count} uploads of nobody's", count=len(lost))


def _site(settings: AllSettings) -> str:
    return settings.web.url.rstrip("/")
