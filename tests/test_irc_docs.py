"""docs/protocols/irc.md has the capabilities, commands and modes of the code; the tests that it names are there."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from teahouse.limits import Limits
from teahouse.moderation.terms import Terms
from teahouse.protocols.irc.capabilities import OFFERS
from teahouse.protocols.irc.commands.table import TABLE
from teahouse.protocols.irc.modes import LISTS, TERMS, UPSIDE_DOWN
from teahouse.protocols.irc.names import LETTERS, PREFIXES

TESTS = Path(__file__).parent
PAGE = (TESTS.parent / "docs" / "protocols" / "irc.md").read_text("utf-8")


def section(title: str) -> str:
    """What stands under a heading, up to the next one."""
    text = PAGE.split(f"\n{title}\n", 1)[1]
    return re.split(r"\n#+ ", text, maxsplit=1)[0]


def rows(title: str) -> list[list[str]]:
    """The cells of the tables under a heading, without their heads."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    bars = [number for number, line in enumerate(lines) if set(line) <= set("|- ")]
    heads = {n for bar in bars for n in (bar - 1, bar)}
    cells = [re.split(r"(?<!\\)\|", line)[1:-1] for n, line in enumerate(lines) if n not in heads]
    return [[cell.strip() for cell in row] for row in cells]


def test_every_capability_stands_in_the_table_and_has_a_test() -> None:
    table = rows("## Capabilities")
    assert [row[0].strip("`") for row in table] == list(OFFERS)
    for name, what, tests in table:
        assert what, name
        assert re.search(r"`[\w/]+\.(txt|py)`", tests), name


def test_every_command_stands_in_the_list() -> None:
    named = re.findall(r"`([A-Z]+)`", " ".join(row[1] for row in rows("## Commands")))
    assert sorted(named) == sorted(TABLE)


def test_every_letter_stands_beside_its_term() -> None:
    table = {row[0][1]: row[1] for row in rows("### Modes") if len(row[0]) > 2 and row[0][1].isalpha()}
    assert table.keys() == TERMS.keys() | LISTS.keys()
    assert all(hasattr(Terms(), TERMS[letter]) for letter in TERMS)
    for letter, term in TERMS.items():
        spelled = f"`{term.replace('_', '-')}`"
        assert table[letter] == (f"not {spelled}" if letter in UPSIDE_DOWN else spelled)
    signs = [[cell.strip("`") for cell in row] for row in rows("### Modes") if row[0][1] in "~@+"]
    assert signs == [[PREFIXES[role], LETTERS[role], role] for role in LETTERS]


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`((?:clients/)?\w+\.(?:txt|py))`", PAGE))))
def test_every_test_that_is_named_is_there(name: str) -> None:
    path = TESTS / "conversations" / name if name.endswith(".txt") else TESTS / name
    assert path.exists()


def test_every_limit_that_is_named_is_one() -> None:
    known = {each.name for each in fields(Limits)}
    named = re.findall(r"`([a-z]+_[a-z_]+)`", section("## Limits"))
    assert named
    assert set(named) <= known
