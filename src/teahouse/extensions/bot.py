"""A user without a connection. Rule: a bot is driven by events, after everyone has been sent them, and by nothing
else; its trouble is logged and stays its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar, TypeVar

from teahouse.events import Emoted, Event, Notice, Said, Whispered
from teahouse.events.order import Together
from teahouse.extensions.blame import named, timing
from teahouse.fanout import UNHEARD
from teahouse.user import User

if TYPE_CHECKING:
    from teahouse.server import Server

F = TypeVar("F", bound=Callable[..., None])
_HEARS = "__teahouse_hears__"
FAULTS = 5


def hears(*kinds: type[Event]) -> Callable[[F], F]:
    """Call this method with each event of these kinds that happens where the bot is.

    What bots do is left out, its own doing and that of others: else two of them could go on for ever.
    """

    def mark(method: F) -> F:
        setattr(method, _HEARS, kinds)
        return method

    return mark


class Bot:
    """Extend it: say its nick and its rooms, and mark methods with `@hears`.

    A bot that raises five times is stopped until its extension is reloaded.
    """

    nick: ClassVar[str] = "bot"
    rooms: ClassVar[str] = "lobby"
    """Names of rooms, with spaces between."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.user = User(server.runtime.now(), self.nick)
        self.user.is_bot = True
        self._faults = 0
        marked = [
            getattr(self, name) for name in dir(type(self)) if hasattr(getattr(type(self), name), _HEARS)
        ]
        self._handlers = [(getattr(method, _HEARS), method) for method in marked]

    def start(self) -> None:
        """Come into the house and into the rooms. Raises NickInUse and what `open_room` raises."""
        self.server.check_nick(self.nick, self.user)
        self.server.name_user(self.user, self.nick)
        self.user.listener = self
        for name in self.rooms.split():
            self.server.rooms.open(name).add_user(self.user)

    def stop(self) -> None:
        """Leave the house, if it is there."""
        if self.user.listener is None:
            return
        self.user.listener = None
        for room in list(self.user.rooms.values()):
            room.drop_member(self.user)
        self.server.forget(self.user)

    # ---- what it can do ------------------------------------------------------------------------------------

    def say(self, room: str, text: str) -> None:
        """Say something in a room that the bot is in."""
        self._happens(room, Said(self.nick, text))

    def emote(self, room: str, text: str) -> None:
        """Do something in a room that the bot is in."""
        self._happens(room, Emoted(self.nick, text))

    def notice(self, room: str, text: str) -> None:
        """Tell a room something that is not talk."""
        self._happens(room, Notice(text))

    def tell(self, nick: str, text: str) -> None:
        """Say something to one person. Raises NoSuchNick."""
        other = self.server.present(nick)
        with _unheard():
            other.tell(Whispered(self.nick, other.nick, text))

    def _happens(self, room: str, event: Event) -> None:
        with _unheard():
            self.user.rooms[room].broadcast(event)

    # ---- what it hears -------------------------------------------------------------------------------------

    def told(self, event: Event) -> None:
        """See `Listener.told`: it is heard in its turn, like all else."""
        self.server.fanout.overhear(self.user, event)

    def heard(self, event: Event) -> None:
        """See `Listener.heard`: call what is marked for events of this kind."""
        for each in event.each() if isinstance(event, Together) else (event,):
            for kinds, method in self._handlers:
                if isinstance(each, kinds) and self.user.listener is not None:
                    self._call(method, each)

    def _call(self, method: Callable[[Event], None], event: Event) -> None:
        log = self.server.runtime.log
        try:
            with _unheard(), timing(log, named(method)):
                method(event)
        except Exception:  # noqa: BLE001  a bot's trouble stays its own
            self._faults += 1
            log.failure("bot {nick} failed", nick=self.nick)
            if self._faults >= FAULTS:
                log.error("bot {nick} failed {n} times: stopped", nick=self.nick, n=FAULTS)
                self.stop()


@contextmanager
def _unheard() -> Iterator[None]:
    token = UNHEARD.set(True)
    try:
        yield
    finally:
        UNHEARD.reset(token)
