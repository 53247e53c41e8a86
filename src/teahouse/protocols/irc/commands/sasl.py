"""AUTHENTICATE (IRCv3 sasl-3.1 and 3.2): SASL in base64, cut into pieces of 400 bytes. Rule: what comes is bounded
before it is read, and one who goes on failing is put out; what is right or wrong, `teahouse.sasl` says.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from teahouse import sasl
from teahouse.errors import ChatError, EndSession, TooLong
from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.accounts import log_in
from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.fitting import AUTHENTICATE_CHUNK, chunks
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.registration import EXCHANGE, GOODBYE
from teahouse.sasl import Challenge, Exchange, Peer

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession

FAILURES = "sasl failures"
MOST_FAILURES = 10
TOO_MANY = "Too many failed logins"
NO_BASE64 = "That is not in base64"


@dataclass(slots=True)
class Login:
    """An exchange, and the pieces of the message that has not come as a whole yet."""

    exchange: Exchange
    data: str = ""

    @property
    def most(self) -> int:
        """Characters of base64 in the longest message that this mechanism has."""
        return 4 * ((self.exchange.longest + 2) // 3)


def authenticate(session: IrcSession, message: Message) -> Awaitable[None] | None:
    """AUTHENTICATE mechanism; AUTHENTICATE piece; AUTHENTICATE *."""
    word = message.params[0]
    login: Login | None = session.state.get(EXCHANGE)
    if len(word.encode()) > AUTHENTICATE_CHUNK:
        _fail(session, n.ERR_SASLTOOLONG)
    elif word == "*":
        _fail(session, n.ERR_SASLABORTED)
    elif login is None:
        _begin(session, word.upper())
    else:
        return _take(session, login, word)
    return None


def _begin(session: IrcSession, mechanism: str) -> None:
    """All mechanisms here have the client speak first: it is told to (sasl-3.1, "The AUTHENTICATE command")."""
    certificate = session.link.certificate
    if mechanism not in sasl.offered(certificate):
        session.numeric(n.RPL_SASLMECHS, ",".join(sasl.offered(certificate)))
        _fail(session, n.ERR_SASLFAIL)
        return
    nick = "" if session.nick == "*" else session.nick
    peer = Peer(session.address, certificate, nick)
    session.state[EXCHANGE] = Login(sasl.begin(mechanism, session.server.accounts, peer))
    session.send(Message("AUTHENTICATE", ("+",)))


def _take(session: IrcSession, login: Login, word: str) -> Awaitable[None] | None:
    """One piece; a shorter one than the longest is the last."""
    if word != "+":
        login.data += word
    if len(login.data) > login.most:
        _fail(session, n.ERR_SASLTOOLONG)
        return None
    return None if len(word) == AUTHENTICATE_CHUNK else _step(session, login)


async def _step(session: IrcSession, login: Login) -> None:
    """The client's message is there as a whole."""
    data, login.data = login.data, ""
    try:
        raw = b64decode(data, validate=True)
    except ValueError:
        _fail(session, n.ERR_SASLFAIL, NO_BASE64)
        return
    try:
        step = await login.exchange.step(raw)
        if isinstance(step, Challenge):
            pieces = chunks(b64encode(step.data).decode())
            session.send(*(Message("AUTHENTICATE", (piece,)) for piece in pieces))
            return
        await log_in(session, step.account)
    except ChatError as error:
        _fail(session, n.ERR_SASLTOOLONG if isinstance(error, TooLong) else n.ERR_SASLFAIL, error.text)
        return
    session.state.pop(EXCHANGE, None)
    session.state.pop(FAILURES, None)
    session.numeric(n.RPL_SASLSUCCESS)


def _fail(session: IrcSession, numeric: str, text: str = "") -> None:
    """The exchange is over. Raises EndSession for one who has tried too often."""
    session.state.pop(EXCHANGE, None)
    session.send(Message(numeric, (session.nick, text or n.TEXT[numeric])))
    failures = session.state[FAILURES] = session.state.get(FAILURES, 0) + 1
    if failures >= MOST_FAILURES:
        session.state[GOODBYE] = TOO_MANY
        raise EndSession(TOO_MANY)


VERBS = {"AUTHENTICATE": Verb(authenticate, 1, before=True)}
