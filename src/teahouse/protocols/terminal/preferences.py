"""What a person can set about their terminal. Rule: each is one field of the view, by a name that says it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from teahouse.errors import UsageError
from teahouse.link import Preference
from teahouse.protocols.terminal.theme import THEMES
from teahouse.protocols.terminal.view import TerminalView
from teahouse.text import nearest


@dataclass(frozen=True, slots=True)
class _Setting:
    field: str
    choices: str
    help: str
    read: Callable[[str], Any]
    show: Callable[[Any], str]


def _switch(word: str) -> bool:
    return {"on": True, "yes": True, "true": True, "off": False, "no": False, "false": False}[word]


def _on_off(value: bool) -> str:
    return "on" if value else "off"


def _colours(word: str) -> int:
    return {"off": 0, "no": 0, "on": 16, "16": 16, "256": 256}[word]


def _theme(word: str) -> str:
    return THEMES[THEMES.index(word)]


def _width(word: str) -> int:
    if word == "off":
        return 0
    columns = int(word)
    if not 20 <= columns <= 500:
        raise ValueError
    return columns


_SETTINGS = {
    "colour": _Setting(
        "colours", "off, 16 or 256", "colours to use", _colours, lambda n: str(n) if n else "off"
    ),
    "theme": _Setting("theme", "dark, light or plain", "the ground that colours stand on", _theme, str),
    "width": _Setting(
        "width", "off, or 20 to 500", "columns to wrap at", _width, lambda n: str(n) if n else "off"
    ),
    "time": _Setting("times", "on or off", "when each line was said", _switch, _on_off),
    "bell": _Setting("alert", "on or off", "ring when someone names you", _switch, _on_off),
    "joins": _Setting("joins", "on or off", "show who comes and goes", _switch, _on_off),
    "ascii": _Setting("ascii", "on or off", "nothing beyond ASCII", _switch, _on_off),
    "screenreader": _Setting("reader", "on or off", "text to be read aloud", _switch, _on_off),
}


def preferences(view: TerminalView) -> Sequence[Preference]:
    """How everything stands."""
    return [
        Preference(name, each.show(getattr(view, each.field)), each.choices, each.help)
        for name, each in _SETTINGS.items()
    ]


def preferred(view: TerminalView, name: str, value: str) -> TerminalView:
    """The view with one thing set otherwise. Raises UsageError."""
    name = {"color": "colour", "timestamps": "time"}.get(name.lower(), name.lower())
    setting = _SETTINGS.get(name)
    if setting is None:
        near = nearest(name, _SETTINGS)
        hint = f"Did you mean {near}?" if near else f"There are: {', '.join(_SETTINGS)}."
        raise UsageError(f'Nothing called "{name}" can be set. {hint}')
    try:
        changed = replace(view, **{setting.field: setting.read(value.lower())})
    except (KeyError, ValueError):
        raise UsageError(f'{name} can be {setting.choices}, not "{value}".') from None
    return for_reader(changed) if name == "screenreader" and changed.reader else changed


def for_reader(view: TerminalView) -> TerminalView:
    """The profile for a screen reader: no colour, no drawing, quiet comings and goings."""
    return replace(view, reader=True, colours=0, width=0, joins=False)
