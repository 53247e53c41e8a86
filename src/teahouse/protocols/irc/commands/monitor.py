"""MONITOR (its specification at ircv3.net): who comes and goes of the nicks on a list. Rule: the list is the
connection's, and `watching` keeps it; here is only how IRC spells it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.answers import Refusal
from teahouse.protocols.irc.bounds import pay_for_looking, send_whole
from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.fitting import join_lists
from teahouse.protocols.irc.message import Message
from teahouse.text import fold, valid_name

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession

LIST_BYTES = 400


def monitor(session: IrcSession, message: Message) -> None:
    """MONITOR + nick,nick watches nicks, - nick,nick no more; C: none, L: which these are, S: who of them is here."""
    do = _MODIFIERS.get(message.params[0].upper())
    if do is None:
        raise Refusal(n.ERR_UNKNOWNERROR, "MONITOR", text="MONITOR takes one of + - C L S.")
    pay_for_looking(session, "MONITOR", 1)
    do(session, message)


def _targets(message: Message) -> list[str]:
    """Raises Refusal where there are none."""
    if len(message.params) < 2 or not message.params[1]:
        raise Refusal(n.ERR_NEEDMOREPARAMS, "MONITOR")
    return list(dict.fromkeys(message.params[1].split(",")))


def _add(session: IrcSession, message: Message) -> None:
    added: list[str] = []
    refused: list[str] = []
    longest = session.server.limits.nick_length
    for nick in [each for each in _targets(message) if _is_nick(each, longest)]:
        (added if session.server.watching.watch(session, nick) else refused).append(nick)
    shown = _status(session, added)
    if refused:
        limit = str(session.server.limits.watched_nicks)
        lines = join_lists(refused, LIST_BYTES, ",")
        shown += [session.made(n.ERR_MONLISTFULL, limit, line) for line in lines]
    send_whole(session, "MONITOR", shown)


def _remove(session: IrcSession, message: Message) -> None:
    for nick in _targets(message):
        session.server.watching.unwatch(session, nick)


def _clear(session: IrcSession, message: Message) -> None:
    session.server.watching.forget(session)


def _list(session: IrcSession, message: Message) -> None:
    nicks = session.server.watching.watched(session)
    shown = _lines(session, n.RPL_MONLIST, nicks)
    send_whole(session, "MONITOR", [*shown, session.made(n.RPL_ENDOFMONLIST)])


def _show(session: IrcSession, message: Message) -> None:
    send_whole(session, "MONITOR", _status(session, session.server.watching.watched(session)))


def _status(session: IrcSession, nicks: Iterable[str]) -> list[Message]:
    """730 for those who are here, 731 for the others."""
    online, offline = [], []
    for nick in nicks:
        user = session.server.users.get(fold(nick))
        if user is None:
            offline.append(nick)
        else:
            online.append(f"{user.nick}!{user.userhost}")
    return [*_lines(session, n.RPL_MONONLINE, online), *_lines(session, n.RPL_MONOFFLINE, offline)]


def _lines(session: IrcSession, code: str, words: Iterable[str]) -> list[Message]:
    return [session.made(code, line) for line in join_lists(words, LIST_BYTES, ",")]


def _is_nick(word: str, longest: int) -> bool:
    """What can be no nick (a mask) is passed over: nobody can come under it."""
    try:
        valid_name(word, max_length=longest)
    except ValueError:
        return False
    return True


_MODIFIERS: dict[str, Callable[[IrcSession, Message], None]] = {
    "+": _add,
    "-": _remove,
    "C": _clear,
    "L": _list,
    "S": _show,
}

VERBS = {"MONITOR": Verb(monitor, 1)}
