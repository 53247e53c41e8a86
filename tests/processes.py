"""A house in a process of its own, and people who come to it over loopback. Rule: every wait is for something that is
said, and ends by itself.
"""

from __future__ import annotations

import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

BIN = Path(sys.executable).parent
PATIENCE = 15.0
OPEN = re.compile(r"Teahouse is open: (.*?)\n")


def run(*command: str | Path, cwd: Path | None = None) -> tuple[int, str, str]:
    """Run a command to its end: status, output, errors."""
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, timeout=PATIENCE, check=False
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def until(condition: Callable[[], object], what: str) -> None:
    """Look again and again; for what no process tells."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.01)


class Stream:
    """What comes from a pipe or a socket."""

    def __init__(self, handle: int) -> None:
        self.handle = handle
        self.text = ""

    def wait_for(self, pattern: str) -> str:
        """Read until it matches; what matched."""
        deadline = time.monotonic() + PATIENCE
        while not (match := re.search(pattern, self.text)):
            assert self._read(deadline), f"no {pattern} in {self.text[-2000:]!r}"
        return match[0]

    def rest(self) -> str:
        """Read to the end; all that ever came."""
        deadline = time.monotonic() + PATIENCE
        while self._read(deadline):
            pass
        return self.text

    def _read(self, deadline: float) -> bool:
        ready, _, _ = select.select([self.handle], [], [], max(0.0, deadline - time.monotonic()))
        assert ready, f"nothing more came after {self.text[-2000:]!r}"
        data = os.read(self.handle, 1 << 16)
        self.text += data.decode("utf-8", "replace")
        return bool(data)


class Process:
    """A house that runs, in its `with` block."""

    def __init__(self, *command: str | Path, cwd: Path | None = None, listeners: int = 1) -> None:
        self._listeners = listeners
        self.process = subprocess.Popen(
            [str(part) for part in command], cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self.out = Stream(self.process.stdout.fileno())
        self.err = Stream(self.process.stderr.fileno())

    def __enter__(self) -> Self:
        self.out.wait_for(f"(?s)({OPEN.pattern}.*?){{{self._listeners}}}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE)
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()

    @property
    def ways(self) -> list[str]:
        """What it said about how to come in."""
        return OPEN.findall(self.out.text)

    @property
    def ports(self) -> list[int]:
        """The ports in it."""
        return [int(port) for way in self.ways for port in re.findall(r"localhost[ :](\d+)", way)]

    def signal(self, number: int = signal.SIGTERM) -> None:
        """Send it a signal."""
        self.process.send_signal(number)

    def status(self) -> int:
        """Its status, when it has ended."""
        return self.process.wait(PATIENCE)


class Guest(Stream):
    """Someone who has come in over plain TCP, in a `with` block."""

    def __init__(self, port: int, nick: str = "", *, buffer: int = 0) -> None:
        self.socket = socket.socket()
        if buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(("127.0.0.1", port))
        super().__init__(self.socket.fileno())
        if nick:
            self.say(f"login {nick}")
            self.wait_for(f"{nick}.*\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()

    def say(self, *lines: str) -> None:
        """Send lines."""
        self.socket.sendall("".join(f"{line}\n" for line in lines).encode())
