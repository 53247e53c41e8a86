"""Coming in, staying, and going: PASS NICK USER PING PONG QUIT."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from typing import TYPE_CHECKING

from teahouse.errors import EndSession
from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.answers import Refusal
from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.registration import IDENT_LENGTH, try_to_register
from teahouse.protocols.irc.welcome import supported

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession

_NOT_IN_AN_IDENT = re.compile(r"[^A-Za-z0-9_.\-\[\]\\^{}|`]")


def pass_(session: IrcSession, message: Message) -> None:
    """PASS password: the house's, or an account's."""
    if session.registration is None:
        raise Refusal(n.ERR_ALREADYREGISTERED)
    session.registration.password = message.params[0]


def nick(session: IrcSession, message: Message) -> Awaitable[None] | None:
    """NICK nick."""
    if not message.params or not message.params[0]:
        raise Refusal(n.ERR_NONICKNAMEGIVEN)
    wanted, said = message.params[0], session.registration
    if said is None:
        if wanted == session.user.nick:
            return None
        return session.server.foyer.run(session, "nick", wanted)
    session.server.check_name(wanted)
    said.nick = wanted  # whether it is free shows at the end: its owner may be about to log in
    return try_to_register(session)


def user(session: IrcSession, message: Message) -> Awaitable[None] | None:
    """USER name 0 * :real name."""
    said = session.registration
    if said is None:
        raise Refusal(n.ERR_ALREADYREGISTERED)
    name = _NOT_IN_AN_IDENT.sub("", message.params[0])[:IDENT_LENGTH]
    if not name or not message.params[3]:
        raise Refusal(n.ERR_NEEDMOREPARAMS, "USER")
    said.user = f"~{name}"
    said.realname = message.params[3][: session.server.limits.away_length]
    return try_to_register(session)


def isupport(session: IrcSession, message: Message) -> None:
    """ISUPPORT (draft/extended-isupport): with the capability also before registration."""
    if session.registration is not None and not session.has("draft/extended-isupport"):
        raise Refusal(n.ERR_NOTREGISTERED)
    session.send(*supported(session))


def ping(session: IrcSession, message: Message) -> None:
    """PING token: answered when all that came before has been written to everyone."""
    if not message.params or not message.params[0]:
        raise Refusal(n.ERR_NOORIGIN)
    session.server.fanout.barrier()
    session.send(Message("PONG", (session.server_name, message.params[0])))


def pong(session: IrcSession, message: Message) -> None:
    """PONG: the client is alive."""


def quit_(session: IrcSession, message: Message) -> None:
    """QUIT reason."""
    reason = message.params[0] if message.params else ""
    raise EndSession(session.room.farewell(session, reason))


def error(session: IrcSession, message: Message) -> None:
    """ERROR from a client means nothing."""


VERBS = {
    "PASS": Verb(pass_, 1, before=True),
    "NICK": Verb(nick, before=True),
    "USER": Verb(user, 4, before=True),
    "ISUPPORT": Verb(isupport, before=True),
    "PING": Verb(ping, before=True),
    "PONG": Verb(pong, before=True),
    "QUIT": Verb(quit_, before=True),
    "ERROR": Verb(error, before=True),
}
