"""A whole house in memory, for tests: the real server, links and Twisted transports over sockets that are queues,
turned by hand. Rule: nothing here sleeps, and nothing of our own is replaced but the store, where a test says so.
"""

from __future__ import annotations

import errno
import re
import sys
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from select import select
from typing import Any

from twisted.internet import tcp
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.python.failure import Failure

from teahouse.bus.local import LocalBus
from teahouse.events import Event
from teahouse.protocols.link import LinkFactory, StreamLink
from teahouse.protocols.web.link import WebLinks
from teahouse.reactor import TwistedRuntime
from teahouse.rooms.chat import ChatRoom
from teahouse.server import Server
from teahouse.service import PROTOCOLS
from teahouse.session import Session
from teahouse.settings import House as HouseSettings
from teahouse.settings import Settings
from teahouse.store import Done, Store, StoreError
from teahouse.store.memory import MemoryStore

START = datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()
STEP = 0.125  # a power of two, so that steps add up to the second exactly
PASSWORD = "green tea"
QUIET = Settings(house=HouseSettings(banner="", hint=""))
_arrivals = count()
_HOSTS = re.compile(rb"(?m)(?<=^)((?:@[^ ]* )?)(?::teahouse\.local |(:[^ !\r\n]+)![^ @]*@[^ ]*)")
_TELNET = re.compile(rb"\xff(?:\xff|[\xfb-\xfe].|\xfa.*?\xff\xf0|[\xef-\xf9])", re.DOTALL)


class Wire:
    """The server's end of a connection, as Twisted sees a socket. What it sends lies in `sent`; `space` is how
    many bytes the peer will still take (None: all there are), `most` how many at once."""

    def __init__(self) -> None:
        self.sent = bytearray()
        self.sends = 0
        self.space: int | None = None
        self.most = 1 << 30
        self.closed = False
        self.since = 0
        self._typed = bytearray()
        self._ended = False

    # ---- for the test --------------------------------------------------------------------------------------

    def put(self, data: bytes) -> None:
        """The peer sends this."""
        if not self._typed:
            self.since = next(_arrivals)
        self._typed += data

    def end(self) -> None:
        """The peer closes."""
        self.since = next(_arrivals)
        self._ended = True

    @property
    def readable(self) -> bool:
        return bool(self._typed or self._ended)

    @property
    def writable(self) -> bool:
        return self.space != 0

    # ---- for Twisted ---------------------------------------------------------------------------------------

    def send(self, data: bytes) -> int:
        if self.closed:
            raise OSError(errno.EBADF, "closed")
        size = min(len(data), self.most, len(data) if self.space is None else self.space)
        if not size:
            raise BlockingIOError(errno.EWOULDBLOCK, "full")
        if self.space is not None:
            self.space -= size
        self.sends += 1
        self.sent += data[:size]
        return size

    def recv(self, size: int) -> bytes:
        if not self._typed:
            if self._ended:
                return b""
            raise BlockingIOError(errno.EWOULDBLOCK, "nothing")
        data = bytes(self._typed[:size])
        del self._typed[:size]
        return data

    def close(self) -> None:
        self.closed = True

    def fileno(self) -> int:
        return -1 if self.closed else 1

    def setblocking(self, on: bool) -> None: ...
    def shutdown(self, how: int) -> None: ...
    def setsockopt(self, *args: object) -> None: ...
    def getsockopt(self, *args: object) -> int:
        return 0


class Hands(Clock):
    """A reactor that is turned by hand, one round as a real one: the calls that are due, then all ready sockets."""

    def __init__(self) -> None:
        super().__init__()
        self.rightNow = 1000.0
        self.readers: dict[Any, None] = {}
        self.writers: dict[Any, None] = {}

    def addReader(self, each: Any) -> None:  # noqa: N802
        self.readers[each] = None

    def addWriter(self, each: Any) -> None:  # noqa: N802
        self.writers[each] = None

    def removeReader(self, each: Any) -> None:  # noqa: N802
        self.readers.pop(each, None)

    def removeWriter(self, each: Any) -> None:  # noqa: N802
        self.writers.pop(each, None)

    def turn(self) -> bool:
        """One round; False if there was nothing to do. Sockets are read in the order in which data came."""
        due = any(_is_due(call, self.seconds()) for call in self.getDelayedCalls())
        self.advance(0)
        read, write = self.ready()
        for each in read:
            self._do(each, each.doRead)
        for each in write:
            self._do(each, each.doWrite)
        return bool(due or read or write)

    def ready(self) -> tuple[list[Any], list[Any]]:
        """The transports that can be read, and those that can be written to."""
        read = sorted((r for r in self.readers if r.socket.readable), key=lambda r: r.socket.since)
        return read, [w for w in self.writers if w.socket.writable]

    def _do(self, transport: Any, work: Callable[[], object]) -> None:
        if transport.disconnected:
            return
        why = work()
        if why is not None:
            self.removeReader(transport)
            self.removeWriter(transport)
            transport.connectionLost(_failure(why))


def _is_due(call: Any, now: float) -> bool:
    return bool(call.getTime() <= now)


def _failure(why: object) -> Any:
    make: Any = Failure
    return make(why if isinstance(why, Exception) else ConnectionDone())


class Sockets(Hands):
    """The same over real sockets."""

    def ready(self) -> tuple[list[Any], list[Any]]:
        read, write, _ = select(list(self.readers), list(self.writers), [], 0)
        return read, write


class PushServer(tcp.Server):
    """A transport that the outlet cannot see through, as TLS is: it tells by itself when it is full."""


@dataclass
class Logbook:
    """What the house has logged; a test that wants a failure takes it out with `claim`."""

    lines: list[str] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)

    def _write(self, format: str, **values: Any) -> None:
        self.lines.append(format.format(**values))

    debug = info = warn = error = _write

    def failure(self, format: str, **values: Any) -> None:
        problem = sys.exception()
        assert problem is not None
        self._write(format, **values)
        self.failures.append(problem)

    def claim(self, text: str) -> None:
        """There is a line with this in it; no failure after this counts as unexpected."""
        assert any(text in line for line in self.lines), f"{text!r} is not in the log: {self.lines}"
        self.failures.clear()


class LateStore(MemoryStore):
    """A store that is told when it is done: nothing is kept before `commit`."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: deque[tuple[Sequence[Event], Done]] = deque()
        self.kept: list[Event] = []

    def append(self, events: Sequence[Event], done: Done) -> None:
        self.waiting.append((list(events), done))

    def commit(self) -> None:
        """The oldest of what waits is safe now."""
        events, done = self.waiting.popleft()
        self.kept += events
        super().append(events, done)

    def refuse(self) -> None:
        """The oldest of what waits could not be kept."""
        _, done = self.waiting.popleft()
        done(StoreError("the disk is full"))


class Peer:
    """The far end of a connection: what a person has been shown, and what they do."""

    def __init__(self, house: House, link: StreamLink, wire: Wire) -> None:
        self.house = house
        self.link = link
        self.wire = wire
        self._read = 0

    def type(self, *lines: str) -> None:
        """Send lines in one chunk, but let the house not look yet."""
        self.wire.put("".join(line + "\r\n" for line in lines).encode("utf-8", "surrogatepass"))

    def say(self, *lines: str) -> list[str]:
        """Send lines in one chunk; what is shown then."""
        self.type(*lines)
        self.house.pump()
        return self.shown()

    @property
    def text(self) -> str:
        """All that was ever shown."""
        data = bytes(self.wire.sent)
        if self.link.protocol == "telnet":
            data = _TELNET.sub(lambda m: b"\xff" if m[0] == b"\xff\xff" else b"", data)
        if self.link.protocol == "irc":
            data = _HOSTS.sub(rb"\1\2", data)
        return data.decode()

    def enter(self, nick: str, password: str = "") -> list[str]:
        """Log in, as people do it over this protocol; what is shown then."""
        if self.link.protocol != "irc":
            return self.say(f"login {nick} {password}".rstrip())
        own = [f"PASS :{password}"] if password else []
        return self.say(*own, f"NICK {nick}", f"USER {nick} 0 * :{nick}")

    def next(self) -> str | None:
        """The next line that was shown and not read yet, or the prompt that stands there; None: nothing."""
        rest = self.text[self._read :]
        if not rest:
            return None
        line, end, _ = rest.partition("\r\n")
        self._read += len(line + end)
        return line

    def shown(self) -> list[str]:
        """All lines that were not read yet."""
        lines = []
        while (line := self.next()) is not None:
            lines.append(line)
        return lines

    @property
    def gone(self) -> bool:
        """The house has closed the connection."""
        return self.wire.closed

    @property
    def session(self) -> Session:
        assert self.link.session is not None
        return self.link.session


PEERS: dict[str, type[Peer]] = {}
"""Those of protocols that are no lines; `web_peer.py` has one."""


class House:
    """A server on a fake clock. `push`: over transports like TLS, instead of sockets written to directly."""

    def __init__(
        self,
        settings: Settings = QUIET,
        *,
        store: Store | None = None,
        push: bool = False,
        hands: Hands | None = None,
    ) -> None:
        self.hands = hands or Hands()
        self.log = Logbook()
        runtime = TwistedRuntime(self.hands, now=self.hands.seconds, wall=self._wall)
        runtime.log = self.log
        self.store = store or MemoryStore()
        if self.store.document("cloak key") is None:  # the same cloaks in every test
            self.store.save_document("cloak key", "5ea" * 20)
        settings = replace(settings, test_mode=True)  # passwords at once, on this thread
        self.server = Server(runtime, settings, self.store, LocalBus())
        self.server.start()
        self._transport = PushServer if push else tcp.Server
        self._factories = {name: LinkFactory(self.server, link) for name, link in PROTOCOLS.items()}
        self._factories["web"] = WebLinks(self.server)

    def _wall(self) -> float:
        return START + self.hands.seconds() - 1000

    def connect(self, protocol: str = "line", address: str = "127.0.0.1") -> Peer:
        """Someone connects, and the house greets them."""
        peer = self.knock(protocol, address)
        self.pump()
        return peer

    def knock(self, protocol: str = "line", address: str = "127.0.0.1") -> Peer:
        """Someone connects, and the house has yet to look."""
        link = self.build(protocol)
        wire: Any = Wire()
        self.plug(link, wire, address)
        return PEERS.get(protocol, Peer)(self, link, wire)

    def plug(self, link: Any, wire: Any, address: str = "127.0.0.1") -> None:
        """Connect a protocol, as a port of Twisted's would, to a wire or a socket."""
        port: Any = None
        hands: Any = self.hands
        transport = self._transport(wire, link, (address, 50000), port, 1, hands)
        transport.repstr = "<a connection>"
        link.makeConnection(transport)

    def build(self, protocol: str = "line") -> StreamLink:
        """A link as its factory makes it, that is not connected yet."""
        link: StreamLink = self._factories[protocol].buildProtocol(None)
        return link

    def enter(
        self, nick: str, protocol: str = "line", address: str = "127.0.0.1", password: str = ""
    ) -> Peer:
        """Someone connects and logs in; what that shows is passed over."""
        peer = self.connect(protocol, address)
        peer.enter(nick, password)
        return peer

    def add_account(self, name: str, role: str = "member", password: str = PASSWORD) -> None:
        """Someone has an account from now on."""

        async def add() -> None:
            account = await self.server.accounts.register(name, password, "")
            await self.server.accounts.change(account, role=role)

        self.server.runtime.spawn(add())
        self.pump()

    def crowd(self, *nicks: str) -> list[Peer]:
        """These people log in; all that this shows is passed over."""
        peers = [self.enter(nick) for nick in nicks]
        for peer in peers:
            peer.shown()
        return peers

    def pump(self) -> None:
        """Let the house work until nothing is left to do at this moment."""
        for _ in range(10_000):
            if not self.hands.turn():
                return
        raise AssertionError("the house does not come to rest")

    def wait(self, seconds: float) -> None:
        """Time goes by."""
        for _ in range(int(seconds / STEP)):
            self.hands.advance(STEP)
            self.pump()

    def add_room(self, kind: type[ChatRoom], name: str, topic: str = "") -> ChatRoom:
        """A lasting room of an extension's own kind."""
        room = kind(self.server, name, topic=topic)
        self.server.rooms.add(room)
        return room


def settings(rooms: dict[str, Any] | None = None, **sections: dict[str, Any]) -> Settings:
    """The quiet house's settings with some changed: `settings(limits={"flood_burst": 3})`."""
    changed = {name: replace(getattr(QUIET, name), **values) for name, values in sections.items()}
    return replace(QUIET, rooms=rooms or {}, **changed)
