"""What every store does with conversations: private messages by the one at the other end."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.store_contract import whisper
from contracts.store_rig import Rig, account
from teahouse.events import Event
from teahouse.store import Missing, Store


class PrivateContract:
    """See `Lines.conversation`."""

    rig: Rig
    store: Store

    @pytest.fixture(autouse=True)
    def _accounts(self, _open: None) -> None:
        for each in (account("amy", "tea"), account("bob"), account("eve")):
            self.rig.wait(self.store.add_account(each))

    def tell(self, event: Event, *owners: str) -> None:
        assert self.rig.told(lambda done: self.store.append_private(event, owners, done)) is None

    def talk(self, *numbers: int, who: str = "amy", to: str = "bob") -> None:
        """Messages, to and fro."""
        for number in numbers:
            ends = (who, to) if number % 2 else (to, who)
            self.tell(whisper(number, *ends), who, to)

    def numbers(self, key: str, peer: str, count: int = 100, **more: Any) -> list[int]:
        found = self.rig.wait(self.store.conversation(key, peer, count, **more))
        return [event.id >> 20 for event in found]

    def peers(self, key: str, **more: int) -> list[tuple[str, int]]:
        found = self.rig.wait(self.store.conversations(key, **more))
        return [(peer, id_ >> 20) for peer, id_ in found]

    def test_both_ends_have_the_conversation(self) -> None:
        self.talk(1, 2, 3)
        self.talk(4, 5, who="eve")
        assert self.numbers("amy", "bob") == self.numbers("bob", "amy") == [1, 2, 3]
        assert self.numbers("bob", "eve") == [4, 5]
        assert self.numbers("amy", "eve") == self.numbers("nobody", "bob") == []
        found = self.rig.wait(self.store.conversation("amy", "bob", 1))
        assert found == [whisper(3)]

    def test_a_part_of_it(self) -> None:
        self.talk(*range(1, 11))
        assert self.numbers("amy", "bob", 3) == [8, 9, 10]
        assert self.numbers("amy", "bob", 3, before=6 << 20) == [3, 4, 5]
        assert self.numbers("amy", "bob", 3, after=6 << 20) == [7, 8, 9]
        assert self.numbers("amy", "bob", 2, after=2 << 20, before=9 << 20) == [3, 4]
        assert self.numbers("amy", "bob", 2, after=2 << 20, before=9 << 20, latest=True) == [7, 8]
        assert self.numbers("amy", "bob", 0) == []

    def test_guests_and_other_nicks_are_peers(self) -> None:
        self.tell(whisper(1, "Guest", "amy", userhost="g@1"), "amy")
        self.tell(whisper(2, "amy", "GUEST", account="Amy", userhost="a@2"), "amy")
        self.tell(whisper(3, "other", "bob", account="Amy", userhost="a@2"), "amy", "bob")
        assert self.numbers("amy", "guest") == [1, 2]
        assert self.numbers("amy", "bob") == self.numbers("bob", "other") == [3]

    def test_of_one_that_nobody_signed_the_sender_is_known_by_nicks(self) -> None:
        self.tell(whisper(1, "Tea", "bob"), "amy", "bob")
        self.tell(whisper(2, "bob", "tea"), "amy", "bob")
        assert self.numbers("amy", "bob") == self.numbers("bob", "tea") == [1, 2]

    def test_to_oneself(self) -> None:
        self.tell(whisper(1, "amy", "amy"), "amy")
        assert self.numbers("amy", "amy") == [1]
        assert self.peers("amy") == [("amy", 1)]

    def test_signatures_of_private_messages_come_back(self) -> None:
        event = whisper(1, account="amy", userhost="a@2")
        self.tell(event, "amy", "bob")
        assert self.rig.wait(self.store.inbox("bob")) == [event]
        assert self.rig.wait(self.store.inbox("bob"))[0].userhost == "a@2"

    def test_with_whom(self) -> None:
        self.talk(1, 2, 9)
        self.talk(3, 4, who="eve", to="amy")
        self.tell(whisper(5, "zoe", "amy", userhost="z@1"), "amy")
        assert self.peers("amy") == [("eve", 4), ("zoe", 5), ("bob", 9)]
        assert self.peers("bob") == [("amy", 9)]
        assert self.peers("amy", count=2) == [("zoe", 5), ("bob", 9)]
        assert self.peers("amy", after=4 << 20) == [("zoe", 5), ("bob", 9)]
        assert self.peers("amy", after=3 << 20, before=9 << 20) == [("eve", 4), ("zoe", 5)]
        assert self.peers("amy", after=3 << 20, before=9 << 20, count=1) == [("zoe", 5)]
        assert self.peers("amy", count=0) == self.peers("nobody") == []

    def test_a_changed_message_reads_so_at_both_ends(self) -> None:
        self.talk(1, 2)
        assert self.rig.told(lambda done: self.store.change(1 << 20, "other words", done)) is None
        for key, peer in (("amy", "bob"), ("bob", "amy")):
            found = self.rig.wait(self.store.conversation(key, peer, 1, before=2 << 20))
            assert [getattr(each, "text", "") for each in found] == ["other words"]
            in_all = self.rig.wait(self.store.inbox(key))
            assert [getattr(each, "text", "") for each in in_all][:1] == ["other words"]

    def test_an_erased_message_is_gone_at_both_ends(self) -> None:
        self.talk(1, 2)
        assert self.rig.told(lambda done: self.store.erase([1 << 20], done)) is None
        assert self.numbers("amy", "bob") == self.numbers("bob", "amy") == [2]
        assert isinstance(self.rig.told(lambda done: self.store.change(1 << 20, "x", done)), Missing)

    def test_erased_messages_are_in_no_conversation(self) -> None:
        self.talk(1, 2)
        self.rig.told(lambda done: self.store.erase([2 << 20], done))
        assert self.peers("amy") == [("bob", 1)]
        self.rig.told(lambda done: self.store.erase([1 << 20], done))
        assert self.peers("amy") == []
        assert self.numbers("amy", "bob") == []
        self.talk(3)
        self.rig.wait(self.store.remove_account("amy"))
        assert self.peers("amy") == []
        assert self.numbers("amy", "bob") == []
        assert self.peers("bob") == [("amy", 3)]
