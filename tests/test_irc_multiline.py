"""Messages of several lines: collected from batches, shown as batches, or as lines that look like nobody else's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from house import House, Peer, settings
from irc_client import BATCHES, client, member, texts
from teahouse.events import Said, Whispered
from teahouse.limits import Limits
from teahouse.protocols.irc.answers import Fail
from teahouse.protocols.irc.fitting import cut_text
from teahouse.protocols.irc.message import Message, parse
from teahouse.protocols.irc.multiline import PIECES, Broken, Collector, pieces_of
from teahouse.protocols.irc.speech import spoken
from teahouse.protocols.irc.view import IrcView
from teahouse.protocols.terminal.render import render
from teahouse.protocols.terminal.view import TerminalView

OFF = settings(limits={"flood_lines": 0})
MULTILINE = (*BATCHES, "draft/multiline", "echo-message", "labeled-response")
LIMITS = Limits(multiline_bytes=40, multiline_lines=4)


def collected(*lines: str) -> list[Message | Broken]:
    """What comes of these lines, without what is waited for."""
    collector = Collector(LIMITS)
    found = []
    for line in lines:
        message = parse(line)
        assert collector.takes(message)
        each = collector.feed(message)
        if each is not None:
            found.append(each)
    return found


def batch(*lines: str) -> list[str]:
    return ["BATCH +1 draft/multiline #a", *lines, "BATCH -1"]


def test_lines_are_joined() -> None:
    lines = [
        "@batch=1 PRIVMSG #a :one ",
        "@batch=1;draft/multiline-concat PRIVMSG #a :two",
        "@batch=1 PRIVMSG #a :",
        "@batch=1 PRIVMSG #a :3",
    ]
    (made,) = collected(*batch(*lines))
    assert isinstance(made, Message)
    assert made.params == ("#a", "one two\n\n3")
    assert pieces_of(made.params[1], made.tags[PIECES]) == [["one ", "two"], [""], ["3"]]


def test_pieces_are_those_of_the_text_that_they_were_cut_from() -> None:
    assert pieces_of("one two", "4,7") == [["one ", "two"]]
    assert pieces_of("three", "4,7") == [["three"]]


def test_the_tags_are_those_of_the_opening() -> None:
    (made,) = collected(
        "@label=x;+draft/reply=5 BATCH +1 draft/multiline #a", "@batch=1 NOTICE #a :hi", "BATCH -1"
    )
    assert isinstance(made, Message)
    assert made.command == "NOTICE"
    assert made.tags == {"label": "x", "+draft/reply": "5"}


WRONG = {
    ("@batch=1 PRIVMSG #b :x",): ("MULTILINE_INVALID_TARGET", "#a", "#b"),
    ("@batch=1 PRIVMSG #a :" + "x" * 41,): ("MULTILINE_MAX_BYTES", "40"),
    tuple(["@batch=1 PRIVMSG #a :x"] * 5): ("MULTILINE_MAX_LINES", "4"),
    ("@batch=1 PRIVMSG #a :", "@batch=1 PRIVMSG #a :"): ("MULTILINE_INVALID",),
    ("@batch=1;draft/multiline-concat PRIVMSG #a :",): ("MULTILINE_INVALID",),
    ("@batch=1 PRIVMSG #a :x", "@batch=1 NOTICE #a :x"): ("MULTILINE_INVALID",),
    ("@batch=1;+typing=active PRIVMSG #a :x",): ("MULTILINE_INVALID",),
    ("@batch=1 JOIN #a",): ("MULTILINE_INVALID",),
    ("@batch=1 PRIVMSG #a",): ("MULTILINE_INVALID",),
    ("@batch=2 PRIVMSG #a :x",): ("MULTILINE_INVALID",),
    ("BATCH +2 draft/multiline #a",): ("MULTILINE_INVALID",),
    (): ("MULTILINE_INVALID",),
}


@pytest.mark.parametrize(("lines", "told"), WRONG.items())
def test_a_broken_batch_is_one_failure(lines: tuple[str, ...], told: tuple[str, ...]) -> None:
    first = collected(*batch(*lines))[0]
    assert isinstance(first, Broken)
    assert (first.fail.reason, *first.fail.context) == told


@pytest.mark.parametrize(
    "line",
    [
        "BATCH +1 draft/multiline",
        "BATCH +1 netsplit #a",
        "BATCH 1",
        "BATCH",
        "BATCH -1",
        "BATCH +1 draft/multiline a,b",
    ],
)
def test_a_batch_that_cannot_begin(line: str) -> None:
    (made,) = collected(line)
    assert isinstance(made, Broken)
    assert isinstance(made.fail, Fail)


def test_after_a_failure_the_rest_is_passed_over() -> None:
    lines = batch("@batch=1 PRIVMSG #b :x", *["@batch=1 PRIVMSG #a :x"] * 9)
    assert len(collected(*lines)) == 1
    assert isinstance(collected(*lines, *batch("@batch=1 PRIVMSG #a :x"))[1], Message)


# ---- cutting, and putting together again -----------------------------------------------------------------------


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300), st.integers(8, 60))
def test_pieces_fit_and_make_the_text_again(text: str, room: int) -> None:
    pieces = cut_text(text, room)
    assert "".join(pieces) == text
    assert all(len(piece.encode()) <= room for piece in pieces)


SAFE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), min_size=1, max_size=900)


@given(SAFE.filter(lambda text: text.strip("\n") != ""))
def test_what_is_sent_is_collected_as_the_same_text(text: str) -> None:
    """What one client is sent, another house would take for the same."""
    view = IrcView(caps=frozenset({"draft/multiline", "batch"}))
    collector = Collector(Limits(multiline_bytes=10_000, multiline_lines=1_000))
    made: Message | Broken | None = None
    for message in spoken(Said("ann", text, room="a"), view):
        made = collector.feed(message) if collector.takes(message) else message
    assert isinstance(made, Message)
    assert made.params[1] == text


# ---- in the house ----------------------------------------------------------------------------------------------


def say(peer: Peer, *lines: str, tags: str = "") -> list[str]:
    return peer.say(
        f"{tags}BATCH +1 draft/multiline #lobby",
        *(f"@batch=1 PRIVMSG #lobby :{line}" for line in lines),
        "BATCH -1",
    )


def test_each_is_shown_it_as_well_as_can_be() -> None:
    house = House(OFF)
    ann, old = member(house, "ann", *MULTILINE), member(house, "old")
    tom = house.enter("tom")
    for peer in (ann, old, tom):
        peer.shown()
    shown = say(ann, "one", "", "tom: two", tags="@label=7 ")
    assert shown[0].startswith("@label=7;")
    assert " BATCH +m" in shown[0]
    assert texts(shown) == ["one", "", "tom: two"]
    assert sum("label=" in line for line in shown) == 1
    assert texts(old.shown()) == ["one", "tom: two"]
    assert tom.shown() == ["ann: one", "  | ", "  | tom: two"]


def test_without_an_echo_the_label_is_acknowledged_once() -> None:
    house = House(OFF)
    ann = member(house, "ann", "batch", "draft/multiline", "labeled-response")
    assert say(ann, "one", "two", tags="@label=7 ") == ["@label=7 ACK"]


def test_a_failure_has_the_label_of_the_opening() -> None:
    house = House(OFF)
    ann = member(house, "ann", *MULTILINE)
    lines = ["@label=7 BATCH +1 draft/multiline #lobby", "@batch=1 PRIVMSG #b :x", "BATCH -1"]
    assert ann.say(*lines) == [
        "@label=7 FAIL BATCH MULTILINE_INVALID_TARGET #lobby #b :Invalid multiline target"
    ]


def test_a_batch_is_one_line_to_the_flood_limit_but_not_for_nothing() -> None:
    house = House(settings(limits={"flood_burst": 6, "flood_lines": 1.0}))
    ann, tom = member(house, "ann", *MULTILINE), house.enter("tom")
    house.wait(20)
    tom.shown()
    say(ann, *"abcdefghij")
    assert len(tom.shown()) == 10
    for _ in range(3):
        say(ann, *"abcdefghij")
    assert len(tom.shown()) < 30
    house.wait(60)
    assert "ann: a" in tom.text


def test_to_one_person() -> None:
    house = House(OFF)
    ann = client(house, "ann", *MULTILINE)
    tom = house.enter("tom")
    tom.shown()
    ann.say("BATCH +1 draft/multiline tom", "@batch=1 PRIVMSG tom :a", "@batch=1 PRIVMSG tom :b", "BATCH -1")
    assert tom.shown() == ["ann tells you: a", "  | b"]


def test_without_the_capability_batch_is_no_command() -> None:
    house = House(OFF)
    ann = client(house, "ann")
    assert ann.say("BATCH +1 draft/multiline #lobby")[0].startswith("421 ann BATCH")


# ---- terminals -------------------------------------------------------------------------------------------------

VIEWS = [
    TerminalView(),
    TerminalView(reader=True),
    TerminalView(width=30),
    TerminalView(times=True, ascii=True),
]


@pytest.mark.parametrize("view", VIEWS, ids=["plain", "reader", "narrow", "times"])
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_no_further_line_looks_like_somebody_elses(view: TerminalView, text: str) -> None:
    for event in (Said("eve", f"x\n{text}"), Whispered("eve", "tom", f"x\n{text}")):
        first, *more = render(event, view).decode().removesuffix("\r\n").split("\r\n")
        assert first.removeprefix("00:00 ").startswith("eve")
        assert all(line.removeprefix("00:00 ").startswith(("  ", "eve")) for line in more)
