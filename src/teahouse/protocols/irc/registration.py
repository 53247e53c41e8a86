"""From connecting to 001. Rule: the state of someone who is not in the house yet stands here and nowhere else, and is
gone when they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from teahouse.errors import BadName, Banned, ChatError, EndSession, NickInUse, NotAllowed, WrongPassword
from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.commands.away import bring_in
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.names import channel
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession
    from teahouse.store import Account

IDENT_LENGTH = 20
EXCHANGE = "sasl"
"""What stands in a session's state while AUTHENTICATE goes on."""
GOODBYE = "goodbye"
"""What stands there when the connection is closed: why."""
GUESTS = "Only people with an account come in here: log in to yours by SASL."
OWNED = "This nick belongs to an account: choose another, or log in to it by SASL or PASS."
GONE = "Your account cannot be used any more."
HOUSE_PASSWORD = "This house has a password: PASS <password>"  # noqa: S105  a sentence


@dataclass(slots=True)
class Registration:
    """What a client has said of itself so far."""

    nick: str = ""
    user: str = ""
    realname: str = ""
    password: str = ""
    away: str | None = None
    """Why it is away (pre-away); None where it has not said anything of that."""
    negotiating: bool = False
    """Whether CAP negotiation holds it up."""
    account: Account | None = None
    """Whom it has proved to be, by SASL."""
    busy: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether it may come in now."""
        return bool(self.nick and self.user) and not (self.negotiating or self.busy)


async def try_to_register(session: IrcSession) -> None:
    """Let the client in, if it has said all that is needed."""
    said = session.registration
    if said is None or not said.is_complete:
        return
    said.busy = True
    _give_up_login(session)
    try:
        await _come_in(session, said)
        _check_realname(session, said)
        bring_in(session, said.away)
        _lead_in(session)
    except ChatError as error:
        session.server.measures.counters.refused.add(error.code)
        _not_in(session, said, error)
    finally:
        said.busy = False


async def _come_in(session: IrcSession, said: Registration) -> None:
    server = session.server
    session.user.ident = said.user
    if server.order.may_say(session.user, said.realname):
        session.user.realname = said.realname
    account = await (_as_it_is(session, said.account) if said.account else _by_pass(session, said))
    if account is None:
        _check_guest(session, said)
        await server.door.knock(session, said.nick, said.password)
        return
    if server.user_of(account.key) is None:  # else the client takes part under that user's nick
        await _check_nick(session, said.nick, account)
    await server.presence.come_in(session, account, said.nick)


def _lead_in(session: IrcSession) -> None:
    """Into the room of the house's entry, as on every other way in; where it has none, clients join by themselves."""
    server = session.server
    name = server.entry_room
    if not name or fold(name) in session.user.rooms:
        return
    try:
        session.enter(server.rooms.open(name))
    except ChatError as error:
        session.tell(session.failure(error, Message("JOIN", (channel(name),))))


def _check_realname(session: IrcSession, said: Registration) -> None:
    """Only now it is known who that is, and whether they may talk."""
    user = session.user
    if user.realname == said.realname and not session.server.order.may_say(user, said.realname):
        user.realname = ""


async def _check_nick(session: IrcSession, nick: str, account: Account) -> None:
    """Raise NickInUse for a nick that somebody else has. One of the account's own is taken back from a guest."""
    await session.server.accounts.check_free(nick, account)
    if fold(nick) not in {each.key for each in account.own}:
        session.server.check_nick(nick, session.user)


def _check_guest(session: IrcSession, said: Registration) -> None:
    """Raise WrongPassword or NotAllowed where nobody comes in without having proved anything."""
    house = session.server.settings.house
    if not house.guests:
        raise WrongPassword(GUESTS) if said.password else NotAllowed(GUESTS)
    if house.password and not said.password:
        raise WrongPassword(HOUSE_PASSWORD)


async def _as_it_is(session: IrcSession, account: Account) -> Account:
    """An account that was proved a while ago: a keeper may have changed it since. Raises WrongPassword."""
    now = await session.server.store.account(account.key)
    if now is None or now.suspended or now.created != account.created:
        raise WrongPassword(GONE)
    return now


async def _by_pass(session: IrcSession, said: Registration) -> Account | None:
    """PASS may be `account:password`, as bouncers have it, or the password of the nick's own account."""
    accounts = session.server.accounts
    name, colon, password = said.password.partition(":")
    if colon and name and password and not session.server.settings.house.password:
        return await accounts.authenticate(name, password, session.address)
    owner = await accounts.owner(said.nick)
    if owner is not None and said.password:
        return await accounts.authenticate(said.nick, said.password, session.address)
    if owner is not None:
        raise NickInUse(OWNED)
    return None


def _not_in(session: IrcSession, said: Registration, error: ChatError) -> None:
    """It may not come in: under another nick it might. Raises EndSession where it might not."""
    if isinstance(error, (NickInUse, BadName)):
        _ask_again(session, said, error)
    else:
        _refuse(session, error)


def _ask_again(session: IrcSession, said: Registration, error: ChatError) -> None:
    code = n.ERR_ERRONEUSNICKNAME if isinstance(error, BadName) else n.ERR_NICKNAMEINUSE
    session.send(Message(code, (session.user.nick or "*", said.nick, error.text)))
    said.nick = ""


def _refuse(session: IrcSession, error: ChatError) -> None:
    """Nothing that the client could say now would help: it is told why, and that is all. Raises EndSession."""
    if isinstance(error, NotAllowed):
        session.send(Message("FAIL", ("*", "ACCOUNT_REQUIRED", error.text)))
    elif isinstance(error, (Banned, WrongPassword)):
        code = n.ERR_YOUREBANNEDCREEP if isinstance(error, Banned) else n.ERR_PASSWDMISMATCH
        session.send(Message(code, (session.nick, error.text)))
    session.state[GOODBYE] = error.text
    raise EndSession(error.text) from error


def _give_up_login(session: IrcSession) -> None:
    """An exchange that has not come to its end by now never does (sasl-3.1, "The AUTHENTICATE command")."""
    if session.state.pop(EXCHANGE, None) is not None:
        session.numeric(n.ERR_SASLABORTED)
