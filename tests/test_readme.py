"""What the README shows works as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from teahouse.settings import Settings
from teahouse.testing import House

README = Path(__file__).parents[1] / "README.md"


def test_the_room_in_15_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert program.count("\n") <= 15
    (tmp_path / "dice.py").write_text(program)
    monkeypatch.chdir(tmp_path)
    with House(extensions=["dice.py"]) as house:
        amy = house.person("amy")
        amy.says("/join dice")
        amy.sees()
        amy.says("/roll 1")
        assert amy.sees() == ["amy rolls 1 of 1"]
        amy.says("/help roll")
        assert amy.sees() == ["/roll [sides]", "Roll a die for everyone to see.", "Also: /r"]


def test_every_page_it_names_is_there() -> None:
    for page in re.findall(r"\]\(([^)#:]+)\)", README.read_text()):
        assert (README.parent / page).exists(), page


def test_it_says_where_a_house_listens() -> None:
    listen = Settings().listen
    assert listen.telnet == ["4242"]
    assert listen.irc == ["6667"]
    assert listen.web == ["8080"]
    for way in ("telnet localhost 4242", "irc localhost 6667", "web http://localhost:8080/"):
        assert f"Teahouse is open: {way}\n" in README.read_text()
