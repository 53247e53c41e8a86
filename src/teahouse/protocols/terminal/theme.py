"""Colour, by what a thing is. Rule: colour repeats what the words say already, it never says it alone."""

from __future__ import annotations

from functools import lru_cache
from zlib import crc32

from teahouse.protocols.terminal.view import TerminalView

THEMES = ("dark", "light", "plain")
"""By the ground that colours stand on; `plain` has bold and dim only."""

RESET = "\x1b[0m"
_STYLES = {
    "dark": {"dim": "2", "error": "91", "title": "1", "mention": "1;93"},
    "light": {"dim": "2", "error": "31", "title": "1", "mention": "1;35"},
    "plain": {"dim": "2", "error": "1", "title": "1", "mention": "1"},
}
_NICKS_16 = {"dark": (91, 92, 93, 94, 95, 96, 36, 32, 35), "light": (31, 32, 34, 35, 36, 91, 95)}
_NICKS_256 = {
    "dark": (39, 43, 75, 78, 80, 105, 112, 114, 135, 140, 150, 168, 173, 176, 180, 203, 208, 211, 214, 221),
    "light": (20, 22, 25, 28, 30, 54, 57, 61, 64, 88, 90, 94, 124, 125, 127, 130, 131, 160, 162, 166),
}


def paint(text: str, style: str, view: TerminalView) -> str:
    """The text in a style."""
    return f"\x1b[{_STYLES[view.theme][style]}m{text}{RESET}" if view.colours and text else text


def paint_nick(nick: str, view: TerminalView) -> str:
    """A nick in a colour of its own, the same everywhere."""
    return _painted_nick(nick, view.colours, view.theme) if view.colours else nick


@lru_cache(maxsize=4096)
def _painted_nick(nick: str, colours: int, theme: str) -> str:
    if theme == "plain":
        return f"\x1b[1m{nick}{RESET}"
    number = crc32(nick.casefold().encode("utf-8", "replace"))
    if colours < 256:
        palette = _NICKS_16[theme]
        return f"\x1b[{palette[number % len(palette)]}m{nick}{RESET}"
    palette = _NICKS_256[theme]
    return f"\x1b[38;5;{palette[number % len(palette)]}m{nick}{RESET}"
