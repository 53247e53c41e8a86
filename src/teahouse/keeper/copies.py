"""`teahouse backup`. Rule: a file that is there already is not written over unless that is asked for, and the house's
own never.
"""

from __future__ import annotations

from pathlib import Path

import click

from teahouse.cli import Trouble
from teahouse.keeper.opening import Place, copy, of_a_house

FORCE = click.option("--force", is_flag=True, help="Write over a file that is there already.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@FORCE
@of_a_house
def backup(place: Place, file: Path, force: bool) -> None:
    """Copy everything the house keeps into FILE, as it is at this moment; the house may be open."""
    must_be_free(place, file, force=force)
    copy(place, file)
    click.echo(f"{file} has everything that is in {place.path.parent}: {file.stat().st_size:,} bytes.")


def must_be_free(place: Place, file: Path, *, force: bool) -> None:
    """Raise Trouble if the file may not be written."""
    own = {place.path.with_name(place.path.name + end).resolve() for end in ("", "-wal", "-shm")}
    if file.resolve() in own | {place.path.with_name("lock").resolve()}:
        raise Trouble(f"{file} is a file of the house itself: choose another.")
    if file.is_dir():
        raise Trouble(f"{file} is a directory: name a file in it.")
    if file.exists() and not force:
        raise Trouble(f"{file} is there already: --force writes over it.")
    if not file.absolute().parent.is_dir():
        raise Trouble(f"There is no directory {file.absolute().parent}.")
