"""NICKSERV, NS and the like: what follows is said to the service of that name."""

from __future__ import annotations

from collections.abc import Awaitable
from functools import partial
from typing import TYPE_CHECKING

from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.services import SERVICES, Service, address

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession


def to_service(session: IrcSession, message: Message, service: Service) -> Awaitable[None] | None:
    """NICKSERV command …, in any number of parameters."""
    return address(session, service, " ".join(message.params))


VERBS = {
    name: Verb(partial(to_service, service=service), 1)
    for service in SERVICES.values()
    for name in (service.nick.upper(), service.short)
}
