"""What keeps order, on disk: acts that nobody takes back, signatures that go with the nick, and questions that are
answered by an index however much there is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from contracts.store_rig import Rig, said
from teahouse.events import sign
from teahouse.store import Act, StoreError
from teahouse.store.spans import span
from teahouse.store.sqlite import acts, private, reading
from teahouse.store.sqlite.files import connect, connect_reader
from teahouse.store.sqlite.store import SqliteStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "teahouse.db"


@pytest.fixture
def rig() -> Rig:
    return Rig()


@pytest.fixture
def store(path: Path, rig: Rig) -> Iterator[SqliteStore]:
    store = SqliteStore(path, rig, pace=0)
    yield store
    store.close()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE acts SET reason = ''",
        "DELETE FROM acts",
        "INSERT OR REPLACE INTO acts SELECT * FROM acts",
        "REPLACE INTO acts SELECT * FROM acts WHERE number = 1",
        "INSERT INTO acts SELECT * FROM acts WHERE true ON CONFLICT DO UPDATE SET reason = ''",
    ],
)
def test_the_file_refuses_to_take_acts_back(path: Path, store: SqliteStore, rig: Rig, sql: str) -> None:
    noted = rig.wait(store.note(Act(what="kick", by="amy", reason="noise")))
    with closing(connect(path)) as db, pytest.raises(sqlite3.IntegrityError, match="only ever added"):
        db.execute(sql)
    assert rig.wait(store.acts()) == [noted]


def test_acts_are_there_when_the_house_opens_again(path: Path, store: SqliteStore, rig: Rig) -> None:
    noted = [rig.wait(store.note(Act(what="kick", by="amy"))) for _ in range(3)]
    rig.wait(store.save_document("order", {"n": 1}))
    store.close()
    again = SqliteStore(path, rig)
    assert rig.wait(again.acts()) == noted[::-1]
    assert again.document("order") == {"n": 1}
    assert rig.wait(again.note(Act(what="kick", by="amy"))).number == 4
    again.close()


def test_what_cannot_be_kept_harms_nothing_else(store: SqliteStore, rig: Rig) -> None:
    broken, good = store.note(Act(what="kick", by="\ud800")), store.note(Act(what="kick", by="amy"))
    with pytest.raises(StoreError):
        rig.wait(broken)
    assert rig.wait(good).by == "amy"
    with pytest.raises(TypeError):
        store.save_document("order", {1, 2})
    assert store.document("order") is None


def test_signatures_go_when_the_nick_goes(path: Path, store: SqliteStore, rig: Rig) -> None:
    events = [said(n, who="amy" if n < 4 else "bob") for n in range(1, 6)]
    for n, event in enumerate(events):
        sign(event, "", f"guest@{n}")
    rig.append(store, events)
    rig.told(lambda done: store.erase([event.id for event in events[:3]], done))
    with closing(connect_reader(path)) as db:
        assert db.execute("SELECT userhost FROM origins").fetchall() == [("guest@3",), ("guest@4",)]
    again = said(9, who="amy")
    sign(again, "", "guest@1")
    rig.append(store, [again])
    assert store.recent("lobby", 9) == [*events[3:], again]


# ---- plans -------------------------------------------------------------------------------------------------

LOOKS_THROUGH = {"peers", "mine", "json_each"}
"""What is small, and made for the question."""


class Planned:
    """A connection that notes how SQLite goes about each question."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.scanned: set[str] = set()
        self.sorted = False

    def execute(self, sql: str, values: object = ()) -> sqlite3.Cursor:
        for *_, step in self._db.execute(f"EXPLAIN QUERY PLAN {sql}", values):  # type: ignore[arg-type]
            if step.startswith("SCAN"):
                self.scanned.add(step.split()[1])
            self.sorted |= "TEMP B-TREE" in step
        return self._db.execute(sql, values)  # type: ignore[arg-type]


@pytest.mark.parametrize("first", [True, False])
def test_nothing_is_looked_through(path: Path, store: SqliteStore, first: bool) -> None:
    meant = span(9, after=5 if first else None)
    with closing(connect_reader(path)) as db:
        planned: sqlite3.Connection = Planned(db)  # type: ignore[assignment]  # as much as is used
        private.conversation(planned, "amy", "bob", meant)
        reading.part(planned, "lobby", meant, 1)
        reading.part(planned, "lobby", meant, 1, ["said"])
        reading.lately(planned, "lobby", 9, 1, ["said"])
        for name in ("what", "by", "about", "room"):
            wanted = dict.fromkeys(("what", "by", "about", "room"), "") | {name: "amy"}
            acts.find(planned, wanted, 0, 9)
        acts.open_reports(planned, 9)
        acts.by_number(planned, 1)
        assert not planned.sorted  # type: ignore[attr-defined]
        private.conversations(planned, "amy", meant)
        reading.newest(planned, ["lobby"], 1)
        assert planned.scanned - LOOKS_THROUGH == set()  # type: ignore[attr-defined]
