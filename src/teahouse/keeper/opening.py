"""What a house keeps, opened from outside it. Rule: the only place here that knows which store there is; what is
asked of a house that is not there makes none.
"""

from __future__ import annotations

import fcntl
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TypeVar

import click

from teahouse import config
from teahouse.cli import DATA, Trouble
from teahouse.keeper.turning import Turning
from teahouse.running.data import file_in
from teahouse.settings import Settings
from teahouse.store import Store, StoreError

T = TypeVar("T")
Command = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a house keeps what it keeps, and its settings."""

    path: Path
    settings: Settings

    def must_be_there(self) -> None:
        """Raise Trouble if nothing is kept there."""
        try:
            there = self.path.exists()
        except OSError as error:
            raise Trouble(f"{self.path} cannot be read: {error.strerror}.") from None
        if not there:
            raise Trouble(f"There is no house in {self.path.parent}: name its directory with --data.")

    def is_open(self) -> bool:
        """Whether a house runs there just now."""
        try:
            with self.path.with_name("lock").open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False


class Kept:
    """The store of a house, and a way to wait for its answers."""

    def __init__(self, store: Store, runtime: Turning) -> None:
        self.store = store
        self.runtime = runtime

    def wait(self, awaitable: Awaitable[T]) -> T:
        """What it brings, or raises."""
        return self.runtime.wait(awaitable)


@contextmanager
def opened(place: Place, *, new: bool = False) -> Iterator[Kept]:
    """The store, for a while; where there is none, it is made only if that is asked for.

    What the store cannot do is Trouble.
    """
    from teahouse.store.sqlite.migrating import is_older  # noqa: PLC0415  not for --help
    from teahouse.store.sqlite.store import SqliteStore  # noqa: PLC0415

    if not new:
        place.must_be_there()
    runtime = Turning()
    try:
        if is_older(place.path) and place.is_open():
            raise Trouble(
                "The house that is open is of an older version than this command: open it anew first."
            )
        store = SqliteStore(place.path, runtime, pace=0)
        try:
            yield Kept(store, runtime)
        finally:
            store.close()
    except StoreError as error:
        raise Trouble(str(error)) from None


def copy(place: Place, target: Path) -> None:
    """Copy the whole, as it is at this moment. Raises Trouble, and then there is no copy.

    It only reads: it works too where the disk of the house is full.
    """
    import sqlite3  # noqa: PLC0415  as above

    from teahouse.store.sqlite import copying, files, migrating  # noqa: PLC0415

    place.must_be_there()
    try:
        files.check(place.path, max(migrating.shipped()))
        copying.copy(place.path, target)
    except StoreError as error:
        raise Trouble(str(error)) from None
    except (OSError, sqlite3.Error) as error:
        raise Trouble(f"No copy was made: {getattr(error, 'strerror', None) or error}.") from None


def of_a_house(command: Command) -> Command:
    """Give a command the options that say which house it is about, and itself the `Place`."""

    @wraps(command)
    def found(*args: object, data: str | None, config_file: str | None, **more: object) -> None:
        command(*args, place=_place(data, config_file), **more)

    takes_file = click.option(
        "--config", "config_file", metavar="FILE", help="The house's configuration: its [data] says where."
    )
    return DATA(takes_file(found))


def _place(data: str | None, config_file: str | None) -> Place:
    try:
        settings = config.load(config_file) if config_file else Settings()
    except config.ConfigError as error:
        raise Trouble(*error.problems) from None
    path = file_in(data or settings.data.directory)
    if path is None:
        raise Trouble(
            'A house that keeps its data ":memory:" has none outside: name a directory with --data.'
        )
    return Place(path, settings)
