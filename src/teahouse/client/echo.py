"""When a typed line stays on the screen. Rule: what was typed is seen once. A server that says it back with a name
before it ("<ann> hello") has shown it; otherwise the typed line is shown, before anything that came after it.
"""

from __future__ import annotations

from teahouse.client.safe import plain

PATIENCE = 0.3
"""Seconds for the server to say it first."""


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
        return "" if line and heard != self._typed and heard.endswith(" " + self._typed) else line

    def due(self) -> str:
        """What waits, now that there is no more waiting."""
        line, self._line = self._line, ""
        return line
