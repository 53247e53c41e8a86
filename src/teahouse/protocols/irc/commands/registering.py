"""REGISTER and VERIFY (IRCv3 draft/account-registration). Rule: what can go wrong has the code that the specification
gives it; nothing that is registered here wants to be verified.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.accounts.passwords import LONGEST
from teahouse.errors import BadName, BadPassword, Banned, ChatError, NickInUse
from teahouse.protocols.irc.accounts import NOBODY, account_of, register
from teahouse.protocols.irc.answers import Fail
from teahouse.protocols.irc.capabilities import registers_outside
from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.message import Message
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession

NO_NICK = "Choose a nick first: NICK <nick>"
NOT_YET = "Come in first (NICK, USER, and PASS where the house has a password), then REGISTER."
NO_EMAIL = "That is no address for email; none is wanted here: REGISTER <account> * <password>"
NOTHING = "Nothing has to be verified here."


async def register_(session: IrcSession, message: Message) -> None:
    """REGISTER account email password; `*` is one's nick, and no address."""
    name, email, password = message.params[:3]
    name = session.nick if name == "*" else name
    _check(session, name, email)
    try:
        account = await register(session, name, password)
    except ChatError as error:
        code = await _code(session, name, password, error)
        raise Fail("REGISTER", code, name, text=error.text) from error
    text = f"{account.name} is your account now, and you are logged in."
    session.send(Message("REGISTER", ("SUCCESS", account.name, text)))


def _check(session: IrcSession, name: str, email: str) -> None:
    """Raise Fail where the password need not be looked at."""
    house, account = session.server.settings.house, account_of(session)
    if session.nick == "*":
        raise Fail("REGISTER", "NEED_NICK", "*", text=NO_NICK)
    if account is not None:
        text = f"You are logged in as {account.name}."
        raise Fail("REGISTER", "ALREADY_AUTHENTICATED", account.name, text=text)
    if not house.registration:
        raise Fail("REGISTER", "TEMPORARILY_UNAVAILABLE", name, text=NOBODY)
    if session.registration is not None and not registers_outside(session.server.settings):
        raise Fail("REGISTER", "COMPLETE_CONNECTION_REQUIRED", name, text=NOT_YET)
    if email != "*" and "@" not in email[1:-1]:
        raise Fail("REGISTER", "INVALID_EMAIL", name, text=NO_EMAIL)


async def _code(session: IrcSession, name: str, password: str, error: ChatError) -> str:
    """The specification's word for what went wrong."""
    if isinstance(error, BadPassword):
        return "UNACCEPTABLE_PASSWORD" if len(password) > LONGEST else "WEAK_PASSWORD"
    if isinstance(error, NickInUse):
        owner = await session.server.accounts.owner(name)
        return "ACCOUNT_EXISTS" if owner is not None or _is_kept(session, name) else "BAD_ACCOUNT_NAME"
    return "BAD_ACCOUNT_NAME" if isinstance(error, (BadName, Banned)) else "TEMPORARILY_UNAVAILABLE"


def _is_kept(session: IrcSession, name: str) -> bool:
    """Whether somebody else goes by the name just now."""
    holder = session.server.users.get(fold(name))
    return holder is not None and holder is not session.user


def verify(session: IrcSession, message: Message) -> None:
    """VERIFY account code."""
    account = account_of(session)
    if account is not None:
        text = f"You are logged in as {account.name}."
        raise Fail("VERIFY", "ALREADY_AUTHENTICATED", account.name, text=text)
    raise Fail("VERIFY", "INVALID_CODE", message.params[0], text=NOTHING)


VERBS = {"REGISTER": Verb(register_, 3, before=True), "VERIFY": Verb(verify, 2, before=True)}
