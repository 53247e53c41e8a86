"""Patterns with stars. Rule: whatever the pattern, a match takes no longer than reading the text once for each of its
parts; a regular expression made of many stars can take for ever.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Protocol


class _Part(Protocol):
    """What stands between two stars."""

    size: int

    def find(self, text: str, start: int, end: int) -> int:
        """Where it stands first between these places; -1: nowhere."""


class _Words:
    """Plain text."""

    def __init__(self, text: str) -> None:
        self.size = len(text)
        self._text = text

    def find(self, text: str, start: int, end: int) -> int:
        return text.find(self._text, start, end)


class _Shape:
    """Text with `?` in it, each of them any one character: as long as it looks, so nothing in it backtracks."""

    def __init__(self, text: str) -> None:
        self.size = len(text)
        self._shape = re.compile("".join("." if c == "?" else re.escape(c) for c in text), re.DOTALL)

    def find(self, text: str, start: int, end: int) -> int:
        found = self._shape.search(text, start, end)
        return found.start() if found is not None else -1


class Glob:
    """A pattern, called with a text: whether that is what it says. `*` is any text, `?` any one character."""

    __slots__ = ("_first", "_last", "_middle", "_size")

    def __init__(self, pattern: str) -> None:
        first, *rest = [_part(each) for each in pattern.split("*")]
        self._first = first
        self._last = rest[-1] if rest else None
        self._middle = [each for each in rest[:-1] if each.size]
        self._size = first.size + sum(each.size for each in rest)

    def __call__(self, text: str) -> bool:
        at, end = self._first.size, len(text)
        if end < self._size or self._first.find(text, 0, at) != 0:
            return False
        if self._last is None:
            return at == end
        last = self._last.size
        if self._last.find(text, end - last, end) != end - last:
            return False
        for part in self._middle:
            found = part.find(text, at, end - last)
            if found < 0:
                return False
            at = found + part.size
        return True


def _part(text: str) -> _Part:
    return _Shape(text) if "?" in text else _Words(text)


glob = lru_cache(maxsize=4_096)(Glob)
"""The pattern, read once."""
