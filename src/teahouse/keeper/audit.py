"""`teahouse audit`. Rule: it only looks; what is shown has addresses in it, and is for those who keep the house."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import islice, takewhile
from typing import Any

import click

from teahouse.keeper.opening import Kept, Place, of_a_house, opened
from teahouse.keeper.tables import show
from teahouse.store import Act
from teahouse.text import fold, parse_moment

AT_ONCE = 500
HEAD = ("number", "when (UTC)", "by", "what", "about", "room", "from", "reason")


@click.command()
@click.option("--what", default="", help="Acts of this kind: ban, kick, report …")
@click.option("--by", default="", metavar="NICK", help="What one did.")
@click.option("--about", default="", metavar="NICK", help="What was done about one, or about a mask.")
@click.option("--room", default="", metavar="ROOM", help="What was done in a room.")
@click.option("--since", metavar="WHEN", help="2d, 14:00, 2026-11-20 …")
@click.option("--count", default=50, show_default=True, type=click.IntRange(1), help="The newest, so many.")
@click.option("--json", "as_json", is_flag=True, help="An act a line, as JSON.")
@of_a_house
def audit(place: Place, since: str | None, count: int, as_json: bool, **wanted: str) -> None:
    """Show what was done to keep order, the newest last."""
    after = _moment(since)
    wanted["room"] = wanted["room"].removeprefix("#")
    with opened(place) as kept:
        newest = takewhile(lambda act: act.at >= after, _newest_first(kept, wanted))
        found = list(islice(newest, count))[::-1]
    if as_json:
        for act in found:
            click.echo(json.dumps(asdict(act) | {"at": act.at.isoformat()}))
    elif found:
        show(HEAD, [_row(act) for act in found])
    else:
        click.echo("Nothing like that was done.", err=True)


def _newest_first(kept: Kept, wanted: dict[str, Any]) -> Iterator[Act]:
    """All that fit, asked for page by page."""
    before = 0
    while page := kept.wait(kept.store.acts(**wanted, before=before, count=AT_ONCE)):
        yield from page
        before = page[-1].number


def _moment(since: str | None) -> datetime:
    if since is None:
        return datetime.fromtimestamp(0, UTC)
    try:
        return parse_moment(since, datetime.now(UTC))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--since") from None


def _row(act: Act) -> tuple[str, ...]:
    by = act.by if act.account in {"", fold(act.by)} else f"{act.by} ({act.account})"
    settled = f"(report {act.settles})" if act.settles else ""
    reason = " ".join(filter(None, (act.reason, settled, act.detail)))
    when = f"{act.at:%Y-%m-%d %H:%M:%S}"
    return str(act.number), when, by, act.what, act.about, act.room, act.address, reason
