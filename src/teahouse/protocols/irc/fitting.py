"""Making what is to be said fit into lines of so many bytes. Rule: pure, and no piece is ever over its bound.

Sizes are those of UTF-8. Text is cut between the characters that people see as one where that is possible at
all: after UAX #29 in what matters for chat (marks, joined emoji, skin tones, flags, Hangul), not in all of it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

LONGEST_CHARACTER = 4
"""The bytes that one character of UTF-8 may have: no text fits into less."""

AUTHENTICATE_CHUNK = 400
"""The longest parameter of AUTHENTICATE (sasl-3.1)."""

_ZWJ = "\u200d"


def size(text: str) -> int:
    """Its bytes in UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def split_text(text: str, room: int) -> list[str]:
    """Break text into pieces of at most `room` bytes: at its line ends, then at a space, then between characters.

    Spaces at a break vanish and so do empty lines, which IRC cannot say; nothing else is lost. A ValueError
    for less room than one character may need.
    """
    if room < LONGEST_CHARACTER:
        raise ValueError(f"{room} bytes are no room for text")
    if size(text) <= room and "\n" not in text and "\r" not in text:  # as nearly all that is said
        return [text] if text else []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [piece for line in lines if line for piece in _pieces(line, room)]


def cut_text(line: str, room: int) -> list[str]:
    """Cut a line into pieces of at most `room` bytes that make it again when they are joined: behind a space where
    there is one, else between characters."""
    pieces, start = [], 0
    while (end := _reach(line, start, room)) < len(line):
        at = line.rfind(" ", start + 1, end) + 1
        if at <= start or _belongs(line, at):
            at = _between(line, start, end)
        pieces.append(line[start:at])
        start = at
    return [*pieces, line[start:]]


def join_lists(words: Iterable[str], budget: int, separator: str = " ", most: int = 0) -> list[str]:
    """Pack words in their order into lines of at most `budget` bytes, and `most` words each if that is given.

    For NAMES, the tokens of 005 (13 at most), CAP LS 302. A ValueError for a word that fits into no line.
    """
    lines: list[str] = []
    line: list[str] = []
    gap, used = size(separator), 0
    for word in words:
        needed = size(word)
        if needed > budget:
            raise ValueError(f"a word of {needed} bytes does not fit into {budget}")
        if line and (used + gap + needed > budget or len(line) == most):
            lines.append(separator.join(line))
            line, used = [], 0
        used += needed + (gap if line else 0)
        line.append(word)
    return [*lines, separator.join(line)] if line else lines


def packed(words: bytes, budget: int) -> list[bytes]:
    """Cut words with spaces between into lines of at most `budget` bytes, as `join_lists` does; for many of them.

    A ValueError for a word that fits into no line.
    """
    lines, start = [], 0
    while len(words) - start > budget:
        end = words.rfind(b" ", start, start + budget + 1)
        if end <= start:
            raise ValueError(f"a word does not fit into {budget} bytes")
        lines.append(words[start:end])
        start = end + 1
    return [*lines, words[start:]] if words else lines


def chunks(encoded: str, size: int = AUTHENTICATE_CHUNK) -> list[str]:
    """Cut base64 into the parameters of AUTHENTICATE: a "+" comes after a last one that is full, and for nothing."""
    pieces = [encoded[start : start + size] for start in range(0, len(encoded), size)]
    return pieces if pieces and len(pieces[-1]) < size else [*pieces, "+"]


def _pieces(line: str, room: int) -> Iterator[str]:
    start = 0
    while (end := _reach(line, start, room)) < len(line):
        at = _space(line, start, end)
        if at:
            yield line[start:at].rstrip(" ")
            start = at + 1
            while line.startswith(" ", start):
                start += 1
        else:
            at = _between(line, start, end)
            yield line[start:at]
            start = at
    if start < len(line):
        yield line[start:]


def _reach(line: str, start: int, room: int) -> int:
    """Where the characters that fit into `room` bytes end."""
    data = line[start : start + room].encode("utf-8", "replace")
    # A character that is cut is ignored: it is the first that does not fit.
    return start + len(data[:room].decode("utf-8", "ignore"))


def _space(line: str, start: int, end: int) -> int:
    """The last space to break at; 0 if there is none with a word before it."""
    at = line.rfind(" ", start + 1, end + 1)
    while at > 0 and at + 1 < len(line) and _belongs(line, at + 1):
        at = line.rfind(" ", start + 1, at)
    return at if at > 0 and line[start:at].strip(" ") else 0


def _between(line: str, start: int, end: int) -> int:
    """The last place to cut that tears nothing; `end` if what stands there is larger than a piece."""
    return next((at for at in range(end, start, -1) if not _belongs(line, at)), end)


def _belongs(text: str, at: int) -> bool:
    """The character at this place makes one with that before it."""
    before, after = text[at - 1], text[at]
    if before == _ZWJ:
        return True
    if after < "\u0300":
        return False
    if after in _FLAG_LETTERS:
        return _flag_letters_before(text, at) % 2 == 1
    return after in _EXTENDING or unicodedata.category(after)[0] == "M"


def _flag_letters_before(text: str, at: int) -> int:
    start = at
    while start and text[start - 1] in _FLAG_LETTERS:
        start -= 1
    return at - start


def _range(first: int, last: int) -> str:
    return "".join(map(chr, range(first, last + 1)))


_FLAG_LETTERS = frozenset(_range(0x1F1E6, 0x1F1FF))
_EXTENDING = frozenset(
    "\u200c\u200d\uff9e\uff9f"  # joiners, and the voicing marks of narrow kana
    + _range(0x1160, 0x11FF)  # the vowels and finals of Hangul
    + _range(0x1F3FB, 0x1F3FF)  # skin tones
    + _range(0xE0020, 0xE007F)  # the letters of a flag that is no country's
)
