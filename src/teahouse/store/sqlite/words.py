"""What the word index has of a line, and how it is asked. Rule: the index only proposes lines; whoever asks it
looks at the line itself. So a wrong proposal costs time and never shows a wrong line.

The index knows for each three characters in a row the lines that have them. Two more such tokens, of private
characters, stand for the room and the author, so that a small room in a large house is searched as fast.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from teahouse.text import fold

END = "\n\n"
"""Stands after the text: so even its last character begins three, and shorter words are found as beginnings."""
LAST = chr(0x10FFFF)
MOST_TAGS = 16
"""Rooms up to which the index is asked for them; above it is faster to look at the lines."""
MOST_TOKENS = 32
_PLACE, _AUTHOR = 0xE000, 0xEC00  # 3 × 1024 private characters each: room for 2**28 of either
Indexed = tuple[int, str, str, str]


def normal(word: str) -> str:
    """As it is compared: case and width make no difference. Never with what UTF-8 or the index cannot take."""
    return fold(word.encode("utf-8", "replace").decode("utf-8")).replace("\0", " ")


def entry(seq: int, text: str, place: int, author: int | None) -> Indexed:
    """What goes into the index for a line, and must come out of it again in the same form."""
    return seq, normal(text) + END, _tag(_PLACE, place), "" if author is None else _tag(_AUTHOR, author)


def occur_in(words: Sequence[str], text: str) -> bool:
    """Whether a line has all the words."""
    text = normal(text)
    return all(word in text for word in words)


def match(words: Iterable[str], places: Sequence[int], authors: Sequence[int]) -> str:
    """The question to the index; "" where it knows no answer. Every token is quoted: nothing is syntax."""
    tokens = dict.fromkeys(token for word in words for token in _tokens(word))
    parts = [_quoted(token) for token in list(tokens)[:MOST_TOKENS]]
    for base, numbers in ((_PLACE, places), (_AUTHOR, authors)):
        if 0 < len(numbers) <= MOST_TAGS:
            parts.append("(" + " OR ".join(_quoted(_tag(base, number)) for number in numbers) + ")")
    return " AND ".join(parts)


def _tokens(word: str) -> Iterator[str]:
    """Three characters each, as few as cover the word: more would find the same lines more slowly."""
    last = len(word) - 3
    for start in {*range(0, last + 1, 3), max(last, 0)} if last >= 0 else ():
        yield word[start : start + 3]


def _quoted(token: str) -> str:
    return '"' + token.replace('"', '""') + '"'


def _tag(base: int, number: int) -> str:
    return (
        chr(base + (number >> 18 & 0x3FF))
        + chr(base + 0x400 + (number >> 9 & 0x1FF))
        + chr(base + 0x800 + (number & 0x1FF))
    )
