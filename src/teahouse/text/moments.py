"""Points in time as people type them. Rule: always UTC, as the house's clock says it."""

import re
from datetime import UTC, datetime, timedelta

from teahouse.text.durations import parse_duration

_CLOCK = re.compile(r"\d{1,2}:\d{2}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{1,2}:\d{2})?", re.ASCII)
_HELP = "Write a time as 14:00, a day as 2026-11-20, both as 2026-11-20 14:00, or how long ago: 2h, 3d."


def parse_moment(text: str, now: datetime) -> datetime:
    """Read ``2026-11-20`` (its beginning), ``2026-11-20 14:00``, ``14:00`` (the last there was), ``2h`` (ago).

    Raises:
        ValueError: with a sentence that lists what is allowed.
    """
    text = text.strip()
    try:
        if _CLOCK.fullmatch(text):
            clock = datetime.strptime(text, "%H:%M").replace(tzinfo=UTC)
            at = now.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
            return at if at <= now else at - timedelta(days=1)
        if _DAY.fullmatch(text):
            form = "%Y-%m-%d" if len(text) == 10 else "%Y-%m-%d %H:%M"
            return datetime.strptime(text.replace("T", " "), form).replace(tzinfo=UTC)
        if text and not text.isdecimal():
            return now - parse_duration(text.removesuffix(" ago"))
    except (ValueError, OverflowError):
        pass
    raise ValueError(_HELP)
