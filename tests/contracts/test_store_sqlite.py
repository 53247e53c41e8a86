"""The contract, held by the store on SQLite: as it comes, and with every line in the word index at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.store_contract import LinesContract
from contracts.store_contract_acts import ActsContract
from contracts.store_contract_people import PeopleContract
from contracts.store_contract_private import PrivateContract
from contracts.store_contract_renaming import RenamingContract
from contracts.store_contract_space import SpaceContract
from contracts.store_contract_uploads import UploadsContract
from contracts.store_rig import Rig, account, said
from teahouse.events import Event
from teahouse.store.sqlite import finding
from teahouse.store.sqlite.store import SqliteStore
from teahouse.store.sqlite.writer import Chore


class OnSqlite:
    """Opens it."""

    rig: Rig
    store: SqliteStore

    @pytest.fixture(autouse=True)
    def _open(self, tmp_path: Path) -> Iterator[None]:
        self.rig = Rig()
        self.store = SqliteStore(tmp_path / "teahouse.db", self.rig, durability="process", pace=0)
        yield
        self.store.close()


class TestPrivateOnSqlite(OnSqlite, PrivateContract):
    store: SqliteStore


class TestSpaceOnSqlite(OnSqlite, SpaceContract):
    store: SqliteStore

    def test_what_is_freed_is_not_counted(self) -> None:
        before = self.rig.wait(self.store.size())
        for name in ("amy", "bob"):
            self.rig.wait(self.store.forget_private(name, keep=0))
        assert 0 < self.rig.wait(self.store.size()) < before


class TestSqliteStore(
    OnSqlite, LinesContract, PeopleContract, ActsContract, UploadsContract, RenamingContract
):
    store: SqliteStore

    def test_another_program_changes_something(self, tmp_path: Path) -> None:
        rig = Rig()
        other = SqliteStore(tmp_path / "teahouse.db", rig, durability="process", pace=0)
        assert not self.rig.wait(self.store.changed_elsewhere())
        rig.wait(other.add_account(account("amy")))
        assert self.rig.wait(self.store.changed_elsewhere())
        assert not self.rig.wait(self.store.changed_elsewhere())
        rig.wait(other.restore([said(1), said(2)]))
        other.close()
        self.rig.append(self.store, [said(3)])
        assert self.rig.wait(self.store.changed_elsewhere())
        assert self.store.recent("lobby", 9) == [said(1), said(2), said(3)]


class TestIndexed(TestSqliteStore):
    """Nothing is left for the look at the newest lines: what is found, the index has proposed."""

    @pytest.fixture(autouse=True)
    def _no_look(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(finding, "TAIL", 0)

    def put(self, *events: Event) -> None:
        super().put(*events)
        indexed: list[Exception | None] = []
        self.store._writer.put(
            Chore(lambda desk: desk.index(100) > 0, lambda _, error: indexed.append(error))
        )
        self.rig.until(lambda: indexed)
        assert indexed == [None]


class TestCommon(TestIndexed):
    """As if every short word were in many lines: first the rooms are looked through, a little."""

    @pytest.fixture(autouse=True)
    def _no_word_is_rare(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(finding, "RARE", 0)
        monkeypatch.setattr(finding, "DEEPEST", 2)
