"""WHOIS and WHOWAS. Rule: one line a fact; facts that are nobody's business are for the one they are about and for
those who keep the house.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.answers import Refusal
from teahouse.protocols.irc.bounds import send_rows, send_whole
from teahouse.protocols.irc.commands.people import addresses_of, keeps_house, may_know_address, rooms_of
from teahouse.protocols.irc.commands.servers import check_server, description
from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.fitting import join_lists
from teahouse.protocols.irc.isupport import TARGETS
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.metadata import EVERYONE, is_aware
from teahouse.protocols.irc.names import channel, prefix
from teahouse.text import fold
from teahouse.user import Wish

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession
    from teahouse.user import User
    from teahouse.watching import Departure

ROOMS_BYTES = 380


def whois(session: IrcSession, message: Message) -> None:
    """WHOIS [server] nick[,nick…]: what is known of someone."""
    params = message.params
    if not params or not params[-1]:
        raise Refusal(n.ERR_NONICKNAMEGIVEN)
    if len(params) > 1 and fold(params[0]) != fold(params[1]):
        check_server(session, message)
    nicks = params[1 if len(params) > 1 else 0].split(",")
    for nick in list(dict.fromkeys(filter(None, nicks)))[:TARGETS]:
        send_whole(session, "WHOIS", _about(session, nick))


def _about(session: IrcSession, nick: str) -> list[Message]:
    user = session.server.users.get(fold(nick))
    told = [session.made(n.ERR_NOSUCHNICK, nick)] if user is None else list(_facts(session, user))
    return [*told, session.made(n.RPL_ENDOFWHOIS, nick)]


def _facts(session: IrcSession, user: User) -> Iterator[Message]:
    nick = user.nick
    yield session.made(n.RPL_WHOISUSER, nick, user.ident, user.host, "*", user.realname or nick)
    for line in join_lists(_rooms(session, user), ROOMS_BYTES):
        yield session.made(n.RPL_WHOISCHANNELS, nick, line)
    yield session.made(n.RPL_WHOISSERVER, nick, session.server_name, description(session))
    if keeps_house(user):
        yield session.made(n.RPL_WHOISOPERATOR, nick)
    if user.is_bot:
        yield session.made(n.RPL_WHOISBOT, nick)
    if user.account is not None:
        yield session.made(n.RPL_WHOISACCOUNT, nick, user.account.name)
    if user.away:
        yield session.made(n.RPL_AWAY, nick, user.away)
    yield from _connections(session, user)
    for key, value in user.metadata.items() if is_aware(session) else ():
        yield session.made(n.RPL_WHOISKEYVALUE, nick, key, EVERYONE, value)
    now = session.server.runtime.now()
    signed_on = session.server.runtime.time() - (now - user.since)
    yield session.made(n.RPL_WHOISIDLE, nick, str(int(now - user.active_at)), str(int(signed_on)))


def _rooms(session: IrcSession, user: User) -> Iterator[str]:
    """The channels in which the client may see someone, with the signs of the role there; of those who wish to be
    unseen (mode i) only channels that its user is in, too."""
    multi = session.has("multi-prefix")
    unseen = Wish.UNSEEN in user.wishes and not may_know_address(session, user)
    for room in rooms_of(session, user):
        if unseen and room.key not in session.user.rooms:
            continue
        yield prefix(room.policy.role(user), multi=multi) + channel(room.key)


def _connections(session: IrcSession, user: User) -> Iterator[Message]:
    """Where and how someone is connected; with several devices, "secure" is said only if all of them are."""
    for address in addresses_of(session, user):
        yield session.made(n.RPL_WHOISACTUALLY, user.nick, address)
    if may_know_address(session, user):
        for print_ in dict.fromkeys(each.link.certificate for each in user.sessions):
            if print_:
                yield session.made(
                    n.RPL_WHOISCERTFP, user.nick, f"has client certificate fingerprint {print_}"
                )
    if user.sessions and all(each.link.secure for each in user.sessions):
        yield session.made(n.RPL_WHOISSECURE, user.nick)


def whowas(session: IrcSession, message: Message) -> None:
    """WHOWAS nick [count]: those who went by a nick, the last one first."""
    if not message.params or not message.params[0]:
        raise Refusal(n.ERR_NONICKNAMEGIVEN)
    check_server(session, message, 2)
    nick, count = message.params[0], message.params[1] if len(message.params) > 1 else ""
    gone = session.server.watching.departures(nick)
    most = int(count) if count.isascii() and count.isdecimal() and len(count) < 9 else 0
    rows = (row for each in gone[: most or len(gone)] for row in _departure(session, each))
    end = session.made(n.RPL_ENDOFWHOWAS, nick)
    if not gone:
        session.send(session.made(n.ERR_WASNOSUCHNICK, nick), end)
        return
    send_rows(session, "WHOWAS", rows, end)


def _departure(session: IrcSession, gone: Departure) -> Iterator[Message]:
    yield session.made(n.RPL_WHOWASUSER, gone.nick, gone.ident, gone.host, "*", gone.realname or gone.nick)
    if gone.account:
        yield session.made(n.RPL_WHOISACCOUNT, gone.nick, gone.account)
    at = datetime.fromtimestamp(gone.at, UTC)
    yield session.made(n.RPL_WHOISSERVER, gone.nick, session.server_name, f"{at:%a %b %d %Y %H:%M:%S}")


VERBS = {
    "WHOIS": Verb(whois),
    "WHOWAS": Verb(whowas),
}
