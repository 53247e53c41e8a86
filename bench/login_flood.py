"""`python -m bench.login_flood`: how long it takes to refuse known and unknown names, in turns; then 500 log-ins a
second with right and wrong passwords, for five seconds, against a real house.

Rule: it looks from outside. Every 20 ms another connection asks for telnet's timing mark, which the protocol answers
without the store: how long that takes is how late the reactor is, and then some.
"""

from __future__ import annotations

import argparse
import re
import selectors
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

TEAHOUSE = Path(sys.executable).parent / "teahouse"
PASSWORD = "two lumps, please"
ACCOUNTS = 20
CONFIG = """
[limits]
flood_lines = 0
login_seconds = 0
connections_waiting = 10_000
[listen]
telnet = ["0"]
line = ["0"]
"""
ANSWERS = {
    "in": "You are ",
    "busy": "busy checking",
    "wrong": "do not belong together",
    "too fast": "too many wrong",
}


@contextmanager
def house() -> Iterator[tuple[int, int]]:
    """A house with accounts in it; its ports for telnet and for lines."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "house.toml").write_text(CONFIG)
        data = Path(folder) / "data"
        for number in range(ACCOUNTS):
            add = [str(TEAHOUSE), "account", "add", f"owner{number}", "--data", str(data)]
            subprocess.run(add, input=PASSWORD, text=True, check=True, capture_output=True)
        command = [str(TEAHOUSE), "serve", "--config", f"{folder}/house.toml", "--data", str(data)]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as served:
            assert served.stdout is not None
            telnet, line = (int(served.stdout.readline().split()[-1]) for _ in range(2))
            try:
                yield telnet, line
            finally:
                served.terminate()


class Person:
    """A connection, for a line and its answer."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.text = ""
        self.wait_for("what else there is")

    def ask(self, line: str, pattern: str) -> float:
        """Seconds until the answer."""
        self.text, began = "", time.perf_counter()
        self.socket.sendall(f"{line}\n".encode())
        self.wait_for(pattern)
        return time.perf_counter() - began

    def wait_for(self, pattern: str) -> None:
        """Read until it is there."""
        while not re.search(pattern, self.text):
            data = self.socket.recv(65_536)
            assert data, self.text
            self.text += data.decode()


class Pings(Thread):
    """A timing mark (RFC 860) every 20 ms."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.delays: list[float] = []
        self.done = Event()

    def run(self) -> None:
        """Until it is done."""
        while not self.done.wait(0.02):
            began, data = time.perf_counter(), b""
            self.socket.sendall(b"\xff\xfd\x06")
            while b"\xff\xfb\x06" not in data:
                data += self.socket.recv(4_096)
            self.delays.append(time.perf_counter() - began)
        self.socket.close()


def flood(port: int, rate: int, seconds: int) -> Counter[str]:
    """Log in at that rate, half of it with right passwords; how it was answered."""
    people = [Person(port) for _ in range(rate)]
    watched = selectors.DefaultSelector()
    for person in people:
        person.text = ""
        watched.register(person.socket, selectors.EVENT_READ, person)
    began, sent, asked = time.perf_counter(), 0, 0
    while (now := time.perf_counter() - began) < seconds + 1:
        while sent < min(now, seconds) * rate:
            word = PASSWORD if sent % 2 else "another guess"
            name = f"owner{sent // 2 % ACCOUNTS}" if sent % 4 < 3 else f"nobody{sent}"
            person = people[sent % rate]
            if ANSWERS["in"] not in person.text:
                person.socket.sendall(f"login {name} {word}\n".encode())
                asked += 1
            sent += 1
        for key, _ in watched.select(0.001):
            key.data.text += key.data.socket.recv(65_536).decode()
    text = "".join(person.text for person in people)
    for person in people:
        person.socket.close()
    return Counter(sent=asked, **{what: text.count(said) for what, said in ANSWERS.items()})


def refusals(port: int, rounds: int = 2) -> list[list[float]]:
    """Seconds for known and for unknown names, in turns; no name so often that it is slowed down."""
    times: list[list[float]] = [[], []]
    for number in range(rounds * ACCOUNTS):
        for kind, name in enumerate(("owner", "nobody")):
            line = f"login {name}{number % ACCOUNTS} another guess"
            times[kind].append(Person(port).ask(line, ANSWERS["wrong"]))
    return times


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=500)
    parser.add_argument("--seconds", type=int, default=5)
    options = parser.parse_args()
    with house() as (_, port):
        times = refusals(port)
    for what, found in zip(("known", "unknown"), times, strict=True):
        print(f"{what} name, wrong password: median {statistics.median(found) * 1e3:.1f} ms of {len(found)}")
    with house() as (telnet, port):
        pings = Pings(telnet)
        pings.start()
        answered = flood(port, options.rate, options.seconds)
        pings.done.set()
        pings.join()
    print(", ".join(f"{what} {count:,}" for what, count in answered.items()))
    late = sorted(pings.delays)
    p50, p99 = late[len(late) // 2], late[len(late) * 99 // 100]
    print(f"{len(late)} pings: p50 {p50 * 1e3:.1f} ms, p99 {p99 * 1e3:.1f} ms, max {late[-1] * 1e3:.1f} ms")


if __name__ == "__main__":
    main()
