"""Bots: users without a connection, driven by events."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from teahouse.testing import House

Write = Callable[[str], str]
HEAD = "from teahouse import Bot, Emoted, Entered, Event, Notice, Said, Whispered, hears\n"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a module with bots; its path."""

    def write_module(source: str) -> str:
        path = tmp_path / "bots_here.py"
        path.write_text(HEAD + dedent(source))
        return str(path)

    return write_module


def test_a_bot_comes_hears_and_speaks(write: Write) -> None:
    path = write("""
        class Marvin(Bot):
            nick, rooms = "marvin", "lobby tea"
            @hears(Said)
            def answer(self, event: Said) -> None:
                self.say(event.room, f"{event.who} said {event.text}")
            @hears(Emoted, Entered)
            def note(self, event: Event) -> None:
                self.emote("lobby", f"saw {type(event).__name__}")
                self.notice("tea", "something went on in the lobby")
    """)
    with House(extensions=[path]) as house:
        amy = house.person("amy")
        amy.sees()
        amy.says("hello", "/me waves")
        assert amy.sees() == ["amy: hello", "marvin: amy said hello", "* amy waves", "* marvin saw Emoted"]
        amy.says("/join tea", "hm", "/me sits")
        seen = amy.sees()
        assert seen[:2] == ["In this room: marvin, amy", "something went on in the lobby"]
        assert "marvin: amy said hm" in seen
        assert seen[-1] == "something went on in the lobby"
        amy.says("/whois marvin", "/who marvin")
        assert "lobby, tea" in "\n".join(amy.sees())
    assert not house.server.users.get("marvin")


def test_a_bot_is_told_things_privately_and_answers(write: Write) -> None:
    path = write("""
        class Oracle(Bot):
            nick = "oracle"
            @hears(Whispered)
            def answer(self, event: Whispered) -> None:
                self.tell(event.who, event.text[::-1])
    """)
    with House(extensions=[path]) as house:
        amy, bob = house.person("amy"), house.person("bob")
        amy.sees()
        amy.says("/msg oracle abc")
        assert amy.sees() == ["You tell oracle: abc", "oracle tells you: cba"]
        assert bob.sees() == []


def test_bots_do_not_hear_bots(write: Write) -> None:
    path = write("""
        class Parrot(Bot):
            nick = "parrot"
            @hears(Event)
            def repeat(self, event: Event) -> None:
                self.say("lobby", "krah")
                self.notice("lobby", "a feather falls")
                self.tell("mirror", "krah")
        class Mirror(Parrot):
            nick = "mirror"
            @hears(Whispered)
            def turn(self, event: Whispered) -> None:
                self.tell("parrot", "hark")
    """)
    with House(extensions=[path]) as house:
        amy = house.person("amy")
        amy.sees()
        amy.says("hello")
        assert len(amy.sees()) == 5  # amy's own line, and two of each bot


def test_a_bot_that_fails_is_stopped_the_fifth_time(write: Write) -> None:
    path = write("""
        class Clumsy(Bot):
            nick = "clumsy"
            @hears(Said)
            def fall(self, event: Said) -> None:
                raise ValueError("ouch")
        class Steady(Bot):
            nick = "steady"
            @hears(Said)
            def stand(self, event: Said) -> None:
                self.say("lobby", "fine")
    """)
    with House(extensions=[path]) as house:
        amy = house.person("amy")
        amy.says(*["hm"] * 6)
        text = house.expect_errors()
        assert text.count("ValueError: ouch") == 5
        assert "bot clumsy failed 5 times: stopped" in text
        assert amy.sees().count("steady: fine") == 6
        assert "clumsy" not in house.server.users
        amy.says("/nick clumsy")  # the nick is free again, and stays amy's when the extension stops
        house.server.extensions.stop()
        assert house.server.users["clumsy"] is amy.user


def test_a_bot_whose_nick_is_taken_is_left_out(write: Write) -> None:
    path = write("class Amy(Bot):\n    nick = 'amy'\n")
    with House() as house:
        amy = house.person("amy")
        house.server.extensions.add(path)
        assert "amy is taken" in house.expect_errors()
        assert house.server.users["amy"] is amy.user
        assert list(house.server.room("lobby").members) == [amy.user]


def test_a_slow_bot_is_named(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("teahouse.extensions.blame.SLOW", 0.02)
    path = write("""
        import time
        class Slow(Bot):
            nick = "slow"
            @hears(Said)
            def think(self, event: Said) -> None:
                time.sleep(0.03)
    """)
    with House(extensions=[path]) as house:
        house.person("amy").says("hello")
        assert any("Slow.think" in line and "stood still" in line for line in house.log.lines)
