"""Someone in the room whose screen never lies: a plain socket, read to the byte."""

from __future__ import annotations

import socket
from types import TracebackType
from typing import Self

from clients.waiting import PATIENCE


class Bystander:
    """Connects and, given a nick, logs in."""

    def __init__(self, port: int, nick: str = "", *, connection: socket.socket | None = None) -> None:
        self.socket = connection or socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.socket.settimeout(PATIENCE)
        self.data = b""
        self._read = 0
        if nick:
            self.says(f"login {nick}")
            self.sees("In this room:")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()

    def says(self, *lines: str) -> None:
        self.socket.sendall("".join(f"{line}\n" for line in lines).encode())

    def sees(self, text: str) -> str:
        """The next line with this in it; those before it are passed over."""
        while True:
            line = self._next_line()
            assert line is not None, f"{text!r} never came: {self.data.decode('utf-8', 'replace')}"
            if text in line:
                return line

    def sees_the_end(self) -> str:
        """All that comes until the house closes the connection."""
        while self._receive():
            pass
        rest, self._read = self.data[self._read :], len(self.data)
        return rest.decode("utf-8", "replace")

    def _next_line(self) -> str | None:
        while (end := self.data.find(b"\r\n", self._read)) < 0:
            if not self._receive():
                return None
        line, self._read = self.data[self._read : end].decode("utf-8", "replace"), end + 2
        return line

    def _receive(self) -> bool:
        try:
            more = self.socket.recv(65_536)
        except TimeoutError:
            return False
        self.data += more
        return bool(more)
