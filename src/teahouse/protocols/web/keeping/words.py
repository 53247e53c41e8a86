"""Numbers as people read them. Rule: pure; `static/status/words.js` says the same of the same numbers."""

from __future__ import annotations

from collections.abc import Callable

from teahouse.text import show_size

UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def count(value: float) -> str:
    """`12,345`"""
    return f"{value:,.0f}"


def late(value: float) -> str:
    """Milliseconds: `0.4 ms`, `1.2 s`"""
    return f"{value / 1000:.1f} s" if value >= 1000 else f"{value:.1f} ms"


def span(seconds: float) -> str:
    """The two largest units: `3 days 4 hours`, `12 seconds`."""
    parts: list[str] = []
    for unit, length in UNITS:
        number, seconds = divmod(int(seconds), length)
        if number or (unit == "second" and not parts):
            parts.append(f"{number} {unit}{'' if number == 1 else 's'}")
    return " ".join(parts[:2])


SAYS: dict[str, Callable[[float], str]] = {"count": count, "size": show_size, "late": late, "span": span}
