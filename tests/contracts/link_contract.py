"""What every protocol keeps to, whatever its bytes are. Inherit it, and say in `protocol` which it is, and in `line`
how a line is sent over it (a protocol with a login of its own says that in `login`).
"""

from __future__ import annotations

from typing import ClassVar

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis.strategies import binary, lists

from house import House, Peer, settings
from teahouse.errors import UsageError

OFF = settings(limits={"flood_lines": 0, "output_bytes": 20_000})


class LinkContract:
    """One person who speaks the protocol, and bob, who speaks plain lines."""

    protocol: ClassVar[str]

    def line(self, text: str) -> bytes:
        """A line as the protocol's client sends it."""
        return text.encode() + b"\r\n"

    def login(self, nick: str) -> bytes:
        """What a client sends to come in."""
        return self.line(f"login {nick}")

    def two(self, *, push: bool = False) -> tuple[Peer, Peer]:
        house = House(OFF, push=push)
        bob = house.enter("bob")
        amy = house.connect(self.protocol)
        self.send(amy, self.login("amy"))
        bob.shown()
        return amy, bob

    def send(self, peer: Peer, data: bytes) -> None:
        peer.wire.put(data)
        peer.house.pump()

    @pytest.mark.parametrize("push", [False, True], ids=["direct", "push"])
    def test_two_protocols_stand_in_one_room(self, push: bool) -> None:
        amy, bob = self.two(push=push)
        self.send(amy, self.line("hi böb"))
        assert bob.shown() == ["amy: hi böb"]
        bob.say("hello ämy")
        assert "hello ämy" in amy.text

    def test_bytes_may_come_one_at_a_time(self) -> None:
        amy, bob = self.two()
        for byte in self.line("hi böb"):
            self.send(amy, bytes([byte]))
        assert bob.shown() == ["amy: hi böb"]

    def test_lines_of_one_chunk_keep_their_order(self) -> None:
        amy, bob = self.two()
        self.send(amy, b"".join(self.line(str(number)) for number in range(30)))
        assert bob.shown() == [f"amy: {number}" for number in range(30)]

    @rules(suppress_health_check=[HealthCheck.differing_executors])  # inherited, and run for each protocol
    @given(chunks=lists(binary(max_size=80), max_size=6))
    def test_no_bytes_harm_the_house(self, chunks: list[bytes]) -> None:
        """Invariant 4: not before login, nor after it."""
        house = House(OFF)
        bob = house.enter("bob")
        for greeting in (b"", self.login("amy")):
            amy = house.connect(self.protocol)
            for chunk in [greeting, *chunks]:
                self.send(amy, chunk)
            amy.wire.end()
            house.pump()
        bob.shown()
        assert bob.say("still here") == ["bob: still here"]
        assert not house.log.failures

    def test_address_of_a_connection_is_known(self) -> None:
        amy = House().connect(self.protocol, "192.0.2.1")
        assert amy.session.address == "192.0.2.1"
        assert not amy.link.secure

    def test_hanging_up_is_leaving(self) -> None:
        amy, bob = self.two()
        amy.wire.end()
        amy.house.pump()
        assert bob.shown() == ["amy has left the house. (connection lost)"]

    def test_reason_for_being_dropped_is_told(self) -> None:
        amy, _ = self.two()
        amy.session.drop("Out you go.")
        amy.house.pump()
        assert amy.gone
        assert "Out you go." in amy.text

    def test_slow_reader_is_dropped(self) -> None:
        """Invariant 3."""
        amy, bob = self.two()
        amy.wire.space = 0
        for _ in range(20):
            bob.say("x" * 3_000)
        assert amy.gone
        assert amy.link.queued == 0
        amy.house.log.claim("bytes were waiting")

    def test_paused_link_reads_nothing(self) -> None:
        amy, bob = self.two()
        amy.link.pause()
        self.send(amy, self.line("hi"))
        assert bob.shown() == []
        amy.link.resume()
        amy.house.pump()
        assert bob.shown() == ["amy: hi"]

    def test_preferences_can_be_set_to_what_they_are(self) -> None:
        amy, _ = self.two()
        for preference in amy.session.link.preferences():
            amy.session.link.prefer(preference.name, preference.value)
        with pytest.raises(UsageError):
            amy.session.link.prefer("nonsense", "on")

    def test_keepalive_shows_nothing(self) -> None:
        amy, _ = self.two()
        before = amy.text
        amy.session.link.keepalive()
        amy.house.pump()
        assert amy.text == before
