"""MONITOR and what the house remembers: lists are bounded, belong to a connection, and leave nothing behind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis.strategies import lists, sampled_from, tuples

from house import House, Peer, settings
from teahouse.events import AccountChanged, AwayChanged, Event, HostChanged, RealnameChanged
from teahouse.protocols.irc.message import parse
from teahouse.text import fold

NICKS = ["tom", "Tom", "bob", "eve", "Zoë"]


def ask(peer: Peer, line: str) -> list[tuple[str, ...]]:
    return [(found.command, *found.params[1:]) for found in map(parse, peer.say(line))]


@given(lists(tuples(sampled_from("+-"), sampled_from(NICKS))))
def test_list_is_the_set_of_nicks_that_were_added_and_not_removed(changes: list[tuple[str, str]]) -> None:
    house = House(settings(limits={"flood_lines": 0, "watched_nicks": 3}))
    amy, model = house.enter("amy", "irc"), dict[str, str]()
    amy.shown()
    for sign, nick in changes:
        answer = ask(amy, f"MONITOR {sign} {nick}")
        if sign == "-":
            model.pop(fold(nick), None)
            assert not answer
        elif fold(nick) in model or len(model) < 3:
            model.setdefault(fold(nick), nick)
            assert [row[0] for row in answer] == ["731"]
        else:
            assert answer == [("734", "3", nick, "Monitor list is full.")]
    listed = [nick for row in ask(amy, "MONITOR L") if row[0] == "732" for nick in row[1].split(",")]
    assert listed == list(model.values())


def test_nothing_is_left_of_a_list_when_its_connection_goes() -> None:
    house = House()
    amy = house.enter("amy", "irc")
    amy.say("MONITOR + tom,bob", "MONITOR - tom")
    watching = house.server.watching
    assert watching.watched(amy.session) == ["bob"]
    amy.wire.end()
    house.pump()
    assert not watching._by_nick
    assert not watching._of


def test_each_device_has_a_list_of_its_own() -> None:
    house = House()
    house.add_account("ann")
    one = house.enter("ann", "irc", password="green tea")
    two = house.enter("ann", "irc", password="green tea")
    one.say("MONITOR + tom")
    assert ask(two, "MONITOR L") == [("733", "End of MONITOR list")]
    one.shown()
    tom = house.enter("tom")
    assert [parse(line).command for line in one.shown()] == ["730"]
    assert not two.shown()
    tom.say("/quit")
    assert [parse(line).command for line in one.shown()] == ["731"]


def test_long_lists_are_told_in_lines_that_fit() -> None:
    house = House(settings(limits={"flood_lines": 0}))
    amy = house.enter("amy", "irc")
    nicks = [f"{'n' * 25}{number}" for number in range(60)]
    for start in range(0, 60, 10):
        amy.say(f"MONITOR + {','.join(nicks[start : start + 10])}")
    answer = ask(amy, "MONITOR S")
    assert [row[0] for row in answer] == ["731"] * len(answer)
    assert ",".join(row[1] for row in answer).split(",") == nicks
    assert all(len(line) <= 510 for line in bytes(amy.wire.sent).split(b"\r\n"))


CHANGES = {
    "away-notify": (AwayChanged("tom", "tea"), "AWAY"),
    "account-notify": (AccountChanged("tom", "ann"), "ACCOUNT"),
    "chghost": (HostChanged("tom", "~t", "elsewhere"), "CHGHOST"),
    "setname": (RealnameChanged("tom", "Thomas"), "SETNAME"),
}


@pytest.mark.parametrize("rooms", ["", "#tea", "#tea,#cake"], ids=["no room", "one room", "two rooms"])
@pytest.mark.parametrize("cap", CHANGES)
def test_watchers_are_told_once_of_what_they_asked_for(cap: str, rooms: str) -> None:
    """extended-monitor: each kind of news needs the capability that it has in rooms, too."""
    house = House(settings(limits={"flood_lines": 0}))
    tom = house.enter("tom", "irc")
    watchers = [house.enter(nick, "irc") for nick in ("amy", "bob", "eve")]
    event, command = CHANGES[cap]
    for peer, caps in zip(watchers, (f"extended-monitor {cap}", "extended-monitor", cap), strict=True):
        peer.say(f"CAP REQ :{caps}", "MONITOR + tom")
    for peer in [tom, *watchers] if rooms else []:
        peer.say(f"JOIN {rooms}")
    told = [spread(house, tom, peer, event) for peer in watchers]
    assert told == [[command], [], [command] if rooms else []]


def spread(house: House, of: Peer, to: Peer, event: Event) -> list[str]:
    """The commands that one is shown when something changes about another."""
    to.shown()
    house.server.spread(event, of.session.user)
    house.pump()
    return [parse(line).command for line in to.shown()]


def test_news_do_not_say_in_which_room_someone_is() -> None:
    house = House()
    amy, tom = house.enter("amy", "irc"), house.enter("tom", "irc")
    amy.say("CAP REQ :extended-monitor away-notify message-tags server-time", "MONITOR + tom")
    tom.say("JOIN #attic")
    amy.shown()
    start = len(amy.text)
    tom.say("AWAY :tea")
    assert "AWAY :tea" in amy.text[start:]
    assert "attic" not in amy.text


def test_label_has_one_answer() -> None:
    amy = House().enter("amy", "irc")
    amy.say("CAP REQ :labeled-response batch")
    assert [row[0] for row in ask(amy, "@label=1 MONITOR - tom")] == ["ACK"]
    assert [row[0] for row in ask(amy, "@label=2 MONITOR + tom")] == ["731"]
    assert [row[0] for row in ask(amy, "@label=3 MONITOR L")] == ["BATCH", "732", "733", "BATCH"]
    assert [row[0] for row in ask(amy, "@label=4 MONITOR ?")] == ["400"]


def test_house_remembers_so_many_who_have_left() -> None:
    house = House(settings(limits={"flood_lines": 0, "departures": 2}))
    for nick in ("tom", "bob", "eve"):
        house.enter(nick).say("/quit")
    watching = house.server.watching
    assert not watching.departures("tom")
    assert [each.nick for each in watching.departures("EVE")] == ["eve"]
    assert len(watching._gone) == 2


def test_one_who_only_knocks_leaves_no_trace() -> None:
    house = House()
    house.connect("irc").say("NICK tom", "QUIT")
    assert not house.server.watching.departures("tom")
