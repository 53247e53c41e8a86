"""`make soak SECONDS_EACH=300`: a real house under churn, slow readers and floods, while two people talk. It fails
when the house grows after it has warmed up, leaves files open, logs a traceback, or one of the two misses a line.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random
from statistics import median
from typing import NamedTuple

from click import echo

from clients.open_house import TEAHOUSE, OpenHouse
from clients.waiting import until
from soak.people import ACCOUNT, HABITS, IRC_HABITS, PASSWORD, WEB_HABITS, converse, repeat

CONFIG = """
[house]
history_lines = 0
[rooms.lobby]
history = false
[limits]
flood_lines = 25.0
flood_bytes = 16384
output_bytes = 65536
output_seconds = 2
announce_members = 1000
rename_seconds = 0
[uploads]
files_per_hour = 1000000
account_bytes = 20000000
free_bytes = 0
"""
GROWTH = 3 << 20
"""Bytes that the house may have grown by in the last third of the time, against the third before."""
PAGE = os.sysconf("SC_PAGESIZE")


class Sample(NamedTuple):
    """The house at one moment."""

    resident: int
    files: int


def sample(pid: int) -> Sample:
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return Sample(pages * PAGE, len(list(Path(f"/proc/{pid}/fd").iterdir())))


async def soak(house: OpenHouse, seconds: float) -> list[Sample]:
    """Let everyone in for so long; how the house was, several times a second."""
    done = asyncio.Event()
    talk = asyncio.create_task(converse(house.line, done))
    ports = (house.telnet, house.line)
    ways = [(habit, ports[i % 2]) for i, habit in enumerate(HABITS)]
    ways += [(habit, house.ports["irc localhost"]) for habit in IRC_HABITS]
    ways += [(habit, house.ports["web http://localhost"]) for habit in WEB_HABITS]
    others = [
        asyncio.create_task(repeat(habit, port, Random(i), done)) for i, (habit, port) in enumerate(ways)
    ]
    samples = []
    for _ in range(int(seconds * 4)):
        await asyncio.sleep(0.25)
        samples.append(sample(house.process.pid))
        if talk.done():
            break
    done.set()
    numbers, *times = await asyncio.gather(talk, *others)
    echo(f"soak: {numbers:,} lines heard by both, {sum(times):,} others came and went")
    return samples


def judge(samples: list[Sample]) -> None:
    """The second and the last third of the time, side by side."""
    third = len(samples) // 3
    before, after = (
        [median(each[field] for each in part) for field in (0, 1)]
        for part in (samples[third : 2 * third], samples[2 * third :])
    )
    echo(
        f"soak: {before[0] / 1e6:.1f} MB and {before[1]:g} files, then {after[0] / 1e6:.1f} MB and {after[1]:g}"
    )
    assert after[0] - before[0] <= GROWTH, "the house grows"
    assert after[1] - before[1] <= len(HABITS + IRC_HABITS + WEB_HABITS), "the house leaves files open"


def add_account(house: OpenHouse) -> None:
    """There is one whose files are uploaded."""
    command = [str(TEAHOUSE), "account", "add", ACCOUNT, "--config", str(house.folder / "house.toml")]
    env = os.environ | {"TEAHOUSE_DATA": str(house.folder / "data")}
    subprocess.run(command, input=f"{PASSWORD}\n", env=env, text=True, check=True, capture_output=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        house = OpenHouse(Path(folder), CONFIG, "--telnet", "0", "--line", "0", "--irc", "0", "--web", "0")
        try:
            add_account(house)
            files = sample(house.process.pid).files
            judge(asyncio.run(soak(house, float(sys.argv[1]))))
            until(
                lambda: sample(house.process.pid).files <= files, "the house keeps connections that are gone"
            )
        finally:
            status = house.close()
        log = house.log
    assert status == 0, log
    assert "Traceback" not in log, log
    echo(f"soak: nothing found; {log.count('dropped')} were dropped, with the reason in the log")


if __name__ == "__main__":
    main()
