"""A whole house in memory with people in it who send junk, stall and vanish. Rule: nothing fails, nothing grows, and
the two who just talk notice nothing of it.
"""

from __future__ import annotations

from random import Random

from fuzz import junk
from house import House, Peer, settings
from teahouse.rooms.chat import ChatRoom
from teahouse.rooms.login import LoginRoom

PEERS = 6
STEPS = 200
LIMITS = {"output_bytes": 20_000, "flood_bytes": 4_000, "rooms": 20, "rooms_per_user": 5, "output_seconds": 5}
COMMANDS = sorted({name for room in (ChatRoom, LoginRoom) for name in room._names()})


class Life:
    """One house from opening to closing."""

    def __init__(self, random: Random) -> None:
        self.random = random
        flood = random.choice((0.0, 4.0))
        self.password = random.choice(("", "", "sesame"))
        self.house = House(
            settings(limits={**LIMITS, "flood_lines": flood}, house={"password": self.password}),
            push=random.random() < 0.3,
        )
        self.amy, self.bea = (self._enter(nick) for nick in ("amy", "bea"))
        self.peers: list[Peer] = []
        self.said = 0

    def _enter(self, nick: str) -> Peer:
        peer = self.house.connect()
        peer.say(f"login {nick}", *[self.password] * bool(self.password))
        assert f"You are {nick}." in peer.text
        return peer

    def live(self) -> None:
        for _ in range(STEPS):
            step = self.random.choice(
                (self._arrive, self._send, self._send, self._send, self._change, self._wait)
            )
            step()
            self.house.pump()
            self._check()
        self._talk()

    # ---- what happens --------------------------------------------------------------------------------------

    def _arrive(self) -> None:
        if len(self.peers) < PEERS:
            peer = self.house.connect(self.random.choice(("telnet", "line")))
            self.peers.append(peer)
            if self.random.random() < 0.9:
                nick = f"{self.random.choice(('tom', 'ann', 'Łucja', '名'))}{self.random.randrange(9)}"
                peer.say(f"login {nick}", *["sesame"] * bool(self.password))

    def _send(self) -> None:
        if self.peers:
            peer, data = self.random.choice(self.peers), junk.chunk(self.random, COMMANDS)
            for piece in junk.cut(self.random, data) if self.random.random() < 0.2 else [data]:
                peer.wire.put(piece)

    def _change(self) -> None:
        if not self.peers:
            return
        peer = self.random.choice(self.peers)
        change = self.random.randrange(8)
        if change == 0:
            peer.wire.end()
        elif change < 3:
            peer.wire.space, peer.wire.most = (
                self.random.choice((0, 10, 3_000)),
                self.random.choice((20, 1 << 30)),
            )
        else:
            peer.wire.space = None

    def _wait(self) -> None:
        self.house.wait(self.random.choice((0.25, 1, 5)))
        self._talk()

    def _talk(self) -> None:
        """What amy says reaches bea, in order, and within a time that her own flood limit explains."""
        self.said += 1
        self.amy.say(f"number {self.said}")
        for _ in range(40):
            if f"amy: number {self.said}" in self.bea.shown():
                return
            self.house.wait(0.5)
        raise AssertionError(f"bea never saw number {self.said}: {self.bea.text[-500:]}")

    # ---- what has to hold ----------------------------------------------------------------------------------

    def _check(self) -> None:
        self.peers = [peer for peer in self.peers if not peer.gone]
        assert not self.house.log.failures, self.house.log.lines
        assert not any("Traceback" in line for line in self.house.log.lines)
        assert not self.amy.gone
        assert not self.bea.gone
        assert len(self.house.server.rooms) <= LIMITS["rooms"]
        for peer in self.peers:
            if peer.link.session is not None:
                assert peer.link.queued <= LIMITS["output_bytes"]
                assert peer.link.session._backlog_bytes <= LIMITS["flood_bytes"]
        self.house.log.lines.clear()
        for peer in (self.amy, self.bea, *self.peers):
            if len(peer.wire.sent) > 1_000_000:
                del peer.wire.sent[:]
                peer._read = 0


def run(random: Random) -> None:
    """One house."""
    Life(random).live()
