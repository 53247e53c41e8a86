"""ACCEPT: guests from whom one takes private messages, where mode R takes them from accounts only. Rule: as with
caller ID on other servers; whom one writes to is accepted by that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.answers import Refusal
from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.fitting import join_lists
from teahouse.protocols.irc.isupport import TARGETS
from teahouse.protocols.irc.message import Message
from teahouse.text import fold
from teahouse.user import ACCEPTED

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession

LIST_BYTES = 380


def accept(session: IrcSession, message: Message) -> None:
    """ACCEPT nick,-nick,…: take messages of some, and no more of others; ACCEPT * lists them."""
    for word in message.params[0].split(",")[:TARGETS]:
        if word == "*":
            _list(session)
        else:
            session.attempt(message, _accept, session, word)


def _list(session: IrcSession) -> None:
    """281 and 282."""
    users = session.server.users
    nicks = [users[key].nick if key in users else key for key in session.user.accepted]
    rows = [session.made(n.RPL_ACCEPTLIST, *line.split()) for line in join_lists(nicks, LIST_BYTES)]
    session.send(*rows, session.made(n.RPL_ENDOFACCEPT))


def _accept(session: IrcSession, word: str) -> None:
    user, key = session.user, fold(word.removeprefix("-"))
    if word[:1] == "-":
        if key not in user.accepted:
            raise Refusal(n.ERR_ACCEPTNOT, word[1:])
        user.accepted = tuple(each for each in user.accepted if each != key)
        return
    if key not in session.server.users:
        raise Refusal(n.ERR_NOSUCHNICK, word)
    if key in user.accepted:
        raise Refusal(n.ERR_ACCEPTEXIST, word)
    if len(user.accepted) >= ACCEPTED:
        raise Refusal(n.ERR_ACCEPTFULL)
    user.accepted = (*user.accepted, key)


VERBS = {"ACCEPT": Verb(accept, 1)}
