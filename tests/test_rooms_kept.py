"""Rooms that nobody has registered, over a restart: there for those who are always on, and for nobody else."""

from __future__ import annotations

import pytest

from house import PASSWORD, House, Peer, settings
from teahouse.store.memory import MemoryStore

OPEN = settings(limits={"flood_lines": 0})


@pytest.fixture
def store() -> MemoryStore:
    """What outlives the houses of a test."""
    return MemoryStore()


@pytest.fixture
def first(store: MemoryStore) -> House:
    """A house in which ann, who is always on, has made the room tea."""
    place = House(OPEN, store=store)
    place.add_account("ann")
    place.add_account("bob")
    ann = come(place, "ann")
    ann.say("/alwayson on", "/join -k tea")
    place.wait(2)
    return place


def come(place: House, nick: str) -> Peer:
    """Someone with an account."""
    return place.enter(nick, password=PASSWORD)


def restarted(store: MemoryStore) -> House:
    """The next house on what the first has kept."""
    again = House(OPEN, store=store)
    again.pump()
    return again


def kept(store: MemoryStore) -> list[str]:
    """The rooms of which there is a record."""
    return [each.key for each in store.rooms()]


def test_whoever_made_a_room_keeps_it_in_order_after_a_restart(first: House, store: MemoryStore) -> None:
    again = restarted(store)
    room = again.server.rooms["tea"]
    assert room.role_of_user(again.server.users["ann"]) == "operator"
    assert not room.registered
    bob = come(again, "bob")
    bob.say("/join tea")
    assert room.role_of_user(again.server.users["bob"]) == "member", "the room was there before"


def test_what_was_decided_in_it_holds_after_a_restart(first: House, store: MemoryStore) -> None:
    ann = come(first, "ann")
    ann.say("/join tea", "/topic green", "/room invite-only on", "/ban troll")
    again = restarted(store)
    room = again.server.rooms["tea"]
    assert room.topic == "green"
    assert [rule.mask for rule in room.policy.bans] == ["troll!*@*"]
    assert come(again, "bob").say("/join tea")[-1].startswith("Only those who are invited")


def test_it_goes_with_the_last_one_in_it(first: House, store: MemoryStore) -> None:
    assert kept(store) == ["tea"]
    ann = come(first, "ann")
    ann.say("/join tea", "/leave")
    assert "tea" not in first.server.rooms
    assert kept(store) == []


def test_it_is_not_there_again_for_those_who_are_always_on_no_more(first: House, store: MemoryStore) -> None:
    come(first, "bob").say("/join tea")
    ann = come(first, "ann")
    ann.say("/join tea", "/leave")
    first.wait(2)
    assert "tea" in first.server.rooms, "bob is in it"
    again = restarted(store)
    assert "tea" not in again.server.rooms
    assert kept(store) == []


def test_it_has_its_new_name_after_a_restart(first: House, store: MemoryStore) -> None:
    come(first, "ann").say("/join tea", "/rename pot")
    first.wait(2)
    assert kept(store) == ["pot"]
    again = restarted(store)
    assert again.server.rooms["pot"].role_of_user(again.server.users["ann"]) == "operator"
    assert "tea" not in again.server.rooms


def test_registering_and_releasing_it(first: House, store: MemoryStore) -> None:
    ann = come(first, "ann")
    ann.say("/join tea", "/room register")
    assert not store.rooms()[0].on_demand
    ann.say("/room release")
    assert store.rooms()[0].on_demand
    assert "tea" in restarted(store).server.rooms


def test_rooms_of_others_are_not_written_down(first: House, store: MemoryStore) -> None:
    bob = come(first, "bob")
    bob.say("/join garden", "/topic roses")
    first.wait(2)
    assert kept(store) == ["tea"]
