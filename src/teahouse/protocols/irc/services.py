"""Nicks that are nobody's and answer: NickServ and the like. Rule: they are spellings of what the house does anyway;
what is said to them goes nowhere else, and what they answer comes from them as NOTICE.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, NamedTuple

from teahouse.errors import ChatError
from teahouse.protocols.irc import chanserv, nickserv
from teahouse.protocols.irc.told import SPEAKER
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession

Result = Awaitable[None] | None


class Service(NamedTuple):
    """The nick, a short name for it as a command, and what answers a text; the function raises ChatError, and what it
    tells the session as a text is the service's."""

    nick: str
    short: str
    handler: Callable[[IrcSession, str], Result]


SERVICES = {
    "chanserv": Service("ChanServ", "CS", chanserv.answer),
    "nickserv": Service("NickServ", "NS", nickserv.answer),
}
"""By folded nick."""


def find(target: str) -> Service | None:
    """The service that a target of PRIVMSG is, also as `nick@server`."""
    return SERVICES.get(fold(target.partition("@")[0]))


def address(session: IrcSession, service: Service, text: str) -> Result:
    """Say something to a service. It answers errors, too."""
    return _address(session, service, text)


async def _address(session: IrcSession, service: Service, text: str) -> None:
    session.state[SPEAKER] = service.nick
    try:
        waiting = service.handler(session, text)
        if waiting is not None:
            await waiting
    except ChatError as error:
        session.tell(error.text)
    finally:
        session.state.pop(SPEAKER, None)
