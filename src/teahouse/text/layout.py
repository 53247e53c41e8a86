"""How wide text stands on a terminal, and how it is broken into lines.

Widths follow wcwidth's rules from `unicodedata`: East Asian wide characters and emoji take two columns, marks
and joiners none. Text is cut between clusters only, so an accent or an emoji sequence is never torn.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from teahouse.text import characters as ch

_MOST_WIDTHS = 8192


def width(text: str) -> int:
    """Count the columns that text takes on a terminal; text is taken to be clean (controls count as 0)."""
    if text.isascii():
        return len(text)
    if _MERGES.search(text):
        return sum(map(_cluster_width, _clusters(text)))
    return sum(map(_WIDTHS.__getitem__, text))


def wrap(text: str, columns: int, indent: str = "  ") -> list[str]:
    """Break a clean line into lines of at most `columns` (20 or more), at spaces where possible.

    Lines after the first start with `indent`. Words longer than a line are broken, and so are texts of wide
    characters, which know no spaces. Spaces at a break vanish; nothing else is lost or doubled.
    """
    if width(text) <= columns:
        return [text]
    lines: list[str] = []
    line, used, gap = "", 0, ""
    for piece, size in _pieces(text, columns - width(indent)):
        if piece[0] == " ":
            gap = piece
        elif not line or used + len(gap) + size <= columns:
            # Spaces before the first word are kept only as far as that word fits behind them.
            gap = gap[: columns - used - size]
            line, used, gap = line + gap + piece, used + len(gap) + size, ""
        else:
            lines.append(line)
            line, used, gap = indent + piece, width(indent) + size, ""
    return [*lines, line]


def pad(text: str, columns: int) -> str:
    """Fill text with spaces to `columns`, or cut it to them with … at the end."""
    missing = columns - width(text)
    if missing >= 0:
        return text + " " * missing
    if columns <= 0:
        return ""
    kept, room = "", columns - 1
    for cluster in _clusters(text):
        room -= _cluster_width(cluster)
        if room < 0:
            break
        kept += cluster
    return kept + "…" + " " * (columns - 1 - width(kept))


def _pieces(text: str, limit: int) -> Iterator[tuple[str, int]]:
    """Split into runs of spaces, and words or parts of words no wider than `limit`, each with its width."""
    for word in re.findall(r" +|[^ ]+", text):
        size = width(word)
        if word[0] == " " or (size <= limit and size == len(word)):
            yield word, size
        else:
            yield from _parts(word, limit)


def _parts(word: str, limit: int) -> Iterator[tuple[str, int]]:
    """Cut a word before and behind each wide cluster, and where `limit` is reached."""
    part, used, last = "", 0, 0
    for cluster in _clusters(word):
        size = _cluster_width(cluster)
        if part and (size == 2 or last == 2 or used + size > limit):
            yield part, used
            part, used = "", 0
        part, used, last = part + cluster, used + size, size
    yield part, used


def _clusters(text: str) -> list[str]:
    return _cluster_pattern(rare=bool(ch.one_of(ch.RARE).search(text))).findall(text)


@cache
def _cluster_pattern(*, rare: bool) -> re.Pattern[str]:
    """What stays together: a flag, or a character with its marks, skin tone and joined emoji (UAX #29)."""
    extend = f"[{ch.marks()}{ch.JOINERS}{ch.SKIN_TONES}{_JAMO}]"
    joined = rf"(?:(?<=\u200d)[{ch.PICTURES}]{extend}*)*"
    pattern = rf"[{ch.FLAG_LETTERS}]{{2}}|.{extend}*{joined}"
    return re.compile(pattern if rare else ch.common(pattern), re.DOTALL)


def _cluster_width(cluster: str) -> int:
    if len(cluster) == 1:
        return _WIDTHS[cluster]
    if cluster[1] == "\ufe0f" and (cluster[-1] == "\u20e3" or ch.one_of(ch.PICTURES).match(cluster)):
        return 2
    return 2 if ch.one_of(ch.FLAG_LETTERS).match(cluster) else _WIDTHS[cluster[0]]


class _Widths(dict[str, int]):
    """The columns of single characters, as they come up."""

    def __missing__(self, character: str) -> int:
        if len(self) >= _MOST_WIDTHS:
            self.clear()
        columns = self[character] = _character_width(character)
        return columns


def _character_width(character: str) -> int:
    category = unicodedata.category(character)
    if category in {"Mn", "Me", "Mc", "Cf", "Cc"} or ch.one_of(_JAMO).match(character):
        return 0
    # An emoji younger than this Python's Unicode is unassigned here, yet wide on the terminal.
    if category == "Cn" and "\U0001f300" <= character <= "\U0001faff":
        return 2
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


# The vowels and finals of Hangul, which stand inside the block of the initial.
_JAMO = r"\u1160-\u11ff"
# What makes a cluster's width differ from the sum of its characters'.
_MERGES = ch.one_of(ch.JOINERS, ch.common(ch.VARIATIONS), ch.SKIN_TONES)
_WIDTHS = _Widths()
