"""Lines cut to the width of a terminal. Rule: only what is seen takes columns; styles and the bell take none and are
kept, each in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from teahouse.text import width, wrap

_UNSEEN = re.compile(r"\x1b\[[0-9;]*m|\a")
# Clean text has no control characters, and `wrap` gives this one no width: it stands for a style while it works.
_PLACE = "\x80"


def fitted(line: str, columns: int, indent: str = "  ") -> Iterator[str]:
    """The line in parts of at most so many columns (0: as it is), broken between words."""
    if not columns or width(_UNSEEN.sub("", line)) <= columns:
        yield line
        return
    styles = iter(_UNSEEN.findall(line))
    for part in wrap(_UNSEEN.sub(_PLACE, line), columns, indent):
        yield re.sub(_PLACE, lambda _: next(styles), part)
