"""A house in memory, to test extensions with. Rule: no network, no reactor, no waiting: people say lines over the
real line protocol, time passes when the test says so, and an error that nobody expected fails the test.

    with House(extensions=["dice.py"]) as house:
        amy, bob = house.person("amy"), house.person("bob")
        bob.says("/roll 6")
        assert amy.sees() == ["bob rolls 4."]
"""

from __future__ import annotations

import traceback
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from twisted.internet.address import IPv4Address
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.python.failure import Failure

from teahouse.bus.local import LocalBus
from teahouse.protocols.link import LinkFactory, StreamLink
from teahouse.protocols.telnet.protocol import LineLink
from teahouse.reactor import TwistedRuntime
from teahouse.rooms.chat import ChatRoom
from teahouse.rooms.login import LoginRoom
from teahouse.server import Server
from teahouse.session import Session
from teahouse.settings import House as HouseSettings
from teahouse.settings import Settings
from teahouse.store.memory import MemoryStore
from teahouse.user import User

__all__ = ["House", "Person"]

QUIET = Settings(house=HouseSettings(banner="", hint="", history_lines=0))
STEP = 0.25
MOST_TURNS = 1_000


class House:
    """A house with these extensions (paths or module names), rooms (classes by name) and entry."""

    def __init__(
        self,
        extensions: Sequence[str] = (),
        *,
        rooms: Mapping[str, type[ChatRoom]] | None = None,
        entry: str = "",
        settings: Settings = QUIET,
    ) -> None:
        self.clock = _Clock()
        self.log = _Log()
        runtime = TwistedRuntime(self.clock, now=self.clock.seconds, wall=self.clock.seconds)
        runtime.log = self.log
        settings = replace(
            settings, extensions=[*settings.extensions, *extensions], entry=entry or settings.entry
        )
        self.server = Server(runtime, settings, MemoryStore(), LocalBus())
        self._factory = LinkFactory(self.server, LineLink)
        self._wires: list[_Wire] = []
        self._rooms = dict(rooms or {})

    def __enter__(self) -> Self:
        """Open it. An extension that cannot be had is an error like others."""
        self.server.start()
        for name, kind in self._rooms.items():
            self.server.rooms.add(kind(self.server, name))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it. Raises AssertionError when something went wrong that was not expected."""
        self.server.stop()
        if self.log.errors:
            text = "unexpected errors in the house:\n" + "\n".join(self.log.errors)
            if error is None:
                raise AssertionError(text)
            error.add_note(text)

    def person(self, nick: str, address: str = "127.0.0.1") -> Person:
        """Someone who has come in under this nick; what that shows is passed over."""
        person = self.stranger(address)
        if isinstance(person.session.room, LoginRoom):
            person.says(f"login {nick}")
        person.sees()
        return person

    def stranger(self, address: str = "127.0.0.1") -> Person:
        """Someone who has just connected, and has said nothing yet."""
        link = self._factory.buildProtocol(None)
        wire = _Wire(link, IPv4Address("TCP", address, 50_000 + len(self._wires)))
        self._wires.append(wire)
        link.makeConnection(wire)
        self.rests()
        return Person(self, link, wire)

    def passes(self, seconds: float) -> None:
        """Time goes by."""
        end = self.clock.seconds() + seconds
        while (left := end - self.clock.seconds()) > 0:
            self.clock.rightNow += min(STEP, left)
            self.rests()

    def rests(self) -> None:
        """Let the house do all that there is to do now. Raises AssertionError if that never ends."""
        for _ in range(MOST_TURNS):
            if not self.clock.turn() + sum(wire.carry() for wire in self._wires):
                return
        raise AssertionError("the house does not come to rest: something goes on for ever")

    def expect_errors(self) -> str:
        """What went wrong so far, which counts as expected. Raises AssertionError if nothing did."""
        assert self.log.errors, "nothing went wrong in the house"
        text = "\n".join(self.log.errors)
        self.log.errors.clear()
        return text


class Person:
    """Someone at the far end of a connection."""

    def __init__(self, house: House, link: StreamLink, wire: _Wire) -> None:
        self._house = house
        self._link = link
        self._wire = wire

    def says(self, *lines: str) -> None:
        """Type these lines, one after the other; the house does what there is to do."""
        for line in lines:
            self._wire.typed.append(line.encode() + b"\r\n")
            self._house.rests()

    def sees(self) -> list[str]:
        """The lines shown since the last look."""
        text = self._wire.sent.decode()
        self._wire.sent.clear()
        return text.removesuffix("\r\n").split("\r\n") if text else []

    def leaves(self) -> None:
        """The connection is gone, without a word."""
        self._wire.lose()
        self._house.rests()

    @property
    def is_out(self) -> bool:
        """Whether the connection has ended."""
        return self._wire.gone

    @property
    def session(self) -> Session:
        """The house's side: what tests may look at."""
        assert self._link.session is not None, "the connection has ended"
        return self._link.session

    @property
    def user(self) -> User:
        """Whom the house takes this person for."""
        return self.session.user


class _Clock(Clock):
    """A clock whose `advance` would never end where a call asks to be called again at once."""

    def turn(self) -> bool:
        """Make the calls that are due, but none that they ask for; whether there were any."""
        calls: Any = self.getDelayedCalls()
        due = [call for call in calls if call.getTime() <= self.rightNow]
        for call in due:
            if call.active():
                self.calls.remove(call)
                call.called = 1
                call.func(*call.args, **call.kw)
        return bool(due)


class _Wire:
    """A transport that keeps what is written to it."""

    disconnecting = False

    def __init__(self, link: StreamLink, address: IPv4Address) -> None:
        self.sent = bytearray()
        self.typed: deque[bytes] = deque()
        self.gone = False
        self._link = link
        self._address = address
        self._paused = False

    def carry(self) -> bool:
        """Bring what was typed, and the end, to the house; whether there was anything."""
        if self.gone:
            return False
        if self.disconnecting:
            self.lose()
        elif self.typed and not self._paused:
            self._link.dataReceived(self.typed.popleft())
        else:
            return False
        return True

    def lose(self) -> None:
        """The connection is gone."""
        if not self.gone:
            self.gone = True
            make: Any = Failure
            self._link.connectionLost(make(ConnectionDone()))

    def write(self, data: bytes) -> None:
        if not self.gone:
            self.sent += data

    def loseConnection(self) -> None:  # noqa: N802  Twisted's name
        self.disconnecting = True

    abortConnection = loseConnection  # noqa: N815  Twisted's name

    def pauseProducing(self) -> None:  # noqa: N802  Twisted's name
        self._paused = True

    def resumeProducing(self) -> None:  # noqa: N802  Twisted's name
        self._paused = False

    def getPeer(self) -> IPv4Address:  # noqa: N802  Twisted's name
        return self._address

    def getHost(self) -> IPv4Address:  # noqa: N802  Twisted's name
        return IPv4Address("TCP", "127.0.0.1", 4242)

    def registerProducer(self, producer: object, streaming: bool) -> None: ...  # noqa: N802  Twisted's name
    def unregisterProducer(self) -> None: ...  # noqa: N802  Twisted's name


class _Log:
    """See `teahouse.runtime.Log`: all lines, and apart from them what went wrong."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.errors: list[str] = []

    def info(self, format: str, **values: Any) -> None:
        self.lines.append(format.format(**values))

    debug = warn = info

    def error(self, format: str, **values: Any) -> None:
        self.info(format, **values)
        self.errors.append(self.lines[-1])

    def failure(self, format: str, **values: Any) -> None:
        self.info(format, **values)
        self.errors.append(f"{self.lines[-1]}\n{traceback.format_exc()}")
