"""Invariants 2 and 4 at the fan-out: what is shown is stored, and one broken thing is one person's trouble."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

import pytest

from house import House, LateStore, Peer, settings
from irc_client import client
from teahouse.commands import Rest, command
from teahouse.events import Event, Said
from teahouse.protocols.terminal.render import lines_of
from teahouse.protocols.terminal.view import TerminalView
from teahouse.rooms.chat import ChatRoom
from teahouse.session import Session
from teahouse.store import Done
from teahouse.store.memory import MemoryStore

SORRY = "The house cannot write that down just now, so nobody was shown it."
OFF = settings(limits={"flood_lines": 0})


@dataclass(frozen=True, slots=True)
class Unreadable(Event):
    """Its renderer raises, and so does its plain line."""

    def __str__(self) -> str:
        raise ValueError("no words for it")


@dataclass(frozen=True, slots=True)
class Unrenderable(Event):
    """Its renderer raises; its plain line is fine."""

    def __str__(self) -> str:
        return "something happened"


@dataclass(frozen=True, slots=True)
class Misshapen(Event):
    """Someone's words, but they are a number, and so is who says them."""

    words = True
    who: int = 1
    text: int = 2

    def __str__(self) -> str:
        return "one and two"


@lines_of.register
def _unrenderable(event: Unrenderable, view: TerminalView) -> Iterator[str]:
    raise RuntimeError("cannot show it")


class OddRoom(ChatRoom):
    """Broadcasts what cannot be shown."""

    kinds: ClassVar = {"unreadable": Unreadable, "unrenderable": Unrenderable, "misshapen": Misshapen}

    @command
    def odd(self, session: Session, kind: Rest) -> None:
        """Let something odd happen, between two lines."""
        self.broadcast(Said(session.user.nick, "before"))
        self.broadcast(self.kinds[kind]())
        self.broadcast(Said(session.user.nick, "after"))


def late() -> tuple[LateStore, Peer, Peer]:
    """Two people in a house whose store is slow."""
    store = LateStore()
    amy, bob = House(OFF, store=store).crowd("amy", "bob")
    amy.shown()
    return store, amy, bob


# ---- shown means stored ------------------------------------------------------------------------------------


def test_nothing_kept_is_shown_before_it_is_stored() -> None:
    """Invariant 2."""
    store, amy, bob = late()
    assert amy.say("hi") == []
    assert bob.shown() == []
    store.commit()
    assert amy.shown() == bob.shown() == ["amy: hi"]


def test_reply_does_not_overtake_what_waits_for_the_store() -> None:
    """Invariants 1 and 2."""
    store, amy, bob = late()
    amy.say("hi")
    assert bob.say("/ping 1", "/time") == []
    store.commit()
    assert bob.shown()[:2] == ["amy: hi", "PONG 1"]


def test_turns_are_stored_behind_one_another_and_shown_in_their_order() -> None:
    """Invariant 1: the next turn does not wait for the commit, it queues behind it."""
    store, amy, bob = late()
    for text in ("one", "two", "three"):
        amy.say(text)
    assert len(store.waiting) == 3
    store.commit()
    assert bob.shown() == ["amy: one"]
    store.commit()
    store.commit()
    assert bob.shown() == ["amy: two", "amy: three"]


def test_who_leaves_meanwhile_is_shown_what_was_said_before() -> None:
    """Invariant 1."""
    store, amy, bob = late()
    amy.say("hi")
    bob.say("/leave")
    amy.say("gone?")
    store.commit()
    store.commit()
    assert bob.shown() == ["amy: hi", "You are in no room. /rooms lists them, /join <room> goes into one."]
    assert amy.shown() == ["amy: hi", "bob has left the room.", "amy: gone?"]


def test_who_looks_elsewhere_meanwhile_is_shown_it_as_it_was_then() -> None:
    """Invariant 1: what happened where one looked has no room's name before it."""
    store, amy, bob = late()
    amy.say("hi")
    bob.say("/join -k tea")
    amy.say("there?")
    store.commit()
    store.commit()
    assert bob.shown() == ["amy: hi", "In this room: bob", "[lobby] amy: there?"]


def test_who_comes_meanwhile_is_shown_it_once_as_history() -> None:
    """Invariant 1."""
    store, amy, _ = late()
    amy.say("hi")
    eve = amy.house.enter("eve")
    assert eve.shown() == []
    store.commit()
    assert eve.shown()[2:] == ["Said here before:", "12:00 amy: hi", "And now:"]


def test_who_hangs_up_meanwhile_harms_nobody() -> None:
    """Invariant 4."""
    store, amy, bob = late()
    bob.say("hi", "/ping")
    bob.wire.end()
    amy.house.pump()
    store.commit()
    assert amy.shown() == ["bob: hi", "bob has left the house. (connection lost)"]
    assert not amy.house.log.failures


def test_what_the_store_refuses_is_shown_to_nobody_and_its_sender_is_told() -> None:
    """Invariant 2: the rest of the turn is shown all the same."""
    store, amy, bob = late()
    amy.type("lost")
    bob.say("/away out", "/ping 1")
    store.refuse()
    assert amy.shown() == ["bob is away: out", SORRY]
    assert bob.shown() == ["You are away: out. /back ends it.", "PONG 1"]
    amy.say("kept")
    store.commit()
    assert bob.shown() == ["amy: kept"]


def test_its_sender_is_told_when_that_was() -> None:
    store = LateStore()
    ann = client(House(OFF, store=store), "ann", "server-time")
    ann.say("JOIN #lobby", "PRIVMSG #lobby :lost")
    store.refuse()
    assert [line for line in ann.shown() if SORRY in line] == [
        f"@time=2026-11-20T12:00:00.000Z NOTICE * :{SORRY}"
    ]


@pytest.mark.parametrize("before", [True, False], ids=["while it waits", "afterwards"])
def test_newcomers_are_not_shown_what_the_store_refused(before: bool) -> None:
    """Invariant 2: nor is it replayed."""
    store, amy, _ = late()
    amy.say("lost")
    eve = amy.house.enter("eve") if before else None
    store.refuse()
    if eve is None:
        eve = amy.house.enter("eve")
    assert eve.text.split("\r\n") == ["You are eve.", "In this room: amy, bob, eve", ""]


def test_store_that_raises_is_a_store_that_refuses() -> None:
    """Invariant 4: the house goes on, and the keepers read why."""

    class BrokenStore(MemoryStore):
        def append(self, events: Sequence[Event], done: Done) -> None:
            if any(getattr(event, "text", "") == "lost" for event in events):
                raise OSError("no such disk")
            super().append(events, done)

    amy, bob = House(OFF, store=BrokenStore()).crowd("amy", "bob")
    amy.shown()
    assert amy.say("lost") == [SORRY]
    assert amy.say("kept") == ["amy: kept"]
    assert bob.shown() == ["amy: kept"]
    amy.house.log.claim("the store failed")


# ---- one session's trouble ---------------------------------------------------------------------------------


def odd_house() -> tuple[Peer, Peer]:
    house = House(OFF)
    house.add_room(OddRoom, "odd")
    amy, bob = house.crowd("amy", "bob")
    for peer in (amy, bob):
        peer.say("/join odd")
    amy.shown()
    return amy, bob


@pytest.mark.parametrize(
    ("kind", "instead", "logged"),
    [
        ("unreadable", [], "no plain line"),
        ("unrenderable", ["something happened"], "cannot render"),
        ("misshapen", ["one and two"], ""),
    ],
)
def test_event_that_cannot_be_shown_costs_one_line(kind: str, instead: list[str], logged: str) -> None:
    """Invariant 4: a broken renderer, a broken `__str__`, fields that are not what they should be."""
    amy, bob = odd_house()
    bob.say("/ignore eve", "/set bell on")
    lines = ["amy: before", *instead, "amy: after"]
    assert amy.say(f"/odd {kind}") == lines
    assert bob.shown()[-len(lines) :] == lines
    if logged:
        amy.house.log.claim(logged)
    elif kind == "misshapen":
        amy.house.log.claim("cannot say how to show misshapen")


def test_link_that_raises_harms_nobody_else() -> None:
    """Invariant 4."""
    house = House(OFF)
    amy, bob, eve = house.crowd("amy", "bob", "eve")

    def broken(data: bytes) -> None:
        raise RuntimeError("no wire")

    bob.link.write = broken  # type: ignore[method-assign]  # stands for a protocol of a third party
    assert amy.say("hi")[-1] == "amy: hi"
    assert eve.shown()[-1] == "amy: hi"
    house.log.claim("cannot write to bob")


# ---- one write for all -------------------------------------------------------------------------------------


def test_turn_is_one_send_for_each_session() -> None:
    """Section 7: everyone gets one write with all that the turn had for them."""
    amy, bob = House(OFF).crowd("amy", "bob")
    before = [peer.wire.sends for peer in (amy, bob)]
    amy.type("one", "/ping", "two")
    shown = bob.say("three")
    assert [peer.wire.sends for peer in (amy, bob)] == [before[0] + 2, before[1] + 2]
    assert shown[-3:] == ["amy: one", "amy: two", "bob: three"]


def test_who_leaves_a_room_is_let_go_of() -> None:
    """Section 7, memory: an audience keeps no session that does not hear it."""
    amy, bob = House(OFF).crowd("amy", "bob")
    bob.say("/join tea")
    amy.say("/join -k tea", "/leave")
    audience = amy.house.server.fanout._audiences["tea"]
    assert list(audience) == [bob.session]
    assert audience.several == set()


def test_ids_only_grow_when_the_clock_is_set_back() -> None:
    """Invariant 1: the order of ids is the order of events."""
    house = House(OFF)
    (amy,) = house.crowd("amy")
    amy.say("one")
    house.hands.rightNow -= 500
    amy.say("two")
    one, two = house.store.recent("lobby", 2)
    assert one.id < two.id
