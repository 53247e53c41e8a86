"""Where the house keeps what it keeps. Rule: one house in a directory, and only its owner can look in."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from secrets import token_bytes

from teahouse.store.records import StoreUnusable

NOWHERE = ":memory:"
FILE = "teahouse.db"
SECRET_BYTES = 32


def file_in(directory: str) -> Path | None:
    """The store's file in a directory; None where nothing is kept. "" is what the environment's TEAHOUSE_DATA
    says, or the platform's own place for such things."""
    directory = directory or os.environ.get("TEAHOUSE_DATA", "")
    if directory == NOWHERE:
        return None
    if directory:
        return Path(directory).expanduser() / FILE
    from platformdirs import user_data_path  # noqa: PLC0415  only who asks for the default needs it

    return user_data_path("teahouse") / FILE


class Claim:
    """A directory that is taken for one house. Raises StoreUnusable when another house runs in it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        try:
            for each in (*reversed(directory.parents), directory):
                each.mkdir(
                    mode=0o700, exist_ok=True
                )  # those above it too: with `parents` they would be anybody's
            self._handle = os.open(directory / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        except FileExistsError as error:
            raise StoreUnusable(f"{error.filename} is a file: --data wants a directory.") from error
        except OSError as error:
            raise StoreUnusable(
                f"{error.filename or directory}: {error.strerror}. --data names another directory for the house."
            ) from error
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._handle)
            raise StoreUnusable(
                f"another house has its data in {directory}: stop it, or give this one another place with --data."
            ) from None

    def secret(self) -> bytes:
        """Random bytes of this house's own, the same each time it opens.

        They are in a file of their own, which no backup has: a house without it, or on a full disk, has others.
        """
        path = self.directory / "secret"
        found = b""
        with suppress(OSError):
            found = path.read_bytes()
        if len(found) != SECRET_BYTES:  # there is none, or the power went while it was written
            found = token_bytes(SECRET_BYTES)
            with suppress(OSError), open(path, "wb", opener=_private) as file:
                file.write(found)
        return found

    def release(self) -> None:
        """Let another house have it. The end of the process does so too."""
        os.close(self._handle)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
