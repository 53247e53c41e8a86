"""Extensions: what is loaded, what is started, and what is left of one that fails (nothing)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from house import House as SocketHouse
from processes import BIN, Guest, Process, run
from teahouse import Session, command, config, events
from teahouse.extensions import loading
from teahouse.extensions.blame import ExtensionError
from teahouse.extensions.loading import load
from teahouse.rooms.chat import ChatRoom
from teahouse.rooms.line import LineRoom
from teahouse.service import PROTOCOLS
from teahouse.settings import RoomSettings
from teahouse.testing import QUIET, House
from teahouse.user import User

Write = Callable[..., str]
DICE = '''
    from dataclasses import dataclass
    from teahouse import ChatRoom, Event, Session, command

    @dataclass(frozen=True, slots=True)
    class Rolled(Event):
        who: str
        value: int

        def __str__(self) -> str:
            return f"{self.who} rolls {self.value}."

    @command(room=ChatRoom)
    def roll(room: ChatRoom, session: Session, value: int = 6) -> None:
        """Roll a die."""
        room.broadcast(Rolled(session.user.nick, value))
'''


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a module; its path. Modules can be had by name too."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def write_module(name: str, source: str) -> str:
        path = tmp_path / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(source))
        return str(path)

    return write_module


# ---- loading --------------------------------------------------------------------------------------------------


def test_by_path_and_by_name(write: Write) -> None:
    path = write("dice_one", DICE)
    for source in (path, "dice_one"):
        with House(extensions=[source]) as house:
            amy = house.person("amy")
            amy.says("/roll 3")
            assert amy.sees() == ["amy rolls 3."]
    assert "dice_one" not in sys.modules


def test_a_package_with_parts(write: Write) -> None:
    write("tables/__init__", "from tables.round import Table\nfrom tables.round import spin\n")
    write(
        "tables/round",
        '''
        from teahouse import ChatRoom, Session, command
        class Table(ChatRoom):
            opens = "table"
        @command(room=ChatRoom)
        def spin(room: ChatRoom, session: Session) -> None:
            """Turn round."""
            session.tell("wheee")
        ''',
    )
    with House(extensions=["tables"]) as house:
        amy = house.person("amy")
        amy.says("/join table", "/spin")
        assert amy.sees()[-1] == "wheee"
    assert "tables.round" not in sys.modules


def test_the_same_one_twice_is_one(write: Write) -> None:
    path = write("dice_two", DICE)
    with House(extensions=[path, path, "dice_two"]) as house:
        assert list(house.server.extensions._loaded) == ["dice_two"]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("\n\ndef broken(:\n", "{path}, line 3: invalid syntax"),
        ("\nimport no_such_thing\n", "{path}, line 2: ModuleNotFoundError: No module named 'no_such_thing'"),
        ("def f():\n    return 1 / 0\n\nf()\n", "{path}, line 2: ZeroDivisionError: division by zero"),
        (
            "import json\njson.loads('x')\n",
            "{path}, line 2: JSONDecodeError: Expecting value: line 1 column 1 (char 0)",
        ),
        (
            "from teahouse import ChatRoom, command\n@command(room=ChatRoom)\ndef f(room, session): ...\n",
            "{path}, line 2: TypeError: f is a command and needs a docstring: it is the help",
        ),
        (
            "from teahouse import Event\nclass Said(Event): ...\n",
            "{path}, line 2: TypeError: teahouse has an event called Said already: choose another name",
        ),
        ("raise SystemExit('no')\n", "{path}, line 1: SystemExit: no"),
    ],
)
def test_one_that_cannot_be_loaded_is_named_with_its_line(write: Write, source: str, says: str) -> None:
    path = write("bad", source)
    with pytest.raises(ExtensionError) as caught:
        load(path)
    assert str(caught.value) == says.format(path=path)
    assert "bad" not in sys.modules
    assert events.kinds_of("bad") == []
    assert events.from_dict({"type": "said", "who": "amy", "text": "hi"}) == events.Said("amy", "hi")


@pytest.mark.parametrize("name", ["json", "pytest"])
def test_a_file_that_would_hide_another_module(write: Write, name: str) -> None:
    path = write(name, "")
    with pytest.raises(ExtensionError, match=f"{name} is the name of another module"):
        load(path)
    assert sys.modules[name].__file__ != path


@pytest.mark.parametrize("source", ["no_such_module", "no.such.module", "no/such/file.py"])
def test_one_that_is_not_there(source: str) -> None:
    with pytest.raises(ExtensionError, match=r"there is no (module|file)|No module named"):
        load(source)


def test_what_packages_offer(monkeypatch: pytest.MonkeyPatch) -> None:
    class Point:
        value = "offered.module"

    monkeypatch.setattr(loading, "entry_points", lambda group: [Point, Point] if "teahouse" in group else [])
    assert loading.installed() == ["offered.module"]


# ---- starting -------------------------------------------------------------------------------------------------


def test_the_house_opens_without_one_that_fails(write: Write) -> None:
    bad, good = write("bad_one", "1 / 0"), write("good_one", DICE)
    with House(extensions=[bad, good]) as house:
        text = house.expect_errors()
        assert text == f"extension left out: {bad}, line 1: ZeroDivisionError: division by zero"
        amy = house.person("amy")
        amy.says("/roll 2")
        assert amy.sees() == ["amy rolls 2."]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("@on_start\ndef begin(server):\n    raise OSError('no disk')\n", "OSError: no disk"),
        ("class Shy(Bot):\n    nick = 'root'\n", "NickInUse: root is kept for the house itself"),
        ("class Lost(Bot):\n    rooms = 'lobby not/a/room'\n", "BadName: "),
        ("class Odd(ChatRoom):\n    opens = 'odd'\n    def __init__(self, *a): 1 / 0\n", "ZeroDivisionError"),
    ],
)
def test_of_one_that_fails_to_start_nothing_is_left(write: Write, more: str, says: str) -> None:
    head = "from teahouse import Bot, hears, on_start, on_stop\n"
    early = "class Early(ChatRoom):\n    opens = 'early'\nclass First(Bot):\n    nick = 'first'\n"
    path = write("half", head + dedent(DICE) + early + more)
    with House(extensions=[path]) as house:
        assert says in house.expect_errors()
        amy = house.person("amy")
        amy.says("/roll")
        assert amy.sees() == ['There is no command "roll" here. /help lists them all.']
        assert sorted(house.server.rooms) == ["lobby"]
        assert list(house.server.users) == ["amy"]
        assert list(house.server.room("lobby").members) == [amy.user]
        assert "half" not in sys.modules
        assert events.kinds_of("half") == []


def test_hooks_run_in_their_order_and_stop_hooks_only_after_a_start(write: Write) -> None:
    source = """
        from pathlib import Path
        from teahouse import on_start, on_stop
        def note(text):
            with Path(__file__).with_suffix(".log").open("a") as file:
                file.write(text)
        @on_start
        def begin(server): note("begin ")
        @on_start
        def again(server): note("again ")
        @on_stop
        def end(server): note("end ")
        @on_stop
        def fail(server): 1 / 0
        @on_stop
        def last(server): note("last ")
    """
    path = write("hooks", source)
    with (
        pytest.raises(AssertionError, match=r"hooks\.py, line 14: ZeroDivisionError"),
        House(extensions=[path]),
    ):
        pass
    assert Path(path).with_suffix(".log").read_text() == "begin again end last "


def test_a_stop_hook_that_fails_is_reported(write: Write) -> None:
    path = write("stopper", "from teahouse import on_stop\n@on_stop\ndef end(server):\n    1 / 0\n")
    house = House(extensions=[path])
    with pytest.raises(AssertionError, match=r"stopper\.py, line 4: ZeroDivisionError"), house:
        pass


def test_a_slow_hook_is_named(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("teahouse.extensions.blame.SLOW", 0.02)
    source = (
        "import time\nfrom teahouse import on_start\n@on_start\ndef dawdle(server):\n    time.sleep(0.03)\n"
    )
    path = write("slow", source)
    with House(extensions=[path]) as house:
        assert f"dawdle ({path}, line 3) took 0.0 s, and the house stood still" in house.log.lines


# ---- what it adds ---------------------------------------------------------------------------------------------


def test_commands_reach_rooms_whose_tables_are_made_already(write: Write) -> None:
    class Corner(ChatRoom):
        """A class that the extension has never heard of."""

    path = write("dice_late", DICE)
    with House(rooms={"corner": Corner}) as house:
        amy = house.person("amy")
        amy.says("/join corner", "/help", "/roll 4")
        assert amy.sees()[-1] == 'There is no command "roll" here. /help lists them all.'
        house.server.extensions.add(path)
        amy.says("/roll 4", "/help roll")
        assert amy.sees() == ["amy rolls 4.", "/roll [value]", "Roll a die."]
        house.server.extensions.stop()
        amy.says("/roll 4")
        assert amy.sees() == ['There is no command "roll" here. /help lists them all.']


def test_help_puts_what_is_particular_first(write: Write) -> None:
    class Corner(ChatRoom):
        """A room with a command of its own."""

        @command
        def sit(self, session: Session) -> None:
            """Sit down."""

    with House(rooms={"corner": Corner}) as house:
        house.server.extensions.add(write("dice_heads", DICE))
        amy = house.person("amy")
        amy.says("/join corner", "/help")
        rows = [" ".join(line.split()) for line in amy.sees() if line.startswith("  ")]
        assert rows[:2] == ["Only in corner /sit", "Added to this house /roll"]


def test_a_command_may_stand_in_for_one_of_the_house(write: Write) -> None:
    path = write(
        "clock",
        '''
        from teahouse import Foyer, Session, command
        @command(room=Foyer)
        def time(room: Foyer, session: Session) -> None:
            """Show what time it is."""
            session.tell("Tea time.")
        ''',
    )
    with House(extensions=[path]) as house:
        amy = house.person("amy")
        amy.says("/time")
        assert amy.sees() == ["Tea time."]
        house.server.extensions.stop()
        amy.says("/time")
        assert amy.sees()[0].startswith("It is ")


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_an_event_of_a_third_party_shows_in_every_protocol(write: Write, protocol: str) -> None:
    house = SocketHouse(replace(QUIET, extensions=[write("dice_any", DICE)]))
    amy, bob = house.enter("amy", protocol), house.enter("bob", protocol)
    if protocol == "irc":
        amy.say("JOIN #lobby")
        bob.say("JOIN #lobby", "PRIVMSG #lobby :hi")
        said, seen = "ROLL 5", ["NOTICE #lobby :bob rolls 5."]
    else:
        said, seen = "/roll 5", ["bob rolls 5."]
    amy.shown()
    assert bob.say(said) == amy.shown() == seen
    house.server.stop()


def test_what_was_kept_of_an_extension_that_is_gone(write: Write) -> None:
    path = write("dice_gone", DICE)
    with House(extensions=[path]):
        (rolled,) = events.kinds_of("dice_gone")
        data = events.to_dict(rolled(who="amy", value=1))  # type: ignore[call-arg]
        assert events.from_dict(data) == rolled(who="amy", value=1)  # type: ignore[call-arg]
    assert isinstance(events.from_dict(data), events.Unknown)


# ---- what the settings ask for --------------------------------------------------------------------------------

ROOMS = """
    from teahouse import ChatRoom, LoginRoom, Room
    class Den(ChatRoom):
        def on_text(self, session, text):
            session.tell(f"{self.topic} {text}")
    class Door(LoginRoom): ...
"""


def test_rooms_by_class(write: Write) -> None:
    write("dens", ROOMS)
    rooms = {"den": RoomSettings(class_="dens:Den", topic="dark:")}
    with House(settings=replace(QUIET, rooms=rooms)) as house:
        amy = house.person("amy")
        amy.says("/join den", "hello")
        assert (
            amy.sees() == ["amy has left the room.", "Topic: dark:", "In this room: amy", "dark: hello"][1:]
        )


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("dens_b:Dan", "dens_b has no ChatRoom called Dan, only: Den"),
        ("dens_b:Door", "dens_b has no ChatRoom called Door, only: Den"),
        ("not_there:Den", "there is no module not_there: is it installed, or in the current directory?"),
    ],
)
def test_a_room_class_that_is_not_to_be_had_stops_the_house(write: Write, name: str, says: str) -> None:
    write("dens_b", ROOMS)
    house = House(settings=replace(QUIET, rooms={"den": RoomSettings(class_=name)}))
    with pytest.raises(ExtensionError) as caught, house:
        pass
    assert str(caught.value) == says
    assert caught.value.key == ("rooms", "den", "class")
    house.server.stop()


def test_an_entry_that_is_not_to_be_had_stops_the_house(write: Write) -> None:
    path = write("no_entry", "1 / 0")
    with pytest.raises(ExtensionError, match="line 1: ZeroDivisionError") as caught, House(entry=path):
        pass
    assert caught.value.key == ("entry",)


def test_an_entry_without_a_room_leaves_the_login(write: Write) -> None:
    with House(entry=write("pages", "from teahouse import web\n")) as house:
        assert house.person("amy").session.room.name == "lobby"


# ---- the settings themselves ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("extensions = ['fine', 'not fine']", 'h.toml, line 1: extensions: "not fine": name a Python module'),
        ("entry = 'a b'", 'h.toml, line 1: entry: "a b": name a Python module'),
        (
            "[rooms.den]\nclass = 'Den'",
            'h.toml, line 2: rooms.den.class: "Den": write the extension and its class',
        ),
        (
            "[rooms.den]\nclass = 'a b:Den'",
            'h.toml, line 2: rooms.den.class: "a b:Den": name a Python module',
        ),
    ],
)
def test_a_setting_that_names_no_extension(text: str, says: str) -> None:
    with pytest.raises(config.ConfigError) as caught:
        config.parse(text, "h.toml")
    assert caught.value.problems[0].startswith(says)


def test_a_broken_class_of_a_room_is_told_with_its_line_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "h.toml").write_text(
        "[listen]\nline = ['0']\ntelnet = []\n[rooms.den]\nclass = 'bad.py:Den'\n"
    )
    (tmp_path / "bad.py").write_text("\n1 / 0\n")
    status, _, err = run(BIN / "teahouse", "serve", "--config", "h.toml", "--data", ":memory:", cwd=tmp_path)
    bad = tmp_path / "bad.py"
    line = f"Error: h.toml, line 5: rooms.den.class: {bad}, line 2: ZeroDivisionError: division by zero"
    assert (status, err.splitlines()[-1]) == (1, line)


@pytest.mark.parametrize("command", [("teahouse", "serve"), ("twistd", "-n", "teahouse")])
def test_the_option_and_the_stop_hooks(tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "porch.py").write_text(
        "from pathlib import Path\nfrom teahouse import LineRoom, on_stop\n"
        "class Porch(LineRoom):\n    greeting = 'Hello.'\n"
        "@on_stop\ndef end(server): Path('ended').touch()\n"
    )
    words: list[str | Path] = [
        BIN / command[0],
        *command[1:],
        "--entry",
        "porch",
        "--line",
        "0",
        "--data",
        ":memory:",
    ]
    with Process(*words, cwd=tmp_path) as house, Guest(house.ports[0]) as amy:
        amy.wait_for("Hello.")
        house.signal()
        assert house.status() == 0
    assert (tmp_path / "ended").exists()
    assert run(BIN / command[0], *command[1:], "--entry", "none", cwd=tmp_path)[0] == 1


# ---- hooks of rooms that fail ---------------------------------------------------------------------------------


class Sticky(LineRoom):
    """Fails when someone goes, and says nothing else."""

    def parted(self, user: User, reason: str) -> None:
        raise RuntimeError("stay")


class Closed(LineRoom):
    """Fails when someone comes."""

    def joined(self, user: User) -> None:
        raise RuntimeError("no")


def test_a_hook_that_fails_holds_nobody() -> None:
    with House(rooms={"sticky": Sticky}) as house:
        amy, bob = house.person("amy"), house.person("bob")
        for each in (amy, bob):
            each.says("/join sticky")
        amy.leaves()
        room = house.server.room("sticky")
        assert [user.nick for user in room.members] == ["bob"]
        assert list(house.server.users) == ["bob"]
        assert house.server.admission.total == 1
        room.dismiss(bob.user)
        assert not room.members
        assert house.expect_errors().count("RuntimeError: stay") == 2


def test_an_entry_that_fails_leaves_nobody_at_the_door() -> None:
    with House() as house:
        house.server.entry = Closed(house.server, "closed")
        amy = house.stranger()
        assert amy.sees() == ["Something went wrong here. The keepers have been told."]
        assert amy.is_out
        assert not house.server.sessions
        assert house.server.admission.total == 0
        assert "RuntimeError: no" in house.expect_errors()
