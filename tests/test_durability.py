"""The real house and the worst that happens to it: it is killed, its disk is full, somebody else has the lock. Rule:
what anybody was shown is there afterwards, once and in its place; who cannot be promised that is told so.

TEAHOUSE_KILLS says how often it is killed: `TEAHOUSE_KILLS=200 pytest tests/test_durability.py -k killed -s`.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
import resource
import select
import signal
import sqlite3
import stat
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Self

import pytest

from processes import BIN, Guest, Process, run, until
from teahouse.running.data import Claim
from teahouse.store import StoreUnusable
from teahouse.store.sqlite.files import connect_reader
from teahouse.store.sqlite.migrating import shipped
from test_keeper import PASSWORD, Keeper

TEAHOUSE = BIN / "teahouse"
KILLS = int(os.environ.get("TEAHOUSE_KILLS", "5"))
CONFIG = """
test_mode = true
[limits]
flood_lines = 0
[listen]
telnet = []
irc = []
web = []
line = ["0"]
[rooms.live]
history = false
"""
LINE = re.compile(rb"(talker\d): line (\d+) of round (\d+)\.")
WITH_LITTLE_SPACE = """
import signal
from teahouse.cli import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
main()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "house.toml").write_text(CONFIG)
    return tmp_path


def serve(folder: Path, *more: str, command: tuple[str | Path, ...] = (TEAHOUSE,)) -> Process:
    words = ("serve", "--config", "house.toml", "--data", "data", *more)
    return Process(*command, *words, cwd=folder, listeners=1 + more.count("--telnet"))


def kept(folder: Path, room: str = "lobby") -> list[tuple[int, str, str]]:
    """All events of a room, in the order in which they were written: id, nick, text."""
    with closing(connect_reader(folder / "data" / "teahouse.db")) as db:
        assert db.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        found = db.execute(
            """SELECT e.id, a.nick, e.text FROM events e JOIN authors a ON a.id = e.author
              JOIN places p ON p.id = e.place WHERE p.key = ? ORDER BY e.seq""",
            (room,),
        )
        return found.fetchall()


# ---- kill -9 -----------------------------------------------------------------------------------------------


class Recorder(Thread):
    """A bystander: takes down all that it is shown, until the connection ends."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.guest = Guest(port, "bystander")
        self.data = bytearray()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.join(15)
        self.guest.socket.close()

    def run(self) -> None:
        try:
            while chunk := self.guest.socket.recv(1 << 16):
                self.data += chunk
        except OSError:
            pass  # it was killed

    def heard(self) -> list[tuple[str, int, int]]:
        """Who said which line in which round."""
        return [(who.decode(), int(line), int(part)) for who, line, part in LINE.findall(bytes(self.data))]


class Talker(Thread):
    """Says numbered lines as fast as they are taken."""

    def __init__(self, port: int, number: int, part: int) -> None:
        super().__init__(daemon=True)
        self.guest = Guest(port, f"talker{number}")
        self._part = part

    def run(self) -> None:
        drain = Thread(target=self._read, daemon=True)
        drain.start()
        try:
            for line in range(0, 1_000_000, 10):
                self.guest.say(*(f"line {line + n} of round {self._part}." for n in range(10)))
        except OSError:
            drain.join(15)

    def _read(self) -> None:
        try:
            while self.guest.socket.recv(1 << 16):
                pass
        except OSError:
            pass


def kill_one(folder: Path, part: int, lines: int) -> tuple[list[tuple[str, int, int]], float]:
    """Open the house, let people talk, kill it once the bystander has heard so many lines; what it had heard, and
    how long the house had taken to open."""
    began = time.monotonic()
    with serve(folder) as house:
        opened = time.monotonic() - began
        with Recorder(house.ports[0]) as bystander:
            talkers = [Talker(house.ports[0], number, part) for number in range(4)]
            for talker in talkers:
                talker.start()
            until(lambda: bystander.data.count(b" of round ") >= lines, "people to talk")
            house.signal(signal.SIGKILL)
            house.status()
        for talker in talkers:
            talker.join(15)
            talker.guest.socket.close()
        assert "Traceback" not in house.err.rest()
    return bystander.heard(), opened


def test_killed_at_any_time(folder: Path) -> None:
    choose = random.Random(9)
    slowest, shown = 0.0, 0
    for part in range(KILLS):
        heard, opened = kill_one(folder, part, choose.randrange(20, 3_000))
        slowest, shown = max(slowest, opened), shown + len(heard)
        events = kept(folder)
        assert [id_ for id_, _, _ in events] == sorted({id_ for id_, _, _ in events})
        said = [found for found in map(_line, events) if found is not None and found[2] == part]
        assert (
            said[: len(heard)] == heard
        )  # in one order; what came after was stored, and nobody has seen it yet
        assert len(set(said)) == len(said)
    print(f"{KILLS} kills, {shown:,} lines shown, none lost; slowest start {slowest:.2f} s")  # noqa: T201
    assert slowest < 10


def _line(event: tuple[int, str, str]) -> tuple[str, int, int] | None:
    match = re.fullmatch(r"line (\d+) of round (\d+)\.", event[2] or "")
    return (event[1], int(match[1]), int(match[2])) if match else None


# ---- a full disk --------------------------------------------------------------------------------------------


def limit(house: Process, size: int) -> None:
    """No file of the house may grow beyond this, as on a full disk."""
    resource.prlimit(house.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@pytest.mark.skipif(sys.platform != "linux", reason="prlimit is Linux's")
def test_full_disk(folder: Path) -> None:
    keeper = Keeper(folder / "data")
    keeper.does("account", "add", "dora", stdin=PASSWORD)
    with (
        serve(folder, command=(sys.executable, "-c", WITH_LITTLE_SPACE)) as house,
        Guest(house.ports[0], "amy") as amy,
        Guest(house.ports[0], "bob") as bob,
        Guest(house.ports[0], "cyd") as cyd,
    ):
        for guest in (bob, cyd):
            guest.say("/join live")
            guest.wait_for("In this room:.*\n")
        bob.say("/join -k lobby")
        bob.wait_for("(?s)In this room:.*In this room:.*\n")
        amy.say("there is room.")
        bob.wait_for(r"amy: there is room\.")
        limit(house, 1 << 12)
        amy.say("there is none.")
        amy.wait_for("The house cannot write that down just now, so nobody was shown it.")
        cyd.say("here we talk on.")
        bob.wait_for(r"cyd: here we talk on\.")
        with Guest(house.ports[0]) as dora:
            dora.say(f"login dora {PASSWORD}")
            dora.wait_for("You are dora.")
            dora.say("/reserve pot")
            dora.wait_for("The house cannot write that down just now. Please try again later.")
            house.err.wait_for("warn .*dora: The house cannot")
            keeper.does("backup", str(folder / "copy.db"))
        limit(house, resource.RLIM_INFINITY)
        amy.say("there is room again.")
        bob.wait_for(r"amy: there is room again\.")
        assert "there is none." not in bob.text
        house.signal()
        assert house.status() == 0
        assert "Traceback" not in house.err.rest()
    assert [text for _, _, text in kept(folder)] == ["there is room.", "there is room again."]


# ---- somebody else's lock ------------------------------------------------------------------------------------


LOCKED = 3.0
"""Seconds; a backup by another program may take as long."""
ASK, ANSWER = b"\xff\xfd\x06", b"\xff\xfb\x06"
"""Telnet's timing mark (RFC 860): the protocol answers it, whatever the house waits for."""


class Pulse(Thread):
    """Asks over telnet, again and again, for what the protocol answers by itself, and notes how long each answer
    takes: that is how late the reactor is."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.guest = Guest(port)
        self.guest.wait_for("login")
        self.delays: list[float] = []
        self.done = Event()

    def run(self) -> None:
        while not self.done.wait(0.01):
            asked = time.monotonic()
            self.guest.socket.sendall(ASK)
            data = b""
            while ANSWER not in data:
                data += self.guest.socket.recv(100)
            self.delays.append(time.monotonic() - asked)


def test_lock_of_another_program_only_delays(folder: Path) -> None:
    keeper = Keeper(folder / "data")
    keeper.does("account", "add", "dora", stdin=PASSWORD)
    with (
        serve(folder, "--telnet", "0") as house,
        Guest(house.ports[1], "amy") as amy,
        Guest(house.ports[1], "bob") as bob,
        closing(sqlite3.connect(folder / "data" / "teahouse.db", isolation_level=None)) as other,
    ):
        pulse = Pulse(house.ports[0])
        other.execute("BEGIN IMMEDIATE")
        pulse.start()
        amy.say(*(f"line {n} in a locked house." for n in range(100)))
        assert not select.select([bob.socket], [], [], LOCKED)[0]  # shown means stored
        assert keeper.rows() == [["dora", "member", "no"]]
        keeper.does("backup", str(folder / "copy.db"))
        other.execute("ROLLBACK")
        bob.wait_for("line 99 in a locked house")
        pulse.done.set()
        pulse.join(15)
        pulse.guest.socket.close()
        assert len(pulse.delays) > 100
        assert max(pulse.delays) < 0.5
        house.signal()
        assert house.status() == 0
    assert [text for _, _, text in kept(folder)] == [f"line {n} in a locked house." for n in range(100)]


# ---- files that cannot be used -------------------------------------------------------------------------------


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.name != "lock"
    }


NEWEST = max(shipped())


def garbage(file: Path) -> None:
    file.write_bytes(b"tea leaves" * 1_000)


def newer(file: Path) -> None:
    run(TEAHOUSE, "account", "list", "--data", file.parent)
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA application_id = 0x54656148")
        db.execute("PRAGMA user_version = 9999")


def foreign(file: Path) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.execute("CREATE TABLE kettles (size INTEGER)")
        db.execute("PRAGMA application_id = 1")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (garbage, "is not a database: move it away, or name another file."),
        (
            newer,
            f"was written by a newer Teahouse (its form is 9999, this one knows {NEWEST}): install the newer one",
        ),
        (foreign, "is the database of another program: name another file."),
    ],
)
def test_file_that_cannot_be_used_is_left_alone(
    folder: Path, make: Callable[[Path], None], said: str
) -> None:
    data = folder / "data"
    data.mkdir()
    make(data / "teahouse.db")
    before = hashes(data)
    status, out, err = run(TEAHOUSE, "serve", "--config", "house.toml", "--data", "data", cwd=folder)
    assert (status, out) == (1, "")
    assert err.startswith("Error: data/teahouse.db ")
    assert said in err
    assert len(err.splitlines()) == 1
    assert hashes(data) == before


def test_only_one_house_in_a_directory(folder: Path) -> None:
    with serve(folder) as house:
        status, _, err = run(TEAHOUSE, "serve", "--config", "house.toml", "--data", "data", cwd=folder)
        assert (status, len(err.splitlines())) == (1, 1)
        assert err.startswith("Error: another house has its data in data: stop it, or give this one another")
        with Guest(house.ports[0], "amy") as amy:
            amy.say("still here")
            amy.wait_for("amy: still here")
        house.signal(signal.SIGKILL)
        house.status()
    with serve(folder):
        pass  # the lock went with the process


def test_nobody_else_can_look_in(folder: Path) -> None:
    before = os.umask(0)
    try:
        with serve(folder, "--data", "deep/data") as house:
            with Guest(house.ports[0], "amy") as amy:
                amy.say("a secret")
                amy.wait_for("amy: a secret")
            keeper = Keeper(folder / "deep" / "data")
            keeper.does("account", "add", "dora", stdin=PASSWORD)
            keeper.does("backup", str(folder / "copy.db"))
            assert keeper.types("export", "lobby", "--output", str(folder / "lobby")).exit_code == 0
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")}
    finally:
        os.umask(before)
    files = ["copy.db", "lobby", "lock", "teahouse.db", "teahouse.db-shm", "teahouse.db-wal"]
    assert {name: modes.get(name) for name in files} == dict.fromkeys(files, 0o600)
    assert (modes["deep"], modes["data"]) == (0o700, 0o700)


# ---- people who are always on --------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_who_is_always_on_is_back(folder: Path, number: signal.Signals) -> None:
    with serve(folder) as house, Guest(house.ports[0]) as amy:
        amy.say(f"register amy {PASSWORD}")
        amy.wait_for("You are amy.")
        amy.say("/alwayson on", "/join -k garden")
        amy.wait_for("(?s)You stay here.*In this room: amy")
        if number == signal.SIGKILL:
            until(lambda: "garden" in settings_of(folder, "amy"), "her rooms to be written down")
        house.signal(number)
        house.status()
        assert "Traceback" not in house.err.rest()
    with serve(folder) as house, Guest(house.ports[0], "bob") as bob:
        until(lambda: answer(bob, "/who amy", "In the house: .*\n").endswith("1\r\n"), "her to be back")
        bob.wait_for("amy  lobby, garden")
        bob.say("/join garden", "are you there, amy?")
        bob.wait_for("(?s)In this room: amy, bob.*are you there")
        with Guest(house.ports[0]) as amy:
            amy.say(f"login amy {PASSWORD}")
            amy.wait_for(r"You are amy\.")
            if number == signal.SIGTERM:
                amy.wait_for(r"are you there, amy\?")
            amy.say("/join garden", "/room")
            amy.wait_for("your role +operator")


def answer(guest: Guest, line: str, pattern: str) -> str:
    guest.text = ""
    guest.say(line)
    return guest.wait_for(pattern)


def settings_of(folder: Path, key: str) -> str:
    with closing(connect_reader(folder / "data" / "teahouse.db")) as db:
        (found,) = db.execute("SELECT settings FROM accounts WHERE key = ?", (key,)).fetchone()
        return str(found)


def test_data_in_a_file_is_refused_with_what_to_do(tmp_path: Path) -> None:
    taken = tmp_path / "house.toml"
    taken.touch()
    with pytest.raises(StoreUnusable, match="is a file: --data wants a directory"):
        Claim(taken)
