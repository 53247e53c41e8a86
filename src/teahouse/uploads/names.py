"""What a file is called. Rule: a name is for people; no path on the disk is ever made of one."""

from __future__ import annotations

from unicodedata import normalize

from teahouse.text import clean

LONGEST = 100
"""Characters."""
NAMELESS = "file"
_SEPARATORS = str.maketrans({"\\": "/", "\0": "/"})
_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"|?*%#', "_"))
"""What Windows takes in no name, and what has a meaning in a URL."""


def safe_name(text: str) -> str:
    """The last part of a path, as one may save it anywhere: no control characters, no dot in front, not too long; the
    ending stays."""
    last = normalize("NFC", text).translate(_SEPARATORS).rpartition("/")[2]
    name = " ".join(clean(last).translate(_FORBIDDEN).split()).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if len(name) > LONGEST and dot and len(ending) < LONGEST // 4:
        name = f"{stem[: LONGEST - len(ending) - 1].rstrip()}.{ending}"
    return name[:LONGEST].strip(". ") or NAMELESS
