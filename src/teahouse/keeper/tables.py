"""A table on a terminal. Rule: whatever stands in a cell, a row is one line, and columns stand below each other."""

from __future__ import annotations

from collections.abc import Sequence

import click

from teahouse.text import clean, pad, width


def show(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print it. The last column may be as long as it likes."""
    lines = [tuple(map(clean, row)) for row in (head, *rows)]
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        click.echo("  ".join(map(pad, line, widths)).rstrip())
