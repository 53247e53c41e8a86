"""What every store does with accounts, read markers, private messages and registered rooms."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contracts.store_contract import whisper
from contracts.store_rig import Rig, account, said
from teahouse.store import Account, Missing, Nick, RoomRecord, Store, Taken


class PeopleContract:
    """See `teahouse.store.people` and `teahouse.store.places`."""

    rig: Rig
    store: Store

    def add(self, *accounts: Account) -> None:
        for each in accounts:
            self.rig.wait(self.store.add_account(each))

    def find(self, key: str) -> Account | None:
        return self.rig.wait(self.store.account(key))

    def owner(self, key: str, look: str = "") -> str:
        found = self.rig.wait(self.store.account_of_nick(key, look))
        return found.name if found else ""

    # ---- accounts ------------------------------------------------------------------------------------------

    def test_account_comes_back_equal(self) -> None:
        amy = account(
            "Amy",
            "Tea",
            "Çay",
            role="operator",
            always_on=True,
            suspended=True,
            ssh_keys=("ssh-ed25519 AAAA",),
            settings={"colour": "green", "deep": {"list": [1, None]}},
        )
        self.add(amy)
        assert self.find("amy") == amy
        assert self.find("Amy") is None
        assert self.find("nobody") is None

    def test_whose_nick_it_is(self) -> None:
        self.add(account("Amy", "tea"), account("Bob"))
        assert self.owner("amy") == self.owner("tea") == "Amy"
        assert self.owner("bob") == "Bob"
        assert self.owner("bot") == ""
        assert self.owner("zoe", account("b0b").look) == "Bob"
        assert self.owner("amy", account("Bob").look) == "Amy"

    @pytest.mark.parametrize("name", ["amy", "AMY", "tea", "arny", "Tеa"])
    def test_taken_names_and_looks(self, name: str) -> None:
        self.add(account("Amy", "tea"))
        with pytest.raises(Taken) as raised:
            self.add(account(name))
        assert raised.value.key == account(name).key
        with pytest.raises(Taken):
            self.add(account("zoe", name))
        assert self.find("zoe") is None
        assert self.owner("zoe") == ""

    def test_save_gives_up_nicks_and_takes_others(self) -> None:
        self.add(account("amy", "tea"), account("bob", "cup"))
        self.rig.wait(self.store.save_account(account("amy", "pot", role="admin")))
        assert [self.owner(nick) for nick in ("tea", "pot", "cup")] == ["", "amy", "bob"]
        with pytest.raises(Taken):
            self.rig.wait(self.store.save_account(account("amy", "cup", role="nothing")))
        assert self.find("amy") == account("amy", "pot", role="admin")
        with pytest.raises(Missing):
            self.rig.wait(self.store.save_account(account("zoe")))

    def test_name_is_shown_in_another_case(self) -> None:
        self.add(account("amy"))
        self.rig.wait(self.store.save_account(replace(account("amy"), name="AMY")))
        assert self.owner("amy") == "AMY"

    def test_removed_account_frees_all_it_had(self) -> None:
        self.add(account("amy", "tea"))
        self.store.set_marker("amy", "lobby", 5)
        self.rig.wait(self.store.remove_account("amy"))
        with pytest.raises(Missing):
            self.rig.wait(self.store.remove_account("amy"))
        self.add(account("bob", "tea"), account("amy"))
        self.rig.fire()
        assert self.rig.wait(self.store.markers("amy")) == {}

    def test_accounts_by_pattern(self) -> None:
        self.add(*(account(name) for name in ("zoe", "amy", "Amber", "a[b]c")))

        def keys(pattern: str) -> list[str]:
            return [each.key for each in self.rig.wait(self.store.accounts(pattern))]

        assert keys("*") == ["a[b]c", "amber", "amy", "zoe"]
        assert keys("am*") == ["amber", "amy"]
        assert keys("?my") == ["amy"]
        assert keys("a[b]c") == ["a[b]c"]
        assert keys("a%") == []
        assert len(self.rig.wait(self.store.accounts(count=2))) == 2

    def test_clash_harms_nobody_who_writes_at_the_same_time(self) -> None:
        self.add(account("amy"))
        told: list[Exception | None] = []
        self.store.append([said(1)], told.append)
        clash = self.store.add_account(account("AMY"))
        other = self.store.add_account(account("bob"))
        self.store.append([said(2)], told.append)
        with pytest.raises(Taken):
            self.rig.wait(clash)
        self.rig.wait(other)
        self.rig.until(lambda: len(told) == 2)
        assert told == [None, None]
        assert self.store.recent("lobby", 9) == [said(1), said(2)]

    def test_two_lookalikes_of_one_account(self) -> None:
        nicks = (Nick("paypal", "paypal", "same"), Nick("paypa1", "paypa1", "same"))
        with pytest.raises(Taken):
            self.add(replace(account("amy"), nicks=nicks))
        assert self.find("amy") is None

    def test_own_writing_is_not_elsewhere(self) -> None:
        self.add(account("amy"))
        self.rig.append(self.store, [said(1)])
        assert not self.rig.wait(self.store.changed_elsewhere())

    # ---- read markers --------------------------------------------------------------------------------------

    def test_a_marker_can_be_forgotten(self) -> None:
        self.add(account("amy"))
        self.store.set_marker("amy", "lobby", 5)
        self.store.set_marker("amy", "garden", 7)
        self.store.set_marker("amy", "lobby", 0)
        assert self.rig.wait(self.store.markers("amy")) == {"garden": 7}
        self.store.set_marker("amy", "lobby", 3)
        assert self.rig.wait(self.store.markers("amy")) == {"lobby": 3, "garden": 7}

    def test_markers_never_go_back(self) -> None:
        self.add(account("amy"))
        self.store.set_marker("amy", "lobby", 5)
        self.store.set_marker("amy", "lobby", 3)
        self.store.set_marker("amy", "garden", 7)
        self.store.set_marker("nobody", "lobby", 9)
        assert self.rig.wait(self.store.marker("amy", "lobby")) == 5
        self.rig.fire()
        self.store.set_marker("amy", "lobby", 4)
        self.rig.fire()
        assert self.rig.wait(self.store.markers("amy")) == {"lobby": 5, "garden": 7}
        assert self.rig.wait(self.store.marker("amy", "attic")) == 0

    # ---- private messages ----------------------------------------------------------------------------------

    def inbox(self, key: str, **more: int) -> list[int]:
        return [e.id >> 20 for e in self.rig.wait(self.store.inbox(key, **more))]

    def whisper(self, number: int, *owners: str) -> None:
        assert self.rig.told(lambda done: self.store.append_private(whisper(number), owners, done)) is None

    def test_private_messages_are_their_owners(self) -> None:
        self.add(account("amy"), account("bob"), account("eve"))
        self.whisper(1, "amy", "bob")
        self.whisper(2, "bob", "guest")
        assert self.inbox("amy") == [1]
        assert self.inbox("bob") == [1, 2]
        assert self.inbox("bob", after=1 << 20) == [2]
        assert self.inbox("bob", count=1) == [1]
        assert self.inbox("eve") == self.inbox("guest") == []
        assert self.rig.wait(self.store.inbox("amy")) == [whisper(1)]

    def test_private_messages_are_in_no_room(self) -> None:
        self.add(account("amy"))
        self.whisper(1, "amy")
        assert self.store.recent("", 9) == []
        assert self.rig.wait(self.store.history("", 9)) == []
        assert self.rig.wait(self.store.search(["psst"], rooms=["", "lobby"])) == []
        assert self.rig.wait(self.store.event(1 << 20)) is None

    def test_private_messages_are_changed_and_erased_for_both(self) -> None:
        self.add(account("amy"), account("bob"))
        for number in (1, 2):
            self.whisper(number, "amy", "bob")
        assert self.rig.told(lambda done: self.store.change(1 << 20, "hush", done)) is None
        self.rig.told(lambda done: self.store.erase([2 << 20], done))
        for key in ("amy", "bob"):
            assert self.rig.wait(self.store.inbox(key)) == [whisper(1, text="hush")]

    # ---- rooms ---------------------------------------------------------------------------------------------

    def test_rooms_are_kept_as_they_are_now(self) -> None:
        tea = RoomRecord(name="Tea", key="tea", founder="amy", policy={"days": 7})
        self.rig.wait(self.store.save_room(tea))
        self.rig.wait(self.store.save_room(RoomRecord(name="Attic", key="attic")))
        tea = replace(tea, topic="kettles", topic_by="bob")
        self.rig.wait(self.store.save_room(tea))
        assert sorted(self.store.rooms(), key=lambda room: room.key) == [
            RoomRecord(name="Attic", key="attic"),
            tea,
        ]
        self.rig.wait(self.store.remove_room("attic"))
        with pytest.raises(Missing):
            self.rig.wait(self.store.remove_room("attic"))
        assert self.store.rooms() == [tea]
