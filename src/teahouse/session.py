"""One connection of a user over one protocol. Rule: one line at a time, and this is the only place where an error
becomes a reply.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from teahouse.errors import ChatError, EndSession, Internal, NotStored, UsageError
from teahouse.events import Answered, Event, Failed, Notice, Prompt, Renamed, RoomRenamed
from teahouse.fanout import ORIGIN
from teahouse.limits import Bucket
from teahouse.link import Link
from teahouse.store import StoreError
from teahouse.user import User
from teahouse.view import Render, View, variant

if TYPE_CHECKING:
    from teahouse.fanout.turn import Entry
    from teahouse.rooms.base import Room
    from teahouse.rooms.chat import ChatRoom
    from teahouse.runtime import Waiter
    from teahouse.server import Server
    from teahouse.store import Account


NO_STORE = "The house cannot get at what it keeps just now. Please try again later."


class Session:
    """A connection: the user it belongs to, the room it looks at, and how things are shown to it."""

    __slots__ = (
        "_backlog",
        "_backlog_bytes",
        "_bucket",
        "_busy",
        "_finishing",
        "_paused",
        "_question",
        "active_at",
        "attends",
        "due",
        "ended",
        "host",
        "link",
        "render",
        "room",
        "server",
        "user",
        "view",
    )

    def __init__(self, server: Server, link: Link, render: Render, view: View) -> None:
        self.server = server
        self.link = link
        self.render = render
        self.view = view
        self.active_at = now = server.runtime.now()
        self.user = User(now)
        self.user.sessions.append(self)
        self.host = self.user.host = server.order.cloaks.of(link.address)
        self.user.ident = link.protocol
        self.room = server.entry if link.is_led else server.door
        self.ended = False
        self.due = 0
        """Where it stands on the wheel."""
        self.attends = True
        """Whether someone sits there; a client may have come by itself, to fetch what was said."""
        self._bucket = Bucket(server.limits.flood_burst, now)
        self._busy = self._paused = self._finishing = False
        self._backlog: deque[Any] | None = None
        self._backlog_bytes = 0
        self._question: Waiter[str] | None = None

    @property
    def logged_in(self) -> bool:
        """Whether this session's user has a nick."""
        return bool(self.user.nick)

    @property
    def address(self) -> str:
        """The IP address at the other end."""
        return self.link.address

    @property
    def port(self) -> int:
        """The port at the other end; 0 where there is none."""
        return self.link.port

    # ---- what comes in -------------------------------------------------------------------------------------

    def receive(self, line: Any) -> None:
        """A line (whatever the protocol calls so) has come: run it, or let it wait its turn behind the flood limit
        or a running command."""
        limits = self.server.limits
        self.active_at = self.user.active_at = now = self.server.runtime.now()
        if self._backlog is None and not self._busy:
            if not limits.flood_lines or self._bucket.take(now, limits.flood_lines, limits.flood_burst):
                self.handle(line)
                return
            self.server.throttle(self)
        self._hold(line)

    def perform(self, line: Any) -> Awaitable[None] | None:
        """What one line asks for. Raises ChatError. Protocols that know more than lines put theirs in its place."""
        return self.room.handle(self, line)

    def size_of(self, line: Any) -> int:
        """Bytes of a line that waits."""
        return len(line.encode("utf-8", "replace")) + 1

    def command_in(self, line: Any) -> str:
        """The name of the command in a line, for an error about it; "" where there is none."""
        word: str = line.partition(" ")[0]
        return word[1:] if word.startswith("/") else ""

    def handle(self, line: Any) -> None:
        """Run one line in the room that the session looks at, or give it to the prompt that waits for it."""
        if self._question is not None:
            question, self._question = self._question, None
            self.tell(Answered())
            question.callback(line)
            return
        self.attempt_line(line)

    def attempt_line(self, line: Any) -> None:
        """Run one line; what goes wrong is answered."""
        token = ORIGIN.set(self)
        try:
            waiting = self.perform(line)
            if waiting is not None:
                self._wait_for(waiting, line)
        except Exception as error:  # noqa: BLE001  the one place that turns any error into a reply
            self._answer_error(error, line)
        finally:
            ORIGIN.reset(token)

    def run(self, awaitable: Awaitable[None] | None) -> None:
        """Let a command that was started elsewhere (by a protocol that has no lines) finish as a line would."""
        if awaitable is not None:
            self._wait_for(awaitable, "")

    def drain(self, now: float) -> bool:
        """Run the lines that wait, as far as the flood limit allows by now; True when that is all for now."""
        limits = self.server.limits
        while self._backlog and (not self._busy or self._question is not None):
            if not self._bucket.take(now, limits.flood_lines or 1e9, limits.flood_burst):
                return False
            line = self._backlog.popleft()
            self._backlog_bytes -= self.size_of(line)
            self.handle(line)
        if not self._backlog:
            self._backlog = None
            self._backlog_bytes = 0
            if self._finishing and not self._busy:
                self.end()
        return True

    def finish(self) -> None:
        """The peer sends nothing more: when all that it has sent is done, the session ends."""
        self._finishing = True
        if self._question is not None or not (self._busy or self._backlog):
            self.end()

    def _hold(self, line: Any) -> None:
        if self.ended:
            return
        if self._question is not None and self._backlog is None:
            self.handle(line)
            return
        if self._backlog is None:
            self._backlog = deque()
        self._backlog.append(line)
        self._backlog_bytes += self.size_of(line)
        if self._backlog_bytes > self.server.limits.flood_bytes:
            self.drop("You sent too much too fast.", "flood")

    def _wait_for(self, awaitable: Awaitable[None], line: Any) -> None:
        self._busy = True
        self.server.runtime.spawn(self._finish(awaitable, line))
        if self._busy and self._question is None:  # most commands that may wait have not had to
            self._pause()

    async def _finish(self, awaitable: Awaitable[None], line: Any) -> None:
        try:
            await awaitable
        except Exception as error:  # noqa: BLE001  as in `handle`
            self._answer_error(error, line)
        self._busy = False
        if self._resume() or self._backlog or self._finishing:
            self.server.runtime.later(0, self._go_on)

    def _pause(self) -> None:
        self._paused = True
        self.link.pause()

    def _resume(self) -> bool:
        """Read again, if reading had stopped; whether it had."""
        paused, self._paused = self._paused, False
        if paused and not self.ended:
            self.link.resume()
        return paused

    def _go_on(self) -> None:
        if not self.drain(self.server.runtime.now()):
            self.server.throttle(self)

    def _answer_error(self, error: Exception, line: Any) -> None:
        if isinstance(error, EndSession):
            self.end(error.reason)
            return
        if isinstance(error, StoreError):
            self.server.runtime.log.error("the store cannot: {error}", error=error)
            error = NotStored(NO_STORE)
        elif not isinstance(error, ChatError):
            self.server.runtime.log.failure("a command failed in room {room}", room=self.room.name)
            error = Internal("Something went wrong here. The keepers have been told.")
        counters = self.server.measures.counters
        (counters.failed if self.logged_in else counters.refused).add(error.code)
        self.tell(self.failure(error, line))

    def failure(self, error: ChatError, line: Any) -> Event:
        """What the one who sent the line is told of an error."""
        return Failed(error.code, error.text, self.command_in(line))

    # ---- what goes out -------------------------------------------------------------------------------------

    def tell(self, event: Event | str) -> None:
        """Say something to this session alone."""
        if not self.ended:
            self.server.fanout.tell(self, Notice(event) if isinstance(event, str) else event)

    def follow(self, event: Event) -> None:
        """Something about someone has changed whom this session watches, and sees in no room."""
        self.tell(event)

    async def ask(self, text: str, *, secret: bool = False) -> str:
        """Ask for one line and wait for it; a secret one is not shown while it is typed.

        Raises EndSession when the connection goes away meanwhile.
        """
        if self.ended:
            raise EndSession
        if not self.link.can_ask:
            raise UsageError(f"That asks for more than fits on one line here ({text.rstrip(': ')}).")
        self.tell(Prompt(text, secret))
        self._question = waiter = self.server.runtime.waiter()
        self._resume()
        if self._backlog:
            self.server.runtime.later(0, self._go_on)  # a line that came too early is the answer
        line: str = await waiter
        if self._busy:
            self._pause()
        return line

    def view_in(self, room: str, looked_at: str | None = None) -> View:
        """The view of what happens in a room, other things being equal."""
        if self.link.many or room in {"", self.room.key if looked_at is None else looked_at}:
            return self.view
        return variant(self.view, False, True, False)

    def view_of(self, entry: Entry) -> View | None:
        """The view of one event; None where this user does not want to see it."""
        user, event = self.user, entry.event
        who = getattr(event, "who", "")
        if not who:
            own = entry.origin is self
        else:
            own = entry.author is user if entry.author is not None else who == user.nick
        mention = False
        if event.words and not own:
            if not user.wants(event):
                return None
            mention = self.view.alert and _is_for(user, event)
        view = self.view_in(event.room, entry.looked_at)
        if not (own or mention):
            return view
        return variant(self.view, own, view.elsewhere, mention, own and entry.origin is self)

    def is_particular(self) -> bool:
        """Whether this session has to be asked about each event."""
        return self.view.alert or bool(self.user.ignored)

    def show_as(self, view: View) -> None:
        """From the end of this turn on, show things this way."""
        self.view = view
        self.server.fanout.regroup(self)

    def marked(self, place: str, id_: int) -> None:
        """Hook: its user has read a room (by key) up to there, or a conversation (`@nick`), on some device."""

    def room_renamed(self, room: ChatRoom, event: RoomRenamed) -> None:
        """Hook: a room that its user is in has another name now, as everyone there is about to be told."""

    def house_changed(self) -> None:
        """Hook: what the house offers may be something else now."""

    @property
    def tells_reading(self) -> bool:
        """Whether its client says by itself how far the user has read; if not, what it was shown is read."""
        return False

    # ---- where it is ---------------------------------------------------------------------------------------

    def be_called(self, nick: str, account: Account | None = None) -> None:
        """Log in, as this account or as a guest. Raises BadName, NickInUse, Banned, NotAllowed; EndSession if it
        has ended meanwhile."""
        self._must_be_here()
        self.server.check_nick(nick, self.user)
        self.server.order.check_login(self.user, nick, account)
        before = self.user.nick
        self.server.name_user(self.user, nick)
        if before and self.link.many:  # a client that keeps its own name has to know of the new one
            self.tell(Renamed(before, self.user.nick))

    def enter(self, room: Room, *, keep: bool = False, password: str = "") -> None:
        """Go into a room and look at it; out of the one looked at before unless it is kept.

        Raises what `room.check_entry` and `room.admit` raise, and then nothing has changed; EndSession if it has
        ended meanwhile.
        """
        self._must_be_here()
        room.check_entry(self, password)
        room.admit(self)
        before = self.room
        if before is not room:
            if not (keep or self.link.many):
                before.remove(self)
            self.look_at(room)
        room.add(self)

    def _must_be_here(self) -> None:
        """A command that has waited may find that its session has ended: nobody comes in then."""
        if self.ended:
            raise EndSession

    def look_at(self, room: Room) -> None:
        """What is typed goes to this room; other rooms are shown with their names."""
        self.server.fanout.settle(self)
        if not room.at_the_door:
            self.server.arrivals.discard(self)
        self.room = room
        self.server.fanout.regroup(self)

    def end(self, reason: str = "") -> None:
        """Leave the house: the others are told, the goodbye goes out, then the connection closes."""
        if self.ended:
            return
        self.server.fanout.end(self)
        self._leave(reason)

    def drop(self, reason: str, kind: str = "protocol") -> None:
        """Put out at once, for good cause: the peer and the log are told why. `kind`: how it is counted."""
        if self.ended:
            return
        self.server.measures.counters.drops.add(kind)
        self.server.runtime.log.warn(
            "dropped {nick} from {address}: {reason}",
            nick=self.user.nick,
            address=self.link.address,
            reason=reason,
        )
        self._leave(reason)
        self.server.fanout.forget(self)
        self.link.drop(reason)

    def too_slow(self, reason: str) -> None:
        """The peer does not read what it is sent."""
        self.drop(reason, "slow")

    def lost(self, reason: str) -> None:
        """The connection is gone."""
        if not self.ended:
            self._leave(reason)

    def _leave(self, reason: str) -> None:
        """Into the logout room, where nobody is any more: no commands, and nothing is shown."""
        self.ended = True  # first: what the question's command does when it is told must not end it again
        self._backlog = None
        self._backlog_bytes = 0
        if self._question is not None:
            question, self._question = self._question, None
            question.errback(EndSession(reason))
        self.server.logout.add_leaving(self, reason)


def _is_for(user: User, event: Event) -> bool:
    text: str = getattr(event, "text", "")
    return getattr(event, "to", "") == user.nick or user.is_named_in(text)
