"""When a typed line stays on the screen. Rule: what was typed is seen once. A server that says it back with a name
before it ("<ann> hello") has shown it; otherwise the typed line is shown, before anything that came after it.
"""

from __future__ import annotations

from teahouse.client.safe import plain

PATIENCE = 0.3
"""Seconds for the server to say it first."""
WRAPPED = 10
"""Characters of a line that is said back in several: fewer may be another's who says the same."""


class LocalEcho:
    """The typed line that waits to be shown, if there is one."""

    __slots__ = ("_line", "_typed")

    def __init__(self) -> None:
        self._typed = ""
        self._line = ""

    def typed(self, text: str, line: str) -> str:
        """`text` was sent and would be shown as `line`; return what must be shown at once, which is older."""
        before = self.due()
        self._typed, self._line = text.strip(), line
        return before

    def before(self, heard: str) -> str:
        """What must be shown before this line of the server."""
        line = self.due()
        heard = plain(heard).rstrip()
        return "" if line and heard != self._typed and self._is_said_back(heard) else line

    def _is_said_back(self, heard: str) -> bool:
        """Whether a name (or time and name) and what was typed are heard; of a long line, its first part."""
        if heard.endswith(" " + self._typed):
            return True
        parts = heard.split(" ", 2)
        said = (parts[2], " ".join(parts[1:])) if len(parts) > 2 else ()
        return any(len(part) >= WRAPPED and self._typed.startswith(part + " ") for part in said)

    def due(self) -> str:
        """What waits, now that there is no more waiting."""
        line, self._line = self._line, ""
        return line
