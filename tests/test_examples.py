"""The systems of the seed documents, word for word, each in a process of its own over real sockets."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import pytest

from processes import BIN, PATIENCE, Process

EXAMPLES = Path(__file__).parent.parent / "examples"
TELNET = re.compile(rb"\xff(?:\xff|[\xfb-\xfe].|\xfa.*?\xff\xf0|[\xef-\xf9])", re.DOTALL)


class Caller:
    """Someone at a socket: `reads` wants exactly these lines to come next."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.address = "{}:{}".format(*self.socket.getsockname())
        self._left = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def says(self, *lines: str) -> None:
        self.socket.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def reads(self, *lines: str) -> None:
        for line in lines:
            assert self._line() == line

    def is_let_go(self) -> None:
        assert self._line() == ""
        assert not self._more()

    def _line(self) -> str:
        while b"\r\n" not in self._left and self._more():
            self._left = TELNET.sub(b"", self._left)
        line, _, self._left = self._left.partition(b"\r\n")
        return line.decode()

    def _more(self) -> bool:
        data = self.socket.recv(4096)
        self._left += data
        return bool(data)


class Open:
    """An example that runs."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self._callers: list[Caller] = []

    def call(self, *greeting: str) -> Caller:
        """Someone connects, and is greeted."""
        caller = Caller(self.process.ports[0])
        self._callers.append(caller)
        caller.reads(*greeting)
        return caller

    def hang_up(self) -> None:
        for caller in self._callers:
            caller.socket.close()


@contextmanager
def opened(name: str, way: str) -> Iterator[Open]:
    """The example, as its document says it is started."""
    with Process(BIN / "teahouse", "serve", "--entry", EXAMPLES / f"{name}.py", f"--{way}", "0") as process:
        house = Open(process)
        yield house
        house.hang_up()


ERROR = "error: line did not conform to chat server requirements!"
both = pytest.mark.parametrize("way", ["telnet", "line"])


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.stem)
def test_example_is_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 30


@both
def test_hello_python(way: str) -> None:
    with opened("hello_python", way) as house:
        amy = house.call()
        amy.says("is anybody in?")
        amy.reads("127.0.0.1: is anybody in?")
        bob = house.call()
        amy.reads("New connection from 127.0.0.1")
        bob.says("Hello!", "", "/join me")
        for each in (amy, bob):
            each.reads("127.0.0.1: Hello!", "127.0.0.1: ", "127.0.0.1: /join me")
        bob.socket.close()
        house.process.err.wait_for("Lost connection to 127.0.0.1")
        amy.says("Pretty good!")
        amy.reads("127.0.0.1: Pretty good!")


@both
def test_simple_chat(way: str) -> None:
    with opened("simple_chat", way) as house:
        amy, bob = house.call("Welcome to TestChat"), house.call("Welcome to TestChat")
        amy.says("Hello, world!", "", "/quit", "say  two  spaces")
        for each in (amy, bob):
            each.reads("Hello, world!", "", "/quit", "say  two  spaces")
        bob.socket.close()
        amy.says("still here")
        amy.reads("still here")


@both
def test_tea_party_door(way: str) -> None:
    with opened("tea_party", way) as house:
        amy = house.call("Welcome to TestChat")
        amy.says("hi", "", "   ", "say hi", "help", "login", "login ")
        for _ in range(3):
            amy.reads("Please log in", 'Use "login <nick>"')
        amy.reads("Please enter a name", "Please enter a name")
        amy.says("login amy", "look")
        amy.reads("The following are in this room:", "amy")
        bob = house.call("Welcome to TestChat")
        bob.says("login amy", "login Amy")
        bob.reads(
            'The name "amy" is taken.', "Please try again.", 'The name "Amy" is taken.', "Please try again."
        )
        bob.says("logout")
        bob.is_let_go()
        amy.says("say nobody saw that")
        amy.reads("amy: nobody saw that")


@both
def test_tea_party_room(way: str) -> None:
    with opened("tea_party", way) as house:
        amy, bob = house.call("Welcome to TestChat"), house.call("Welcome to TestChat")
        amy.says("login amy", "who")
        amy.reads("The following are logged in:", "amy")
        bob.says("login bob")
        amy.reads("bob has entered the room.")
        bob.says("say Hello, world!", "look", "who", "dance wildly", "help", "")
        amy.reads("bob: Hello, world!")
        bob.reads("bob: Hello, world!", "The following are in this room:", "amy", "bob")
        bob.reads(
            "The following are logged in:", "amy", "bob", "Unknown command: dance", "Unknown command: help"
        )
        bob.says("logout")
        bob.is_let_go()
        amy.reads("bob has left the room.")
        eve = house.call("Welcome to TestChat")
        eve.says("login bob")
        amy.reads("bob has entered the room.")
        eve.socket.close()
        amy.reads("bob has left the room.")
        amy.says("look")
        amy.reads("The following are in this room:", "amy")


@both
def test_tea_party_rooms(way: str) -> None:
    with opened("tea_party_rooms", way) as house:
        amy, bob = house.call(), house.call()
        for each, nick, here in ((amy, "amy", "amy"), (bob, "bob", "amy, bob")):
            each.reads(
                "Welcome to Teahouse.", 'Use "login <nick>" to come in, "help" to see what else there is.'
            )
            each.says(f"login {nick}")
            each.reads(f"In this room: {here}")
        amy.reads("bob has entered the room.")
        bob.says("go kitchen", "look", "go cellar", "say is there cake?")
        bob.reads("In this room: bob", "In the kitchen: bob")
        bob.reads("There is no room cellar: /rooms lists those that there are.", "bob: is there cake?")
        amy.reads("bob has left the room.")
        amy.says("look", "who")
        amy.reads("In the parlour: amy", "In the house: 2", "  amy  parlour  just now  " + way)
        amy.reads("  bob  kitchen  just now  " + way)


@both
def test_tea_party_garden(way: str) -> None:
    with opened("tea_party_rooms", way) as house:
        amy = house.call()
        amy.reads("Welcome to Teahouse.", 'Use "login <nick>" to come in, "help" to see what else there is.')
        amy.says(
            "login amy", "go garden", "say hello", "look", "/look", "/go parlour", "say hello", "/say hello"
        )
        amy.reads(
            "In this room: amy", "In this room: amy", "amy: say hello", "amy: look", "In the garden: amy"
        )
        amy.reads("In this room: amy", "amy: hello", "amy: hello")


@both
def test_echo(way: str) -> None:
    with opened("echo", way) as house:
        amy, bob = house.call(), house.call()
        amy.says("one", "", "/two")
        amy.reads("one", "", "/two")
        bob.says("three")
        bob.reads("three")


def test_counter() -> None:
    with opened("counter", "web") as house:
        for number in (1, 2, 3):
            caller = house.call()
            caller.says("GET / HTTP/1.0", "")
            caller.reads("HTTP/1.0 200 OK")
            while caller._line():
                pass
            assert caller._line() == f"I am request #{number}\n"


@both
def test_pubsub(way: str) -> None:
    with opened("pubsub", way) as house:
        amy, bob, eve = house.call(), house.call(), house.call()
        for each in (amy, bob, eve):  # now they are all in
            each.says("hello")
            each.reads(ERROR)
        amy.says("/nick amy")
        for each in (amy, bob, eve):
            each.reads("<127.0.0.1> is changing nick to amy")
        bob.says("/nick bob", "/join #tea")
        for each in (amy, bob, eve):
            each.reads("<127.0.0.1> is changing nick to bob", "bob has joined the channel #tea")
        amy.says("/join #tea")
        for each in (amy, bob, eve):
            each.reads("amy has joined the channel #tea")
        amy.says("/msg #tea is it hot?")
        for each in (amy, bob):
            each.reads("[tea] amy: is it hot?")
        eve.says("/msg #tea let me in", "/leave #tea", "hello", "/nick", "/join", "/msg", "/nick amy")
        eve.reads(*[ERROR] * 6)
        eve.reads("amy is taken: choose another nick.")
        bob.says("/leave #tea", "/msg #tea bye", "/join #the-street")
        for each in (amy, eve):
            each.reads("bob has left the channel #tea")
        bob.reads("bob has left the channel #tea", *[ERROR] * 2)
        amy.says("/msg #tea all alone")
        amy.reads("[tea] amy: all alone")
        amy.socket.close()
        eve.says("/join #tea", "/msg #tea hm")
        for each in (bob, eve):
            each.reads("127.0.0.1 has joined the channel #tea")
        eve.reads("[tea] 127.0.0.1: hm")


@both
def test_insults(way: str) -> None:
    greeting = (
        "Welcome to the CPOSC Insult Server. Enter a topic to receive an insult.",
        'Enter "quit" to disconnect.',
    )
    insults = (EXAMPLES / "insults.txt").read_text().splitlines()
    with opened("insults", way) as house:
        amy, bob = house.call(*greeting), house.call(*greeting)
        amy.says("Earl Grey", "help", "{0}")
        assert amy._line() in {each.format(topic="earl grey") for each in insults}
        amy.reads('Enter a topic, or "quit".')
        assert amy._line() in {each.format(topic="{0}") for each in insults}
        amy.says("  QuIt ")
        amy.reads("Goodbye, loser.")
        amy.is_let_go()
        bob.says("quit")
        bob.reads("Goodbye, loser.")
        bob.is_let_go()


@both
def test_meetup(way: str) -> None:
    greeting = "Message of the day: everyone hears what you type. /exit leaves."
    with opened("meetup", way) as house:
        amy = house.call()
        amy.reads(f"{amy.address} has entered the chat", greeting)
        bob = house.call()
        bob.reads(f"{bob.address} has entered the chat", greeting)
        bob.says("hello", "/quit", "/exit")
        said = (f"{bob.address}: hello", f"{bob.address}: /quit", f"{bob.address} has left the chat")
        amy.reads(f"{bob.address} has entered the chat", *said)
        bob.reads(*said)
        bob.is_let_go()
        eve = house.call()
        eve.reads(f"{eve.address} has entered the chat", greeting)
        eve.socket.close()
        amy.reads(f"{eve.address} has entered the chat", f"{eve.address} has left the chat")


# ---- on IRC ----------------------------------------------------------------------------------------------------


class Chatter(Caller):
    """Someone with an IRC client, who knows where they are by what the house tells the client. What comes from the
    house, or from someone, is read without their host."""

    def __init__(self, port: int, nick: str) -> None:
        super().__init__(port)
        self.nick = nick
        self.says(f"NICK {nick}", f"USER {nick} 0 * :{nick}", "PING :in")

    def comes_into(self, room: str, *people: str, meanwhile: Sequence[str] = ()) -> None:
        """The client opens a window for the room, and knows who is there."""
        lines = self.hears("in")
        here = [line for line in lines[: lines.index(f"{self.nick} JOIN #{room}") + 1] if f"#{room}" in line]
        assert here == [f"{self.nick} JOIN #{room}"]  # nothing happens in it before
        assert f"353 {self.nick} = #{room} :{' '.join(people)}" in lines
        assert f"366 {self.nick} #{room} :End of /NAMES list" in lines
        assert [line for line in lines if line in meanwhile] == list(meanwhile)

    def hears(self, token: str = "so-far") -> list[str]:
        """All that comes up to the answer of a ping."""
        if token != "in":
            self.says(f"PING :{token}")
        return list(iter(self._told, f"PONG teahouse.local {token}"))

    def _told(self) -> str:
        line = self._line()
        assert line, "let go"
        source, _, rest = line.removeprefix(":").partition(" ")
        nick = source.partition("!")[0]
        return rest if nick == "teahouse.local" else f"{nick} {rest}"


HEARD_ON_IRC = {  # example: room, greeting, what amy says there, what the client is told of that
    "hello_python": ("hello_python", [], "hello", ["127.0.0.1 PRIVMSG #hello_python :hello"]),
    "simple_chat": (
        "simple_chat",
        ["NOTICE amy :Welcome to TestChat"],
        "hello",
        ["NOTICE #simple_chat :hello"],
    ),
    "tea_party": (
        "main",
        [],
        "look",
        [f"NOTICE #main :{x}" for x in ("The following are in this room:", "amy")],
    ),
    "tea_party_rooms": ("parlour", [], "look", ["NOTICE #parlour :In the parlour: amy"]),
    "echo": ("echo", [], "hello", ["NOTICE #echo :hello"]),
    "pubsub": (
        "the-street",
        [],
        "/join #tea",
        [
            "amy JOIN #tea",
            "353 amy = #tea :amy",
            "366 amy #tea :End of /NAMES list",
            "NOTICE #the-street :amy has joined the channel #tea",
        ],
    ),
    "insults": (
        "insults",
        ['NOTICE amy :Enter "quit" to disconnect.'],
        "help",
        ['NOTICE #insults :Enter a topic, or "quit".'],
    ),
    "meetup": (
        "meetup",
        ["NOTICE amy :Message of the day: everyone hears what you type. /exit leaves."],
        "hello",
        ["ADDRESS PRIVMSG #meetup :hello"],
    ),
}


@pytest.mark.parametrize("name", HEARD_ON_IRC)
def test_on_irc_one_is_in_the_room_and_talks(name: str) -> None:
    room, greeting, text, heard = HEARD_ON_IRC[name]
    with opened(name, "irc") as house, Chatter(house.process.ports[0], "amy") as amy:
        amy.comes_into(room, "amy", meanwhile=greeting)
        amy.says(f"JOIN #{room}", f"PRIVMSG #{room} :{text}")
        assert amy.hears() == [line.replace("ADDRESS", amy.address) for line in heard]
        amy.says(f"PART #{room}")
        assert amy.hears()[-1] == f"amy PART #{room}"


def test_tea_party_on_irc() -> None:
    with opened("tea_party", "irc") as house, Chatter(house.process.ports[0], "amy") as amy:
        amy.comes_into("main", "amy")
        with Chatter(house.process.ports[0], "bob") as bob:
            bob.comes_into("main", "amy", "bob")
            bob.says("PRIVMSG #main :say hello", "PRIVMSG #main :hello", "PRIVMSG #main :\x01ACTION bows\x01")
            cannot = "This room makes something else of what is said: it takes plain lines."
            assert bob.hears() == ["404 bob #main :Unknown command: hello", f"404 bob #main :{cannot}"]
            assert amy.hears() == ["bob JOIN #main", "bob PRIVMSG #main :hello"]


def test_pubsub_on_irc() -> None:
    with opened("pubsub", "irc") as house, Chatter(house.process.ports[0], "amy") as amy:
        amy.comes_into("the-street", "amy")
        amy.says("PRIVMSG #the-street :/nick ann", "PRIVMSG #the-street :/join #tea")
        assert "amy NICK ann" in amy.hears()
        amy.says("PRIVMSG #the-street :/leave #tea")
        assert "ann PART #tea" in amy.hears()
