"""What the user's terminal is, as the server may know it. Rule: it claims nothing that it does not have."""

from __future__ import annotations

import curses
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO

DUMB = frozenset({"", "dumb", "unknown"})
ANSI, UTF_8, COLOURS_256, TRUECOLOUR = 1, 4, 8, 256  # tintin.mudhalla.net/protocols/mtts
MILLIONS = 1 << 24


@dataclass(frozen=True, slots=True)
class Terminal:
    """A terminal, or what stands in its place."""

    name: str = "dumb"
    colours: int = 0
    utf8: bool = True
    size: tuple[int, int] | None = None
    """Columns and rows; None where there is no window."""

    @property
    def mtts(self) -> int:
        """The bits of the Mud Terminal Type Standard."""
        bits = UTF_8 if self.utf8 else 0
        bits |= ANSI if self.colours >= 8 else 0
        bits |= COLOURS_256 if self.colours >= 256 else 0
        return bits | (TRUECOLOUR if self.colours >= MILLIONS else 0)


def is_dumb(environ: Mapping[str, str]) -> bool:
    """Whether the terminal cannot even move its cursor."""
    return environ.get("TERM", "").lower() in DUMB


def terminal(stream: TextIO, environ: Mapping[str, str]) -> Terminal:
    """What there is behind a stream."""
    utf8 = (stream.encoding or "").lower().replace("-", "") == "utf8"
    if not stream.isatty():
        return Terminal(utf8=utf8)
    name = environ.get("TERM") or "dumb"
    return Terminal(name, _colours(name, stream, environ), utf8, _size(stream))


def _colours(name: str, stream: TextIO, environ: Mapping[str, str]) -> int:
    if environ.get("NO_COLOR") or name in DUMB:  # no-color.org
        return 0
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return MILLIONS
    try:
        curses.setupterm(name, stream.fileno())
        return max(curses.tigetnum("colors"), 0)
    except curses.error:  # a name that this machine has no description of
        return 256 if "256color" in name else 16


def _size(stream: TextIO) -> tuple[int, int] | None:
    try:
        columns, rows = os.get_terminal_size(stream.fileno())
    except OSError:
        return None
    return columns, rows
