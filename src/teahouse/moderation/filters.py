"""Words and links that are not wanted. Rule: what is compared is what people read: without case, marks, formatting
codes and invisible characters, and with letters that look alike as one; no pattern can take long to match.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple, get_args
from unicodedata import combining, normalize

from teahouse.errors import NotFound, TooMany, UsageError
from teahouse.moderation.globs import glob
from teahouse.text import clean, text_skeleton

Action = Literal["refuse", "mute", "report"]
ACTIONS: tuple[str, ...] = get_args(Action)
LINKS = "links"
"""The pattern that stands for every link."""
SHORTEST, LONGEST = 3, 100
MUTED_FOR = 600
"""Seconds for which the action "mute" takes someone's voice."""
_LINK = re.compile(
    r"[a-z][a-z0-9+.-]{1,10}://\S"
    r"|(?<![\w.])www\.\S"
    r"|\b[\w-]{1,63}\.(?:com|net|org|io|xyz|top|ru|cn|info|biz|me|gg|ly|co|tk|link|click|site|online|shop)\b"
    r"|\b[\w-]{1,63}\.[a-z]{2,24}/",
    re.IGNORECASE,
)
_FORMATTING = re.compile(r"\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04[0-9a-fA-F]{0,6}|[\x02\x0f\x11\x16\x1d-\x1f]")
_BETWEEN = re.compile(r"[^\w\s]|_")
"""What people put between letters that are to be read as one word."""
_APART = re.compile(r"[\W_]+")
_WORD = re.compile(r"\S+")
_LETTER = re.compile(r"[^\W\d_]")
_PHRASES = re.compile("[\ufdfa\ufdfb]")
"""Characters that NFKC makes four words of: a line of them would be read for as long as eighteen."""
_DRAWN_OUT = re.compile(r"(\w)\1{2,}")
_FOR_LETTERS = str.maketrans("345789@$€+!", "eastbgasetl")
"""Digits and signs written for letters, beside those that look like them (0, 1: see `text_skeleton`)."""
SURE = 5
"""Letters of a word that is found in pieces, too: shorter ones are in too many sentences by chance."""


class Filter(NamedTuple):
    """One pattern: words (`*` in them is any text), or `LINKS`; and what is done about it."""

    pattern: str
    action: str
    by: str

    def catches(self, text: _Read) -> bool:
        """Whether this is in what someone says."""
        if self.pattern == LINKS:
            return text.has_link
        look = _look(self.pattern)
        if "*" in look or "?" in look:
            fits = glob(f"*{look}*")
            return any(map(fits, text.looks))
        if any(look in each for each in text.looks):
            return True
        letters = look.replace(" ", "")
        return letters in text.joined or (len(letters) >= SURE and letters in text.pieced)


class _Read:
    """A text as it is read."""

    def __init__(self, text: str) -> None:
        plain = normalize("NFKC", _PHRASES.sub(" ", clean(_FORMATTING.sub("", text))))
        self.has_link = bool(_LINK.search(plain))
        look = _look(plain)
        lettered = _DRAWN_OUT.sub(r"\1", _WORD.sub(_lettered, look))
        self.looks = tuple(
            dict.fromkeys((look, _BETWEEN.sub("", look), lettered, _BETWEEN.sub("", lettered)))
        )
        self.joined = _spelled_out(lettered, 1)
        self.pieced = _spelled_out(lettered, 2)


class Filters:
    """Patterns in the order in which they were set; at most so many."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._filters: dict[str, Filter] = {}

    def __len__(self) -> int:
        return len(self._filters)

    def __iter__(self) -> Iterator[Filter]:
        return iter(self._filters.values())

    def set(self, pattern: str, action: str, by: str) -> Filter:
        """A new one, or another action for the same pattern. Raises TooMany, UsageError."""
        pattern = " ".join(pattern.lower().split())
        seen = _look(pattern).replace("*", "").replace("?", "")
        if pattern != LINKS and not (len(seen) >= SHORTEST and len(pattern) <= LONGEST):
            raise UsageError(
                f"A filter has at least {SHORTEST} characters beside its stars and at most {LONGEST}, or is: {LINKS}."
            )
        if pattern not in self._filters and len(self._filters) >= self.limit:
            raise TooMany(f"There are {self.limit} filters, and no more fit: /unfilter one first.")
        self._filters[pattern] = Filter(pattern, action, by)
        return self._filters[pattern]

    def drop(self, pattern: str) -> Filter:
        """Take one away. Raises NotFound."""
        found = self._filters.pop(" ".join(pattern.lower().split()), None)
        if found is None:
            raise NotFound(f"There is no filter {pattern}: /filter lists those there are.")
        return found

    def caught(self, text: str) -> Filter | None:
        """The first that catches what someone says, the strictest action first."""
        if not self._filters:
            return None
        read = _Read(text)
        found = [each for each in self if each.catches(read)]
        return min(found, key=lambda each: ("mute", "refuse", "report").index(each.action), default=None)

    def to_list(self) -> list[list[str]]:
        """As the store keeps them."""
        return [list(each) for each in self]

    def take(self, kept: Sequence[Sequence[Any]]) -> None:
        """As they were kept."""
        for pattern, action, by in kept[: self.limit]:
            self._filters[pattern] = Filter(pattern, action, by)


def _lettered(word: re.Match[str]) -> str:
    """A word with letters for what is written in their place; a number alone is meant as one."""
    return word[0].translate(_FOR_LETTERS) if _LETTER.search(word[0]) else word[0]


def _look(text: str) -> str:
    """What people see in it, without accents and with single spaces."""
    if not text.isascii():
        text = "".join(c for c in normalize("NFD", text) if not combining(c))
    return " ".join(text_skeleton(text).split())


def _spelled_out(look: str, most: int) -> str:
    """The text without gaps where so few letters stand apart: `c a s i n o`, `ca si no`."""
    words = _APART.split(look)
    return "".join(word if len(word) <= most else f" {word} " for word in words)
