"""`python -m bench.web_load`: what so many browsers cost the house: memory of each while nothing happens,
and CPU for each delivery of a line.

Rule: the browsers are sockets that speak the protocol of docs/protocols/web.md; the house runs on the first CPU and
they on the last, and of the house nothing but its process is looked at.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import selectors
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from tempfile import TemporaryDirectory

from bench.servers import FIRST_CPU, LAST_CPU

CONFIG = """
[limits]
flood_lines = 0
connections = 20_000
connections_waiting = 20_000
[listen]
web = ["0"]
[log]
level = "warn"
"""
MASK = b"\0\0\0\0"
LINE = "what a lovely cup of tea this is, and how well it was made"
SAID = b'"said"'
READ = 262_144
PATIENCE = 120.0


def frame(**request: object) -> bytes:
    """A request as a browser sends it."""
    data = json.dumps(request).encode()
    assert len(data) < 65_536
    size = bytes((0x80 | len(data),)) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2)
    return b"\x81" + size + MASK + data


class Browser:
    """One connection; `said` counts the lines that it was shown."""

    def __init__(self, port: int, nick: str, room: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        key = base64.b64encode(os.urandom(16)).decode()
        head = f"GET /ws HTTP/1.1\r\nHost: localhost:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        head += f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
        head += "Sec-WebSocket-Protocol: v1.teahouse\r\n\r\n"
        self.socket.sendall(head.encode())
        self.said = self.bytes = 0
        self._tail = b""
        self.until(b"101 Switching")
        self.socket.sendall(frame(do="hello", ref="h", version=1) + frame(do="login", ref="l", nick=nick))
        self.socket.sendall(frame(do="join", ref="in", room=room))
        self.until(b'"ref":"in"')
        self.said = 0

    def until(self, wanted: bytes) -> None:
        """Read until this has come."""
        data = b""
        while wanted not in data.replace(b'": "', b'":"'):
            more = self.socket.recv(READ)
            assert more, data[-500:]
            data += more

    def read(self) -> None:
        """What is there now."""
        data = self.socket.recv(READ)
        assert data, "the house has put a browser out"
        self.bytes += len(data)
        self.said += (self._tail + data).count(SAID)
        self._tail = data[-len(SAID) + 1 :]


class Crowd:
    """Browsers in one room, or in so many."""

    def __init__(self, port: int, rooms: int) -> None:
        self.port = port
        self.rooms = rooms
        self.selector = selectors.DefaultSelector()
        self.all: list[Browser] = []

    def grow(self, count: int) -> None:
        """Some more come in; those who are there hear of it."""
        while len(self.all) < count:
            number = len(self.all)
            browser = Browser(self.port, f"b{number}", f"room{number % self.rooms}")
            self.all.append(browser)
            self.selector.register(browser.socket, selectors.EVENT_READ, browser)
            while self.listen(0):
                pass

    def listen(self, seconds: float) -> bool:
        """Read what has come within so many seconds; whether there was something."""
        ready = self.selector.select(seconds)
        for key, _ in ready:
            key.data.read()
        return bool(ready)

    def say(self, lines: int, at_once: int) -> None:
        """The first one says them; everyone in that room is shown them all."""
        for begin in range(0, lines, at_once):
            there = self.all[:: self.rooms]
            wanted = [each.said + at_once for each in there]
            self.all[0].socket.sendall(b"".join(self._line() for _ in range(at_once)))
            deadline = time.monotonic() + PATIENCE
            while any(each.said < count for each, count in zip(there, wanted, strict=True)):
                assert time.monotonic() < deadline, f"lines are missing after {begin}"
                self.listen(1)

    def _line(self) -> bytes:
        return frame(do="say", ref="s", room="room0", text=LINE)


def cpu_seconds(pid: int) -> float:
    """Of the process, until now."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_bytes(pid: int) -> int:
    """That the process has in memory."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def house() -> Iterator[tuple[int, int]]:
    """A house with a store, as keepers run it: its process id, and the port of its site."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "house.toml"
        path.write_text(CONFIG)
        command = ["taskset", "-c", str(FIRST_CPU), str(Path(sys.executable).with_name("teahouse")), "serve"]
        command += ["--config", str(path), "--data", str(Path(folder) / "data")]
        with Popen(command, stdout=PIPE, stderr=DEVNULL, text=True) as process:
            try:
                assert process.stdout is not None
                words = process.stdout.readline().split()
                yield process.pid, int(words[-1].rstrip("/").rpartition(":")[2])
            finally:
                process.terminate()
                process.wait(30)


def main() -> None:
    """Measure, and say it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--browsers", type=int, default=1000)
    parser.add_argument("--rooms", type=int, default=1)
    parser.add_argument("--lines", type=int, default=300)
    parser.add_argument("--at-once", type=int, default=10)
    asked = parser.parse_args()
    os.sched_setaffinity(0, {LAST_CPU})
    with house() as (pid, port):
        crowd = Crowd(port, asked.rooms)
        crowd.grow(1)
        crowd.say(asked.at_once, asked.at_once)
        before, begin, used = memory_bytes(pid), time.monotonic(), cpu_seconds(pid)
        crowd.grow(asked.browsers)
        entered, entering = time.monotonic() - begin, cpu_seconds(pid) - used
        while crowd.listen(2):
            pass
        idle = (memory_bytes(pid) - before) / (asked.browsers - 1)
        crowd.say(asked.at_once, asked.at_once)
        used, begin = cpu_seconds(pid), time.monotonic()
        received = sum(each.bytes for each in crowd.all)
        crowd.say(asked.lines, asked.at_once)
        used, took = cpu_seconds(pid) - used, time.monotonic() - begin
        received = sum(each.bytes for each in crowd.all) - received
    deliveries = asked.lines * len(crowd.all[:: asked.rooms])
    print(
        f"{asked.browsers} browsers came in within {entered:.1f} s, for {entering:.1f} s of the house's CPU"
    )
    print(f"memory of an idle one: {idle / 1024:.1f} KiB")
    print(f"CPU of a delivery: {used / deliveries * 1e6:.2f} µs ({used:.2f} s for {deliveries:,})")
    print(f"deliveries a second: {deliveries / took:,.0f}; bytes of one: {received / deliveries:.0f}")


if __name__ == "__main__":
    main()
