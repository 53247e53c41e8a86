"""`kill -9` under load. Rule: what was acknowledged is there, in order, and nothing is there twice.

TEAHOUSE_KILLS says how many times: `TEAHOUSE_KILLS=200 pytest tests/test_sqlite_kill.py` before a release.
"""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from contracts.store_rig import Rig, said
from teahouse.store import Done
from teahouse.store.sqlite.files import connect_reader
from teahouse.store.sqlite.store import SqliteStore

KILLS = int(os.environ.get("TEAHOUSE_KILLS", "20"))
AHEAD = 200
"""Events that are on their way at any time."""


def talk(path: Path, out: int) -> None:
    """Append as fast as it goes, and write each id once it is acknowledged."""
    rig = Rig()
    store = SqliteStore(path, rig, pace=0)
    last = store.recent("lobby", 1)
    sent = acknowledged = last[0].id >> 20 if last else 0
    fresh: list[int] = []
    while True:
        while sent - acknowledged < AHEAD:
            count = 1 + sent % 7
            store.append([said(sent + n) for n in range(1, count + 1)], acknowledge(fresh, sent + count))
            sent += count
        rig.until(fresh.copy)
        acknowledged = fresh[-1]
        fresh.clear()
        os.write(out, b"%d\n" % acknowledged)


def acknowledge(fresh: list[int], number: int) -> Done:
    def done(error: Exception | None) -> None:
        assert error is None
        fresh.append(number)

    return done


def move(path: Path, out: int) -> None:
    """Say something in a room, rename it, and so on; write how often it was renamed once that is acknowledged."""
    rig = Rig()
    store = SqliteStore(path, rig, pace=0)
    (room,) = rig.wait(store.rooms_with_lines()) or ["room0"]
    number = (store.recent(room, 1) or [said(0)])[-1].id >> 20
    name = int(room.removeprefix("room"))
    while True:
        number, name = number + 1, name + 1
        store.append([said(number, room=f"room{name - 1}")], lambda _: None)
        assert rig.told(partial(store.rename_room, f"room{name - 1}", f"room{name}", {})) is None
        os.write(out, b"%d\n" % name)


def kill_one(path: Path, lines: int, talk: Callable[[Path, int], None] = talk) -> int:
    """Let a process of its own write so many lines, kill it, and say what it acknowledged last."""
    inside, outside = os.pipe()
    process = os.fork()
    if not process:
        os.close(inside)
        try:
            talk(path, outside)
        finally:
            sys.stderr.flush()
            os._exit(1)
    os.close(outside)
    with os.fdopen(inside, "rb") as said_so:
        heard = [said_so.readline() for _ in range(lines)]
        os.kill(process, signal.SIGKILL)
        heard += said_so.readlines()
    os.waitpid(process, 0)
    assert all(heard), "it died by itself"
    return int([line for line in heard if line.endswith(b"\n")][-1])


def test_killed_while_a_room_is_renamed(tmp_path: Path) -> None:
    path = tmp_path / "teahouse.db"
    choose = random.Random(5)
    for _ in range(KILLS):
        acknowledged = kill_one(path, choose.randrange(1, 50), move)
        rig = Rig()
        store = SqliteStore(path, rig)
        (room,) = rig.wait(store.rooms_with_lines())
        assert int(room.removeprefix("room")) >= acknowledged
        store.close()
    with closing(connect_reader(path)) as db:
        ids = [id_ >> 20 for (id_,) in db.execute("SELECT id FROM events ORDER BY seq")]
        assert ids == list(range(1, len(ids) + 1)), "all of it, under one name"


def test_killed_at_any_time(tmp_path: Path) -> None:
    path = tmp_path / "teahouse.db"
    choose = random.Random(4)
    for _ in range(KILLS):
        acknowledged = kill_one(path, choose.randrange(1, 150))
        store = SqliteStore(path, Rig())
        (last,) = store.recent("lobby", 1)
        assert last.id >> 20 >= acknowledged
        store.close()
    with closing(connect_reader(path)) as db:
        ids = [id_ >> 20 for (id_,) in db.execute("SELECT id FROM events ORDER BY seq")]
        assert ids == list(range(1, len(ids) + 1))
        assert db.execute("PRAGMA quick_check").fetchall() == [("ok",)]
