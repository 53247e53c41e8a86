"""Roads around a rule by what came late: files, notifications, relayed lines, and texts that take long to read.

How long something takes is told by what doubling its length does to it, or by what is kept of it, and by no clock's
seconds.
"""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from house import PASSWORD, House
from teahouse.moderation.filters import Filters
from teahouse.text import fold, mentions, skeleton
from teahouse.uploads.tickets import MOST, MOST_OF_ONE, Tickets
from test_ways_around import in_tea
from test_ways_around_web import house_with
from test_web_resume import web
from uploads_rig import PNG, Client, Rig, basic, opened

HALF = 4_096
STEEP = 3.0
"""Twice as much of it takes twice as long, and not four times."""


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with opened(tmp_path) as rig:
        yield rig


# ---- files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("filename*=undefined''x", "file"),
        ("filename*=idna''%ff", "file"),
        ("filename*0*=a; filename*x=3; filename*=''''", "file"),
        ("filename*=UTF-8'en'%e2%82%ac.png; filename=b.png", "€.png"),
        ("filename*=iso-8859-1''%e9.png", "é.png"),
        ("filename*=utf-8''%ff%0d%0aX.png", "\ufffd X.png"),
        ('filename="a\\"b\\\\c.png"', "c.png"),
        ('filename="no end', "no end"),
        ("filename=plain.png ; x=y", "plain.png"),
        ("filename=", "file"),
        ('Filename = "é.png"', "é.png"),
    ],
)
def test_what_is_said_of_a_name_breaks_nothing(rig: Rig, said: str, name: str) -> None:
    client = Client(rig)
    head = f"POST /uploads HTTP/1.1\r\nHost: here\r\nContent-Length: {len(PNG)}\r\nAuthorization: {basic('amy')}\r\n"
    client.sends(f"{head}Content-Disposition: attachment; {said}\r\n\r\n".encode() + PNG)
    assert client.answer().status == 201
    (kept,) = rig.wait(rig.server.store.uploads())
    assert kept.name == name
    client.lose()


def test_one_who_reads_no_end_of_a_file_is_dropped(rig: Rig) -> None:
    """The last block waits for the client alone: nobody watches over it any more."""
    path = rig.upload(bytes(30_000)).path
    client = Client(rig)
    client.asks("GET", path, Connection="close")
    assert not client.wire.disconnected
    before = client.channel._deadline
    assert before is not None
    rig.house.passes(61)
    assert client.wire.disconnected
    client.lose()


def test_whoever_may_not_upload_is_not_waited_for_as_long_as_one_who_may(tmp_path: Path) -> None:
    with opened(tmp_path, seconds=3_000) as rig:
        client = Client(rig)
        client.asks("PUT", "/uploads/a", b"t", Content_Length="300")
        rig.house.passes(61)
        assert (client.answer().status, client.is_closed) == (401, True)
        client.lose()


@pytest.mark.parametrize("who", ["amy", "eve"])
def test_a_body_that_is_no_http_ends_there(rig: Rig, who: str) -> None:
    client = Client(rig)
    client.asks("PUT", "/uploads/a", b"3\r\ntea\r\n", Transfer_Encoding="chunked", Authorization=basic(who))
    client.sends(b"-1\r\n")
    assert client.wire.written().count(b"HTTP/1.1 ") == 1
    assert (client.answer().status, client.is_closed, rig.files) == (400, True, [])
    client.lose()


def test_nobody_voids_the_tickets_of_others() -> None:
    tickets = Tickets(lambda: 0.0)
    amys = tickets.give("amy")
    bobs = [tickets.give("bob") for _ in range(2 * MOST)]
    assert tickets.use(amys) == "amy"
    assert [tickets.use(each) for each in bobs[-MOST_OF_ONE - 1 :]] == ["", *["bob"] * MOST_OF_ONE]


# ---- who is not wanted -----------------------------------------------------------------------------------------


def test_one_who_is_ignored_is_not_heard_under_other_names() -> None:
    house = House()
    eve, bob = in_tea(house, "eve", "bob")
    bob.say("PRIVMSG #tea :hello")
    tam = house.enter("tam")
    tam.say("/join tea", "/ignore eve")
    tam.shown()
    eve.say("RELAYMSG #tea friend/elsewhere :listen to me")
    bob.shown()
    assert any("listen to me" in line for line in bob.text.splitlines())
    assert "listen to me" not in tam.text
    room, users = house.server.rooms["tea"], house.server.users
    assert "listen to me" in str(room.lately(users["bob"]))
    assert "listen to me" not in str(room.lately(users["tam"]))


# ---- texts that take long to read ------------------------------------------------------------------------------


def steepness(read: Callable[[str], object], unit: str) -> float:
    """How many times as long twice as much of it takes."""

    def seconds(size: int) -> float:
        text = (unit * size)[:size]
        tries = []
        for number in range(5):
            began = process_time()
            read(f"{text}{number}")
            tries.append(process_time() - began)
        return max(min(tries), 1e-4)  # less than that is no matter

    return min(seconds(2 * HALF) / seconds(HALF) for _ in range(3))


HOSTILE = [
    ",",
    "1",
    "@1",
    "a-",
    "a.",
    "www.",
    "a+",
    "a\u0301\u0316",
    "x",
    "\x0312,",
    "_",
    "\u2068a",
    "((",
    "a ",
    "éé",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_no_line_takes_filters_long(unit: str) -> None:
    filters = Filters(10)
    for pattern in ("casino", "ca*si*no", "a?b?c*d", "links"):
        filters.set(pattern, "refuse", "amy")
    assert steepness(filters.caught, unit) < STEEP


def test_a_phrase_in_one_character_is_read_as_one() -> None:
    filters = Filters(10)
    filters.set("casino", "refuse", "amy")
    assert filters.caught("\ufdfa" * 300 + " casino \ufdfa")
    assert filters.caught("ca\ufdfasino") is None


@pytest.mark.parametrize("read", [fold, skeleton, lambda text: mentions(text, "amy")])
def test_marks_in_heaps_are_not_sorted(read: Callable[[str], object]) -> None:
    assert steepness(read, "\u0301\u0316") < STEEP
    assert fold("a" + "\u0301\u0316" * 9_000) == fold("a" + "\u0301\u0316" * 8_000)


@pytest.mark.parametrize("do", ["join", "members", "say", "history", "search", "typing", "commands"])
def test_no_value_is_longer_than_a_line(do: str) -> None:
    house = house_with("amy")
    amy = web(house, "amy", PASSWORD)
    name = {"join": "room", "members": "begins", "say": "to", "search": "words"}.get(do, "room")
    values: dict[str, Any] = {"say": {"text": "hi"}, "typing": {"state": "active"}}.get(do, {})
    room = {"room": "lobby"} if do == "members" else {}
    amy.send(json.dumps({"do": do, "ref": 1, **room, **values, name: "\ufdfa" * 19_000}, ensure_ascii=False))
    assert [each["code"] for each in amy.hears() if each.get("ref") == 1] == ["too-long"]


def test_lines_that_were_read_are_not_kept() -> None:
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for number in range(1_200):
            mentions(f"{number}" + "\ufdfa" * 1_300, "amy")
        assert tracemalloc.get_traced_memory()[0] - before < 4 << 20
    finally:
        tracemalloc.stop()
