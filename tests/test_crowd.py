"""Many who come or go in the same moment, as after a restart, cost as much as one after the other."""

from __future__ import annotations

import pytest

from house import House
from teahouse.limits import Limits
from teahouse.session import Session
from teahouse.settings import House as HouseSettings
from teahouse.settings import Settings

MANY = 300
SETTINGS = Settings(house=HouseSettings(banner="", hint=""), limits=Limits(announce_members=5))


class Looks:
    """How many times a session was asked how it sees an event."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        view_of = Session.view_of

        def counted(session: Session, entry: object) -> object:
            self.count += 1
            return view_of(session, entry)  # type: ignore[arg-type]

        monkeypatch.setattr(Session, "view_of", counted)


def test_all_come_in_one_turn_and_go_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(SETTINGS)
    first = house.enter("amy")
    first.shown()
    peers = [house.connect() for _ in range(MANY)]
    looks = Looks(monkeypatch)
    for number, peer in enumerate(peers):
        peer.type(f"login p{number:04}x")
    house.pump()
    assert looks.count < MANY * 15
    assert first.shown() == [f"p{number:04}x has entered the room." for number in range(4)]
    assert peers[1].shown()[0] == "You are p0001x."

    looks.count = 0
    for peer in peers:
        peer.wire.end()
    house.pump()
    assert looks.count < MANY
    assert len(house.server.users) == 1


def test_one_who_leaves_in_good_order_sees_all_that_came_before() -> None:
    house = House(SETTINGS)
    amy, bob = house.crowd("amy", "bob")
    amy.type("one for the road")
    bob.type("/quit")
    house.pump()
    assert "amy: one for the road" in bob.shown()
    assert bob.gone
