"""What every store knows of the space that things take."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from contracts.store_contract import whisper
from contracts.store_rig import Rig, account, said
from teahouse.store import Store
from teahouse.store.space import Share


class SpaceContract:
    """See `Space`."""

    rig: Rig
    store: Store

    @pytest.fixture(autouse=True)
    def _filled(self, _open: None) -> None:
        for each in (account("amy", "tea"), account("bob")):
            self.rig.wait(self.store.add_account(each))
        events = [said(n, room="tea" if n % 3 else "den") for n in range(1, 13)]
        assert self.rig.told(lambda done: self.store.append(events, done)) is None
        for n in range(20, 320):
            self.rig.told(partial(self.store.append_private, whisper(n), ("amy", "bob")))

    def shares(self) -> list[Share]:
        found: list[Share] = self.rig.wait(self.store.shares())
        return sorted(found)

    def left(self, account: str) -> list[int]:
        found: list[Any] = self.rig.wait(self.store.inbox(account, count=1_000))
        return [event.id >> 20 for event in found]

    def test_rooms_and_accounts_are_weighed(self) -> None:
        assert [each[:3] for each in self.shares()] == [
            ("", "amy", 300),
            ("", "bob", 300),
            ("den", "", 4),
            ("tea", "", 8),
        ]
        amy, _, den, tea = (each.bytes for each in self.shares())
        assert amy > tea > den > 0

    def test_an_account_loses_its_oldest(self) -> None:
        assert self.rig.wait(self.store.forget_private("amy", keep=10)) == 290
        assert self.left("amy") == list(range(310, 320))
        assert len(self.left("bob")) == 300
        assert self.rig.wait(self.store.forget_private("amy", keep=10)) == 0
        assert self.rig.wait(self.store.forget_private("nobody", keep=0)) == 0
        assert self.rig.wait(self.store.forget_private("bob", keep=0)) == 300
        assert [each.account for each in self.shares()] == ["amy", "", ""]

    def test_its_size_is_known(self) -> None:
        assert self.rig.wait(self.store.size()) >= 0
