"""What the documents name is there: pages and headings that are linked, tests, commands, keys of the settings."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from teahouse.rooms.chat import ChatRoom
from teahouse.rooms.login import LoginRoom
from teahouse.settings import Settings

HERE = Path(__file__).parents[1]
PAGES = [
    HERE / "README.md",
    HERE / "CONTRIBUTING.md",
    HERE / "CHANGELOG.md",
    *sorted((HERE / "docs").rglob("*.md")),
]
TESTS = r"`(tests/[\w/*.-]+|conversations/[\w*.]+)`"
PLACEHOLDER, OTHERS = "NAME", {"admin", "quote"}
"""What stands for any name; what is no command of the house, but a path of the web site or a command of clients."""
KEEPING = [HERE / "docs" / name for name in ("moderation.md", "history.md", "roles.md")]
_CODE = re.compile(r"```.*?```", re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def name_of(path: Path) -> str:
    return str(path.relative_to(HERE))


def anchors(page: Path) -> set[str]:
    """The headings of a page, as links have them."""
    titles = re.findall(r"^#+ (.+)$", _CODE.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in _LINK.findall(_CODE.sub("", page.read_text("utf-8"))):
        if "://" in link:
            continue
        target, _, heading = link.partition("#")
        place = (page.parent / target).resolve() if target else page
        assert place.exists(), link
        assert not heading or heading in anchors(place), link


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_test_that_is_named_is_there(page: Path) -> None:
    for named in re.findall(TESTS, page.read_text("utf-8")):
        path = named if named.startswith("tests/") else f"tests/{named}"
        assert PLACEHOLDER in named or list(HERE.glob(path.rstrip("/"))), named


@pytest.mark.parametrize("page", KEEPING, ids=name_of)
def test_every_command_that_is_named_is_one(page: Path) -> None:
    text = page.read_text("utf-8")
    named = set(re.findall(r"`/([a-z]+)\b[^`/]*`", text)) | set(
        re.findall(r"^(?: {4})?/([a-z]+)", text, re.MULTILINE)
    )
    assert named
    for name in named - OTHERS:
        assert ChatRoom.find(name) or LoginRoom.find(name), name


def test_every_key_of_a_table_of_the_settings_is_one() -> None:
    text = (HERE / "docs" / "operating.md").read_text("utf-8")
    known = Settings()
    for program in re.findall(r"```toml\n(.*?)```", text, re.DOTALL):
        table: object = known
        for line in program.splitlines():
            if head := re.match(r"\[(\w+)\]$", line):
                table = getattr(known, head[1])
            elif key := re.match(r"(\w+) = ", line):
                assert key[1] in {each.name for each in fields(table)}, line  # type: ignore[arg-type]
