"""A house of the first version opens in this one: what it had is there, and a copy of what it was."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from contracts.store_contract import whisper
from contracts.store_rig import Rig, account, said
from teahouse.events import sign
from teahouse.store import Act
from teahouse.store.sqlite.files import connect, connect_reader
from teahouse.store.sqlite.migrating import make_ready, shipped, version_of
from teahouse.store.sqlite.rows import micros
from teahouse.store.sqlite.store import SqliteStore

LINES = [said(1, "tea"), said(2, "cups", who="Zoë"), said(3, room="garden")]
# As the first version wrote them: to and fro, under a reserved nick, from a guest.
PRIVATE = [
    ("amy", whisper(1, "amy", "Bob")),
    ("bob", whisper(1, "amy", "Bob")),
    ("amy", whisper(2, "BOB", "amy")),
    ("amy", whisper(3, "Çay", "bob")),
    ("amy", whisper(4, "Straße", "amy")),
]


def first_form(path: Path) -> Path:
    """A file as the first version left it."""
    make_ready(path, {1: shipped()[1]})
    with closing(connect(path)) as db:
        db.execute("BEGIN")
        for number, each in enumerate((account("amy", "Çay"), account("bob")), 1):
            row = (number, each.key, each.name, each.look, "", "member", 0, 0, 0, 0, "[]", "{}")
            db.execute("INSERT INTO accounts VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", row)
            for place, nick in enumerate(each.own):
                values = (nick.key, nick.look, nick.nick, number, place)
                db.execute("INSERT INTO nicks VALUES (?,?,?,?,?)", values)
        db.execute("INSERT INTO places VALUES (1, 'lobby'), (2, 'garden')")
        db.execute("INSERT INTO authors VALUES (1, 'amy', 'amy'), (2, 'Zoë', 'zoë')")
        for seq, line in enumerate(LINES, 1):
            ends = (1 if line.room == "lobby" else 2, "said", 1 if line.who == "amy" else 2)
            values_ = (seq, line.id, *ends, micros(line.at), line.text, None)
            db.execute("INSERT INTO events VALUES (?,?,?,?,?,?,?,?)", values_)
        for owner, event in PRIVATE:
            data = {"type": "whispered", "room": "", "id": event.id, "at": event.at.isoformat()}
            text = json.dumps(data | {"who": event.who, "to": event.to, "text": event.text})
            db.execute("INSERT INTO inbox VALUES (?,?,?)", (1 if owner == "amy" else 2, event.id, text))
        db.execute("COMMIT")
    return path


@pytest.fixture
def rig() -> Rig:
    return Rig()


@pytest.fixture
def store(tmp_path: Path, rig: Rig) -> Iterator[SqliteStore]:
    store = SqliteStore(first_form(tmp_path / "teahouse.db"), rig, pace=0)
    yield store
    store.close()


def test_what_was_there_is_there(store: SqliteStore, rig: Rig) -> None:
    assert store.recent("lobby", 9) == LINES[:2]
    assert rig.wait(store.search(["cup"], rooms=["lobby"], who="ZOË")) == LINES[1:2]
    assert rig.wait(store.inbox("amy")) == [event for owner, event in PRIVATE if owner == "amy"]
    assert rig.wait(store.newest(["lobby", "garden"])) == {"lobby": LINES[1].id, "garden": LINES[2].id}


def test_old_private_messages_are_conversations(store: SqliteStore, rig: Rig) -> None:
    def numbers(key: str, peer: str) -> list[int]:
        return [event.id >> 20 for event in rig.wait(store.conversation(key, peer, 9))]

    assert numbers("amy", "bob") == [1, 2, 3]
    assert numbers("amy", "strasse") == [4]
    assert numbers("bob", "amy") == [1]
    assert rig.wait(store.conversations("amy")) == [("bob", 3 << 20), ("strasse", 4 << 20)]


def test_it_goes_on(store: SqliteStore, rig: Rig) -> None:
    line = said(4, "more tea")
    sign(line, "amy", "amy@tea")
    assert rig.append(store, [line]) is None
    assert store.recent("lobby", 1) == [line]
    assert rig.told(lambda done: store.append_private(whisper(9, "bob", "amy"), ["amy"], done)) is None
    assert rig.wait(store.conversations("amy"))[-1] == ("bob", 9 << 20)
    assert rig.wait(store.note(Act(what="kick", by="amy"))).number == 1
    rig.told(lambda done: store.erase([each.id for each in [*LINES, line]], done))
    assert rig.wait(store.search([], rooms=["lobby", "garden"])) == []


def test_a_copy_is_as_it_was(tmp_path: Path, store: SqliteStore) -> None:
    with closing(connect_reader(tmp_path / "teahouse.db.before-0002")) as copy:
        assert version_of(copy) == 1
        assert copy.execute("SELECT count(*) FROM events").fetchone() == (len(LINES),)
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            copy.execute("SELECT * FROM acts")


def test_an_empty_house_of_the_first_version(tmp_path: Path, rig: Rig) -> None:
    make_ready(tmp_path / "teahouse.db", {1: shipped()[1]})
    store = SqliteStore(tmp_path / "teahouse.db", rig)
    assert store.document("order") is None
    store.close()
