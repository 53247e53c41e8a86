"""Answers with rows and columns. Rule: columns line up for eyes; for ears each row is one sentence that names what
its values are.
"""

from __future__ import annotations

from collections.abc import Iterator

from teahouse.events import Table
from teahouse.protocols.terminal.fitting import fitted
from teahouse.protocols.terminal.theme import paint
from teahouse.protocols.terminal.view import TerminalView
from teahouse.text import clean, pad, width

WIDEST = 32
NARROWEST = 20
"""Columns that the last column needs to be broken into lines of its own."""
GAP = "  "


def table_lines(table: Table, view: TerminalView) -> Iterator[str]:
    """The lines of a table."""
    rows = [tuple(clean(cell) for cell in row) for row in table.rows]
    yield paint(clean(table.title), "title", view)
    yield from _sentences(table.columns, rows) if view.reader else _columns(rows, view.width)


def _stacked(rows: list[tuple[str, ...]], columns: int) -> Iterator[str]:
    """For a screen too narrow for columns: the first cell on a line of its own, the others below it."""
    for first, *others in rows:
        yield from fitted(GAP + first, columns, GAP * 2)
        below = GAP.join(filter(None, others))
        if below:
            yield from fitted(GAP * 2 + below, columns, GAP * 2)


def _sentences(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    for first, *others in rows:
        named = [f"{name} {cell}" for name, cell in zip(columns[1:], others, strict=True) if cell]
        yield f"{', '.join([first, *named])}."


def _columns(rows: list[tuple[str, ...]], columns: int) -> Iterator[str]:
    """All but the last column are padded, to the widest cell that is not out of all measure; the last one hangs."""
    if not rows:
        return
    wide = [min(WIDEST, max(width(row[i]) for row in rows)) for i in range(len(rows[0]) - 1)]
    hanging = sum(wide) + len(GAP) * (len(wide) + 1)
    narrow = bool(columns) and columns - hanging < NARROWEST
    if narrow and any(hanging + width(row[-1]) > columns for row in rows):
        yield from _stacked(rows, columns)
        return
    indent = GAP * 2 if narrow else " " * hanging
    for row in rows:
        cells = [
            cell if width(cell) > size else pad(cell, size) for cell, size in zip(row, wide, strict=False)
        ]
        yield from fitted((GAP + GAP.join([*cells, row[-1]])).rstrip(), columns, indent)
