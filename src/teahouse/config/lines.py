"""In which line of a TOML file a key stands, which `tomllib` does not tell. Rule: it only serves messages, so it
reads ordinary files right and answers with the nearest table's line for the rest; it never raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Path = tuple[str, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BASIC = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_LITERAL = re.compile(r"'([^'\n]*)'")
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*|[][{}\n]', re.DOTALL
)
"""What decides where a value ends: strings and comments hide brackets and line ends, brackets join lines."""


class Lines:
    """Where each table and key of a text begins."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        for path, line in _keys(text):
            for end in range(1, len(path) + 1):
                self._lines.setdefault(path[:end], line)

    def find(self, *path: str) -> int:
        """The line of a key, else of the innermost table around it that is there; 1 where nothing is."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)


def _keys(text: str) -> Iterator[tuple[Path, int]]:
    """Each table header and each key at the beginning of a statement, with its line."""
    table: Path = ()
    line = 1
    for statement in _statements(text):
        code = statement.lstrip()
        at = line + statement[: len(statement) - len(code)].count("\n")
        line += statement.count("\n")
        if code.startswith("["):
            table = _dotted(code.lstrip("[ \t"))
            yield table, at
        elif code and not code.startswith("#"):
            yield table + _dotted(code), at


def _statements(text: str) -> Iterator[str]:
    """The text cut after each line end that is neither in a string nor between brackets."""
    start = depth = 0
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign in "[{":
            depth += 1
        elif sign in "]}":
            depth = max(0, depth - 1)
        elif sign == "\n" and not depth:
            yield text[start : token.end()]
            start = token.end()
    yield text[start:]


def _dotted(code: str) -> Path:
    """The key at the beginning of the code: words, quoted or not, with dots between them."""
    words: list[str] = []
    at = 0
    while match := next((m for p in (_BARE, _BASIC, _LITERAL) if (m := p.match(code, at))), None):
        words.append(match[match.lastindex or 0])
        rest = code[match.end() :].lstrip(" \t")
        if not rest.startswith("."):
            break
        at = len(code) - len(rest[1:].lstrip(" \t"))
    return tuple(words)
