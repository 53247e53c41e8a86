"""The lessons of docs/extending.md do what the page says, and the page shows them as they are."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from shutil import copy

import pytest

import teahouse
from processes import BIN, Guest, Process
from teahouse.testing import House

DOCS = Path(__file__).parent.parent / "docs"
PAGE = (DOCS / "extending.md").read_text()
LESSONS = sorted((DOCS / "lessons").glob("*.py"))


def lesson(name: str) -> House:
    return House(extensions=[str(DOCS / "lessons" / name)])


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_the_page_shows_each_lesson_as_it_is(path: Path) -> None:
    assert f"```python\n{path.read_text()}```" in PAGE


def test_the_page_names_all_of_the_api_and_nothing_else() -> None:
    table = PAGE[PAGE.index("## What `import teahouse` offers") : PAGE.index("## How to")]
    named = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", table, re.MULTILINE))))
    assert named == set(teahouse.__all__)


def test_a_room() -> None:
    with lesson("wishing_well.py") as house:
        amy, bob = house.person("amy"), house.person("bob")
        for each in (amy, bob):
            each.says("/join well")
            each.sees()
        amy.sees()
        amy.says("a better cup")
        assert amy.sees() == ["... a better cup ... (wish 1)"]
        assert bob.sees() == []
        bob.says("/look")
        assert bob.sees()[0] == "In this room: amy, bob"


def test_the_first_steps_as_the_page_tells_them(tmp_path: Path) -> None:
    copy(DOCS / "lessons" / "wishing_well.py", tmp_path)
    (settings,) = re.findall(r"```toml\n(extensions = .*?)```", PAGE, re.DOTALL)
    (tmp_path / "house.toml").write_text(settings.replace("4243", "0") + 'telnet = ["0"]\n')
    command: list[str | Path] = [BIN / "teahouse", "serve", "--config", "house.toml", "--data", ":memory:"]
    with Process(*command, cwd=tmp_path, listeners=2) as house:
        port = next(int(way.split()[-1]) for way in house.ways if way.startswith("line"))
        with Guest(port, "amy") as amy:
            amy.say("/join well", "a better cup")
            amy.wait_for(r"\.\.\. a better cup \.\.\. \(wish 1\)")


def test_a_command() -> None:
    with lesson("teapot.py") as house:
        amy = house.person("amy")
        amy.says("/pour 2 green tea", "/brew 1", "/pour 12", "/pour some", "/help pour")
        assert amy.sees() == [
            "amy pours 2 cups of green tea.",
            "amy pours 1 cups of black tea.",
            "The pot holds one to nine cups.",
            'cups is a number, and "some" is not. Usage: /pour <cups> [kind]',
            "/pour <cups> [kind]",
            "Pour everyone some tea: /pour 2 green tea",
            "Also: /brew",
        ]


@pytest.mark.parametrize("name", ["test_everyone_sees_the_roll", "test_a_die_has_a_number_of_sides"])
def test_an_event(name: str) -> None:
    runpy.run_path(str(DOCS / "lessons" / "test_dice.py"))[name]()


def test_a_bot() -> None:
    with lesson("butler.py") as house:
        amy = house.person("amy")
        bob = house.person("bob")
        assert amy.sees() == ["bob has entered the room.", "butler: Welcome, bob."]
        bob.says("is there tea?", "/msg butler thank you")
        assert bob.sees() == [
            "bob: is there tea?",
            "* butler brings bob a cup",
            "You tell butler: thank you",
            "butler tells you: Very good.",
        ]
