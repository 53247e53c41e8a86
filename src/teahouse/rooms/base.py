"""What every room can do. Rule: the room is the state: it decides which commands a session has. It reaches people
only by sending them events, and knows neither protocols nor sockets.
"""

from __future__ import annotations

from collections.abc import Awaitable, Iterator, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar

from teahouse.commands import Command, Rest, command, declared, rank
from teahouse.errors import EndSession, NotAllowed, UnknownCommand
from teahouse.events import Event, Pong, Table
from teahouse.rooms.helping import tell_commands
from teahouse.text import fold, nearest

if TYPE_CHECKING:
    from teahouse.server import Server
    from teahouse.session import Session
    from teahouse.user import User

Result = Awaitable[None] | None
_tables: dict[type, dict[str, Command]] = {}


class Room:
    """A state with commands of its own, and nobody in it: the ground for login, foyer and logout.

    For a place with people in it, extend `ChatRoom`.
    """

    takes_text: ClassVar[bool] = True
    """Whether a plain line is text for `on_text`, and a command begins with a slash. Where False, the first word
    is the command, with or without the slash."""

    themes: ClassVar[tuple[ModuleType, ...]] = ()
    """Modules of commands that a class has beside those it declares itself."""
    head: ClassVar[str] = "The house and your client"
    """Under which of the heads of /help the commands stand that a class declares; a class that names none has its
    own under the name of the room."""
    only: ClassVar[str] = ""
    """The names, with spaces between, of the only commands or aliases that there are here; empty: all that the
    class has."""
    unknown_text: ClassVar[str] = ""
    """Said to an unknown command, `{name}` being its name; empty: the nearest command is suggested."""
    goodbye: ClassVar[str] = "Goodbye."
    """Said to the one who quits."""
    at_the_door: ClassVar[bool] = False
    """Whether those who look at this room have yet to log in, and only so much time for it."""
    bots: tuple[User, ...] = ()
    """Users here who have no connection: they overhear what happens."""
    carried: ClassVar[frozenset[str]] = frozenset({"server", "name", "key", "bots"})
    """The attributes that belong to the house: it carries them over a reload itself."""

    def __init__(self, server: Server, name: str) -> None:
        self.server = server
        self.name = name
        self.key = f"/{fold(name)}"
        """A state's is no place's: no room that people make has a slash in its name."""

    # ---- lines and commands --------------------------------------------------------------------------------

    def handle(self, session: Session, line: str) -> Result:
        """A line that was typed by someone who looks at this room. Two slashes say a line that begins with one."""
        if "\n" in line:  # a text of several lines is not typed as one
            line = line.replace("\n", " ")
        if line[:1] == "/":
            if line[1:2] != "/" or not self.takes_text:
                return self._run_line(session, line[1:])
            line = line[1:]
        if not line or line.isspace():
            return None
        if self.takes_text:
            return self.on_text(session, line)
        return self._run_line(session, line)

    def _run_line(self, session: Session, line: str) -> Result:
        name, *text = line.split(None, 1) or [""]
        return self.run(session, name, "".join(text))

    def run(self, session: Session, name: str, text: str = "") -> Result:
        """Run a command: look it up, check the role, bind its arguments, call it. Raises ChatError."""
        found = self.find(name)
        if found is None:
            return self.unknown(session, name, text)
        if not self.allows(session, found):
            raise NotAllowed(f"Only {_plural(found.role)} may use {self.prefix}{found.name} here.")
        result: Result = found.handler(self, session, *found.bind(text, self.prefix))
        return result

    def unknown(self, session: Session, name: str, text: str) -> Result:
        """There is no such command: suggest the nearest one. Rooms may do something else instead."""
        if self.unknown_text:
            raise UnknownCommand(self.unknown_text.replace("{name}", name))
        near = nearest(fold(name), (c.name for c in self.commands() if self.allows(session, c)))
        hint = f"Did you mean {self.prefix}{near}? " if near else ""
        raise UnknownCommand(f'There is no command "{name}" here. {hint}{self.prefix}help lists them all.')

    def on_text(self, session: Session, text: str) -> Result:
        """A plain line. A chat room says it; here there is nobody to hear it."""
        raise UnknownCommand("Nobody is here to hear that: /join a room first, or see /help.")

    @property
    def prefix(self) -> str:
        """What a command begins with here, as help shows it."""
        return "/" if self.takes_text else ""

    @classmethod
    def find(cls, name: str) -> Command | None:
        """The command of that name or alias, in any case."""
        return cls._names().get(name.casefold())

    @classmethod
    def commands(cls) -> list[Command]:
        """All commands of this kind of room, each once, in alphabetical order."""
        return sorted(set(cls._names().values()), key=lambda c: c.name)

    @classmethod
    def _names(cls) -> dict[str, Command]:
        """Names and aliases as the classes declare them, the nearest class first; worked out once a class."""
        table = _tables.get(cls)
        if table is None:
            table = {}
            for found, _ in cls.declarations():
                table.update(dict.fromkeys((found.name, *found.aliases), found))
            only = cls.only.split() or table
            table = _tables[cls] = {name: each for name, each in table.items() if name in only}
        return table

    @classmethod
    def declarations(cls) -> Iterator[tuple[Command, str]]:
        """Every command with its head, those of the nearest class last, which win; "" for the room's own."""
        for base in reversed(cls.__mro__):
            for theme in vars(base).get("themes", ()):
                yield from ((found, theme.HEAD) for found in _declared_in(vars(theme)))
            yield from ((found, vars(base).get("head", "")) for found in _declared_in(vars(base)))

    def allows(self, session: Session, command_: Command) -> bool:
        """Whether the user's role in this room is enough for the command."""
        return rank(self.role_of(session)) >= rank(command_.role)

    def role_of(self, session: Session) -> str:
        """What the user is in this room, one of `ROLES`."""
        return session.user.role

    # ---- coming and going ----------------------------------------------------------------------------------

    def check_entry(self, session: Session, password: str = "") -> None:
        """Raise ChatError if the room's policy keeps the session out. Asked before the hook `admit`."""

    def admit(self, session: Session) -> None:
        """Hook: raise ChatError if the session may not come in."""

    def add(self, session: Session) -> None:
        """The session has come in."""

    def remove(self, session: Session) -> None:
        """The session goes out."""

    def record(self, event: Event) -> bool:
        """Remember an event that happens here; True if it must be stored before it is shown."""
        return False

    def strike(self, event: Event) -> None:
        """Forget an event: it could not be stored."""

    # ---- being reloaded ------------------------------------------------------------------------------------

    @classmethod
    def in_place_of(cls, old: Room) -> Room:
        """A room of this class, as reloaded, that goes on where the old one was."""
        new = cls(old.server, old.name)
        vars(new).update({name: vars(old)[name] for name in cls.carried if name in vars(old)})
        new.take_over(old.hand_over())
        return new

    def hand_over(self) -> dict[str, Any]:
        """Hook: what of its own outlives a reload of its class; all of it unless a room says otherwise."""
        return {name: value for name, value in vars(self).items() if name not in self.carried}

    def take_over(self, state: dict[str, Any]) -> None:
        """Hook: go on with what the room handed over in whose place this one stands."""
        vars(self).update(state)

    # ---- commands that are everywhere ----------------------------------------------------------------------

    @command
    def help(self, session: Session, command: str = "") -> None:
        """List the commands you have here, or show how one of them is used. /help all says of each what it does."""
        if not command:
            tell_commands(self, session)
        elif command == "all":
            tell_commands(self, session, each=True)
        else:
            self._help_about(session, command.removeprefix("/"))

    def _help_about(self, session: Session, name: str) -> None:
        found = self.find(name)
        if found is None:
            self.unknown(session, name, "")
            return
        also = f"Also: {', '.join(self.prefix + a for a in found.aliases)}" if found.aliases else ""
        session.tell("\n".join(filter(None, [self.prefix + found.usage, found.help, also])))

    @command(aliases=("logout", "exit"))
    def quit(self, session: Session, reason: Rest = "") -> None:
        """Leave the house."""
        if self.goodbye:
            session.tell(self.goodbye)
        raise EndSession(self.farewell(session, reason))

    def farewell(self, session: Session, reason: str) -> str:
        """Why someone leaves the house, as others are told: nothing where those who may not talk would say it."""
        reason, user = reason[: self.server.limits.away_length], session.user
        shown = all(room.may_say(user, reason) for room in user.rooms.values())
        return reason if shown and self.server.order.may_say(user, reason) else ""

    @command(role="admin")
    def reload(self, session: Session, name: str = "") -> None:
        """Read the configuration again and load all extensions afresh, or one, or a room's class.
        People stay where they are. What cannot change while the house is open is named."""
        if name:
            session.tell(self.server.extensions.reload(name))
            return
        self.server.reconfiguring.reload_for(session)

    @command
    def ping(self, session: Session, token: Rest = "") -> None:
        """Get an answer, once all that came before it has been written to everyone."""
        self.server.fanout.barrier()
        session.tell(Pong(token))

    @command(name="set")
    def set_(self, session: Session, name: str = "", value: Rest = "") -> None:
        """Show what you can set, or set something: /set time on"""
        if not value:
            rows = tuple((p.name, p.value, f"{p.help}: {p.choices}") for p in session.link.preferences())
            wanted = tuple(row for row in rows if name in {"", row[0]})
            session.tell(Table("You can set:", ("name", "value", "meaning"), wanted or rows))
            return
        session.link.prefer(name, value)
        session.tell(f"{name} is {value} now.")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


def _declared_in(names: Mapping[str, object]) -> Iterator[Command]:
    return (found for value in names.values() if (found := declared(value)) is not None)


def _plural(role: str) -> str:
    return f"{role}s and those above them" if role != "admin" else "admins"


def forget_tables() -> None:
    """Work the commands of each class out afresh; classes that are gone are let go."""
    _tables.clear()


def attach(found: Command) -> None:
    """Give the command of an extension to the rooms it was declared for."""
    for room in found.rooms:
        setattr(room, _attached(found), found.handler)
    _tables.clear()


def detach(found: Command) -> None:
    """Take it away again."""
    for room in found.rooms:
        if _attached(found) in vars(room):
            delattr(room, _attached(found))
    _tables.clear()


def _attached(found: Command) -> str:
    return f"_{found.handler.__module__}_{found.name}"
