"""What keepers of a room have decided, over restarts, without a store, and for accounts that are gone."""

from __future__ import annotations

from typing import Any

import pytest

from house import PASSWORD, House, Peer, settings
from teahouse.errors import ChatError
from teahouse.events import (
    Event,
    Invited,
    Kicked,
    Left,
    RoleChanged,
    RuleLifted,
    RuleMade,
    TermsChanged,
    from_dict,
    to_dict,
)
from teahouse.moderation.terms import Terms
from teahouse.protocols.terminal.render import render
from teahouse.protocols.terminal.view import TerminalView
from teahouse.settings import RoomSettings
from teahouse.store import Act, RoomRecord, StoreError
from teahouse.store.memory import MemoryStore
from teahouse.store.ready import Ready

OPEN = settings(
    rooms={"den": RoomSettings(operators=["ann"], slow=5)},
    limits={"flood_lines": 0, "exempt_addresses": []},
)


def house(store: MemoryStore) -> House:
    return House(OPEN, store=store)


def come(place: House, nick: str, room: str, address: str = "10.0.0.1") -> Peer:
    """Someone with an account comes in, and goes into a room."""
    peer = place.connect("line", address)
    peer.say(f"login {nick} {PASSWORD}")
    peer.say(f"/join {room}")
    return peer


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def test_a_registered_room_comes_back_as_it_was(store: MemoryStore) -> None:
    first = house(store)
    for nick in ("ann", "bob", "troll"):
        first.add_account(nick, "member")
    ann = come(first, "ann", "tea")
    come(first, "troll", "tea", "10.0.0.9")
    for line in (
        "/room register",
        "/topic green",
        "/room password leaf",
        "/op bob",
        "/ban troll 1h spam",
        "/mute loud*",
        "/filter refuse casino",
    ):
        ann.say(line)

    second = house(store)
    assert "tea" in second.server.rooms
    troll = come(second, "troll", "tea leaf", "10.0.0.5")
    assert "You are banned from this room for 1 hour more: spam." in troll.text
    bob = come(second, "bob", "tea")
    assert "Topic: green (set by ann)" in bob.text
    assert "bob unbanned troll." in bob.say("/unban troll")
    policy = second.server.rooms["tea"].policy
    assert policy.founder == "ann"
    assert [each.mask for each in policy.mutes] == ["loud*!*@*"]
    assert [each.pattern for each in policy.filters] == ["casino"]
    bob.say("/leave")
    assert "tea" in second.server.rooms

    third = house(store)
    assert "This room has a password" in come(third, "troll", "tea").text
    assert come(third, "ann", "tea").say("/room release")[-1].startswith("tea is registered no more")
    assert "tea" not in house(store).server.rooms


@pytest.mark.parametrize("room", ["lobby", "den"])
def test_rooms_of_the_house_keep_what_was_decided_too(store: MemoryStore, room: str) -> None:
    first = house(store)
    first.add_account("mod", "moderator")
    mod = come(first, "mod", room)
    mod.say("/ban troll")
    mod.say("/ban 203.0.113.0/24")
    mod.say("/room hidden on")

    second = house(store)
    place = second.server.rooms.open(room)
    assert [each.mask for each in place.policy.bans] == ["troll!*@*", "203.0.113.0/24"]
    assert place.policy.terms == Terms(hidden=True, slow=5 if room == "den" else 0)


def test_a_room_that_goes_with_the_last_one_takes_all_with_it(store: MemoryStore) -> None:
    first = house(store)
    first.add_account("ann", "member")
    ann = come(first, "ann", "tea")
    ann.say("/ban troll")
    ann.say("/leave")
    assert store.rooms() == []
    ann.say("/join tea")
    assert not first.server.rooms["tea"].policy.bans


def test_an_account_that_is_removed_leaves_no_role_to_the_next_of_its_name(store: MemoryStore) -> None:
    place = house(store)
    for nick in ("ann", "bob"):
        place.add_account(nick, "member")
    ann, bob = come(place, "ann", "tea"), come(place, "bob", "cake")
    ann.say("/room register")
    bob.say("/room register")
    ann.say("/op bob")
    bob.say("/unregister")
    bob.say(PASSWORD)
    tea, cake = (place.server.rooms[each].policy for each in ("tea", "cake"))
    assert (tea.roles.get("bob"), cake.founder) == (None, "")
    assert [each.key for each in store.rooms()] == ["tea"]


def test_an_account_that_was_removed_meanwhile_has_no_role_either(store: MemoryStore) -> None:
    first = house(store)
    for nick in ("ann", "bob"):
        first.add_account(nick, "member")
    ann = come(first, "ann", "tea")
    ann.say("/room register")
    ann.say("/op bob")
    store.remove_account("bob")
    assert house(store).server.rooms["tea"].policy.roles == {"ann": "operator"}
    store.remove_account("ann")
    second = house(store)
    second.pump()
    assert "tea" not in second.server.rooms
    assert second.server.rooms["den"].policy.roles == {"ann": "operator"}, "the configuration says so"


class NoRooms(MemoryStore):
    """Cannot write down what keepers decide."""

    def save_room(self, room: RoomRecord) -> Any:
        def refuse() -> None:
            raise StoreError("the disk is full")

        return Ready(refuse)


def test_what_cannot_be_written_down_is_said(store: MemoryStore) -> None:
    place = house(NoRooms())
    place.add_account("mod", "moderator")
    mod = come(place, "mod", "den")
    shown = mod.say("/ban troll")
    assert shown == [
        "mod banned troll.",
        "That holds now, but the house cannot write it down: it ends with a restart.",
    ]


def acts(store: MemoryStore) -> list[Act]:
    async def ask() -> list[Act]:
        return await store.acts(count=100)

    try:
        ask().send(None)
    except StopIteration as end:
        found: list[Act] = end.value
        return found[::-1]
    raise AssertionError("a memory store does not wait")


def test_every_act_is_in_the_audit_log(store: MemoryStore) -> None:
    place = house(store)
    for nick in ("ann", "bob", "eve"):
        place.add_account(nick, "member")
    ann, bob = come(place, "ann", "tea"), come(place, "bob", "tea", "10.0.0.2")
    bob.say("spam")
    for line in (
        "/voice bob",
        "/mute bob 10m loud",
        "/unmute bob",
        "/redact bob 1 rude",
        "/kick bob out",
        "/ban bob 1h",
        "/unban bob",
        "/exempt bob",
        "/unexempt bob",
        "/room slow 10s",
        "/room password secret",
        "/filter mute casino",
        "/unfilter casino",
        "/invite eve",
        "/room register",
        "/room release",
    ):
        ann.say(line)
    found = acts(store)
    assert [each.what for each in found] == [
        *("role", "role", "mute", "unmute", "redact", "kick", "ban", "unban", "exempt", "unexempt"),
        *("room", "room", "filter", "unfilter", "invite", "register room", "release room"),
    ]
    assert {(each.by, each.account, each.room) for each in found} == {("ann", "ann", "tea")}
    ban = next(each for each in found if each.what == "ban")
    assert (ban.about, ban.address) == ("bob", "10.0.0.2")
    assert "account:bob" in ban.detail
    assert "until 2026-11-20 13:00 UTC" in ban.detail
    assert "secret" not in repr(found)


def test_addresses_are_for_moderators(store: MemoryStore) -> None:
    place = house(store)
    place.add_account("mod", "moderator")
    place.add_account("ann", "member")
    ann, mod = come(place, "ann", "tea"), come(place, "mod", "tea")
    bob = place.connect("line", "198.51.100.7")
    bob.say("login bob")
    bob.say("/join tea")
    ann.shown()
    for who in ("198.51.100.7", "198.51.0.0/16"):
        assert "Only moderators name addresses" in ann.say(f"/ban {who}")[0]
    mod.say("/ban 198.51.100.0/24 1h spam")
    bob.say("/join tea")
    assert "mod banned an address until" in ann.text
    assert "You are banned from this room" in bob.text
    assert "198.51" not in " ".join(ann.say("/bans"))
    assert "198.51.100.0/24" in " ".join(mod.say("/bans"))
    assert "Only moderators" in ann.say("/unban 198.51.100.0/24")[0]
    mod.say("/unban 198.51.100.0/24")
    assert "198.51" not in ann.text


def test_a_room_whose_policy_is_plain_asks_nothing(store: MemoryStore) -> None:
    """The way of a line, where nobody is banned and nothing is filtered."""
    place = house(store)
    amy = place.enter("amy")
    room = place.server.rooms["lobby"]
    assert room.policy.is_plain

    def refuse(*args: object) -> None:
        raise ChatError("was asked")

    room.policy.check_talk = refuse  # type: ignore[method-assign,assignment]
    amy.shown()
    assert amy.say("hi") == ["amy: hi"]


ORDER: list[Event] = [
    Kicked("amy", "bob", "so \x1b[31mloud\u202e"),
    RoleChanged("amy", "bob", "operator", "voice"),
    RoleChanged("amy", "bob", "member", "voice"),
    TermsChanged("amy", "invite_only", True),
    TermsChanged("amy", "slow", 0, 10),
    RuleMade("amy", "bans", ("account:bob", "*!*@x"), "bob", "spam\n", None),
    RuleMade("amy", "exempt", ("a!*@*", "b!*@*")),
    RuleLifted("amy", "mutes", ("a!*@*",)),
    RuleLifted("amy", "bans", ()),
    Invited("amy", "bob", "tea"),
]


def test_what_keepers_do_looks_like_other_notices() -> None:
    dim, plain = TerminalView(colours=16), TerminalView()
    shown = [render(each, plain).decode() for each in ORDER]
    assert shown == [
        f"{line}\r\n"
        for line in (
            "amy put bob out of the room. (so [31mloud)",
            "amy made bob an operator.",
            "amy took the role of voice from bob.",
            "amy set invite-only to on.",
            "amy set slow to off.",
            "amy banned bob. (spam )",
            "amy exempted a!*@*, b!*@*.",
            "amy unmuted a!*@*.",
            "amy unbanned an address.",
            "amy invites bob into tea.",
        )
    ]
    dress = render(Left("amy"), dim).decode().partition("amy")[0]
    assert dress
    assert all(render(each, dim).decode().startswith(dress) for each in ORDER)


@pytest.mark.parametrize("event", ORDER, ids=lambda each: type(each).__name__)
def test_what_keepers_do_goes_over_the_wire_and_back(event: Event) -> None:
    assert from_dict(to_dict(event)) == event
