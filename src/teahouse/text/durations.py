"""Spans of time as people type and read them."""

import re
from datetime import timedelta

_SECONDS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_PARTS = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", re.ASCII)
_LONGEST = timedelta(days=3_650)
_UNITS = ((604_800, "week"), (86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
_HELP = "Write a time as 90 (seconds), 10m, 2h, 1d12h or 1w."


def parse_duration(text: str) -> timedelta:
    """Read ``90`` (seconds), ``10m``, ``2h``, ``1d12h``, ``1w``: the larger unit first, w d h m s.

    Raises:
        ValueError: with a sentence that lists what is allowed; also for no time at all and over ten years.
    """
    text = text.strip().lower()
    if len(text) > 40:
        raise ValueError(_HELP)
    found = _PARTS.fullmatch(text + "s" if text.isascii() and text.isdigit() else text)
    if not text or not found:
        raise ValueError(_HELP)
    seconds = sum(int(n) * unit for n, unit in zip(found.groups("0"), _SECONDS.values(), strict=True))
    if seconds > _LONGEST.total_seconds():
        raise ValueError(f"That is too long: ten years at most. {_HELP}")
    if not seconds:
        raise ValueError(f"That is no time at all. {_HELP}")
    return timedelta(seconds=seconds)


def show_duration(seconds: float) -> str:
    """Say how long, rounded down: ``just now`` (under 10 s), ``5 minutes``, ``1 hour``, ``3 weeks``."""
    if seconds < 10:
        return "just now"
    size, unit = next((size, unit) for size, unit in _UNITS if seconds >= size)
    count = int(seconds // size)
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
