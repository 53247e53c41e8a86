"""STATS. Rule: one letter, one function; what says where people are, or whom the house keeps out, is for those who
keep it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.answers import Refusal
from teahouse.protocols.irc.bounds import send_rows
from teahouse.protocols.irc.commands.people import keeps_house
from teahouse.protocols.irc.commands.servers import check_server
from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.message import Message

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession

Rows = Iterator[Message]


def stats(session: IrcSession, message: Message) -> None:
    """STATS letter [server]: u how long the house is open, o who keeps it; for them: l connections, k bans."""
    check_server(session, message, 1)
    letter = message.params[0][:1]
    if letter.lower() in _FOR_KEEPERS and not keeps_house(session.user):
        raise Refusal(n.ERR_NOPRIVILEGES)
    rows = _LETTERS[letter.lower()](session) if letter.lower() in _LETTERS else iter(())
    send_rows(session, "STATS", rows, session.made(n.RPL_ENDOFSTATS, letter))


def _open(session: IrcSession) -> Rows:
    """How long the house has been open, and as how many it has seen at once."""
    seconds = int(session.server.runtime.time() - session.server.opened_at)
    days, rest = divmod(seconds, 86_400)
    clock = f"{rest // 3600}:{rest // 60 % 60:02}:{rest % 60:02}"
    yield session.made(n.RPL_STATSUPTIME, f"Server Up {days} days {clock}")
    yield session.made(n.RPL_STATSCONN, f"Highest user count: {session.server.most_users}")


def _keepers(session: IrcSession) -> Rows:
    """Who keeps the house, of those who are here."""
    for user in session.server.order.staff():
        yield session.made(n.RPL_STATSOLINE, "O", "*@*", "*", user.nick, user.role)


def _connections(session: IrcSession) -> Rows:
    """Every connection: whose it is, and from where; lines and bytes are not counted by connection."""
    now = session.server.runtime.now()
    for each in sorted(session.server.sessions, key=lambda each: each.user.key):
        who = f"{each.user.nick or '*'}[{each.user.ident}@{each.address or '*'}]"
        open_for = str(int(now - each.user.since))
        yield session.made(n.RPL_STATSLINKINFO, who, "0", "0", "0", "0", "0", open_for)


def _bans(session: IrcSession) -> Rows:
    """Whom the house keeps out."""
    for rule in session.server.order.bans:
        yield session.made(n.RPL_STATSKLINE, "K", rule.mask, "*", "*", rule.reason or "no reason was given")


_LETTERS: dict[str, Callable[[IrcSession], Rows]] = {
    "k": _bans,
    "l": _connections,
    "o": _keepers,
    "p": _keepers,
    "u": _open,
}
_FOR_KEEPERS = {"k", "l"}

VERBS = {"STATS": Verb(stats, 1)}
