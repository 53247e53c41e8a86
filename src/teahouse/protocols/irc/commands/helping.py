"""HELP. Rule: what it says of a command is what the command's declaration says: the docstring of its function here,
the usage and help of a room's own command.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from teahouse.commands import Command
from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.answers import Refusal
from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.fitting import join_lists, split_text
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.names import is_channel
from teahouse.rooms.base import Room

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession

INDEX = "*"
LINE_BYTES = 380


def verbs(table: Mapping[str, Verb]) -> dict[str, Verb]:
    """HELP and HELPOP about the commands of a table."""
    verb = Verb(partial(help_, table))
    return {"HELP": verb, "HELPOP": verb}


def help_(table: Mapping[str, Verb], session: IrcSession, message: Message) -> None:
    """HELP [command]: the commands there are, or how one of them is used."""
    subject = message.params[0] if message.params and message.params[0] else INDEX
    if subject == INDEX or subject.lower() == "index":
        title, lines = "Help", _index(table, session)
    elif subject.upper() in table:
        title, lines = f"The command {subject.upper()}", _of_verb(table[subject.upper()], subject.upper())
    elif (found := _in_rooms(session, subject)) is not None:
        title, lines = f"The command {found.name} of this room", _of_command(found)
    else:
        raise Refusal(n.ERR_HELPNOTFOUND, subject)
    _send(session, subject, title, lines)


def _send(session: IrcSession, subject: str, title: str, lines: list[str]) -> None:
    """704, an empty 705, more of them, and the last line as 706 (modern.ircdocs.horse, "HELP message")."""
    *most, last = [piece for line in lines for piece in split_text(line, LINE_BYTES) or [""]]
    session.send(
        session.made(n.RPL_HELPSTART, subject, f"** {title} **"),
        session.made(n.RPL_HELPTXT, subject, ""),
        *(session.made(n.RPL_HELPTXT, subject, line) for line in most),
        session.made(n.RPL_ENDOFHELP, subject, last),
    )


def _index(table: Mapping[str, Verb], session: IrcSession) -> list[str]:
    own = [each.name.upper() for each in _commands(session.room) if session.room.allows(session, each)]
    own = [name for name in own if name not in table]
    return [
        "What IRC has:",
        *join_lists(sorted(table), LINE_BYTES),
        "",
        "What the room that you last spoke in has besides; what extensions bring is also !command there:",
        *join_lists(own, LINE_BYTES),
        "",
        "HELP <command> tells how one is used.",
    ]


def _of_verb(verb: Verb, name: str) -> list[str]:
    handler = verb.handler.func if isinstance(verb.handler, partial) else verb.handler
    return (inspect.getdoc(handler) or name).replace("\n\n", "\n").splitlines()


def _of_command(found: Command) -> list[str]:
    also = [f"Also: {', '.join(found.aliases).upper()}"] if found.aliases else []
    name, *rest = found.usage.split(" ", 1)
    return [" ".join([name.upper(), *rest]), *found.help.splitlines(), *also]


def _in_rooms(session: IrcSession, subject: str) -> Command | None:
    """A command of the room last spoken in, or of another one that the user is in."""
    rooms: list[Room] = [session.room, *session.user.rooms.values()]
    name = subject.lstrip("/!")
    if is_channel(name) or not name:
        return None
    found = (room.find(name) for room in rooms)
    return next((each for each in found if each is not None), None)


def _commands(room: Room) -> list[Command]:
    return [each for each in room.commands() if not each.hidden]
