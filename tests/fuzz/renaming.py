"""A house whose store takes its time, and rooms that are renamed while people talk, come and go. Rule: two pasts are
never mixed, and what everybody was shown is kept, in the order in which it was shown.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from fuzz.irc_house import check_books
from house import PASSWORD, House, settings
from teahouse.events import Event
from teahouse.store import Done, StoreError
from teahouse.store.memory import MemoryStore
from web_peer import WebPeer

STEPS = 200
ROOMS = 3
NAMES = ("tea", "Tea", "TEA", "cake", "Cake", "pot", "lobby", "cup", "mug", "jug", "bowl", "spoon")
_NUMBER = re.compile(r"room (\d+) line (\d+)")


class SlowStore(MemoryStore):
    """Does one thing after the other, when it is told to; now and then it cannot."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: deque[tuple[Callable[[], None], Done]] = deque()

    def append(self, events: Sequence[Event], done: Done) -> None:
        kept = list(events)
        self.waiting.append((lambda: MemoryStore.append(self, kept, done), done))

    def rename_room(self, key: str, name: str, documents: Mapping[str, Any], done: Done) -> None:
        self.waiting.append((lambda: MemoryStore.rename_room(self, key, name, documents, done), done))

    def work(self, count: int, *, fails: bool = False) -> None:
        """The oldest of what waits is done; or (`fails`) the first of it is not."""
        for _ in range(min(count, len(self.waiting))):
            do, done = self.waiting.popleft()
            if fails:
                done(StoreError("the disk is full"))
                fails = False
            else:
                do()


class Life:
    """One house. In each room is one who never leaves: who keeps it, and says which room it is."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.store = SlowStore()
        limits = {"flood_lines": 0.0, "rename_seconds": 0}
        self.house = House(settings(limits=limits), store=self.store)
        self.keepers = []
        for number in range(ROOMS):
            self.house.add_account(f"keeper{number}")
            keeper = self.house.enter(f"keeper{number}", password=PASSWORD)
            keeper.say(f"/join {('tea', 'cake', 'pot')[number]}")
            self.keepers.append(keeper)
        self.rooms = [each.session.room for each in self.keepers]
        self.others = [
            self.house.enter(nick, kind) for nick, kind in (("ire", "irc"), ("tam", "telnet"), ("wes", "web"))
        ]
        self.said = 0

    def live(self) -> None:
        for _ in range(STEPS):
            self.random.choice(
                (self._say, self._say, self._say, self._rename, self._move, self._work, self._work)
            )()
            self.house.pump()
            self._check()
        while self.store.waiting:
            self.store.work(1)
            self.house.pump()
            self._check()
        self._look_at_the_past()

    # ---- what happens --------------------------------------------------------------------------------------

    def _say(self) -> None:
        number, count = self.random.randrange(ROOMS), self.random.choice((1, 1, 3))
        for _ in range(count):
            self.said += 1
            self.keepers[number].type(f"room {number} line {self.said}")

    def _rename(self) -> None:
        keeper = self.random.choice(self.keepers)
        keeper.type(f"/rename {self.random.choice(NAMES)}")
        if self.random.random() < 0.1:
            keeper.type("/room register")

    def _move(self) -> None:
        peer, name = self.random.choice(self.others), self.random.choice(NAMES)
        verb = self.random.choice(("join", "leave", "join"))
        if isinstance(peer, WebPeer):
            peer.send({"do": verb, "ref": 1, "room": name})
        elif peer.link.protocol == "irc":
            peer.type(f"{'JOIN' if verb == 'join' else 'PART'} #{name}")
        else:
            peer.type(f"/{verb} {name}")

    def _work(self) -> None:
        self.store.work(self.random.choice((1, 1, 2, 9)), fails=self.random.random() < 0.1)

    # ---- what has to hold ----------------------------------------------------------------------------------

    def _check(self) -> None:
        log, server = self.house.log, self.house.server
        assert not log.failures, (log.failures, log.lines)
        log.lines.clear()
        check_books(server, most=200)
        for keeper, room in zip(self.keepers, self.rooms, strict=True):
            assert keeper.session.room is room
            assert server.rooms[room.key] is room

    def _look_at_the_past(self) -> None:
        for number, room in enumerate(self.rooms):
            got: list[list[Event]] = []
            self.house.server.runtime.spawn(self._history(room.key, got))
            self.house.pump()
            kept = [found for each in got[0] if (found := _NUMBER.fullmatch(getattr(each, "text", "")))]
            assert {each[1] for each in kept} <= {str(number)}, "two pasts are mixed"
            shown = [int(each[2]) for each in _NUMBER.finditer(self.keepers[number].text)]
            lines = [int(each[2]) for each in kept]
            assert lines == shown[-len(lines) :] if lines else not shown, (lines, shown)

    async def _history(self, key: str, got: list[list[Event]]) -> None:
        got.append(list(await self.store.history(key, 10_000)))


def run(random: Random) -> None:
    """One house."""
    Life(random).live()
