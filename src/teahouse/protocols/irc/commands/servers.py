"""Which server a question is for. Rule: there is one; a nick stands for the server that its user is on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.moderation.globs import glob
from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.answers import Refusal
from teahouse.protocols.irc.message import Message
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession


def is_this(session: IrcSession, target: str) -> bool:
    """Whether a mask or a nick means this server."""
    return glob(fold(target))(fold(session.server_name)) or fold(target) in session.server.users


def check_server(session: IrcSession, message: Message, place: int = 0) -> None:
    """Raise Refusal (402) if the parameter at this place, where there is one, is no server here."""
    target = message.params[place] if len(message.params) > place else ""
    if target and not is_this(session, target):
        raise Refusal(n.ERR_NOSUCHSERVER, target)


def description(session: IrcSession) -> str:
    """What the server says of itself."""
    settings = session.server.settings
    return settings.irc.description or settings.house.name
