"""The lines typed before, kept over runs. Rule: a secret is never in it. What is typed hidden is not, nor a line that
hands over a password by a command, nor (as in a shell) one that begins with a space.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from prompt_toolkit.history import History

KEPT = 1000
# A nick alone may stay; what follows it is a password. Of the others, any argument may be one.
_SECRET = re.compile(
    r"\s|/?(?:(?:login|connect|register|identify|auth|ghost)\s+\S+\s+\S"
    r"|(?:pass|passwd|password|setpass|oper|token)\s+\S)"
    r"|.*\b(?:identify|register|password|passwd)\s+\S",
    re.IGNORECASE,
)


def may_be_kept(line: str) -> bool:
    """Whether a line has no secret in it, as far as one can see."""
    return bool(line) and "\n" not in line and not _SECRET.match(line)


def state_file(environ: Mapping[str, str]) -> Path:
    """Where this platform wants a program's state."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "teahouse" / "history"
    base = Path(environ.get("XDG_STATE_HOME", ""))
    return (base if base.is_absolute() else Path.home() / ".local" / "state") / "teahouse" / "history"


class LineHistory(History):
    """One line of the file is one typed line, oldest first; only its owner may read it."""

    def __init__(self, path: Path, hidden: Callable[[], bool]) -> None:
        super().__init__()
        self._path = path
        self._hidden = hidden

    def append_string(self, string: str) -> None:
        """As in the base, but for secrets."""
        if not self._hidden() and may_be_kept(string):
            super().append_string(string)

    def load_history_strings(self) -> Iterable[str]:
        """The newest first, as the library wants them."""
        try:
            lines = self._path.read_text("utf-8", "replace").rstrip("\n").split("\n")
            if len(lines) > 2 * KEPT:
                self._write("".join(f"{line}\n" for line in lines[-KEPT:]), os.O_TRUNC)
        except OSError:
            return []
        return reversed(lines[-KEPT:])

    def store_string(self, string: str) -> None:
        """Write it down; where that is not possible it is remembered for this run only."""
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._write(f"{string}\n", os.O_APPEND)
        except OSError:
            return

    def _write(self, text: str, how: int) -> None:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | how, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
            os.fchmod(descriptor, 0o600)
            file.write(text)
