"""One upload that is coming in. Rule: it never has more than it has been promised, whatever was announced; whoever
begins one ends it, by `finish` or by `discard`, and after the latter nothing of it is left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from teahouse.errors import ChatError, NoSpace, UsageError, WrongKind
from teahouse.uploads import disk
from teahouse.uploads.kinds import HEAD, kind_of

BLOCK = 131_072
"""Bytes that are written at once."""
NO_ROOM = "The house has no space for more files just now: please tell those who keep it."


@dataclass(slots=True)
class Promise:
    """What an upload may take up: so many bytes, and what is raised when there are more."""

    account: str
    most: int
    over: ChatError


class Intake:
    """A file that grows. `takes(kind)` says whether a kind is wanted here; `said` is the declared one."""

    def __init__(  # noqa: PLR0913  all that it is bound by
        self,
        threads: disk.Disk,
        place: tuple[Path, str],
        promise: Promise,
        said: str,
        *,
        free: int,
        takes: Callable[[str], bool],
    ) -> None:
        self._threads = threads
        self._directory, self.id = place
        self._promise = promise
        self._said = said
        self._free = free
        self._takes = takes
        self._descriptor = -1
        self._waiting: list[bytes] = []
        self._queued = 0
        self.size = 0
        self.kind = ""
        """The media type, as soon as enough has come to tell."""

    async def open(self) -> None:
        """Make the file. Raises NoSpace, ChatError."""
        step = partial(disk.create, self._directory, self.id, self._free + self._promise.most)
        self._descriptor = await self._on_disk(step)

    async def write(self, data: bytes) -> None:
        """Some more of it. Raises TooLarge or NoSpace where it is too much, WrongKind as soon as that
        shows."""
        self.size += len(data)
        if self.size > self._promise.most:
            raise self._promise.over
        self._waiting.append(data)
        self._queued += len(data)
        if not self.kind and self.size >= HEAD:
            self._look()
        if self._queued >= BLOCK:
            await self._flush()

    async def finish(self) -> None:
        """There is no more: it is on the disk. Raises as `write` does, and UsageError where nothing came."""
        if not self.size:
            raise UsageError("There is nothing in that file.")
        if not self.kind:
            self._look()
        await self._flush()
        descriptor, self._descriptor = self._descriptor, -1
        await self._on_disk(partial(disk.complete, descriptor, self._directory, self.id))

    async def discard(self) -> None:
        """It is not wanted, or not coming: nothing of it is left."""
        names = (self.id, f"{self.id}{disk.PART}")
        descriptor, self._descriptor = self._descriptor, -1
        self._waiting.clear()
        await self._threads.do(partial(disk.throw_away, self._directory, names, descriptor))

    def _look(self) -> None:
        self.kind = kind_of(b"".join(self._waiting)[:HEAD], self._said)
        if not self._takes(self.kind):
            raise WrongKind(f"Files of this kind are not taken here: it is {self.kind.partition(';')[0]}.")

    async def _flush(self) -> None:
        data, self._waiting, self._queued = b"".join(self._waiting), [], 0
        if data:
            await self._on_disk(partial(disk.append, self._descriptor, data, self._directory, self._free))

    async def _on_disk(self, step: Callable[[], int | None]) -> int:
        try:
            return await self._threads.do(step) or 0
        except disk.Full as error:
            raise NoSpace(NO_ROOM) from error
        except OSError as error:
            if error.errno in disk.NO_SPACE:
                raise NoSpace(NO_ROOM) from error
            raise ChatError(f"The house cannot keep files just now: {error.strerror}.") from error
