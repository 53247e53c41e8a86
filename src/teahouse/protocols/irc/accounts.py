"""Registering and logging in, for all commands that do it. Rule: before 001 an account is noted, and counts when the
client comes in; after it, it counts at once.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from teahouse.accounts.changeover import become
from teahouse.errors import NotAllowed
from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.message import Message
from teahouse.rooms.commands import ignoring

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession
    from teahouse.store import Account

NOBODY = "Nobody registers by themselves here: ask those who keep the house."


def account_of(session: IrcSession) -> Account | None:
    """The account that the client has proved to be of."""
    said = session.registration
    return session.user.account if said is None else said.account


def check_may_register(session: IrcSession) -> None:
    """Raise NotAllowed for one who has an account, and where nobody registers by themselves."""
    account = account_of(session)
    if account is not None:
        raise NotAllowed(f"You have an account already: {account.name}.")
    if not session.server.settings.house.registration:
        raise NotAllowed(NOBODY)


async def register(session: IrcSession, name: str, password: str) -> Account:
    """A new account of this name, and the client is logged in to it. Raises ChatError, as the house does."""
    server, user = session.server, session.user
    server.check_nick(name, user)
    server.order.check_register(user, name)
    await server.accounts.check_free(name)
    account = await server.accounts.register(name, password, session.address)
    await log_in(session, account)
    if session.registration is None:
        await ignoring.keep_ignored(server.foyer, user)
    return account


async def log_in(session: IrcSession, account: Account) -> None:
    """The client has proved to be of this account. Raises NotAllowed, Banned."""
    if session.registration is None:
        await become(session, account, partial(_tell_logged_in, session, account))
        return
    session.registration.account = account
    _tell_logged_in(session, account)


def _tell_logged_in(session: IrcSession, account: Account) -> None:
    text = f"You are now logged in as {account.name}"
    session.send(Message(n.RPL_LOGGEDIN, (session.nick, _mask(session), account.name, text)))


def _mask(session: IrcSession) -> str:
    """`nick!ident@cloak`, as far as it is known (sasl-3.1, RPL_LOGGEDIN)."""
    said, user = session.registration, session.user
    if said is None:
        return f"{user.nick}!{user.userhost}"
    return f"{session.nick}!{said.user or '*'}@{session.host}"
