"""ChanServ: what keepers of a room do, in the words of old habits. Rule: each command is a command of the room, which
checks, does and tells it; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, NamedTuple

from teahouse.commands import rank
from teahouse.errors import NoSuchRoom, UnknownCommand, UsageError
from teahouse.events import Table
from teahouse.moderation import terms
from teahouse.protocols.irc.names import channel, is_channel, room_of
from teahouse.rooms import owning
from teahouse.rooms.commands import ruling
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession
    from teahouse.rooms.chat import ChatRoom

Result = Awaitable[None] | None
Handler = Callable[["IrcSession", "ChatRoom", list[str]], Result]


class Command(NamedTuple):
    """One of its commands: how it is used, what it does, and how many words it needs after the channel."""

    handler: Handler
    usage: str
    help: str
    least: int = 0


def answer(session: IrcSession, text: str) -> Result:
    """What someone says to ChanServ. Raises ChatError."""
    name, *words = text.split() or ["HELP"]
    if name.upper() == "HELP":
        _help(session)
        return None
    command = COMMANDS.get(name.upper())
    if command is None:
        raise UnknownCommand(f"ChanServ knows no {name[:32]}: /msg ChanServ HELP lists what it does.")
    if len(words) <= command.least or not is_channel(words[0]):
        raise UsageError(f"Usage: {name.upper()} {command.usage}")
    return command.handler(session, _room(session, words[0]), words[1:])


def _room(session: IrcSession, target: str) -> ChatRoom:
    room = session.server.rooms.get(fold(room_of(target)))
    if room is None or not (room.is_seen_by(session) or rank(room.role_of(session)) >= rank("operator")):
        raise NoSuchRoom(f"There is no channel {target[:64]}.")
    return room


def _help(session: IrcSession) -> None:
    rows = tuple((f"{name} {each.usage}", each.help) for name, each in COMMANDS.items())
    session.tell(Table("ChanServ does what keepers of a channel do:", ("command", "what it does"), rows))


# ---- what is a command of the room ---------------------------------------------------------------------------


def _run(name: str) -> Handler:
    """The room's own command, with the words as they are."""
    return lambda session, room, words: room.run(session, name, " ".join(words))


def _of_nick(name: str) -> Handler:
    """The same, about oneself where nobody is named."""
    return lambda session, room, words: room.run(session, name, " ".join(words) or session.user.nick)


def _register(session: IrcSession, room: ChatRoom, words: list[str]) -> Result:
    return owning.register_room(room, session)


def _drop(session: IrcSession, room: ChatRoom, words: list[str]) -> Result:
    return owning.release_room(room, session)


def _invite(session: IrcSession, room: ChatRoom, words: list[str]) -> Result:
    """Oneself: operators need nobody to let them in, and others cannot."""
    room.demand(session, "operator")
    if words:
        return room.run(session, "invite", " ".join(words))
    room.policy.invite(session.user, room.now())
    session.tell(f"You may come into {channel(room.key)} now.")
    return None


def _set(session: IrcSession, room: ChatRoom, words: list[str]) -> Result:
    """No more than the terms: REGISTER and DROP are commands of their own."""
    name, *value = words
    return ruling.set_term(room, session, terms.term(name), " ".join(value))


# ---- what is shown -------------------------------------------------------------------------------------------


def _info(session: IrcSession, room: ChatRoom, words: list[str]) -> Result:
    inside = session.user in room.members or room.may_read(session)
    rows = [
        ("registered by", room.policy.founder or "nobody"),
        ("made", f"{room.made_at:%Y-%m-%d %H:%M} UTC"),
        ("topic", room.topic if inside else ""),
    ]
    shown = tuple(row for row in rows if row[1])
    session.tell(Table(f"About {channel(room.key)}:", ("what", "value"), shown))
    return None


def _access(session: IrcSession, room: ChatRoom, words: list[str]) -> Result:
    """The accounts that have a role, whether they are here or not."""
    room.demand(session, "operator")
    found = {**room.policy.roles, **({room.policy.founder: "founder"} if room.policy.founder else {})}
    rows = tuple(sorted(((key, role) for key, role in found.items() if role), key=_highest_first))
    session.tell(Table(f"Roles in {channel(room.key)}: {len(rows)}", ("account", "role"), rows))
    return None


def _highest_first(row: tuple[str, str]) -> tuple[int, str]:
    return -rank("admin" if row[1] == "founder" else row[1]), row[0]


COMMANDS = {
    "REGISTER": Command(_register, "<#channel>", "The channel is yours, and stays when nobody is in it."),
    "DROP": Command(_drop, "<#channel>", "It belongs to nobody any more."),
    "INFO": Command(_info, "<#channel>", "Whose it is, and since when it is there."),
    "ACCESS": Command(_access, "<#channel>", "Who has a role in it for good."),
    "SET": Command(_set, "<#channel> <term> <value>", "The terms of the channel, as /room has them.", 2),
    "OWNER": Command(_of_nick("owner"), "<#channel> [nick]", "Make someone an owner."),
    "OP": Command(_of_nick("op"), "<#channel> [nick]", "Make someone an operator."),
    "DEOP": Command(_of_nick("deop"), "<#channel> [nick]", "Take the role of owner or operator."),
    "VOICE": Command(_of_nick("voice"), "<#channel> [nick]", "Give someone a voice."),
    "DEVOICE": Command(_of_nick("devoice"), "<#channel> [nick]", "Take it again."),
    "KICK": Command(_run("kick"), "<#channel> <nick> [reason]", "Put someone out.", 1),
    "BAN": Command(_run("ban"), "<#channel> <who> [time] [reason]", "Keep someone out, and put them out.", 1),
    "UNBAN": Command(_run("unban"), "<#channel> <who>", "Let someone in again.", 1),
    "MUTE": Command(_run("mute"), "<#channel> <who> [time] [reason]", "Have someone only listen.", 1),
    "UNMUTE": Command(_run("unmute"), "<#channel> <who>", "Let someone talk again.", 1),
    "INVITE": Command(_invite, "<#channel> [who]", "Let someone in, or yourself."),
    "TOPIC": Command(_run("topic"), "<#channel> <topic>", "Set the topic.", 1),
}
"""By name. `AMODE` and `FLAGS` of other servers' services are `ACCESS` here."""
COMMANDS |= {name: COMMANDS["ACCESS"]._replace(help="See ACCESS.") for name in ("AMODE", "FLAGS")}
