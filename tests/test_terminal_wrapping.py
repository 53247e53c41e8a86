"""Lines on a narrow terminal: only what is seen counts, and nothing stands beyond the edge."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from teahouse.events import Notice, Replayed, Said, Table
from teahouse.protocols.terminal.render import render, shown
from teahouse.protocols.terminal.view import TerminalView
from teahouse.text import width

NARROW = TerminalView(width=40)
COLOURED = replace(NARROW, colours=256)
WORDS = " ".join(f"word{number:02}" for number in range(15))
_STYLE = re.compile(r"\x1b\[[0-9;]*m|\a")


def bare(line: str) -> str:
    return _STYLE.sub("", line)


@pytest.mark.parametrize("view", [NARROW, COLOURED, replace(COLOURED, mention=True, times=True)])
def test_colour_takes_no_columns(view: TerminalView) -> None:
    event = Said("bea", WORDS, id=1, at=datetime(2026, 11, 20, 12, tzinfo=UTC))
    plain = list(shown(event, replace(view, colours=0, mention=False)))
    assert [bare(line) for line in shown(event, view)] == plain
    assert max(map(width, plain)) <= 40


def test_every_style_is_kept() -> None:
    coloured = render(Said("bea", WORDS), replace(COLOURED, mention=True)).decode()
    assert len(_STYLE.findall(coloured)) == 5  # the bell, the nick's colour, the text's, and the end of each


def test_wide_characters_count_as_two() -> None:
    lines = [bare(line) for line in shown(Said("bea", "茶" * 30), COLOURED)]
    assert [width(line) for line in lines] == [39, 28]


def test_old_lines_are_wrapped_with_their_times() -> None:
    said = Said("bea", WORDS, id=1, at=datetime(2026, 11, 20, 12, 34, tzinfo=UTC))
    lines = [bare(line) for line in shown(Replayed((said,)), COLOURED)]
    first = next(number for number, line in enumerate(lines) if line.startswith("12:34"))
    assert max(map(width, lines)) <= 40
    assert " ".join(" ".join(lines[first:-1]).split()) == f"12:34 bea: {WORDS}"


def test_last_column_of_a_table_hangs_under_itself() -> None:
    table = Table(
        "Commands here:", ("command", "what"), (("/join <room>", "Go into a room, or stay out of it."),)
    )
    assert list(shown(table, NARROW)) == [
        "Commands here:",
        "  /join <room>  Go into a room, or stay",
        "                out of it.",
    ]


def test_table_too_wide_for_a_narrow_screen_is_stacked() -> None:
    table = Table(
        "Heads:",
        ("about", "commands"),
        (("House and your client", "/help /ping /quit, and more"), ("Rooms", "")),
    )
    assert list(shown(table, NARROW)) == [
        "Heads:",
        "  House and your client",
        "    /help /ping /quit, and more",
        "  Rooms",
    ]


def test_table_with_no_space_left_is_wrapped_as_text() -> None:
    table = Table("Where:", ("a", "b"), (("a" * 30, "this does not fit beside it"),))
    assert max(map(width, shown(table, NARROW))) <= 40


def test_prose_of_the_house_does_not_hang() -> None:
    assert list(shown(Notice("Tea is served at four, and there is cake."), NARROW)) == [
        "Tea is served at four, and there is",
        "cake.",
    ]
