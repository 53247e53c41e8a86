"""Invariants 1 and 2, against a model: random people do random things in random turns over a store that commits
when it likes. What each is shown is, line for line, what happened while they were there, in the one order in which
it happened; nothing that is kept is shown before it is stored, and a PONG not before everything that came before it.
"""

from __future__ import annotations

from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from hypothesis.strategies import booleans, sampled_from

from house import House, LateStore, Peer
from house import settings as house_settings

PEOPLE = sampled_from(range(4))
ROOMS = sampled_from(["lobby", "tea", "cake"])
FOYER = ""
IN_NO_ROOM = "You are in no room. /rooms lists them, /join <room> goes into one."


class Person:
    """What the model knows of someone: where they are, and what they are to be shown, each line with its place in
    the order of all that happened."""

    def __init__(self, peer: Peer, nick: str) -> None:
        self.peer = peer
        self.nick = nick
        self.rooms: dict[str, None] = {}
        self.looks_at = FOYER
        self.expected: list[tuple[int, str]] = []
        self.shown: list[str] = []


class TestOrder(RuleBasedStateMachine):
    """The house, and beside it a model without turns, batches, groups or a store."""

    def __init__(self) -> None:
        super().__init__()
        self.store = LateStore()
        quiet = house_settings(limits={"flood_lines": 0}, house={"history_lines": 0})
        self.house = House(quiet, store=self.store)
        self.count = 0
        self.members: dict[str, dict[Person, None]] = {}
        self.gone: list[Person] = []

    @initialize()
    def come_in(self) -> None:
        self.people = [self._arrives() for _ in range(4)]

    # ---- what people do ------------------------------------------------------------------------------------

    @rule(who=PEOPLE)
    def says(self, who: int) -> None:
        person = self.people[who]
        text = f"m{self._next()}"
        person.peer.session.receive(text)
        if person.looks_at == FOYER:
            self._show(person, "Nobody is here to hear that: /join a room first, or see /help.")
        for each in self.members.get(person.looks_at, ()):
            self._show(each, f"{person.nick}: {text}", person.looks_at)

    @rule(who=PEOPLE)
    def pings(self, who: int) -> None:
        person = self.people[who]
        token = self._next()
        person.peer.session.receive(f"/ping {token}")
        self._show(person, f"PONG {token}")

    @rule(who=PEOPLE)
    def renames(self, who: int) -> None:
        person = self.people[who]
        old, new = person.nick, f"n{self._next()}"
        person.peer.session.receive(f"/nick {new}")
        person.nick = new
        self._show(person, f"You are now known as {new}.")
        self._tell_once(person, f"{old} is now known as {new}.")

    @rule(who=PEOPLE, room=ROOMS, keep=booleans())
    def joins(self, who: int, room: str, keep: bool) -> None:
        person = self.people[who]
        person.peer.session.receive(f"/join {'-k ' if keep else ''}{room}")
        before = person.looks_at
        if before not in {FOYER, room} and not keep:
            self._parts(person, before)
        person.looks_at = room
        self._adds(person, room)

    @rule(who=PEOPLE)
    def leaves(self, who: int) -> None:
        person = self.people[who]
        person.peer.session.receive("/leave")
        if person.looks_at == FOYER:
            self._show(person, "You are in no room: /quit leaves the house.")
            return
        self._parts(person, person.looks_at)
        person.looks_at = next(reversed(person.rooms), FOYER)
        if person.looks_at == FOYER:
            self._show(person, IN_NO_ROOM)
        else:
            self._adds(person, person.looks_at)

    @rule(who=PEOPLE, politely=booleans())
    def quits(self, who: int, politely: bool) -> None:
        person = self.people[who]
        if politely:
            person.peer.session.receive("/quit")
            self._show(person, "Goodbye.")
            why = ""
        else:
            person.peer.session.lost("gone")
            why = " (gone)"
        self._tell_once(person, f"{person.nick} has left the house.{why}")
        for room in person.rooms:
            del self.members[room][person]
        if politely:
            self.gone.append(person)
        self.people[who] = self._arrives()

    # ---- what the house does -------------------------------------------------------------------------------

    @rule()
    def turn_ends(self) -> None:
        self.house.pump()
        self._check()

    @precondition(lambda self: self.store.waiting)
    @rule()
    def store_commits(self) -> None:
        self.store.commit()
        self._check()

    def teardown(self) -> None:
        self.house.pump()
        while self.store.waiting:
            self.store.commit()
        self.house.pump()
        self._check()
        for person in [*getattr(self, "people", []), *self.gone]:
            assert person.shown == [line for _, line in person.expected]
        assert all(person.peer.gone for person in self.gone)
        assert not self.house.log.failures

    # ---- the model -----------------------------------------------------------------------------------------

    def _arrives(self) -> Person:
        person = Person(self.house.knock(), f"n{self._next()}")
        person.peer.session.receive(f"login {person.nick}")
        self._show(person, f"You are {person.nick}.")
        person.looks_at = "lobby"
        self._adds(person, "lobby")
        return person

    def _adds(self, person: Person, room: str) -> None:
        members = self.members.setdefault(room, {})
        if person not in members:
            members[person] = person.rooms[room] = None
            for each in members:
                if each is not person:
                    self._show(each, f"{person.nick} has entered the room.", room)
        self._show(person, f"In this room: {', '.join(each.nick for each in members)}")

    def _parts(self, person: Person, room: str) -> None:
        for each in self.members[room]:
            if each is not person:
                self._show(each, f"{person.nick} has left the room.", room)
        del self.members[room][person], person.rooms[room]

    def _tell_once(self, person: Person, line: str) -> None:
        """To all who share a room with the person, however many rooms they share."""
        room = next(iter(person.rooms)) if len(person.rooms) == 1 else ""
        for each in dict.fromkeys(each for room in person.rooms for each in self.members[room]):
            if each is not person:
                self._show(each, line, room)

    def _show(self, person: Person, line: str, room: str = "") -> None:
        label = f"[{room}] " if room and room != person.looks_at else ""
        person.expected.append((self._next(), label + line))

    def _next(self) -> int:
        self.count += 1
        return self.count

    # ---- what must hold at any time ------------------------------------------------------------------------

    def _check(self) -> None:
        everyone = [*self.people, *self.gone]
        for person in everyone:
            person.shown += person.peer.shown()
            assert person.shown == [line for _, line in person.expected][: len(person.shown)]
        kept = {event.text for event in self.store.kept}  # type: ignore[attr-defined]  # all are Said
        for person in everyone:
            said = {line.rpartition(" ")[2] for line in person.shown if ": m" in line}
            assert said <= kept
        self._check_pongs(everyone)

    def _check_pongs(self, everyone: list[Person]) -> None:
        answered = [
            place
            for person in everyone
            for (place, line), _ in zip(person.expected, person.shown, strict=False)
            if line.startswith("PONG")
        ]
        for person in everyone:
            waiting = person.expected[len(person.shown) :]
            assert not waiting or waiting[0][0] > max(answered, default=0)


TestOrderOfAll = TestOrder.TestCase
TestOrderOfAll.settings = settings(max_examples=80, stateful_step_count=30)
del TestOrder
