"""The house in memory that extension authors test with."""

from __future__ import annotations

import pytest

from teahouse.events import Notice
from teahouse.rooms.chat import ChatRoom
from teahouse.rooms.line import LineRoom
from teahouse.session import Session
from teahouse.testing import House


class Clock(ChatRoom):
    """Says something a minute after it was asked."""

    def on_text(self, session: Session, text: str) -> None:
        self.server.runtime.later(60, lambda: self.broadcast(Notice(f"a minute ago: {text}")))


class Broken(ChatRoom):
    def on_text(self, session: Session, text: str) -> None:
        raise RuntimeError(text)


class Endless(ChatRoom):
    def on_text(self, session: Session, text: str) -> None:
        self.server.runtime.later(0, lambda: self.on_text(session, text))


def test_people_see_what_is_new_since_they_last_looked() -> None:
    with House() as house:
        amy, bob = house.person("amy"), house.person("bob")
        assert amy.sees() == ["bob has entered the room."]
        bob.says("hello", "one more")
        assert amy.sees() == ["bob: hello", "bob: one more"]
        assert amy.sees() == []
        bob.leaves()
        assert bob.is_out
        assert amy.sees() == ["bob has left the house. (connection lost)"]


def test_time_passes_when_the_test_says_so() -> None:
    with House(rooms={"clock": Clock}) as house:
        amy = house.person("amy")
        amy.says("/join clock", "hello")
        amy.sees()
        house.passes(59)
        assert amy.sees() == []
        house.passes(1)
        assert amy.sees() == ["a minute ago: hello"]


def test_a_stranger_has_said_nothing_yet() -> None:
    with House() as house:
        eve = house.stranger("192.0.2.1")
        assert eve.sees() == []
        assert eve.session.address == "192.0.2.1"
        eve.says("hello")
        assert eve.sees()[0].startswith("Please log in first")
        house.passes(31)
        assert eve.sees() == ["You did not log in within 30 seconds: please connect again."]
        assert eve.is_out
        with pytest.raises(AssertionError, match="the connection has ended"):
            _ = eve.user


def test_one_whose_line_waits_is_heard_in_time() -> None:
    with House() as house:
        amy = house.person("amy")
        amy.says(*["hm"] * 30)
        assert len(amy.sees()) < 30
        house.passes(5)
        amy.says("done")
        house.passes(5)
        assert amy.sees()[-1] == "amy: done"


def test_an_error_that_nobody_expected_fails_the_test() -> None:
    with (
        pytest.raises(AssertionError, match=r"(?s)a command failed in room broken.*RuntimeError: oh"),
        House(rooms={"broken": Broken}) as house,
    ):
        house.person("amy").says("/join broken", "oh")


def test_an_error_that_was_expected_does_not() -> None:
    with House(rooms={"broken": Broken}) as house:
        with pytest.raises(AssertionError, match="nothing went wrong"):
            house.expect_errors()
        amy = house.person("amy")
        amy.says("/join broken", "oh")
        assert "RuntimeError: oh" in house.expect_errors()
        assert amy.sees()[-1] == "Something went wrong here. The keepers have been told."


def _fail(house: House) -> None:
    house.person("amy").says("/join broken", "oh")
    raise ValueError("mine")


def test_a_test_that_fails_is_told_of_the_errors_too() -> None:
    with pytest.raises(ValueError, match="mine") as caught, House(rooms={"broken": Broken}) as house:
        _fail(house)
    assert "RuntimeError: oh" in caught.value.__notes__[0]


def test_what_goes_on_for_ever_is_noticed() -> None:
    with House(rooms={"endless": Endless}) as house:
        amy = house.person("amy")
        with pytest.raises(AssertionError, match="something goes on for ever"):
            amy.says("/join endless", "la")


def test_an_entry_of_an_extension_is_where_people_are(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("entry") / "porch.py"
    path.write_text("from teahouse import LineRoom\nclass Porch(LineRoom):\n    greeting = 'Hello.'\n")
    with House(entry=str(path)) as house:
        assert house.stranger().sees() == ["Hello."]
        amy = house.person("amy")
        assert amy.sees() == []
        assert isinstance(amy.session.room, LineRoom)
