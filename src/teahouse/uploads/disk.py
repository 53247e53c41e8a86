"""What touches the disk. Rule: in threads of its own, never on the reactor's; each call here is one short step, and
files are their owner's alone (0600, in a directory with 0700).
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from teahouse.runtime import Runtime, Waiter

T = TypeVar("T")
THREADS = 2
NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
PART = ".part"
"""The ending of a file that is not whole yet."""


class Full(OSError):
    """As much is on the disk as may be."""


class Disk:
    """Runs steps in its threads. `at_once`: on this one, for tests whose time stands still."""

    def __init__(self, runtime: Runtime, *, at_once: bool = False) -> None:
        self._runtime = runtime
        self._at_once = at_once
        self._pool: ThreadPoolExecutor | None = None

    async def do(self, step: Callable[[], T]) -> T:
        """What the step gives, or raises."""
        if self._at_once:
            return step()
        if self._pool is None:
            self._pool = ThreadPoolExecutor(THREADS, "teahouse-uploads")
        waiter: Waiter[T] = self._runtime.waiter()
        self._pool.submit(self._run, step, waiter)
        return await waiter

    def _run(self, step: Callable[[], T], waiter: Waiter[T]) -> None:
        answer: Callable[[], None]
        try:
            answer = partial(waiter.callback, step())
        except Exception as error:  # noqa: BLE001  it is raised where the step is awaited
            answer = partial(waiter.errback, error)
        self._runtime.from_thread(answer)

    def stop(self) -> None:
        """Let the threads go, after what they have begun."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)


def create(directory: Path, id_: str, free: int) -> int:
    """Begin a file; its descriptor. Raises OSError, Full."""
    directory.mkdir(mode=0o700, exist_ok=True)
    check_space(directory, free)
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW
    return os.open(directory / f"{id_}{PART}", flags, 0o600)


def append(descriptor: int, data: bytes, directory: Path, free: int) -> None:
    """Write all of it behind what is there. Raises OSError, Full."""
    check_space(directory, free + len(data))
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def complete(descriptor: int, directory: Path, id_: str) -> None:
    """The file is whole: have it safe on the disk under its name. Raises OSError. Closes the descriptor."""
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    (directory / f"{id_}{PART}").rename(directory / id_)
    folder = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def throw_away(directory: Path, names: Iterable[str], descriptor: int = -1) -> None:
    """These files are no more; those that were none are no error."""
    with suppress(OSError):
        if descriptor >= 0:
            os.close(descriptor)
    for name in names:
        with suppress(OSError):
            (directory / name).unlink()


def listed(directory: Path) -> Collection[str]:
    """The names of all files there."""
    try:
        return [each.name for each in directory.iterdir()]
    except FileNotFoundError:
        return []


def read(path: Path, start: int, count: int) -> bytes:
    """A piece of a file. Raises OSError."""
    with path.open("rb", buffering=0) as file:
        file.seek(start)
        return file.read(count)


def check_space(directory: Path, free: int) -> None:
    """Raise Full if less than so many bytes are free there."""
    if shutil.disk_usage(directory).free < free:
        raise Full
