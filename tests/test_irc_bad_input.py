"""What nobody would send who means well: bounded, answered or refused with a reason, and nobody else notices."""

from __future__ import annotations

import gc
import re
import tracemalloc

import pytest

from house import House, Peer, settings
from irc_client import client, member
from teahouse.protocols.irc.commands.table import TABLE
from teahouse.protocols.irc.session import IrcSession

OPEN = {"flood_lines": 0.0}


def house_of(**limits: float) -> House:
    return House(settings(limits={**OPEN, **limits}))


def grown(what: list[bytes], peer: Peer) -> int:
    """Bytes by which the house grew while it read the second half of this; what it answered is not counted."""
    tracemalloc.start()
    sizes = []
    for half in (what[: len(what) // 2], what[len(what) // 2 :]):
        for data in half:
            peer.wire.put(data)
            peer.house.pump()
            peer.wire.sent.clear()
        peer._read = 0
        gc.collect()
        sizes.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert not peer.wire.readable, "the house does not read on"
    return sizes[1] - sizes[0]


@pytest.mark.parametrize("registered", [False, True])
@pytest.mark.parametrize("start", [b"", b"PRIVMSG #tea :", b"@a=", b"@label=1;+b=", b"AUTHENTICATE "])
def test_line_without_end_is_refused_and_then_dropped(start: bytes, registered: bool) -> None:
    house = house_of()
    peer = client(house, "amy") if registered else house.connect("irc")
    peer.wire.put(start + b"x" * 4_700)
    house.pump()
    assert not peer.gone
    assert re.search(r"(?m)^(@label=1 )?417 ", peer.text)
    peer.wire.put(b"x" * 8_192)
    house.pump()
    assert not peer.gone
    peer.wire.put(b"x" * 4_096)
    house.pump()
    assert peer.gone
    assert peer.shown()[-1] == "ERROR :Your line has no end."
    house.log.claim("Your line has no end.")


def test_authenticate_without_end_is_told_that_it_is_too_long_and_then_dropped() -> None:
    house = house_of()
    peer = house.connect("irc")
    peer.say("CAP REQ sasl", "NICK amy", "USER amy 0 * :Amy", "AUTHENTICATE PLAIN")
    shown = peer.say(*["AUTHENTICATE " + "A" * 400] * 200)
    assert "905 amy :SASL message too long" in shown
    assert shown[-1] == "ERROR :Closing link: Too many failed logins"
    assert peer.gone


def test_a_thousand_channels_are_joined_as_far_as_the_limit_allows() -> None:
    house = house_of(rooms=30, rooms_per_user=20)
    amy = client(house, "amy")
    names = [f"#r{number}" for number in range(1_000)]
    for first in range(0, 1_000, 60):
        amy.say("JOIN " + ",".join(names[first : first + 60]))
    amy.say(*(f"JOIN {name}" for name in names))
    assert len(amy.session.user.rooms) == 20
    assert len(house.server.rooms) <= 30
    assert not amy.gone
    assert amy.say("JOIN #one-more")[0].startswith("405 amy #one-more ")


def test_a_million_bans_are_two_hundred_and_the_house_does_not_grow() -> None:
    house = house_of()
    amy = member(house, "amy", room="tea")

    def bans(first: int, count: int) -> list[bytes]:
        lines = [f"MODE #tea +b b{number}!*@*\r\n".encode() for number in range(first, first + count)]
        return [b"".join(lines[start : start + 250]) for start in range(0, count, 250)]

    # in each half more than the patterns that are kept because they may come again
    assert grown(bans(0, 10_000), amy) < 5_000 * 60
    assert len(house.server.rooms["tea"].policy.bans) == house.server.limits.rules_per_room
    assert amy.say("MODE #tea +b one!*@*")[0].startswith("478 amy #tea b :")


def test_floods_are_slowed_down_and_then_end_in_a_reason() -> None:
    house = House(settings(limits={"flood_burst": 5, "flood_bytes": 2_000}))
    amy, bob = client(house, "amy"), house.enter("bob", "telnet")
    amy.type(*["NAMES #lobby", "WHO *", "LIST"] * 200)
    house.pump()
    assert amy.gone
    assert amy.shown()[-1] == "ERROR :You sent too much too fast."
    assert not bob.gone
    house.log.claim("too fast")


def test_reader_who_takes_nothing_is_dropped_with_a_reason_and_others_go_on() -> None:
    house = house_of(output_bytes=20_000)
    amy, bob, eve = (member(house, nick, room="tea") for nick in ("amy", "bob", "eve"))
    eve.wire.space = 100
    for number in range(200):
        amy.say(f"PRIVMSG #tea :{number} {'x' * 300}")
    assert eve.gone or eve.link.session is None
    house.log.claim("reads too slowly")
    assert sum("PRIVMSG" in line for line in bob.shown()) == 200
    assert any("QUIT" in line for line in amy.shown()) or "eve" not in house.server.users


def test_reader_who_is_slow_for_too_long_is_told_why() -> None:
    house = house_of(output_seconds=5)
    amy, eve = member(house, "amy", room="tea"), member(house, "eve", room="tea")
    eve.wire.space = 0
    amy.say("PRIVMSG #tea :hello")
    house.wait(7)
    eve.wire.space = None
    house.wait(1)
    assert "ERROR :Your side reads too slowly." in eve.text or eve.gone
    house.log.claim("reads too slowly")


# ---- bytes that are no text ------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [b"a\0b", b"a\rb", b"\0a\rb\0"])
def test_nul_and_lone_cr_do_not_reach_others(bad: bytes) -> None:
    house = house_of()
    amy, bob, tam = member(house, "amy"), member(house, "bob"), house.enter("tam", "telnet")
    bob.wire.sent.clear()
    tam.wire.sent.clear()
    amy.wire.put(b"PRIVMSG #lobby :" + bad + b"\r\n")
    house.pump()
    assert bytes(bob.wire.sent).endswith(b" PRIVMSG #lobby :ab\r\n")
    assert b"ab\r\n" in bytes(tam.wire.sent)


@pytest.mark.parametrize("utf8only", [True, False])
def test_text_that_is_not_utf_8_is_refused_or_read_as_windows_text(utf8only: bool) -> None:
    house = House(settings(irc={"utf8only": utf8only}))
    amy, bob = member(house, "amy", "standard-replies"), member(house, "bob")
    bob.shown()
    amy.wire.put("PRIVMSG #lobby :café\r\n".encode("cp1252"))
    house.pump()
    if utf8only:
        assert amy.shown()[-1].startswith("FAIL PRIVMSG INVALID_UTF8 :")
        assert bob.shown() == []
    else:
        assert bob.shown() == [":amy PRIVMSG #lobby :café"]
    assert not amy.gone


def test_honest_text_that_is_cut_anywhere_arrives_whole() -> None:
    house = house_of()
    amy, bob = member(house, "amy"), member(house, "bob")
    bob.shown()
    data = "PRIVMSG #lobby :löst 茶 👍🏽 é\r\n".encode()
    for cut in range(1, len(data)):
        for piece in (data[:cut], data[cut:]):
            amy.wire.put(piece)
            house.pump()
        assert bob.shown() == [":amy PRIVMSG #lobby :löst 茶 👍🏽 é"]
    assert not amy.gone


# ---- coming, staying, going ------------------------------------------------------------------------------------


def test_one_who_does_not_register_in_time_is_told_so_whatever_they_send() -> None:
    house = house_of(login_seconds=30)
    silent, busy = house.connect("irc"), house.connect("irc")
    for _ in range(10):
        busy.say("CAP LS 302", "NICK amy", "PING x")
        house.wait(3.5)
    for each in (silent, busy):
        assert each.gone
        assert each.text.splitlines()[-1].startswith("ERROR :")
    assert not house.server.arrivals
    assert not house.server.sessions


def test_half_an_hour_of_silence_with_pongs_is_nothing() -> None:
    house = house_of(keepalive_seconds=60)
    amy, bob = member(house, "amy"), member(house, "bob")
    for _ in range(30):
        house.wait(60)
        for each in (amy, bob):
            pings = [line for line in each.shown() if line.startswith("PING ")]
            each.type(*("PONG " + line.removeprefix("PING ") for line in pings))
    house.pump()
    assert not amy.gone
    amy.say("PRIVMSG #lobby :still here")
    assert bob.shown() == [":amy PRIVMSG #lobby :still here"]


def test_one_whose_old_connection_still_stands_gets_the_nick_when_it_is_gone() -> None:
    house = house_of()
    old = client(house, "amy")
    new = house.connect("irc")
    assert new.say("NICK amy", "USER amy 0 * :amy")[-1].startswith("433 * amy ")
    old.wire.end()
    house.pump()
    assert new.say("NICK amy")[0].startswith("001 amy ")
    assert house.server.users["amy"].sessions == [new.session]


# ---- what is left ----------------------------------------------------------------------------------------------

STAGES = (
    (),
    ("CAP LS 302",),
    ("CAP REQ :sasl batch labeled-response", "AUTHENTICATE PLAIN"),
    ("NICK n{n}",),
    ("NICK n{n}", "USER a 0 * :a"),
    ("NICK n{n}", "USER a 0 * :a", "JOIN #tea,#r{n}", "MODE #tea +b n{n}", "MONITOR + x{n}", "WHO *"),
    (
        "CAP REQ :draft/multiline batch",
        "NICK n{n}",
        "USER a 0 * :a",
        "BATCH +a draft/multiline #tea",
        "@batch=a PRIVMSG",
    ),
)


def test_those_who_come_and_go_leave_nothing_behind() -> None:
    house = House(settings(limits={**OPEN, "departures": 50}))
    for number in range(350):
        _come_and_go(house, number)
    house.wait(2)
    before = _objects(house)
    for number in range(350, 1_050):
        _come_and_go(house, number)
    house.wait(2)
    assert _objects(house) <= before + 50
    assert not house.server.sessions
    assert not house.server.users
    assert not house.server.arrivals
    assert house.server.admission.total == 0
    assert set(house.server.rooms) <= {"lobby"}


def _come_and_go(house: House, number: int) -> None:
    peer = house.connect("irc")
    peer.say(*(line.format(n=number) for line in STAGES[number % len(STAGES)]))
    peer.wire.end()
    house.pump()


def _objects(house: House) -> int:
    gc.collect()
    found = gc.get_objects()
    assert not [each for each in found if isinstance(each, IrcSession) and each.server is house.server]
    return len(found)


# ---- parameters ------------------------------------------------------------------------------------------------

STRANGE = (" a b", ":x", "", " ", "*", "#tea b", "é" * 300, ",,")
WORDS = ("#tea", "bob", "LS", "SET")
DEAF = {"QUIT", "ERROR"}


@pytest.mark.parametrize("command", sorted(TABLE.keys() - DEAF))
def test_every_command_answers_strange_last_parameters_once(command: str) -> None:
    house = house_of()
    amy = member(
        house, "amy", "labeled-response", "batch", "draft/read-marker", "draft/metadata-2", room="tea"
    )
    for words in ((), *((word,) for word in WORDS), ("#tea", "x"), ("SET", "#tea", "x")):
        for last in STRANGE:
            amy.type(f"@label=7 {' '.join((command, *words))} :{last}")
            house.wait(0.25)
            shown = amy.shown()
            assert not house.log.failures, (words, last, house.log.failures)
            assert sum(line.startswith("@label=7") for line in shown) == 1 or amy.gone, (words, last, shown)
            amy.wire.sent.clear()
            amy._read = 0
