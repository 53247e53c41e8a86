"""What can be measured: the house, and IRC servers of the distribution beside it. Rule: each runs alone, on the first
CPU, with its flood limits off and nothing else changed; the load generator has the last CPU for itself.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
FIRST_CPU, LAST_CPU = min(os.sched_getaffinity(0)), max(os.sched_getaffinity(0))
LINE_DIALECT = [
    *("--echo", "1", "--login-ok", "You are {nick}"),
    *("--join", "/join {room}\\n/ping in-{room}", "--join-ok", "PONG in-{room}"),
]
NGIRCD = """
[Global]
Name = irc.bench.test
Info = bench
Listen = 127.0.0.1
Ports = {port}
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxPenaltyTime = 0
[Options]
DNS = no
Ident = no
PAM = no
"""
INSPIRCD = """
<server name="irc.bench.test" description="bench" network="bench" id="1BE">
<admin name="bench" nick="bench" email="bench@bench.test">
<bind address="127.0.0.1" port="{port}" type="clients">
<connect allow="*" timeout="60" recvq="65536" softsendq="1000000000" hardsendq="1000000000" commandrate="1000000000"
 threshold="1000000" fakelag="off" localmax="1000000" globalmax="1000000" resolvehostnames="no" useident="no">
<performance clonesonconnect="no" softlimit="20000" somaxconn="4096">
<pid file="{folder}/inspircd.pid">
"""


@dataclass(frozen=True)
class Running:
    """A server that listens: what the load generator has to know, and how long it took to start."""

    pid: int
    port: int
    dialect: list[str]
    start_seconds: float
    at_once: int = 1000
    """How many it can let connect at the same time."""


@contextmanager
def teahouse(data: str = ":memory:") -> Iterator[Running]:
    """The house of this folder, run as its keepers run it, but that it forgets: as the peers do."""
    begin = time.monotonic()
    command = [str(Path(sys.executable).with_name("teahouse")), "serve", "--config", str(HERE / "house.toml")]
    command += ["--data", data]
    process = _spawn(command, stdout=subprocess.PIPE, stderr=None)
    try:
        assert process.stdout is not None
        opened = process.stdout.readline().split()  # "Teahouse is open: line nc localhost 4243"
        if not opened:
            raise SystemExit(f"The house did not open: {' '.join(command)}")
        yield Running(process.pid, int(opened[-1]), LINE_DIALECT, time.monotonic() - begin)
    finally:
        _end(process)


@contextmanager
def teahouse_kept() -> Iterator[Running]:
    """The same house, which has every line on disk before it shows it."""
    with tempfile.TemporaryDirectory(dir=HERE / "build") as data, teahouse(data) as running:
        yield running


@contextmanager
def _irc(config: str, command: Callable[[str], list[str]], at_once: int) -> Iterator[Running]:
    with tempfile.TemporaryDirectory() as folder:
        port = _free_port()
        path = Path(folder) / "server.conf"
        path.write_text(config.format(port=port, folder=folder))
        begin = time.monotonic()
        process = _spawn(command(str(path)), subprocess.DEVNULL, subprocess.DEVNULL)
        try:
            _wait_for(port)
            started = time.monotonic() - begin
            yield Running(process.pid, port, ["--irc", "1"], started, at_once)
        finally:
            _end(process)


@contextmanager
def ngircd() -> Iterator[Running]:
    """Its backlog is 10: more connects at once overflow it, and each retry costs seconds."""
    with _irc(NGIRCD, lambda path: ["ngircd", "--nodaemon", "--config", path], 8) as running:
        yield running


@contextmanager
def inspircd() -> Iterator[Running]:
    """Logs people in once a second, so its churn is the number of connects at once."""
    words = ["inspircd", "--nofork", "--nolog", *(["--runasroot"] if os.getuid() == 0 else [])]
    with _irc(INSPIRCD, lambda path: [*words, f"--config={path}"], 1000) as running:
        yield running


SERVERS = {"teahouse": teahouse, "teahouse-kept": teahouse_kept, "ngircd": ngircd, "inspircd": inspircd}


def installed(name: str) -> bool:
    """Whether the server is there to be measured."""
    return name.startswith("teahouse") or shutil.which(name) is not None


def _spawn(words: list[str], stdout: int, stderr: int | None) -> subprocess.Popen[bytes]:
    pinned = ["taskset", "-c", str(FIRST_CPU), *words]
    return subprocess.Popen(pinned, stdout=stdout, stderr=stderr)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("the server does not listen")
