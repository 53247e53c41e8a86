"""Reloading: people stay where they are, and what cannot be loaded leaves the old form in place and says why."""

from __future__ import annotations

import gc
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from processes import BIN, Guest, Process
from teahouse.errors import ChatError, NotFound
from teahouse.rooms.chat import ChatRoom
from teahouse.settings import RoomSettings
from teahouse.testing import QUIET, House, Person

Write = Callable[[str], str]
DEN = '''
    from dataclasses import dataclass
    from teahouse import Bot, ChatRoom, Event, Said, Session, command, hears, on_start, on_stop, web

    @dataclass(frozen=True, slots=True)
    class Counted(Event):
        who: str
        count: int

        def __str__(self) -> str:
            return f"{self.who} counts VERSION {self.count}"

    class Den(ChatRoom):
        opens = "den"
        count = 0

        @command
        def count_(self, session: Session) -> None:
            """Count."""
            self.count += 1
            self.broadcast(Counted(session.user.nick, self.count))

    @command(room=ChatRoom)
    def version(room: ChatRoom, session: Session) -> None:
        """Tell the version."""
        session.tell("VERSION")

    class Echo(Bot):
        nick, rooms = "echo", "den"

        @hears(Said)
        def answer(self, event: Said) -> None:
            self.say("den", f"VERSION {event.text}")

    @web("/version")
    def page(request):
        return "VERSION"
'''


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the module; its path."""

    def write_module(source: str) -> str:
        path = tmp_path / "den.py"
        path.write_text(dedent(source))
        return str(path)

    return write_module


def den(version: str) -> str:
    return DEN.replace("VERSION", version)


def in_the_den(house: House) -> Person:
    amy = house.person("amy")
    amy.says("/join den")
    amy.sees()
    return amy


def test_everything_is_new_and_everyone_stays(write: Write) -> None:
    with House(extensions=[write(den("one"))]) as house:
        amy = in_the_den(house)
        amy.says("/topic cosy", "/count", "hi", "/version")
        assert amy.sees()[1:] == ["amy counts one 1", "amy: hi", "echo: one hi", "one"]
        write(den("two"))
        assert house.server.extensions.reload("den") == "den is reloaded: everyone stays in den."
        house.rests()
        assert amy.sees() == ["echo has left the room.", "echo has entered the room."]
        amy.says("/count", "hi", "/version", "/look")
        seen = amy.sees()
        assert seen[:4] == ["amy counts two 2", "amy: hi", "echo: two hi", "two"]
        assert seen[4:6] == ["Topic: cosy (set by amy)", "In this room: amy, echo"]
        page = house.server.extensions.resource("/version")
        assert page is not None
        assert page(None) == "two"  # type: ignore[arg-type]
        room = house.server.room("den")
        assert amy.session.room is room
        assert list(amy.user.rooms.values()) == [room]
        amy.leaves()
        assert list(room.members) == [room.bots[0]]


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ("class Den(:", "den.py, line 1: invalid syntax"),
        (den("two") + "\n    1 / 0", "ZeroDivisionError"),
        (den("two") + "\n    @on_start\n    def f(server): 1 / 0", "ZeroDivisionError"),
        (den("two").replace("class Den", "class Dan"), "it has no Den any more, and den is one"),
        (den("two").replace("count = 0", "def take_over(self, state): 1 / 0"), "ZeroDivisionError"),
        (den("two").replace("count = 0", "def __init__(self, a): ..."), "TypeError"),
        (den("two").replace('"echo", "den"', '"admin", "den"'), "NickInUse: admin is kept"),
    ],
)
def test_what_cannot_be_loaded_leaves_the_old_form(write: Write, broken: str, says: str) -> None:
    with House(extensions=[write(den("one"))]) as house:
        amy = in_the_den(house)
        amy.says("/count")
        room = house.server.room("den")
        write(broken)
        with pytest.raises(ChatError, match="Not reloaded: the old form goes on") as caught:
            house.server.extensions.reload("den")
        assert says in caught.value.text
        house.rests()
        amy.sees()
        amy.says("/count", "hi", "/version")
        assert amy.sees() == ["amy counts one 2", "amy: hi", "echo: one hi", "one"]
        assert sorted(user.nick for user in room.members) == ["amy", "echo"]
        assert house.server.room("den") is amy.session.room is room
        write(den("three"))
        house.server.extensions.reload("den")
        amy.says("/version")
        assert amy.sees()[-1] == "three"


def test_a_room_says_what_it_hands_over(write: Write) -> None:
    keeper = """
        from teahouse import ChatRoom, on_stop, on_start
        class Den(ChatRoom):
            opens = "den"
            def __init__(self, server, name, **more):
                super().__init__(server, name, **more)
                self.pot, self.cups = "VERSION pot", 0
            def on_text(self, session, text):
                self.cups += 1
                session.tell(f"{self.pot}, {self.cups} cups")
            def hand_over(self):
                return {"cups": self.cups}
            def take_over(self, state):
                self.cups = state["cups"] * 10
    """
    with House(extensions=[write(keeper.replace("VERSION", "old"))]) as house:
        amy = in_the_den(house)
        amy.says("pour")
        write(keeper.replace("VERSION", "new"))
        house.server.extensions.reload("den")
        amy.says("pour", "/look")
        assert amy.sees()[:3] == ["old pot, 1 cups", "new pot, 11 cups", "In this room: amy"]


def test_what_the_house_carries_over_is_all_that_a_chat_room_has() -> None:
    with House() as house:
        assert set(vars(ChatRoom(house.server, "tea"))) <= ChatRoom.carried


def test_the_entry_is_reloaded_under_those_who_stand_in_it(write: Write) -> None:
    door = """
        from teahouse import LoginRoom
        class Door(LoginRoom):
            greeting = "VERSION"
            unknown_text = "VERSION: please knock"
    """
    with House(entry=write(door.replace("VERSION", "one"))) as house:
        amy = house.stranger()
        write(door.replace("VERSION", "two"))
        house.server.extensions.reload("den")
        amy.says("hello?")
        assert amy.sees() == ["one", "two: please knock"]
        assert house.stranger().sees() == ["two"]


def test_a_room_of_the_settings_is_reloaded_by_its_name(write: Write) -> None:
    write(den("one").replace('opens = "den"', ""))
    path = write(den("one"))
    with House(settings=replace(QUIET, rooms={"Attic": RoomSettings(class_=f"{path}:Den")})) as house:
        amy = house.person("amy")
        amy.says("/join attic")
        write(den("two"))
        assert house.server.extensions.reload("ATTIC") == "den is reloaded: everyone stays in den, Attic."
        house.rests()
        amy.sees()
        amy.says("/count")
        assert amy.sees() == ["amy counts two 1"]


def test_the_command_is_for_admins(write: Write) -> None:
    with House(extensions=[write(den("one"))]) as house:
        amy = house.person("amy")
        amy.says("/reload den")
        assert amy.sees() == ["Only admins may use /reload here."]
        amy.user.role = "admin"
        amy.says("/reload den", "/reload cellar")
        assert amy.sees() == [
            "den is reloaded: everyone stays in den.",
            "There is no extension cellar, nor a room from one. Extensions here: den.",
        ]
        write("import nothing_like_that")
        amy.says("/reload den")
        (line,) = amy.sees()
        assert line.endswith("den.py, line 1: ModuleNotFoundError: No module named 'nothing_like_that'")
        with pytest.raises(NotFound):
            house.server.extensions.reload("lobby")


def test_all_of_them_and_the_log_says_what_came_of_it(write: Write) -> None:
    with House(extensions=[write(den("one"))]) as house:
        house.server.reconfiguring.hangup()
        assert house.log.lines[-1] == "den is reloaded: everyone stays in den."
        write("1 / 0")
        house.server.extensions.reload_all()
        assert "den: Not reloaded: the old form goes on." in house.expect_errors()


def test_one_that_can_neither_be_renewed_nor_restored_can_be_mended(write: Write, tmp_path: Path) -> None:
    once = """
        from pathlib import Path
        from teahouse import ChatRoom, command, on_start
        @on_start
        def once(server):
            Path(__file__).with_suffix(".pid").touch(exist_ok=False)
        @command(room=ChatRoom)
        def here(room, session):
            '''Say so.'''
            session.tell("here")
    """
    with House(extensions=[write(once)]) as house:
        amy = house.person("amy")
        with pytest.raises(ChatError):
            house.server.extensions.reload("den")
        assert "den could not be started again" in house.expect_errors()
        (tmp_path / "den.pid").unlink()
        house.server.extensions.reload("den")
        amy.says("/here")
        assert amy.sees() == ["here"]


def test_a_thousand_reloads_leave_nothing_behind(write: Write) -> None:
    good, broken = den("one"), den("two") + "\n    1 / 0\n"
    with House(extensions=[write(good)]) as house:
        amy = in_the_den(house)

        def reload(times: int) -> None:
            for number in range(times):
                write(broken if number % 2 else good)
                try:
                    house.server.extensions.reload("den")
                except ChatError:
                    assert number % 2
            house.rests()
            amy.sees()

        def things() -> tuple[int, int]:
            gc.collect()
            return len(gc.get_objects()), len(list(Path("/proc/self/fd").iterdir()))

        reload(100)
        before, files = things()
        reload(1000)
        after, files_after = things()
        assert after - before < 200
        assert files_after == files
        amy.says("/count")
        assert amy.sees() == ["amy counts one 1"]


def test_sighup_reloads_and_nothing_else(write: Write, tmp_path: Path) -> None:
    path = write(den("one"))
    (tmp_path / "house.toml").write_text(f"extensions = ['{path}']\n[listen]\nline = ['0']\ntelnet = []\n")
    with (
        Process(BIN / "teahouse", "serve", "--config", "house.toml", cwd=tmp_path) as house,
        Guest(house.ports[0], "amy") as amy,
    ):
        amy.say("/version")
        amy.wait_for("one")
        write(den("two"))
        house.signal(signal.SIGHUP)
        house.err.wait_for("den is reloaded: everyone stays in den")
        amy.say("/version")
        amy.wait_for("two")
        write("1 / 0")
        house.signal(signal.SIGHUP)
        house.err.wait_for(r"den: Not reloaded: the old form goes on. .*den.py, line 1: ZeroDivisionError")
        house.signal(signal.SIGTERM)
        assert house.status() == 0
