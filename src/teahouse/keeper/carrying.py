"""`teahouse export` and `teahouse import`. Rule: a file is looked through to its end before anything of it is taken;
those who talk meanwhile come first.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Any

import click

from teahouse.cli import Trouble
from teahouse.events import Event
from teahouse.keeper.copies import FORCE, must_be_free
from teahouse.keeper.described import LONGEST, BadLine, event_in, line_of
from teahouse.keeper.opening import Kept, Place, of_a_house, opened
from teahouse.store import MOST, StoreError
from teahouse.text import fold

AT_ONCE = 500
"""Events in one transaction of an import: some 5 ms, in which nobody else writes."""


@click.command("export")
@click.argument("rooms", nargs=-1, metavar="ROOM...")
@click.option("--all", "every", is_flag=True, help="All rooms of which something is kept.")
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write there, for its owner only."
)
@FORCE
@of_a_house
def export(place: Place, rooms: tuple[str, ...], every: bool, output: Path | None, force: bool) -> None:
    """Write what was said in rooms, an event a line (JSON), to standard output or a file."""
    if bool(rooms) == every:
        raise click.UsageError("Name rooms, or say --all.")
    if output is not None:
        must_be_free(place, output, force=force)
    with opened(place) as kept:
        keys = _rooms(kept, rooms)
        with _written(output) as out, _bar(len(keys) * 1_000, "exporting") as bar:
            count = sum(_export(kept, key, out, bar) for key in keys)
    click.echo(f"Exported: {_many(count, 'event')} of {_many(len(keys), 'room')}.", err=True)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@of_a_house
def import_(place: Place, file: Path) -> None:
    """Take in what an export wrote to FILE ("-": standard input); what is there already stays as it is."""
    with _readable(file) as lines:
        size = lines.seek(0, 2)
        with _bar(size, "looking") as bar:
            total = sum(1 for _ in _events(lines, bar))
        with opened(place, new=True) as kept, _bar(size, "importing") as bar:
            new = _import(kept, _events(lines, bar), total)
    there = f"; already there: {total - new:,}" if total > new else ""
    click.echo(f"Imported: {_many(new, 'event')}{there}.")


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


# ---- out ---------------------------------------------------------------------------------------------------


def _rooms(kept: Kept, named: tuple[str, ...]) -> list[str]:
    there = kept.wait(kept.store.rooms_with_lines())
    keys = list(dict.fromkeys(map(fold, named))) if named else sorted(there)
    for key in keys:
        if key not in there:
            raise Trouble(f"Nothing is kept of a room {key}.")
    return keys


def _export(kept: Kept, key: str, out: IO[bytes], bar: Any) -> int:
    """One room; it is a thousand steps of the bar, by the ids, which go with time."""
    last = next((event.id for event in kept.store.recent(key, 1)), 0)
    count = after = done = 0
    first = None
    while page := kept.wait(kept.store.history(key, MOST, after=after)):
        out.writelines(line_of(event) for event in page)
        after, count = page[-1].id, count + len(page)
        first = page[0].id if first is None else first
        step = 1_000 * (after - first) // max(1, last - first)
        bar.update(min(step, 1_000) - done)
        done = min(step, 1_000)
    bar.update(1_000 - done)
    return count


@contextmanager
def _written(output: Path | None) -> Iterator[IO[bytes]]:
    """Standard output, or a file that has its name once it is complete."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    unfinished = output.with_name(f"{output.name}.part")
    unfinished.unlink(missing_ok=True)
    try:
        with open(unfinished, "xb", opener=_private) as out:
            yield out
        unfinished.replace(output)
    except OSError as error:
        raise Trouble(f"{output} is not written: {error.strerror}.") from None
    finally:
        unfinished.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


# ---- in ----------------------------------------------------------------------------------------------------


@contextmanager
def _readable(file: Path) -> Iterator[IO[bytes]]:
    """The file; a pipe is taken down first, as everything is read twice."""
    try:
        if str(file) != "-":
            with file.open("rb") as lines:
                yield lines
            return
        with tempfile.TemporaryFile() as lines:
            shutil.copyfileobj(sys.stdin.buffer, lines)
            yield lines
    except OSError as error:
        raise Trouble(f"{file} cannot be read: {error.strerror}.") from None


def _events(lines: IO[bytes], bar: Any) -> Iterator[Event]:
    lines.seek(0)
    number = 0
    while line := lines.readline(LONGEST + 2):
        number += 1
        if line.strip():
            try:
                yield event_in(line.rstrip(b"\r\n"))
            except BadLine as error:
                raise Trouble(f"Line {number:,}: {error}. Nothing is imported.") from None
        bar.update(len(line))


def _import(kept: Kept, events: Iterable[Event], total: int) -> int:
    new = done = 0
    coming = iter(events)
    try:
        while batch := list(islice(coming, AT_ONCE)):
            began = time.monotonic()
            new += kept.wait(kept.store.restore(batch))
            done += len(batch)
            time.sleep(time.monotonic() - began)  # as long again, for those who talk in the house
    except StoreError as error:
        raise Trouble(
            f"{error} {done:,} of {total:,} events are in the house now. Import the file again when that is "
            "mended: what is in stays as it is."
        ) from None
    return new


def _bar(length: int, label: str) -> Any:
    """How far it is, on standard error, where that is a terminal."""
    return click.progressbar(
        length=max(1, length), label=label, file=sys.stderr, hidden=not sys.stderr.isatty()
    )
