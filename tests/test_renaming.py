"""A room that gets another name: what goes by its key follows, also over a restart and where the store is late or
refuses. What people are shown of it stands in `conversations/rename.txt` and `irc_rename.txt`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.defer import Deferred

from api_peer import Program
from house import PASSWORD, House, LateStore, Peer, settings
from processes import BIN, Guest, Process
from teahouse.events import Event, RoomRenamed, from_dict, to_dict
from teahouse.moderation.terms import Terms
from teahouse.settings import RoomSettings
from teahouse.store import Done, StoreError
from teahouse.store.memory import MemoryStore
from test_keeper import Keeper

QUICK = settings(limits={"flood_lines": 0, "rename_seconds": 0})
CAP = "draft/channel-rename"


class Waiting(LateStore):
    """A store that renames in one order with what it keeps, and when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.renamings: list[tuple[str, str, Mapping[str, Any], Done]] = []
        self.orders: list[str] = []
        self.is_broken = False

    def append(self, events: Sequence[Event], done: Done) -> None:
        self.orders += [each.room for each in events]
        super().append(events, done)

    def rename_room(self, key: str, name: str, documents: Mapping[str, Any], done: Done) -> None:
        if self.is_broken:
            raise RuntimeError("the store is broken")
        self.orders.append("renamed")
        self.renamings.append((key, name, documents, done))

    def rename(self, error: Exception | None = None) -> None:
        """Do it now, or say that it cannot be done."""
        key, name, documents, done = self.renamings.pop()
        if error is None:
            MemoryStore.rename_room(self, key, name, documents, done)
        else:
            done(error)


def house(store: MemoryStore | None = None) -> House:
    place = House(QUICK, store=store)
    for nick in ("ann", "bob"):
        place.add_account(nick)
    return place


def come(place: House, nick: str, room: str = "tea", protocol: str = "line") -> Peer:
    """Someone comes in with an account, and goes into a room."""
    peer = place.enter(nick, protocol, password=PASSWORD if nick in {"ann", "bob"} else "")
    peer.say(f"JOIN #{room}" if protocol == "irc" else f"/join {room}")
    return peer


# ---- what follows ------------------------------------------------------------------------------------------


def test_a_registered_room_is_the_same_one_after_a_restart() -> None:
    store = MemoryStore()
    first = house(store)
    ann = come(first, "ann")
    come(first, "bob")
    ann.say(
        "/room register", "/op bob", "/room slow 5s", "/filter refuse casino", "/ban troll", "/topic cakes"
    )
    ann.say("hello", "/rename Pot")
    second = House(QUICK, store=store)
    assert "tea" not in second.server.rooms
    room = second.server.rooms["pot"]
    assert (room.name, room.topic, room.policy.founder) == ("Pot", "cakes", "ann")
    assert room.policy.terms == Terms(slow=5)
    assert room.policy.roles["bob"] == "operator"
    assert [each.pattern for each in room.policy.filters] == ["casino"]
    again = come(second, "ann", "pot")
    assert "ann: hello" in again.text
    assert any("troll" in line for line in again.say("/bans"))


def test_what_people_have_of_it_follows() -> None:
    place = house()
    ann, bob = come(place, "ann"), come(place, "bob")
    come(place, "zoe", "elsewhere")
    server = place.server
    user, zoe = ann.session.user, server.users["zoe"]
    ann.say("/join -k other", "/join -k tea", "my line", "/alwayson on")
    server.presence.mark(user, "tea", server.fanout.last_id)
    server.presence.mark(user, "pot", 5)
    zoe.left_at = {"tea": 7}
    ann.say("/rename pot")
    assert list(user.rooms) == ["pot", "other"], "in the order of joining"
    assert user.rooms["pot"] is server.rooms["pot"] is ann.session.room
    assert user.markers["pot"] > 5
    assert "tea" not in user.markers
    assert zoe.left_at == {"pot": 7}
    assert "ann corrected: my words" in ann.say("/edit my words")
    place.wait(2)
    account = server.accounts
    assert account is not None
    assert user.account is not None
    assert user.account.settings["rooms"] == ["pot", "other"], "someone always on comes back there"
    assert bob.session.room is server.rooms["pot"]


def test_rooms_that_forward_to_it_go_on_doing_so() -> None:
    place = house()
    ann = come(place, "ann", "den")
    ann.say("/room invite-only on", "/join -k tea")
    ann.say("/join -k den", "/room forward tea", "/join -k tea")
    ann.say("/rename pot")
    assert place.server.rooms["den"].policy.terms.forward == "pot"
    zoe = come(place, "zoe", "den")
    assert "You are shown to pot instead." in zoe.text


def test_webhooks_go_with_it() -> None:
    store = MemoryStore()
    place = house(store)
    ann = come(place, "ann")
    ann.say("/room register", "/hook in weather", "/hook out https://tea.example/x")
    told: list[str] = []
    place.server.hooks.send = lambda hook, event: told.append(f"{hook.room} {event}")
    ann.say("one", "/rename pot", "two")
    assert told == ["tea ann: one", "pot ann: two"]
    assert {each["room"] for each in store.document("webhooks")} == {"pot"}
    assert all(map(place.server.hooks.holds, place.server.hooks.of_room("pot")))


def test_a_mud_client_gets_the_list_of_channels() -> None:
    place = house()
    bob = place.connect("telnet")
    bob.wire.put(b"\xff\xfd\xc9\xff\xfa\xc9" + b'Core.Supports.Set ["Comm.Channel 1"]' + b"\xff\xf0")
    bob.enter("bob", PASSWORD)
    bob.say("/join tea")
    ann = come(place, "ann")
    before = bytes(bob.wire.sent).count(b"Comm.Channel.List")
    place.server.rooms["tea"].policy.grant(ann.session.user, "operator")
    ann.say("/rename pot")
    assert bytes(bob.wire.sent).count(b"Comm.Channel.List") == before + 1
    assert b'"command": "/join pot"' in bytes(bob.wire.sent)


def test_programs_are_told_and_talk_on() -> None:
    place = house()
    ann = come(place, "ann")
    program = Program(place, "bob")
    stream = program.listen("?rooms=tea")
    ann.say("hello", "/rename Pot")
    program.say("hi", room="pot")
    told = [
        (each["type"], each["room"]) for each in stream.events() if each["type"] in {"said", "roomrenamed"}
    ]
    assert told == [("said", "tea"), ("roomrenamed", "pot"), ("said", "pot")]
    assert "bob: hi" in ann.shown()


# ---- who may, and when -------------------------------------------------------------------------------------


def test_in_a_registered_room_its_owners_may() -> None:
    place = house()
    ann, bob = come(place, "ann"), come(place, "bob")
    ann.say("/room register", "/op bob")
    assert "Only owners and those above them may do that here." in bob.say("/rename pot")
    ann.say("/owner bob")
    assert "bob renamed the room from tea to pot." in bob.say("/rename pot")
    assert place.server.rooms["pot"].policy.founder == "ann"


def test_words_that_the_house_does_not_take() -> None:
    place = House(settings(house={"filters": ["refuse: casino"]}, limits={"rename_seconds": 0}))
    ann = come(place, "amy")
    assert any("does not take words like that" in line for line in ann.say("/rename casino"))
    assert any("does not take words like that" in line for line in ann.say("/rename pot to the casino"))
    assert "tea" in place.server.rooms


def test_a_room_is_renamed_once_in_a_while() -> None:
    place = House(settings(limits={"rename_seconds": 30}))
    ann = come(place, "amy")
    assert "A room name cannot contain ','." in ann.say("/rename a,b"), "what fails costs no time"
    assert "amy renamed the room from tea to pot." in ann.say("/rename pot")
    assert "This room has been renamed just now: wait 30 seconds." in ann.say("/rename cup")
    place.wait(30)
    assert "amy renamed the room from pot to cup." in ann.say("/rename cup")


def test_it_stands_in_the_audit_log() -> None:
    place = house()
    ann = come(place, "ann")
    ann.say("/rename pot too small")
    (act,) = acts(place)
    assert (act.what, act.by, act.about, act.room, act.reason) == ("rename", "ann", "tea", "pot", "too small")


def test_its_keepers_do_not_see_what_was_done_in_another_room_of_its_new_name() -> None:
    store = MemoryStore()
    place = house(store)
    ann = come(place, "ann")
    eve = come(place, "eve", "plot")
    come(place, "bob", "plot")
    eve.say("/room password x", "/kick bob he knows", "/leave")
    place.wait(1)
    ann.say("/room register", "/rename plot", "/room slow 2s")
    assert "he knows" not in "\n".join(ann.say("/audit"))
    assert [line.split()[4] for line in ann.say("/audit")[1:]] == ["rename", "room"]
    again = come(House(QUICK, store=store), "ann", "plot")
    assert [line.split()[4] for line in again.say("/audit")[1:]] == ["rename", "room"]


def acts(place: House) -> list[Any]:
    found: list[Any] = []

    async def look() -> None:
        found.extend(await place.store.acts(what="rename"))

    place.server.runtime.spawn(look())
    return found


@pytest.mark.parametrize("name", ["lobby", "garden"])
def test_rooms_of_the_configuration_keep_their_names(name: str) -> None:
    place = House(settings(rooms={"garden": RoomSettings(operators=["ann"])}))
    place.add_account("ann", "admin")
    ann = come(place, "ann", name)
    assert any("belongs to the house" in line for line in ann.say("/rename pot"))
    ann.say("/join tea")
    assert f"There is a room called {name} already: choose another name." in ann.say(f"/rename {name}")


# ---- while the store is at it ------------------------------------------------------------------------------


def late() -> tuple[House, Waiting, Peer, Peer]:
    store = Waiting()
    place = house(store)
    ann, bob = come(place, "ann"), come(place, "bob")
    for each in (ann, bob):
        each.shown()
    return place, store, ann, bob


def test_nobody_is_shown_it_before_the_store_has_it() -> None:
    place, store, ann, bob = late()
    ann.say("/rename pot")
    bob.say("and this")
    assert ann.shown() == bob.shown() == []
    assert [event.room for events, _ in store.waiting for event in events] == ["pot"]
    store.rename()
    place.pump()
    assert ann.shown() == bob.shown() == ["ann renamed the room from tea to pot."]
    store.commit()
    place.pump()
    assert ann.shown() == bob.shown() == ["bob: and this"]


def test_what_was_said_before_in_the_same_turn_is_kept_before() -> None:
    place, store, ann, bob = late()
    bob.type("before")
    ann.type("hello", "/rename pot", "later")
    bob.type("after")
    place.pump()
    while store.waiting:
        store.commit()
        place.pump()
        if store.renamings:
            store.rename()
            place.pump()
    orders = store.orders
    before = orders[: orders.index("renamed")]
    assert set(before) == {"tea"}
    assert set(orders[len(before) + 1 :]) <= {"pot"}
    renamed = "ann renamed the room from tea to pot."
    shown = bob.shown()
    assert renamed in shown
    assert ann.shown() == shown
    assert shown.index("ann: hello") < shown.index(renamed) < shown.index("ann: later")


def test_neither_name_can_be_had_meanwhile() -> None:
    place, store, ann, _ = late()
    zoe = place.enter("zoe")
    zoe.shown()
    ann.say("/rename pot")
    zoe.say("/join tea", "/join -k cup", "/rename tea")
    assert list(zoe.session.user.rooms) == ["lobby", "cup"]
    store.rename()
    place.pump()
    assert sum("Please try again in a moment" in line for line in zoe.shown()) == 2
    assert "In this room: zoe" in zoe.say("/join tea")


def test_where_the_store_refuses_the_room_has_its_old_name_again() -> None:
    place, store, ann, bob = late()
    irc = come(place, "eve", protocol="irc")
    irc.say(f"CAP REQ :{CAP}")
    for each in (ann, bob, irc):
        each.shown()
    ann.say("/room register", "/rename pot")
    ann.shown(), bob.shown(), irc.shown()
    store.rename(StoreError("the disk is full"))
    place.pump()
    place.log.claim("cannot be renamed")
    sorry = "The house cannot write that down just now: the room keeps its name."
    back = f"Teahouse renamed the room from pot to tea. ({sorry})"
    assert bob.shown() == ["ann renamed the room from tea to pot.", back]
    assert ann.shown() == ["ann renamed the room from tea to pot.", back, sorry]
    assert irc.shown()[-1].endswith(f"RENAME #pot #tea :{sorry}")
    assert "pot" not in place.server.rooms
    assert place.server.rooms["tea"] is ann.session.room is ann.session.user.rooms["tea"]
    assert place.server.rooms.lasts(place.server.rooms["tea"])
    ann.say("and on")
    assert store.waiting[-1][0][0].room == "tea"


def test_a_store_that_raises_holds_nobody_up() -> None:
    place, store, ann, _ = late()
    store.is_broken = True
    shown = ann.say("/rename pot")
    place.log.claim("the store failed")
    assert "The house cannot write that down just now: the room keeps its name." in shown
    store.is_broken = False
    ann.say("/rename pot")
    store.rename()
    place.pump()
    assert "ann renamed the room from tea to pot." in ann.shown()


def test_what_was_said_just_before_reaches_webhooks() -> None:
    place, store, ann, bob = late()
    told: list[str] = []
    ann.say("/room register", "/hook out https://tea.example/x")
    place.server.hooks.send = lambda hook, event: told.append(f"{hook.room} {event}")
    bob.say("just before")
    ann.say("/rename pot")
    bob.say("just after")
    store.commit()
    assert told == ["pot bob: just before"]
    store.rename()
    store.commit()
    place.pump()
    assert told == ["pot bob: just before", "pot bob: just after"]


def test_a_line_that_could_not_be_stored_is_not_in_the_tail_under_the_new_name() -> None:
    place, store, ann, _ = late()
    ann.say("lost", "/rename pot")
    store.refuse()
    place.pump()
    store.rename()
    place.pump()
    place.log.claim("not stored")
    zoe = come(place, "zoe", "pot")
    assert "lost" not in zoe.text


class Forgetful(MemoryStore):
    """A store that takes its time to forget."""

    def __init__(self) -> None:
        super().__init__()
        self.forgetting: list[tuple[str, Deferred[int]]] = []

    def forget_before(self, room: str, **_: Any) -> Any:
        self.forgetting.append((room, Deferred()))
        return self.forgetting[-1][1]


def test_what_is_being_forgotten_is_forgotten_under_the_new_name_too() -> None:
    store = Forgetful()
    place = house(store)
    ann = come(place, "ann")
    ann.say("/room register", "/room invite-only on", "/room release")
    (before,) = store.forgetting
    come(place, "bob", "tea")
    place.server.runtime.spawn(
        place.server.renaming.rename(place.server.rooms["tea"], "pot", ann.session, "")
    )
    place.pump()
    before[1].callback(0)
    place.pump()
    assert [room for room, _ in store.forgetting] == ["tea", "pot"]


# ---- the event, and the file -------------------------------------------------------------------------------


def test_the_event_goes_over_the_wire_and_back() -> None:
    event = RoomRenamed("ann", "Pot", "Tea", "tea", "why not", room="pot", id=7)
    assert from_dict(to_dict(event)) == event
    assert str(event) == "ann renamed the room from Tea to Pot. (why not)"


def test_over_a_real_restart_and_into_another_house(tmp_path: Path) -> None:
    first, other = Keeper(tmp_path / "first"), Keeper(tmp_path / "other")

    def serve(keeper: Keeper) -> Process:
        return Process(BIN / "teahouse", "serve", "--data", keeper.directory, "--line", "0")

    with serve(first) as house, Guest(house.ports[-1], "amy") as amy:
        amy.say("/join tea", "the kettle is on", "/rename Pot it was too long", "and tea is made")
        amy.wait_for(
            r"amy renamed the room from tea to Pot\. \(it was too long\)\r?\n(.*\r?\n)*?amy: and tea is made"
        )
        house.signal(9)
        house.status()
    with serve(first) as house, Guest(house.ports[-1], "bob") as bob:
        bob.say("/join pot", "/search kettle")
        bob.wait_for(r"\d\d:\d\d amy: the kettle is on\r?\n\d\d:\d\d amy: and tea is made\r?\nAnd now:")
        bob.wait_for(r"Found: 1\r?\n.*\r?\n\d\d:\d\d \[pot\] amy: the kettle is on")
        bob.say("/join tea", "/history")
        bob.wait_for("Nothing is kept from before that")
    file = tmp_path / "all.jsonl"
    first.types("export", "--all", "--output", str(file))
    other.does("import", str(file))
    with serve(other) as house, Guest(house.ports[-1], "zoe") as zoe:
        zoe.say("/join pot")
        zoe.wait_for(r"amy: the kettle is on\r?\n\d\d:\d\d amy: and tea is made")
