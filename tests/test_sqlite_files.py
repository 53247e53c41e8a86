"""The file: who may read it, what is refused, and how it is brought from one form to the next."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from contracts.store_rig import Rig, account, said
from teahouse.store import StoreUnusable
from teahouse.store.sqlite.files import OURS, connect_reader
from teahouse.store.sqlite.migrating import make_ready, shipped, statements, version_of
from teahouse.store.sqlite.store import SqliteStore

NUMBER = max(shipped()) + 1
NEXT = {**shipped(), NUMBER: "ALTER TABLE accounts ADD COLUMN mail TEXT;\nUPDATE accounts SET mail = 'none';"}
BROKEN = {**shipped(), NUMBER: "ALTER TABLE accounts ADD COLUMN mail TEXT;\nINSERT INTO nowhere VALUES (1);"}


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def filled(path: Path) -> Path:
    """A file with a house in it."""
    rig = Rig()
    store = SqliteStore(path, rig)
    rig.append(store, [said(n) for n in range(1, 50)])
    rig.wait(store.add_account(account("amy")))
    store.close()
    return path


@pytest.mark.parametrize("mask", [0, 0o022, 0o777], ids=oct)
def test_nobody_else_can_read_it(tmp_path: Path, mask: int) -> None:
    path = tmp_path / "data" / "house" / "teahouse.db"
    with umask(mask):
        rig = Rig()
        store = SqliteStore(path, rig)
        rig.append(store, [said(1)])
        rig.wait(store.backup(path.with_name("copy.db")))
    assert {each.name: mode(each) for each in path.parent.iterdir()} == {
        "teahouse.db": 0o600,
        "teahouse.db-wal": 0o600,
        "teahouse.db-shm": 0o600,
        "copy.db": 0o600,
    }
    assert mode(path.parent) == mode(path.parent.parent) == 0o700
    store.close()


def test_modes_are_put_right(tmp_path: Path) -> None:
    path = filled(tmp_path / "teahouse.db")
    path.chmod(0o666)
    filled_again = SqliteStore(path, Rig())
    assert mode(path) == 0o600
    filled_again.close()


def head(version: int, owner: int) -> bytes:
    """The first page of a database."""
    data = bytearray(b"SQLite format 3\0" + bytes(4080))
    data[60:64], data[68:72] = version.to_bytes(4, "big"), owner.to_bytes(4, "big")
    return bytes(data)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"not a database at all", "not a database"),
        (b"\0" * 8192, "not a database"),
        (b"SQLite format 3\0", "not a database"),
        (head(999, OURS), "newer Teahouse"),
        (head(1, OURS), "cannot be used"),
        (head(7, 0), "another program"),
        (head(1, 123), "another program"),
    ],
)
def test_refused_and_untouched(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "teahouse.db"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(StoreUnusable, match=says) as raised:
        SqliteStore(path, Rig())
    assert str(path) in str(raised.value)
    assert path.read_bytes() == content


def test_refused_places(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnusable, match="is a directory"):
        SqliteStore(tmp_path, Rig())
    with pytest.raises(StoreUnusable, match="file"):
        SqliteStore(tmp_path / "file" / "teahouse.db", Rig())


@contextmanager
def without_rights() -> Iterator[None]:
    """As somebody who may not do everything: where the tests run as root, as nobody."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_refused_without_rights() -> None:
    with TemporaryDirectory() as folder:  # not pytest's: nobody but its owner may look into that
        Path(folder).chmod(0o755)
        path = filled(Path(folder) / "teahouse.db")
        path.chmod(0o000)
        with without_rights(), pytest.raises(StoreUnusable, match="cannot be read"):
            SqliteStore(path, Rig())


def test_empty_file_is_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "teahouse.db").touch()
    filled(tmp_path / "teahouse.db")


# ---- migrations --------------------------------------------------------------------------------------------


def test_steps_are_numbered_without_a_gap() -> None:
    assert sorted(shipped()) == list(range(1, len(shipped()) + 1))
    assert "DO NOT EDIT" in shipped()[1].splitlines()[0]


def test_migration_keeps_the_rows_and_makes_a_copy_first(tmp_path: Path) -> None:
    path = filled(tmp_path / "teahouse.db")
    make_ready(path, NEXT)
    with closing(connect_reader(path)) as db:
        assert version_of(db) == NUMBER
        assert db.execute("SELECT key, mail FROM accounts").fetchall() == [("amy", "none")]
        assert db.execute("SELECT count(*) FROM events").fetchone() == (49,)
    copy = tmp_path / f"teahouse.db.before-{NUMBER:04}"
    assert mode(copy) == 0o600
    SqliteStore(copy, Rig()).close()
    with pytest.raises(StoreUnusable, match="newer"):
        SqliteStore(path, Rig())


def test_migration_that_fails_has_not_happened(tmp_path: Path) -> None:
    path = filled(tmp_path / "teahouse.db")
    with pytest.raises(StoreUnusable, match="nowhere"):
        make_ready(path, BROKEN)
    rig = Rig()
    store = SqliteStore(path, rig)
    assert store.recent("lobby", 1) == [said(49)]
    store.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from tempfile import TemporaryDirectory
import test_sqlite_files as t
from teahouse.store.sqlite import migrating
def dying(script, real=migrating.statements):
    for number, statement in enumerate(real(script)):
        if number == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
        yield statement
migrating.statements = dying
migrating.make_ready(Path(sys.argv[1]), t.NEXT)
"""


@pytest.mark.parametrize("at", [0, 1])
def test_migration_that_is_killed_has_not_happened(tmp_path: Path, at: int) -> None:
    path = filled(tmp_path / "teahouse.db")
    here = Path(__file__).parent
    paths = os.pathsep.join([str(here), str(here.parent / "src")])
    died = subprocess.run(
        [sys.executable, "-c", KILLED, path, str(at)], env={**os.environ, "PYTHONPATH": paths}, check=False
    )
    assert died.returncode == -signal.SIGKILL
    SqliteStore(path, Rig()).close()
    make_ready(path, NEXT)


def test_statements_are_told_apart() -> None:
    trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN\n  SELECT 1;\n  SELECT 2;\nEND;\n"
    assert list(statements("-- a; b\nCREATE TABLE a (b);\n" + trigger))[1] == trigger


# ---- copies ------------------------------------------------------------------------------------------------


def test_backup_while_people_talk(tmp_path: Path) -> None:
    rig = Rig()
    store = SqliteStore(tmp_path / "teahouse.db", rig, pace=0)
    told: list[Exception | None] = []
    for n in range(1, 2000):
        store.append([said(n)], told.append)
    rig.until(lambda: len(told) > 500)
    copying = store.backup(tmp_path / "copy.db")
    for n in range(2000, 3000):
        store.append([said(n)], told.append)
    rig.wait(copying)
    rig.until(lambda: len(told) == 2999)
    store.close()
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        ids = [id_ >> 20 for (id_,) in copy.execute("SELECT id FROM events ORDER BY seq")]
        assert ids == list(range(1, len(ids) + 1))
        assert len(ids) > 500
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "teahouse.db"]
    SqliteStore(tmp_path / "copy.db", Rig()).close()


def test_backup_that_cannot_be_made(tmp_path: Path) -> None:
    rig = Rig()
    store = SqliteStore(tmp_path / "teahouse.db", rig)
    with pytest.raises(Exception, match="No copy was made"):
        rig.wait(store.backup(tmp_path / "nowhere" / "copy.db"))
    store.close()
