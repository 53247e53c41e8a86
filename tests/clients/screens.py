"""Programs in terminals of their own, inside tmux. Rule: a socket, a home and a language of our own, so that nothing
of the machine's user changes what is seen; each program is ended by its process id.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

from clients.waiting import GLANCE, PATIENCE, until

_OPTIONS = (
    "set -g remain-on-exit on; set -g default-terminal tmux-256color; set -g status off; set -s escape-time 0"
)


class Terminals:
    """A tmux server: each program gets a session of its own, which stays to be looked at when the program ends."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.socket = folder / "tmux"
        self._conf = folder / "tmux.conf"
        self._conf.write_text(_OPTIONS.replace("; ", "\n"), "utf-8")
        self._count = 0

    def open(self, *command: str, columns: int = 100, rows: int = 30, term: str = "") -> Screen:
        """Start a program in a new terminal."""
        self._count += 1
        name = f"s{self._count}"
        if term:
            command = ("env", f"TERM={term}", *command)
        self.tmux("new-session", "-d", "-s", name, "-x", str(columns), "-y", str(rows), "--", *command)
        return Screen(self, name)

    def tmux(self, *arguments: str) -> str:
        command = ["tmux", "-u", "-S", str(self.socket), "-f", str(self._conf), *arguments]
        done = subprocess.run(
            command, env=self._environment(), capture_output=True, timeout=PATIENCE, check=True
        )
        return done.stdout.decode("utf-8", "replace")

    def close(self) -> None:
        """Every program ends, and the server with the last of them."""
        if self.socket.exists():
            subprocess.run(["tmux", "-S", str(self.socket), "kill-server"], capture_output=True, check=False)

    def _environment(self) -> Mapping[str, str]:
        kept = {"PATH": os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/games"}
        return kept | {"HOME": str(self.folder), "LANG": "C.UTF-8", "TERM": "xterm-256color"}


class Screen:
    """What a person has before them: a program, its screen and its keys."""

    def __init__(self, terminals: Terminals, name: str) -> None:
        self._terminals = terminals
        self._name = name

    # ---- keys ----------------------------------------------------------------------------------------------

    def types(self, text: str) -> None:
        """Keys without Enter."""
        self._tmux("send-keys", "-t", self._name, "-l", "--", text)

    def says(self, line: str) -> None:
        """A line and Enter."""
        if line:
            self.types(line)
        self.presses("Enter")

    def presses(self, *keys: str) -> None:
        """Keys by tmux's names, such as C-c."""
        self._tmux("send-keys", "-t", self._name, *keys)

    def resizes(self, columns: int, rows: int) -> None:
        self._tmux("resize-window", "-t", self._name, "-x", str(columns), "-y", str(rows))

    # ---- the screen ----------------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """All that was shown, without what fell off far above; lines without the spaces at their ends."""
        return self._tmux("capture-pane", "-p", "-t", self._name, "-S", "-500")

    @property
    def coloured(self) -> str:
        """The same, with its colours as escape sequences."""
        return self._tmux("capture-pane", "-e", "-p", "-t", self._name, "-S", "-500")

    def sees(self, *texts: str) -> None:
        """Wait until all of these stand on the screen."""
        until(lambda: all(text in self.text for text in texts), lambda: f"no {texts} on:\n{self.text}")

    def asks_until(self, line: str, text: str) -> None:
        """Say it again and again until the answer is on the screen: for what is settled in its own time."""

        def seen() -> bool:
            self.says(line)
            try:
                until(lambda: text in self.text, "", 25 * GLANCE)
            except AssertionError:
                return False
            return True

        until(seen, lambda: f"no {text!r} on:\n{self.text}")

    # ---- the program ---------------------------------------------------------------------------------------

    @property
    def modes(self) -> set[str]:
        """The words of `stty -a`: "icanon", "-echo", …"""
        done = subprocess.run(
            ["stty", "-a", "-F", self._shows("pane_tty")], capture_output=True, check=True, text=True
        )
        return set(done.stdout.replace(";", " ").split())

    def has_modes(self, *words: str) -> None:
        """Wait until the terminal is in these modes."""
        until(lambda: self.modes.issuperset(words), lambda: f"not {words}: {sorted(self.modes)}\n{self.text}")

    def ends(self) -> None:
        """Wait until the program has ended."""
        until(lambda: self._shows("pane_dead") == "1", lambda: f"it goes on:\n{self.text}")

    def is_killed(self) -> None:
        """The program dies without a word."""
        os.kill(int(self._shows("pane_pid")), signal.SIGKILL)
        self.ends()

    def _shows(self, name: str) -> str:
        return self._tmux("display-message", "-p", "-t", self._name, f"#{{{name}}}").strip()

    def _tmux(self, *arguments: str) -> str:
        return self._terminals.tmux(*arguments)
