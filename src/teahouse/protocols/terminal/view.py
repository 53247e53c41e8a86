"""What a terminal can show. Rule: no more fields than change bytes, for people with equal views share a rendering."""

from __future__ import annotations

from dataclasses import dataclass

from teahouse.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalView(View):
    """A terminal, or what stands for one."""

    colours: int = 0
    """How many: 0, 16 or 256."""
    theme: str = "dark"
    """Which colours: one of `theme.THEMES`."""
    width: int = 0
    """Columns to wrap at; 0 where the client wraps, or its width is not known."""
    ascii: bool = False
    """Nothing beyond ASCII arrives there."""
    times: bool = False
    """Whether each line begins with the time it was said."""
    joins: bool = True
    """Whether comings and goings are shown."""
    reader: bool = False
    """A screen reader reads it out: one thing a line, no drawing, nothing said by colour or place alone."""
