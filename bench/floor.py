"""The floor of the machine: what it costs this Python to hand the same bytes to 1,000 sockets and do nothing else.

Rule: measured in the same run, on the same CPU and with the same reader (`load sink`) as the server, because the
price of a `send` on a shared or virtual machine drifts by a third within minutes. On loopback it has in it what the
kernel does for the receiver, so a figure is only worth something beside the server's.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple


class Kind(NamedTuple):
    """Rounds a second (0: back to back), and how the reader waits (see `--poll` of the load generator)."""

    rate: float
    poll: str


KINDS = {"back_to_back": Kind(0.0, "0"), "paced": Kind(100.0, "50")}
LINE = b"bnick00000001: " + b"x" * 100 + b"\r\n"


def connected(
    load: Path, count: int, options: list[str]
) -> tuple[subprocess.Popen[bytes], list[socket.socket]]:
    """A reader in a process of its own, and this side of its connections."""
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as listener:
        port = listener.getsockname()[1]
        words = [str(load), "sink", "--port", str(port), "--clients", str(count), *options]
        reader = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        sockets = [listener.accept()[0] for _ in range(count)]
    for each in sockets:
        each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        each.setblocking(False)
    return reader, sockets


def cost(sockets: list[socket.socket], seconds: float, rate: float) -> float:
    """Microseconds of CPU time for one `send`, over so many seconds of rounds; rate 0: back to back."""
    sends, begin = 0, time.monotonic()
    before, rounds, late = time.process_time(), 0, begin
    while late - begin < seconds:
        for each in sockets:
            try:  # noqa: SIM105  a context manager would cost as much as a tenth of what is measured
                each.send(LINE)
            except BlockingIOError:  # the reader is behind: the call has cost what it costs
                pass
        rounds += 1
        sends += len(sockets)
        late = time.monotonic()
        if rate and begin + rounds / rate > late:
            time.sleep(begin + rounds / rate - late)
    return (time.process_time() - before) / sends * 1e6


def measure(
    load: Path, names: tuple[str, ...] = tuple(KINDS), seconds: float = 2.0, count: int = 1000
) -> dict[str, float]:
    """The floors of these names. The reader runs on the last CPU there is, this on the first."""
    mine = os.sched_getaffinity(0)
    results = {}
    for name in names:
        reader, sockets = connected(load, count, ["--poll", KINDS[name].poll, "--inflight", str(count)])
        os.sched_setaffinity(reader.pid, {max(mine)})
        os.sched_setaffinity(0, {min(mine)})
        time.sleep(0.7)  # the reader settles
        results[name] = cost(sockets, seconds, KINDS[name].rate)
        os.sched_setaffinity(0, mine)
        for each in sockets:
            each.close()
        reader.wait(30)
    return results


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("load", type=Path, help="the compiled load generator")
    json.dump(measure(parser.parse_args().load), sys.stdout)
