"""The bound of what is kept on disk: who gives when it is reached, and who is told."""

from __future__ import annotations

from collections.abc import Awaitable

from hypothesis import given
from hypothesis import strategies as st

from house import PASSWORD, House, Peer, settings
from teahouse.bounding import FULL, IN_A_ROOM, IN_PRIVATE, LEAST, MEGABYTE, PAUSE
from teahouse.store import StoreError
from teahouse.store.memory import MemoryStore
from teahouse.store.ready import Ready
from teahouse.store.space import Share, levelled
from test_retention import filled, line


class Heavy(MemoryStore):
    """A store in which a line is as large as a megabyte."""

    broken = False

    def size(self) -> Awaitable[int]:
        """See `Space.size`."""

        def found() -> int:
            if self.broken:
                raise StoreError("the disk is gone")
            return sum(map(len, (*self._events.values(), *self._private.values()))) * MEGABYTE

        return Ready(found)

    def shares(self) -> Awaitable[list[Share]]:
        """See `Space.shares`."""
        rooms = [Share(key, "", len(each), len(each)) for key, each in self._events.items()]
        found = [replace_bytes(each) for each in rooms + self._private_shares()]
        return Ready(lambda: found)


def replace_bytes(share: Share) -> Share:
    return share._replace(bytes=share.lines * MEGABYTE)


def house_of(most: int, **rooms: int) -> tuple[House, Heavy]:
    """A house in which that many lines are kept of each room."""
    store = Heavy()
    for number, (room, lines) in enumerate(rooms.items()):
        store.append([line(number * 10_000 + n, room, 0) for n in range(lines)], lambda error: None)
    return House(settings(data={"most_megabytes": most}), store=store), store


def counts(store: Heavy) -> dict[str, int]:
    return {room: len(kept) for room, kept in store._events.items()}


def test_those_who_have_most_give_and_are_told() -> None:
    house, store = house_of(1_000, lobby=300, flood=900)
    house.add_account("boss", "admin")
    boss, eve = house.enter("boss", password=PASSWORD), house.enter("eve")
    eve.say("/join flood")
    boss.shown()
    house.wait(61)
    assert counts(store) == {"lobby": 300, "flood": 600}
    assert eve.shown()[-1] == IN_A_ROOM
    told = boss.shown()
    assert told == [FULL.format(most=1_000, lines=300)]
    house.log.claim(told[0])
    assert eve.say("hello") == ["eve: hello"]


def test_nothing_is_forgotten_below_the_bound_or_without_one() -> None:
    for most in (1_200, 0):
        house, store = house_of(most, lobby=300, flood=900)
        house.wait(61)
        assert counts(store) == {"lobby": 300, "flood": 900}


def test_everyone_keeps_the_last_lines() -> None:
    house, store = house_of(1, lobby=300, flood=900, small=20)
    house.wait(61)
    assert counts(store) == {"lobby": LEAST, "flood": LEAST, "small": 20}
    house.wait(PAUSE + 1)
    assert counts(store) == {"lobby": LEAST, "flood": LEAST, "small": 20}


def test_a_store_that_fails_is_asked_again() -> None:
    house, store = house_of(1_000, flood=1_000)
    store.append([line(99_999, "lobby", 0)], lambda error: None)
    store.broken = True
    house.wait(61)
    house.log.claim("cannot see how much is kept: the disk is gone")
    store.broken = False
    house.wait(60)
    assert counts(store)["flood"] < 1_000


def whispering(house: House, lines: int) -> Peer:
    for name in ("amy", "bob"):
        house.add_account(name)
    amy, bob = (house.enter(name, password=PASSWORD) for name in ("amy", "bob"))
    for _ in range(lines):
        amy.say("/msg bob psst")
    bob.shown()
    return bob


def test_an_account_has_so_many_private_messages() -> None:
    store = Heavy()
    house = House(settings(limits={"private_messages": 3, "flood_lines": 0}), store=store)
    bob = whispering(house, 5)
    house.wait(61)
    assert {key: len(each) for key, each in store._private.items()} == {"amy": 3, "bob": 3}
    assert bob.shown() == [IN_PRIVATE]


def test_private_messages_give_too_when_they_have_most() -> None:
    store = Heavy()
    filled("lobby", store=store)
    house = House(settings(data={"most_megabytes": 200}, limits={"flood_lines": 0}), store=store)
    whispering(house, 150)
    house.wait(61)
    assert {key: len(each) for key, each in store._private.items()} == {"amy": LEAST, "bob": LEAST}


@given(st.lists(st.integers(0, 1_000), max_size=8), st.integers(1, 3_000))
def test_levelled(sizes: list[int], much: int) -> None:
    shares = [Share(f"room{n}", "", size, size) for n, size in enumerate(sizes)]
    given_ = levelled(shares, much)
    gone = sum(share.lines - keep for share, keep in given_)
    assert gone >= min(much, sum(sizes))
    assert gone <= min(much, sum(sizes)) + len(sizes)  # no more than rounding asks for
    left = [keep for _, keep in given_]
    others = [share.lines for share in shares if share not in [each for each, _ in given_]]
    assert max(others, default=0) <= min(left, default=1_000) + 1
