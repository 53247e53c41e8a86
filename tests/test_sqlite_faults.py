"""What goes wrong with disks and neighbours. Rule: who was promised something is told, nobody else notices, and
when the trouble is over nothing remains of it."""

from __future__ import annotations

import random
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from contracts.store_rig import START, Rig, account, said
from teahouse.events import Said, stamp
from teahouse.store import StoreBusy, StoreError
from teahouse.store.sqlite import files, writer
from teahouse.store.sqlite.store import SqliteStore


@pytest.fixture
def rig() -> Rig:
    return Rig()


@pytest.fixture
def store(tmp_path: Path, rig: Rig) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "teahouse.db", rig, pace=0)
    yield store
    store.close()


def numbers(store: SqliteStore, count: int = 1000) -> list[int]:
    return [event.id >> 20 for event in store.recent("lobby", count)]


# ---- the disk ----------------------------------------------------------------------------------------------


def test_full_disk(store: SqliteStore, rig: Rig) -> None:
    assert rig.append(store, [said(1)]) is None
    store._writer._desk.db.execute("PRAGMA max_page_count = 60")
    errors = [rig.append(store, [said(n, "tea " * 500), said(n + 1)]) for n in range(2, 300, 2)]
    assert isinstance(errors[-1], StoreError)
    assert "full" in str(errors[-1])
    kept = 1 + 2 * errors.count(None)
    assert numbers(store) == list(range(1, kept + 1))
    with pytest.raises(StoreError):
        rig.wait(store.add_account(account("amy", *(f"nick{n}" * 2 for n in range(900)))))
    assert rig.wait(store.account("amy")) is None
    store._writer._desk.db.execute("PRAGMA max_page_count = 1000000")
    assert rig.append(store, [said(1000)]) is None
    rig.wait(store.add_account(account("amy")))
    assert numbers(store)[-2:] == [kept, 1000]


@pytest.mark.parametrize("seed", range(12))
def test_torn_log(tmp_path: Path, store: SqliteStore, rig: Rig, seed: int) -> None:
    """After a power cut the end of the log is missing, or is not what was written."""
    for n in range(1, 40):
        rig.append(store, [said(n)])
    choose = random.Random(seed)
    path = tmp_path / "torn" / "teahouse.db"
    path.parent.mkdir()
    shutil.copy(tmp_path / "teahouse.db", path)
    log = bytearray((tmp_path / "teahouse.db-wal").read_bytes())
    cut = choose.randrange(len(log))
    tail = choose.randbytes(min(9000, len(log) - cut)) if seed % 2 else b""
    path.with_name("teahouse.db-wal").write_bytes(bytes(log[:cut]) + tail)
    torn = SqliteStore(path, rig)
    left = numbers(torn)
    assert left == list(range(1, len(left) + 1))
    assert rig.append(torn, [said(100)]) is None
    assert numbers(torn) == [*left, 100]
    torn.close()


# ---- neighbours --------------------------------------------------------------------------------------------


def test_lock_of_another_program_only_delays(tmp_path: Path, store: SqliteStore, rig: Rig) -> None:
    rig.append(store, [said(1)])
    told: list[Exception | None] = []
    with closing(sqlite3.connect(tmp_path / "teahouse.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        store.append([said(2)], told.append)
        assert numbers(store) == [1]
        assert rig.wait(store.search(["line"], rooms=["lobby"])) == [said(1)]
        assert told == []
        other.execute("ROLLBACK")
    rig.until(lambda: told)
    assert told == [None]


def test_lock_of_another_program_keeps_no_reader_waiting(
    tmp_path: Path, store: SqliteStore, rig: Rig
) -> None:
    """Not on closing either, though there is something to look after."""
    rig.append(store, [said(1)])
    with closing(sqlite3.connect(tmp_path / "teahouse.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        visitor = SqliteStore(tmp_path / "teahouse.db", rig)
        while not visitor._writer._not_before:  # it has tried
            rig.wait(visitor.account("nobody"))
        assert visitor._writer._upkeep.due_in() is not None
        assert numbers(visitor) == [1]
        visitor.close()
        assert time.monotonic() - began < files.PATIENCE / 2
        other.execute("ROLLBACK")


def test_reader_that_takes_its_time_delays_nobody(
    tmp_path: Path, store: SqliteStore, rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as a backup by another program, while erased words are to leave the log."""
    monkeypatch.setattr(writer, "TROUBLE", 0.0)
    rig.append(store, [said(1), said(2)])
    with closing(sqlite3.connect(tmp_path / "teahouse.db", isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM events").fetchone()
        rig.told(lambda done: store.erase([said(1).id], done))
        began = time.monotonic()
        while not store._writer._upkeep._truncate:
            rig.wait(store.account("nobody"))
        assert rig.append(store, [said(3)]) is None
        SqliteStore(tmp_path / "teahouse.db", Rig()).close()
        assert time.monotonic() - began < files.PATIENCE / 2
        other.execute("COMMIT")
    settle(store, rig)
    assert (tmp_path / "teahouse.db-wal").stat().st_size == 0
    assert numbers(store) == [2, 3]


def test_lock_for_ever_is_told(tmp_path: Path, rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PATIENCE", 0.05)
    store = SqliteStore(tmp_path / "teahouse.db", rig)
    with closing(sqlite3.connect(tmp_path / "teahouse.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert "locked" in str(rig.append(store, [said(1)]))
        other.execute("ROLLBACK")
    assert rig.append(store, [said(2)]) is None
    assert numbers(store) == [2]
    store.close()


# ---- the house itself --------------------------------------------------------------------------------------


def test_poison_harms_only_the_one_who_brought_it(store: SqliteStore, rig: Rig) -> None:
    told: dict[int, Exception | None] = {}
    poison = Said("eve", "half a character: \ud83d")
    stamp(poison, "lobby", 4 << 20, START)
    for n, events in enumerate([[said(1)], [said(2)], [said(3), poison], [said(2)], [said(5)]]):
        store.append(events, lambda error, n=n: told.update({n: error}))  # type: ignore[misc]
    rig.until(lambda: len(told) == 5)
    assert [told[n] is None for n in range(5)] == [True, True, False, False, True]
    assert numbers(store) == [1, 2, 5]


def test_queue_is_bounded(store: SqliteStore, rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "MOST_WAITING", 10)
    told: list[Exception | None] = []
    store.append([said(n) for n in range(1, 11)], told.append)
    store.append([said(11)], told.append)
    assert [type(error) for error in told] == [StoreBusy]
    with pytest.raises(StoreBusy):
        rig.wait(store.add_account(account("amy")))
    rig.until(lambda: len(told) == 2)
    assert rig.append(store, [said(12)]) is None


def test_close_writes_and_tells_what_waits(tmp_path: Path, rig: Rig) -> None:
    store = SqliteStore(tmp_path / "teahouse.db", rig)
    rig.wait(store.add_account(account("amy")))
    told: list[Exception | None] = []
    for n in range(1, 500):
        store.append([said(n)], told.append)
    store.set_marker("amy", "lobby", 7)
    store.close()
    assert told == [None] * 499
    store = SqliteStore(tmp_path / "teahouse.db", rig)
    assert len(numbers(store)) == 499
    assert rig.wait(store.marker("amy", "lobby")) == 7
    store.close()
    assert not (tmp_path / "teahouse.db-wal").exists()


def test_nothing_is_shown_before_it_is_reported(store: SqliteStore, rig: Rig, tmp_path: Path) -> None:
    store.append([said(1)], lambda error: None)
    with closing(sqlite3.connect(tmp_path / "teahouse.db")) as other:
        while not other.execute("SELECT 1 FROM events").fetchone():
            pass
    assert numbers(store) == []
    rig.until(lambda: store._writer.shown)
    assert numbers(store) == [1]


def test_store_that_does_not_wait(tmp_path: Path, rig: Rig) -> None:
    store = SqliteStore(tmp_path / "teahouse.db", rig, durability="none")
    told: list[Exception | None] = []
    store.append([said(1)], told.append)
    assert told == [None]
    store.close()
    store = SqliteStore(tmp_path / "teahouse.db", rig)
    assert numbers(store) == [1]
    store.close()


def test_store_that_does_not_wait_tells_when_all_of_it_can_be_found(tmp_path: Path, rig: Rig) -> None:
    store = SqliteStore(tmp_path / "teahouse.db", rig, durability="none")
    store.append([said(n) for n in range(1, 500)], lambda error: None)
    rig.told(lambda done: store.erase((), done))
    assert len(numbers(store)) == 499
    store.close()


def test_erased_words_are_on_no_disk(tmp_path: Path, rig: Rig) -> None:
    """Not in the table, not in the index of words, not in the log."""
    secret = [said(n, f"my passphrase is xylophone{n}", who="mallory") for n in range(1, 600)]
    store = SqliteStore(tmp_path / "teahouse.db", rig)
    rig.append(store, [said(0, "xylem"), *secret])
    settle(store, rig)
    assert b"xylophone" in content(tmp_path)
    rig.told(lambda done: store.erase([event.id for event in secret], done))
    settle(store, rig)
    assert b"xylophone" not in content(tmp_path)
    assert b"mallory" not in content(tmp_path)
    with closing(sqlite3.connect(tmp_path / "teahouse.db")) as db:
        terms = {term for (term,) in db.execute("SELECT DISTINCT term FROM terms")}
    assert "xyl" in terms
    assert not terms & {"pas", "hra", "pho"}
    store.close()


def content(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def settle(store: SqliteStore, rig: Rig) -> None:
    """Until the writer has nothing left to look after."""
    while store._writer._upkeep.due_in() == 0:
        rig.wait(store.account("nobody"))
