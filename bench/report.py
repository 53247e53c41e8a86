"""From runs to something to read: a Markdown table, the JSON behind it, and a plot."""

from __future__ import annotations

import json
import statistics
from pathlib import Path
from typing import Any

from bench import plot
from bench.cases import CASES, START, Figure

NOISY = 25.0
"""Per cent of a CPU for others from which on it is said."""
FLOORS = {"back_to_back": "back to back", "paced": "paced"}


def summary(runs: list[dict[str, Any]], figure: Figure) -> tuple[float, float, float] | None:
    """Median, smallest and largest; None where the figure was not measured."""
    values = [run[figure.key] * figure.scale for run in runs if figure.key in run]
    return (statistics.median(values), min(values), max(values)) if values else None


def write(result: dict[str, Any], folder: Path) -> str:
    """Write all three; return the table."""
    folder.mkdir(exist_ok=True)
    text = table(result)
    (folder / "latest.json").write_text(json.dumps(result, indent=1) + "\n")
    (folder / "latest.md").write_text(text)
    (folder / "latest.svg").write_text(plot.draw(panels(result)))
    return text


def table(result: dict[str, Any]) -> str:
    """One row for each figure: what we aim at, then each server."""
    names = list(result["servers"])
    about = result["machine"]
    floors = [
        f"{result['floor'][name]:.2f} µs {words}" for name, words in FLOORS.items() if name in result["floor"]
    ]
    lines = [
        f"{about['cpus']}; {about['system']}; commit {about['commit']}, {about['date']}.",
        f"A bare `send` from Python to each of 1,000 sockets: {', '.join(floors) or 'not measured'}.",
        "",
    ]
    rows = [["", "aim", *names]]
    for case in (*CASES, START):
        for figure in case.figures:
            cells = [_cell(result["servers"][name].get(case.name, []), figure) for name in names]
            if any(cells):
                rows.append([f"{figure.title}, {figure.unit}", _aim(figure), *cells])
    lines += _aligned(rows)
    every = [run for cases in result["servers"].values() for runs in cases.values() for run in runs]
    worst = max([0.0, *(run["foreign_cpu_pct"] for run in every)])
    lines += [
        "",
        f"Median (smallest–largest). Other processes took at most {worst:.0f} % of a CPU during a run.",
    ]
    lines += [f"FAULT {fault}" for fault in result.get("faults", ())]
    if worst > NOISY:
        lines.append(
            "The machine was not quiet: believe CPU rather than rates and times, and those only roughly."
        )
    if result.get("missing"):
        lines.append(f"Not installed, and so not measured: {', '.join(result['missing'])}.")
    return "\n".join(lines) + "\n"


def _aligned(rows: list[list[str]]) -> list[str]:
    """Rows of a Markdown table, the first being its head, so that they can be read as they stand, too."""
    widths = [max(3, *map(len, column)) for column in zip(*rows, strict=True)]
    rows = [rows[0], ["-" * width for width in widths], *rows[1:]]
    return [
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |"
        for row in rows
    ]


def _aim(figure: Figure) -> str:
    return f"{'≥' if figure.more_is_better else '≤'} {figure.aim:g}" if figure.aim else ""


def _cell(runs: list[dict[str, Any]], figure: Figure) -> str:
    found = summary(runs, figure)
    if not found:
        return ""
    median, least, most = map(_number, found)
    return median if least == most else f"{median} ({least}–{most})"


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def panels(result: dict[str, Any]) -> list[plot.Panel]:
    """A panel for each figure that has an aim, among them the price of a send beside its floor."""
    drawn = []
    for case in (*CASES, START):
        for figure in case.figures:
            found = {n: summary(runs.get(case.name, []), figure) for n, runs in result["servers"].items()}
            bars = [plot.Bar(name, *values) for name, values in found.items() if values]
            if figure.key == "of_floor":
                bars.append(plot.Bar("bare send", 1.0, 1.0, 1.0))
            if not figure.aim:
                continue
            if bars:
                drawn.append(
                    plot.Panel(f"{figure.title}, {figure.unit}", bars, figure.aim, figure.more_is_better)
                )
    return drawn
