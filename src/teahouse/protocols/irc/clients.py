"""Who of those in the house is there by IRC. Rule: nothing but a look at sessions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession
    from teahouse.session import Session
    from teahouse.user import User


def by_irc(sessions: Iterable[Session]) -> list[IrcSession]:
    """Those of the sessions that are IRC's."""
    return [cast("IrcSession", each) for each in sessions if each.link.protocol == "irc"]


def clients_of(user: User) -> list[IrcSession]:
    """The IRC clients of a user."""
    return by_irc(user.sessions)
