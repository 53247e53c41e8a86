"""What those do who keep the house: OPER KILL WALLOPS REHASH. Rule: the roles are the house's; IRC has no second list
of those who have them.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from teahouse.commands import rank
from teahouse.errors import NotAllowed, WrongPassword
from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.answers import Refusal
from teahouse.protocols.irc.clients import clients_of
from teahouse.protocols.irc.commands.oneself import tell_own
from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.modes import Change
from teahouse.rooms.commands import stewards
from teahouse.store import Act
from teahouse.text import fold
from teahouse.user import Wish

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession

CONFIGURATION = "teahouse.toml"


def oper(session: IrcSession, message: Message) -> Awaitable[None]:
    """OPER account password: have the role of that account, while one is here and it has it (RFC 2812 3.1.4)."""
    return _oper(session, message.params[0], message.params[1])


async def _oper(session: IrcSession, name: str, password: str) -> None:
    role, lender = await _role(session, name, password)
    if rank(role) < rank("moderator"):
        raise Refusal(n.ERR_NOOPERHOST)
    user, before = session.user, session.user.role
    if rank(role) > rank(before):
        session.server.roll.lend(user, role, lender)
        session.server.order.note(
            Act(
                what="oper",
                by=user.nick,
                account=user.account_key,
                about=name,
                reason=role,
                address=user.address,
            )
        )
    session.numeric(n.RPL_YOUREOPER)
    if rank(before) < rank("moderator"):
        tell_own(user, [Change("+", "o")])


async def _role(session: IrcSession, name: str, password: str) -> tuple[str, str]:
    """The role that these give, and whose it is, by key. Raises Refusal, and TooFast after too many guesses."""
    accounts, wanted = session.server.accounts, session.server.settings.irc.operator_password
    try:
        if wanted and await accounts.owner(name) is None:
            accounts.check_shared_password(wanted, password, "operators", session.address)
            return "admin", ""
        account = await accounts.authenticate(name, password, session.address)
        return account.role, account.key
    except WrongPassword as error:
        raise Refusal(n.ERR_PASSWDMISMATCH) from error


def kill(session: IrcSession, message: Message) -> None:
    """KILL nick :reason puts someone out of the house (RFC 2812 section 3.7.1)."""
    _must_be(session, "moderator")
    nick, reason = message.params[0], message.params[1] if len(message.params) > 1 else ""
    if fold(nick) == fold(session.server_name):
        raise Refusal(n.ERR_CANTKILLSERVER)
    if fold(nick) not in session.server.users:
        raise Refusal(n.ERR_NOSUCHNICK, nick)
    try:
        stewards.kill(session.server.foyer, session, nick, reason)
    except NotAllowed as error:  # a reason may look like a channel
        raise Refusal(n.ERR_NOPRIVILEGES, text=error.text) from error


def wallops(session: IrcSession, message: Message) -> None:
    """WALLOPS :text tells something to all who have set mode w (RFC 2812 section 4.7)."""
    _must_be(session, "moderator")
    text = message.params[0]
    told = Message("WALLOPS", (text,), f"{session.user.nick}!{session.user.userhost}")
    for user in session.server.users.values():
        for client in clients_of(user) if Wish.WALLOPS in user.wishes else ():
            client.send(told)


def rehash(session: IrcSession, message: Message) -> None:
    """REHASH takes the configuration as it is now and loads all extensions afresh (RFC 2812 section 4.3)."""
    _must_be(session, "admin")
    session.numeric(n.RPL_REHASHING, CONFIGURATION)
    session.server.reconfiguring.reload_for(session)


def refused(session: IrcSession, message: Message) -> None:
    """DIE, RESTART, SQUIT and CONNECT are for whoever has the machine that the house runs on."""
    raise Refusal(n.ERR_NOPRIVILEGES, text="Permission Denied: that is done on the machine of the house")


def _must_be(session: IrcSession, role: str) -> None:
    """Raise Refusal for one who keeps the house not, or not as that."""
    if rank(session.user.role) < rank(role):
        raise Refusal(n.ERR_NOPRIVILEGES)


VERBS = {
    "OPER": Verb(oper, 2),
    "KILL": Verb(kill, 1),
    "WALLOPS": Verb(wallops, 1),
    "REHASH": Verb(rehash),
    **dict.fromkeys(("CONNECT", "DIE", "RESTART", "SQUIT"), Verb(refused)),
}
