"""The order of the whole house: what is kept over a restart, who comes in, and what is found quickly."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis.strategies import integers, ip_addresses

from house import QUIET, House, Peer, settings
from teahouse.errors import Banned, CannotTalk, NotAllowed, TooMany
from teahouse.moderation.house import SETTINGS, HouseOrder, given_filter
from teahouse.moderation.masks import canonical, is_within
from teahouse.moderation.networks import Networks
from teahouse.moderation.rules import Rule
from teahouse.rooms.foyer import Foyer
from teahouse.store import Act, StoreError
from teahouse.store.memory import MemoryStore
from teahouse.user import User

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TROLL = "10.0.0.66"


class Deaf(MemoryStore):
    """A store that keeps nothing of the order of the house."""

    def note(self, act: Act) -> Any:
        raise StoreError("the disk is full")

    def save_document(self, name: str, value: Any) -> Any:
        if name == "house":
            raise StoreError("the disk is full")
        return super().save_document(name, value)


def public(**limits: Any) -> Any:
    """Settings of a house in which addresses count."""
    return settings(limits={"exempt_addresses": [], **limits})


def keeper(house: House, nick: str = "ann", role: str = "moderator") -> Peer:
    """One who keeps the house, from an address of her own."""
    if house.server.users.get(nick) is None:
        house.add_account(nick, role)
    return house.enter(nick, address="10.9.0.1", password="green tea")


def restarted(first: House, **changed: Any) -> House:
    """Another house, on what the first has kept."""
    return House(replace(first.server.settings, **changed), store=first.store)


# ---- over a restart ----------------------------------------------------------------------------------------


def test_what_holds_outlives_the_house() -> None:
    house = House(public())
    ann = keeper(house)
    troll = house.enter("troll", address=TROLL)
    ann.say("/houseban troll 2h spam", "/shun noisy!*@*", "/housefilter refuse links", "/lockdown on")
    assert troll.gone
    again = restarted(house)
    order = again.server.order
    assert [(rule.about, rule.by, rule.reason) for rule in order.bans] == [("troll", "ann", "spam")]
    assert [rule.mask for rule in order.shuns] == ["noisy!*@*"]
    assert [(each.pattern, each.action) for each in order.filters] == [("links", "refuse")]
    assert order.lockdown
    assert not order.is_plain
    refused = again.connect(address=TROLL).say("login other")
    assert refused == ["You are banned from this house until 2026-11-20 14:00 UTC: spam."]
    again.wait(1)


def test_bans_that_are_over_are_not_there_after_a_restart_either() -> None:
    house = House(public())
    keeper(house).say("/houseban 10.0.0.0/24 1m")
    assert "banned" in house.connect(address=TROLL).text
    house.wait(61)
    assert not house.connect(address=TROLL).gone
    later = restarted(house)  # its clock begins where the first one began
    assert later.connect(address=TROLL).gone
    later.wait(61)
    assert not later.connect(address=TROLL).gone


def test_someone_always_on_who_is_banned_is_not_back() -> None:
    house = House(public())
    ann = keeper(house)
    for nick in ("troll", "bea"):
        house.add_account(nick)
        peer = house.enter(nick, address=TROLL, password="green tea")
        peer.say("/alwayson on")
        peer.wire.end()
        house.pump()
    house.wait(2)
    assert {"troll", "bea"} <= set(house.server.users)
    assert ann.say("/houseban account:troll")[-1].endswith("1 person put out: troll.")
    assert "troll" not in house.server.users
    again = restarted(house)
    again.pump()
    assert set(again.server.users) == {"bea"}
    again.log.claim("troll is not back: You are banned from this house.")


def test_someone_always_on_is_back_in_all_rooms_that_there_still_are() -> None:
    house = House(public())
    house.add_account("bea")
    bea = house.enter("bea", password="green tea")
    bea.say("/alwayson on", "/join -k den", "/join -k pot", "/join -k lobby")
    house.wait(2)
    fewer = settings(limits={"exempt_addresses": []}, house={"rooms_on_demand": False})
    again = House(fewer, store=house.store)
    again.pump()
    assert list(again.server.users["bea"].rooms) == ["lobby"]
    again.log.claim("bea is not back in den: There is no room den")
    again.log.claim("bea is not back in pot: There is no room pot")


def test_ignored_people_outlive_the_house() -> None:
    house = House()
    house.add_account("ann")
    ann, bob = house.enter("ann", password="green tea"), house.enter("bob")
    ann.say("/ignore bob", "/ignore nobody")
    again = restarted(house)
    ann, bob = again.enter("ann", password="green tea"), again.enter("bob")
    ann.shown()
    bob.say("boo")
    assert ann.shown() == []
    assert ann.say("/ignore") == ["You ignore: bob, nobody"]


def test_guest_takes_whom_they_ignore_along_into_an_account() -> None:
    house = House()
    amy = house.enter("amy")
    amy.say("/ignore bob", "/register")
    amy.say("green tea", "green tea")
    amy.wire.end()
    house.pump()
    assert house.enter("amy", password="green tea").say("/ignore") == ["You ignore: bob"]


def test_cloaks_are_the_same_after_a_restart_and_other_in_another_house() -> None:
    store = MemoryStore()
    store.save_document("cloak key", "ab" * 32)
    one, other = House(store=store), House()
    assert one.server.order.cloaks.of(TROLL) == restarted(one).server.order.cloaks.of(TROLL)
    assert one.server.order.cloaks.of(TROLL) != other.server.order.cloaks.of(TROLL)


# ---- settings ----------------------------------------------------------------------------------------------


def test_filters_of_the_settings_are_there_and_are_not_kept() -> None:
    house = House(settings(house={"filters": ["refuse: links", "mute: buy now"]}))
    ann = keeper(house)
    assert [each.by for each in house.server.order.filters] == [SETTINGS, SETTINGS]
    said = ann.say("/houseunfilter links", "/housefilter report buy now")
    assert said[0].endswith("The settings have it: it is back when the house opens again.")
    again = restarted(house)
    assert [(each.pattern, each.action, each.by) for each in again.server.order.filters] == [
        ("links", "refuse", SETTINGS),
        ("buy now", "report", "ann"),
    ]
    bare = restarted(house, house=QUIET.house)
    assert [each.pattern for each in bare.server.order.filters] == ["buy now"]


@pytest.mark.parametrize("text", ["links", "eat: links", "refuse:", "refuse: ab", ": links"])
def test_filter_that_is_none_is_told_so(text: str) -> None:
    with pytest.raises(ValueError, match=r"refuse: links|characters"):
        given_filter(text)


def test_lockdown_of_the_settings_holds_at_each_start() -> None:
    house = House(settings(house={"lockdown": True}))
    keeper(house).say("/lockdown off")
    assert not house.server.order.lockdown
    assert restarted(house).server.order.lockdown


# ---- who comes in, and who talks ---------------------------------------------------------------------------


def order_and_user(**limits: Any) -> tuple[HouseOrder, User, House]:
    house = House(public(**limits))
    peer = house.enter("bob", address=TROLL)
    return house.server.order, peer.session.user, house


def rule(mask: str, seconds: int | None = None) -> Rule:
    return Rule(mask, "ann", NOW, NOW + timedelta(seconds=seconds) if seconds else None, "why", "")


def test_those_who_keep_the_house_are_never_kept_out() -> None:
    order, bob, house = order_and_user()
    order.lockdown = True
    order.bans.add(rule("*!*@*"))
    order.shuns.add(rule("*!*@*"))
    keeper(house)
    ann = house.server.users["ann"]
    assert ann.account is not None
    order.check_login(ann, "ann", ann.account)
    order.check_talk(ann, NOW)
    order.check_rename(ann, "annie")
    for check in (order.check_login, order.check_nick):
        with pytest.raises(Banned, match="banned from this house: why"):
            check(bob, "bob", None)
    with pytest.raises(CannotTalk):
        order.check_talk(bob, NOW)


@pytest.mark.parametrize("mask", ["bob!*@*", f"{TROLL}/32", "10.0.0.0/8", "*!line@*", "guest:*"])
def test_ban_puts_out_whom_it_is_about(mask: str) -> None:
    order, bob, house = order_and_user()
    assert order.add(order.bans, [rule(mask)]) == [bob]
    assert "bob" not in house.server.users


def test_ban_that_is_over_puts_nobody_out() -> None:
    order, _, house = order_and_user()
    assert order.add(order.bans, [replace(rule("*!*@*"), until=NOW - timedelta(seconds=1))]) == []
    assert "bob" in house.server.users


def test_voice_in_a_room_of_ones_own_frees_nobody_of_the_house() -> None:
    house = House(settings(house={"filters": ["refuse: links"]}))
    bob, eve = house.enter("bob"), house.enter("eve")
    for peer in (bob, eve):
        peer.say("/join mine")
    eve.shown()
    assert bob.say("www.spam.example")[-1].startswith("The house does not take")
    assert eve.shown() == []


def test_full_list_takes_no_more_and_says_what_to_do() -> None:
    order, _, house = order_and_user(rules_of_house=2)
    ann = keeper(house)
    ann.say("/shun x*", "/shun y*")
    said = ann.say("/shun z*")
    assert said == ["The list of shuns is full (2): take one out of it first."]
    assert [each.mask for each in order.shuns] == ["x*!*@*", "y*!*@*"]
    with pytest.raises(TooMany):
        order.add(order.shuns, [rule("w*!*@*")])


def test_silencing_by_a_filter_when_the_list_is_full_still_refuses() -> None:
    house = House(settings(limits={"rules_of_house": 0}, house={"filters": ["mute: casino"]}))
    bob = house.enter("bob")
    assert bob.say("casino")[-1].startswith("The house does not take")
    assert bob.say("hello") == ["bob: hello"]
    house.log.claim("bob is not silenced")


def test_nobody_acts_on_a_bot() -> None:
    order, bob, house = order_and_user()
    keeper(house)
    listener: Any = object()
    bob.listener = listener
    with pytest.raises(NotAllowed, match="bob is a bot"):
        order.check_over(house.server.users["ann"], bob)
    assert order.add(order.bans, [rule("bob!*@*")]) == []


# ---- the audit log -----------------------------------------------------------------------------------------


def test_what_cannot_be_written_down_is_done_all_the_same_and_told() -> None:
    house = House(public(), store=Deaf())
    ann, troll = keeper(house), house.enter("troll", address=TROLL)
    ann.shown()
    said = ann.say("/houseban troll")
    assert said[-1] == "That holds now, but the house cannot write it down: it ends with a restart."
    assert troll.gone
    assert house.connect(address=TROLL).say("login x") == ["You are banned from this house."]
    house.log.claim("not in the audit log: houseban of troll by ann: the disk is full")


def test_filter_that_reports_without_end_fills_no_queue() -> None:
    house = House(settings(limits={"reports_per_user": 3, "flood_lines": 0}))
    ann, bob = keeper(house), house.enter("bob")
    ann.say("/housefilter report tea")
    for number in range(20):
        bob.say(f"tea {number}")
    assert sum("reports bob" in line for line in ann.shown()) == 3


def test_whoever_reports_is_told_where_that_is_not_in_the_queue() -> None:
    house = House(public(), store=Deaf())
    ann, bob, _ = keeper(house), house.enter("bob"), house.enter("troll")
    ann.shown()
    house.log.lines.clear()
    assert bob.say("/report troll spam")[-1].startswith("The house cannot write that down just now: of those")
    assert ann.shown() == ["bob reports troll in lobby: spam"]
    house.log.claim("not in the audit log")


def test_reports_of_one_person_are_counted_whatever_the_nick() -> None:
    house = House(public(reports_per_user=2))
    bob, troll = house.enter("bob", address=TROLL), house.enter("troll", address="10.0.0.9")
    bob.say("/report troll one", "/nick rob")
    bob.say("/report troll two")
    assert bob.say("/report troll three")[0].startswith("You have made 2 reports")
    bob.wire.end()
    house.pump()
    eve = house.enter("eve", address=TROLL)
    assert eve.say("/report troll four")[0].startswith("You have made 2 reports")
    troll.shown()
    assert troll.say("/report eve five")[0].startswith("Your report of eve")


# ---- networks ----------------------------------------------------------------------------------------------


def networks(*masks: str) -> Networks:
    found = Networks()
    found.take([rule(mask) for mask in masks])
    return found


@given(ip_addresses(), ip_addresses(), integers(0, 128), integers(0, 128))
def test_networks_find_what_looking_at_each_would(address: Any, other: Any, length: int, more: int) -> None:
    masks = [
        canonical(str(ip_network((one, min(size, one.max_prefixlen)), strict=False)))
        for one, size in ((address, length), (other, more))
    ]
    for each in (address, other):
        found = networks(*masks).about(str(each), NOW)
        within = [mask for mask in masks if is_within(str(each), mask)]
        assert found.mask in within if found else not within


@pytest.mark.parametrize("address", ["", "nowhere", "10.0.0", "fe80::1%eth0", "::ffff:192.0.2.7"])
def test_address_that_is_none_or_written_otherwise(address: str) -> None:
    found = networks("192.0.2.0/24", "fe80::/64").about(address, NOW)
    expected = {"fe80::1%eth0": "fe80::/64", "::ffff:192.0.2.7": "192.0.2.0/24"}
    assert (found.mask if found else None) == expected.get(address)


def test_two_thousand_bans_cost_newcomers_nothing() -> None:
    found = networks(*(f"10.{n >> 8}.{n & 255}.0/24" for n in range(2_000)))
    start = process_time()
    for _ in range(1_000):
        found.about("192.0.2.7", NOW)
    assert process_time() - start < 0.2  # 0.2 ms each: what a refusal may cost


# ---- as the documentation says -----------------------------------------------------------------------------


def roles_in_the_docs() -> list[tuple[str, str]]:
    """Each command of the house with the role that docs/moderation.md says it takes."""
    text = (Path(__file__).parent.parent / "docs" / "moderation.md").read_text("utf-8")
    section = text.partition("## In the whole house")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`/.+`) \| (\w+) \|", section, re.MULTILINE)
    return [(name, role) for names, role in rows for name in re.findall(r"`/(\w+)", names)]


@pytest.mark.parametrize(("name", "role"), roles_in_the_docs())
def test_command_takes_the_role_that_is_written_down(name: str, role: str) -> None:
    found = Foyer.find(name)
    assert found is not None
    assert found.role == role


def test_all_commands_for_those_who_keep_order_are_written_down() -> None:
    written = {name for name, _ in roles_in_the_docs()}
    kept = {each.name for each in Foyer.commands() if each.role != "guest"}
    assert kept - written == {"reload"}
