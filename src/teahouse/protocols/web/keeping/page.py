"""The status page, as it is without a script. Rule: every number stands in it as text; whatever comes from people is
escaped where it is put in, and nothing is put into a tag.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any, NamedTuple

from teahouse.protocols.web.keeping.words import SAYS, count, late, span
from teahouse.text import clean, show_size


class Chart(NamedTuple):
    """One of the last hour: its column, what it is called, how its numbers are said, and the way it is drawn."""

    column: str
    title: str
    says: str
    drawn: str
    short: str


CHARTS = (
    Chart("messages", "Messages a minute", "count", "bars", "messages"),
    Chart("people", "People in the house", "count", "line", "people"),
    Chart("requests", "Requests a minute", "count", "bars", "requests"),
    Chart("memory", "Memory", "size", "line", "memory"),
    Chart("lateness", "Worst delay of a minute", "late", "line", "worst delay"),
    Chart("waiting_bytes", "Waiting for slow readers", "size", "line", "waiting"),
)

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{house}: status</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<meta name="theme-color" content="#1f3d31" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#0f1613" media="(prefers-color-scheme: dark)">
<link rel="icon" href="icons/logo.svg" type="image/svg+xml">
<link rel="stylesheet" href="style/tokens.css">
<link rel="stylesheet" href="style/pages.css">
<link rel="stylesheet" href="style/status.css">
<script type="module" src="status/main.js"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the numbers</a>
<header class="band"><div class="inner"><a class="name" href="./"><span class="logo" aria-hidden="true"></span><span>{house}</span></a><nav aria-label="Pages"><a href="./">Chat</a><a href="status" aria-current="page">Status</a></nav></div></header>
<main id="main" class="inner" tabindex="-1">
<div class="lead"><div><h1>How the house is doing</h1>
<p class="soft">As of <time id="at" datetime="{at}">{clock} UTC</time><span id="live"></span></p></div>
<button class="quiet" id="pause" type="button" hidden>Pause</button></div>
<p id="trouble" class="trouble" role="status"></p>
<dl class="tiles">{tiles}</dl>
<div class="panels">{charts}</div>
<div class="panels two">
<section class="panel"><h2>Connections by protocol</h2>{protocols}</section>
<section class="panel"><h2>Rooms</h2>{rooms}</section></div>
<details class="panel table"><summary>The last hour as a table</summary>
<div class="scroll" role="region" aria-label="The last hour, minute by minute" tabindex="0">{hour}</div></details>
</main>
<footer class="inner soft">Numbers only: nobody's name or address is on this page. For programs: <a href="status.json">status.json</a>.</footer>
</body>
</html>
"""  # noqa: E501  HTML has no place for a line end inside a line of text


def page(seen: Mapping[str, Any]) -> str:
    """The page with what was seen."""
    return PAGE.format(
        house=text(seen["house"]),
        at=text(seen["at"]),
        clock=text(seen["at"][11:19]),
        tiles="".join(map(_tile, tiles(seen))),
        charts="".join(_chart(chart, seen["hour"][chart.column]) for chart in CHARTS),
        protocols=_bars("protocols", "protocol", "connections", rows(seen["protocols"], "name", "count")),
        rooms=_bars("rooms", "room", "people", rows(seen["rooms"]["shown"], "name", "people")),
        hour=_hour(seen["hour"]),
    )


def text(value: object) -> str:
    """Anything, as it may stand in a page."""
    return escape(clean(str(value)).replace("\n", " "))


def tiles(seen: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """The numbers on top: a name for the script, what it is, the number, and what belongs to it."""
    people, late_, waiting = seen["people"], seen["lateness"], seen["waiting"]
    who = f"{people['account']:,} with an account, {people['guest']:,} guests, {people['bot']:,} bots"
    return [
        ("people", "People here", count(people["here"]), f"{who}; at most {people['most']:,}"),
        ("messages", "Messages", count(seen["messages"]), "since the house opened"),
        (
            "uptime",
            "Open for",
            span(seen["uptime"]),
            f"since {seen['since'][:10]} {seen['since'][11:16]} UTC",
        ),
        ("requests", "Requests served", count(seen["requests"]), "over HTTP, since it opened"),
        ("memory", "Memory", show_size(seen["memory"]), _many(seen["connections"], "connection")),
        ("lateness", "Lateness", late(late_["p99"]), f"99 of 100 calls; half within {late(late_['p50'])}"),
        (
            "waiting",
            "Waiting to be stored",
            _turns(waiting["turns"]),
            f"{show_size(waiting['bytes'])} to slow readers",
        ),
        ("rooms", "Rooms", count(seen["rooms"]["all"]), "those that are not hidden"),
    ]


def _turns(number: int) -> str:
    return _many(number, "turn") if number else "nothing"


def _many(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _tile(tile: tuple[str, str, str, str]) -> str:
    name, title, value, note = map(text, tile)
    return f'<div class="tile" data-tile="{name}"><dt>{title}</dt><dd><b>{value}</b> <span>{note}</span></dd></div>'


def _chart(chart: Chart, values: list[float]) -> str:
    says = SAYS[chart.says]
    now = "this minute so far" if chart.drawn == "bars" else "now"
    said = f"{now} {says(values[-1])}, at most {says(max(values))} in the last {_minutes(len(values))}"
    return (
        f'<section class="panel" data-chart="{chart.column}" data-says="{chart.says}" data-drawn="{chart.drawn}">'
        f'<h2>{chart.title}</h2><p class="soft">{said}</p><div class="plot"></div></section>'
    )


def _minutes(number: int) -> str:
    return "hour" if number >= 60 else "minute" if number == 1 else f"{number} minutes"


def rows(found: Iterable[Mapping[str, Any]], name: str, value: str) -> list[tuple[str, int]]:
    """Pairs of a name and a number."""
    return [(each[name], each[value]) for each in found]


def _bars(id_: str, what: str, of: str, found: list[tuple[str, int]]) -> str:
    body = "".join(
        f'<tr><th scope="row">{text(name)}</th><td>{count(value)}</td></tr>' for name, value in found
    )
    none = "" if found else '<tr><td colspan="2">Nobody, just now.</td></tr>'
    head = f'<tr><th scope="col">{what}</th><th scope="col">{of}</th></tr>'
    return f'<table class="bars" id="{id_}"><thead>{head}</thead><tbody>{body}{none}</tbody></table>'


def _hour(hour: Mapping[str, list[float]]) -> str:
    """Newest first: that is what one looks for."""
    head = "".join(f'<th scope="col">{chart.short}</th>' for chart in CHARTS)
    lines = []
    for ago in range(len(hour["messages"])):
        cells = "".join(f"<td>{SAYS[chart.says](hour[chart.column][-1 - ago])}</td>" for chart in CHARTS)
        when = "this minute" if not ago else f"{ago} min ago"
        lines.append(f'<tr><th scope="row">{when}</th>{cells}</tr>')
    return (
        f'<table id="hour"><thead><tr><th scope="col">when</th>{head}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table>"
    )
