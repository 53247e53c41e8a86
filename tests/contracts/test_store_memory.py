"""The contract, held by the store in memory."""

from __future__ import annotations

import pytest

from contracts.store_contract import LinesContract
from contracts.store_contract_acts import ActsContract
from contracts.store_contract_people import PeopleContract
from contracts.store_contract_private import PrivateContract
from contracts.store_contract_renaming import RenamingContract
from contracts.store_contract_space import SpaceContract
from contracts.store_contract_uploads import UploadsContract
from contracts.store_rig import Rig
from teahouse.store.memory import MemoryStore


class TestMemoryStore(LinesContract, PeopleContract, ActsContract, UploadsContract, RenamingContract):
    @pytest.fixture(autouse=True)
    def _open(self) -> None:
        self.rig = Rig()
        self.store = MemoryStore()


class TestSpaceInMemory(SpaceContract):
    @pytest.fixture(autouse=True)
    def _open(self) -> None:
        self.rig = Rig()
        self.store = MemoryStore()


class TestPrivateInMemory(PrivateContract):
    @pytest.fixture(autouse=True)
    def _open(self) -> None:
        self.rig = Rig()
        self.store = MemoryStore()
