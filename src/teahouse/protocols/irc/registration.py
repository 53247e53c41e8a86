"""From connecting to 001. Rule: the state of someone who is not in the house yet stands here and nowhere else, and is
gone when they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from teahouse.errors import BadName, Banned, ChatError, EndSession, NickInUse, NotAllowed, WrongPassword
from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.message import Message

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession
    from teahouse.store import Account

IDENT_LENGTH = 20


@dataclass(slots=True)
class Registration:
    """What a client has said of itself so far."""

    nick: str = ""
    user: str = ""
    realname: str = ""
    password: str = ""
    negotiating: bool = False
    """Whether CAP negotiation holds it up."""
    account: Account | None = None
    """Whom it has proved to be, by SASL."""
    exchange: Any = None
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
    try:
        await _come_in(session, said)
    except (NickInUse, BadName) as error:
        _ask_again(session, said, error)
    except (WrongPassword, Banned, NotAllowed) as error:
        code = n.ERR_YOUREBANNEDCREEP if isinstance(error, Banned) else n.ERR_PASSWDMISMATCH
        session.send(Message(code, (session.nick, error.text)))
        raise EndSession(error.text) from error
    finally:
        said.busy = False


async def _come_in(session: IrcSession, said: Registration) -> None:
    server = session.server
    session.user.ident, session.user.realname = said.user, said.realname
    account = said.account or await _by_pass(session, said)
    if account is None:
        await server.door.knock(session, said.nick, said.password)
        return
    await server.accounts.check_free(said.nick, account)
    await server.presence.come_in(session, account, said.nick)


async def _by_pass(session: IrcSession, said: Registration) -> Account | None:
    """PASS may be `account:password`, as bouncers have it, or the password of the nick's own account."""
    accounts = session.server.accounts
    name, colon, password = said.password.partition(":")
    if colon and name and password:
        return await accounts.authenticate(name, password, session.address)
    owner = await accounts.owner(said.nick)
    if owner is not None and said.password:
        return await accounts.authenticate(said.nick, said.password, session.address)
    if owner is not None:
        text = "This nick belongs to an account: choose another, or log in to it by SASL or PASS."
        raise NickInUse(text)
    return None


def _ask_again(session: IrcSession, said: Registration, error: ChatError) -> None:
    code = n.ERR_ERRONEUSNICKNAME if isinstance(error, BadName) else n.ERR_NICKNAMEINUSE
    session.send(Message(code, (session.user.nick or "*", said.nick, error.text)))
    said.nick = ""
