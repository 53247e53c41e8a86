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
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

HERE = Path(__file__).parent
FIRST_CPU, LAST_CPU = min(os.sched_getaffinity(0)), max(os.sched_getaffinity(0))
LINE_DIALECT = [
    *("--echo", "1", "--login-ok", "You are {nick}"),
    *("--join", "/join {room}\\n/ping in-{room}", "--join-ok", "PONG in-{room}"),
]
CAPS = "message-tags server-time account-tag echo-message batch"
"""What a modern client asks for; `labeled-response` is left out, for answers are not what is measured."""
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
{modules}
"""
MODULES = (
    "cap",
    *(f"ircv3_{name}" for name in ("accounttag", "batch", "ctctags", "echomessage", "servertime", "msgid")),
)
"""Those of InspIRCd that bring what is asked for."""


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
def teahouse(
    data: str = ":memory:", protocol: str = "line", dialect: Sequence[str] = LINE_DIALECT
) -> Iterator[Running]:
    """The house of this folder, run as its keepers run it, but that it forgets: as the peers do."""
    begin = time.monotonic()
    command = [str(Path(sys.executable).with_name("teahouse")), "serve", "--config", str(HERE / "house.toml")]
    command += ["--data", data]
    process = _spawn(command, stdout=subprocess.PIPE, stderr=None)
    try:
        yield Running(process.pid, _port_of(process, protocol), list(dialect), time.monotonic() - begin)
    finally:
        _end(process)


@contextmanager
def teahouse_kept() -> Iterator[Running]:
    """The same house, which has every line on disk before it shows it."""
    with tempfile.TemporaryDirectory(dir=HERE / "build") as data, teahouse(data) as running:
        yield running


def teahouse_irc(caps: str = "") -> AbstractContextManager[Running]:
    """The same house as `teahouse`, over IRC."""
    return teahouse(protocol="irc", dialect=_spoken_with(caps))


@contextmanager
def _irc(
    config: str,
    command: Callable[[str], list[str]],
    at_once: int,
    *,
    caps: str = "",
    modules: Sequence[str] = (),
) -> Iterator[Running]:
    with tempfile.TemporaryDirectory() as folder:
        port = _free_port()
        path = Path(folder) / "server.conf"
        loaded = "\n".join(f'<module name="{name}">' for name in modules)
        path.write_text(config.format(port=port, folder=folder, modules=loaded))
        begin = time.monotonic()
        process = _spawn(command(str(path)), subprocess.DEVNULL, subprocess.DEVNULL)
        try:
            _wait_for(port)
            started = time.monotonic() - begin
            yield Running(process.pid, port, _spoken_with(caps), started, at_once)
        finally:
            _end(process)


@contextmanager
def ngircd() -> Iterator[Running]:
    """Its backlog is 10: more connects at once overflow it, and each retry costs seconds. It has no tags."""
    with _irc(NGIRCD, lambda path: ["ngircd", "--nodaemon", "--config", path], 8) as running:
        yield running


@contextmanager
def inspircd(caps: str = "") -> Iterator[Running]:
    """Logs people in once a second, so its churn is the number of connects at once."""
    words = ["inspircd", "--nofork", "--nolog", *(["--runasroot"] if os.getuid() == 0 else [])]
    modules = MODULES if caps else ()
    with _irc(
        INSPIRCD, lambda path: [*words, f"--config={path}"], 1000, caps=caps, modules=modules
    ) as running:
        yield running


SERVERS: dict[str, Callable[[], AbstractContextManager[Running]]] = {
    "teahouse": teahouse,
    "teahouse-kept": teahouse_kept,
    "teahouse-irc": teahouse_irc,
    "teahouse-irc-caps": partial(teahouse_irc, CAPS),
    "ngircd": ngircd,
    "inspircd": inspircd,
    "inspircd-caps": partial(inspircd, CAPS),
}


def installed(name: str) -> bool:
    """Whether the server is there to be measured."""
    return name.startswith("teahouse") or shutil.which(name.partition("-")[0]) is not None


def _spoken_with(caps: str) -> list[str]:
    return ["--irc", "1", "--caps", caps]


def _port_of(process: subprocess.Popen[bytes], protocol: str) -> int:
    """Where the house is open for a protocol, as it says: "Teahouse is open: line nc localhost 4243"."""
    assert process.stdout is not None
    for line in process.stdout:
        words = line.decode().split()
        if words[3:4] == [protocol]:
            return int(words[-1])
    raise SystemExit("The house did not open.")


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
