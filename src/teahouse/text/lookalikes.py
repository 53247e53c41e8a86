"""Names that look alike have one skeleton (UTS #39 section 4)."""

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

from teahouse.text import characters as ch
from teahouse.text.cleaning import stream_safe
from teahouse.text.names import fold

# UTS #39 compares I with l and 1, but names are the same in any case, so i must follow; vv is our own.
_HOUSE = str.maketrans({"i": "l", "w": "vv"})
_DOTTED = re.compile("(?<=[lj])\u0307")


def text_skeleton(name: str) -> str:
    """Give the key under which names that look alike collide: ``раypal``, ``paypa1`` and ``PayPal``.

    It is made of the name as it is shown, case and all (Greek Ν looks like N, but its small ν like v), so it
    adds to `fold` and does not replace it: a name is taken if its fold *or* its skeleton is. In ASCII names,
    equal folds have equal skeletons. Idempotent, never shown to anyone.
    """
    table, name = _table(), stream_safe(name)
    while True:
        shown = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", name)).translate(table)
        key = _DOTTED.sub(
            "", fold(ch.one_of(ch.INVISIBLE, ch.JOINERS, ch.VARIATIONS).sub("", shown)).translate(_HOUSE)
        )
        if key == name:
            return name
        name = key


skeleton = lru_cache(1024)(text_skeleton)
"""The same for names: someone who comes in is looked at from several sides."""


@cache
def _table() -> dict[int, str]:
    """Read confusables.txt; its head tells the form."""
    table: dict[int, str] = {}
    for line in (files("teahouse") / "confusables.txt").read_text("ascii").splitlines():
        if line and line[0] != "#":
            shown, alike = line.split(":")
            text = "".join(chr(int(code, 16)) for code in shown.split())
            table.update((int(code, 16), text) for code in alike.split())
    return table
