"""What every store does when a room gets another name."""

from __future__ import annotations

from contracts.store_rig import Rig, account, said
from teahouse.events import Event
from teahouse.store import Occupied, RoomRecord, Store

TEA = RoomRecord(name="Tea", key="tea", topic="cakes", topic_by="amy", founder="amy", policy={"slow": 5})


class RenamingContract:
    """See `Places.rename_room`."""

    rig: Rig
    store: Store

    def append(self, *events: Event) -> None:
        assert self.rig.append(self.store, events) is None

    def rename(self, key: str, name: str, documents: dict[str, object] | None = None) -> Exception | None:
        return self.rig.told(lambda done: self.store.rename_room(key, name, documents or {}, done))

    def found(self, room: str) -> list[Event]:
        return self.rig.wait(self.store.search(["line"], rooms=[room]))

    def test_what_was_said_moves(self) -> None:
        self.append(said(1, room="tea"), said(2, room="garden"), said(3, room="tea"))
        assert self.rename("tea", "Pot") is None
        moved = [said(1, room="pot"), said(3, room="pot")]
        assert self.store.recent("pot", 9) == moved
        assert self.rig.wait(self.store.history("pot", 9)) == moved
        assert self.rig.wait(self.store.event(3 << 20)) == moved[1]
        assert self.found("pot") == moved[::-1]
        assert self.store.recent("tea", 9) == self.found("tea") == []
        assert self.rig.wait(self.store.rooms_with_lines()) == ["garden", "pot"]
        assert self.rig.wait(self.store.newest(["tea", "pot"])) == {"pot": 3 << 20}
        assert self.store.recent("garden", 9) == [said(2, room="garden")]

    def test_the_old_name_begins_anew(self) -> None:
        self.append(said(1, room="tea"))
        assert self.rename("tea", "pot") is None
        self.append(said(2, room="tea"), said(3, room="pot"))
        assert self.store.recent("tea", 9) == [said(2, room="tea")]
        assert self.store.recent("pot", 9) == [said(1, room="pot"), said(3, room="pot")]
        assert self.rename("pot", "tea") is not None, "two pasts are never mixed"

    def test_it_is_in_one_order_with_what_is_appended(self) -> None:
        told: list[tuple[str, Exception | None]] = []
        self.store.append([said(1, room="tea")], lambda error: told.append(("before", error)))
        self.store.rename_room("tea", "pot", {}, lambda error: told.append(("renamed", error)))
        self.store.append(
            [said(2, room="pot"), said(3, room="tea")], lambda error: told.append(("after", error))
        )
        self.rig.until(lambda: len(told) == 3)
        assert told == [("before", None), ("renamed", None), ("after", None)]
        assert self.store.recent("pot", 9) == [said(1, room="pot"), said(2, room="pot")]
        assert self.store.recent("tea", 9) == [said(3, room="tea")]

    def test_there_and_back(self) -> None:
        self.append(said(1, room="tea"))
        for key, name in (("tea", "pot"), ("pot", "cup"), ("cup", "tea")):
            assert self.rename(key, name) is None
        assert self.store.recent("tea", 9) == self.found("tea") == [said(1, room="tea")]

    def test_two_rooms_change_names(self) -> None:
        self.append(said(1, room="tea"), said(2, room="pot"))
        for key, name in (("tea", "between"), ("pot", "tea"), ("between", "pot")):
            assert self.rename(key, name) is None
        assert self.store.recent("tea", 9) == self.found("tea") == [said(2, room="tea")]
        assert self.store.recent("pot", 9) == self.found("pot") == [said(1, room="pot")]

    def test_the_record_moves(self) -> None:
        self.rig.wait(self.store.save_room(TEA))
        assert self.rename("tea", "Pot") is None
        (record,) = self.store.rooms()
        assert (record.name, record.key) == ("Pot", "pot")
        assert (record.topic, record.topic_by, record.founder) == ("cakes", "amy", "amy")
        assert record.policy == {"slow": 5}

    def test_only_the_case(self) -> None:
        self.append(said(1, room="tea"))
        self.rig.wait(self.store.save_room(TEA))
        self.rig.wait(self.store.add_account(account("amy")))
        self.store.set_marker("amy", "tea", 1)
        assert self.rename("tea", "TEA") is None
        assert [(each.name, each.key) for each in self.store.rooms()] == [("TEA", "tea")]
        assert self.store.recent("tea", 9) == [said(1, room="tea")]
        assert self.rig.wait(self.store.markers("amy")) == {"tea": 1}

    def test_a_room_of_which_nothing_is_kept(self) -> None:
        assert self.rename("tea", "pot", {"hooks": ["pot"]}) is None
        assert self.store.rooms() == []
        assert self.store.recent("pot", 9) == []
        assert self.store.document("hooks") == ["pot"]

    def test_markers_move(self) -> None:
        self.rig.wait(self.store.add_account(account("amy")))
        self.rig.wait(self.store.add_account(account("bob")))
        self.store.set_marker("amy", "tea", 5)
        self.rig.fire()
        self.store.set_marker("amy", "pot", 9)
        self.store.set_marker("bob", "tea", 7)
        self.store.set_marker("bob", "garden", 3)
        assert self.rename("tea", "pot") is None
        self.rig.fire()
        assert self.rig.wait(self.store.markers("amy")) == {"pot": 5}, "9 was read in another room"
        assert self.rig.wait(self.store.markers("bob")) == {"pot": 7, "garden": 3}

    def test_where_something_is_kept_it_is_refused_whole(self) -> None:
        self.append(said(1, room="tea"), said(2, room="pot"))
        assert isinstance(self.rename("tea", "pot", {"hooks": 1}), Occupied)
        assert self.store.recent("tea", 9) == [said(1, room="tea")]
        assert self.store.recent("pot", 9) == [said(2, room="pot")]
        assert self.store.document("hooks") is None
        self.rig.wait(self.store.save_room(TEA))
        assert isinstance(self.rename("pot", "tea"), Occupied)
        assert self.store.rooms() == [TEA]

    def test_what_was_forgotten_is_in_nobodys_way(self) -> None:
        self.append(said(1, room="tea"), said(2, room="pot"))
        assert self.rig.wait(self.store.forget_before("pot", keep=0)) == 1
        assert self.rename("tea", "pot") is None
        assert self.store.recent("pot", 9) == self.found("pot") == [said(1, room="pot")]
