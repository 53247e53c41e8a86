"""MODE of oneself. Rule: what one wishes stands on the user, for all of its devices; what one is (an operator, on an
encrypted line) is only shown.

i   only those who share a room find one by a mask
o   keeps the house: given by OPER or with the account, and given up here
w   is told what operators tell all who want to know (WALLOPS)
B   is a program (bot mode, ircv3.net)
R   takes private messages from accounts only, and from those it accepts (ACCEPT)
Z   the connection is encrypted
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from teahouse.commands import rank
from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.answers import Refusal
from teahouse.protocols.irc.clients import clients_of
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.modes import Change, read_changes, written
from teahouse.text import fold
from teahouse.user import Wish

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession
    from teahouse.user import User

WISHES = {"R": Wish.ACCOUNTS_ONLY, "i": Wish.UNSEEN, "w": Wish.WALLOPS}
BOT, OPERATOR, SECURE = "B", "o", "Z"
OWN_MODES = "".join(sorted([*WISHES, BOT, OPERATOR, SECURE]))


def own_mode(session: IrcSession, target: str, words: Sequence[str]) -> None:
    """MODE nick [changes]. Raises Refusal for the modes of others."""
    user = session.user
    if fold(target) != user.key:
        known = fold(target) in session.server.users
        raise Refusal(n.ERR_USERSDONTMATCH) if known else Refusal(n.ERR_NOSUCHNICK, target)
    if not words:
        session.numeric(n.RPL_UMODEIS, "+" + "".join(modes_of(session)))
        return
    changes = read_changes([words[0]])
    made = [change for change in dict.fromkeys(changes) if _make(session, change)]
    if made:
        tell_own(user, made)
    if any(change.letter not in OWN_MODES for change in changes):
        session.numeric(n.ERR_UMODEUNKNOWNFLAG)


def modes_of(session: IrcSession) -> list[str]:
    """The letters of someone's modes, as one of its connections has them."""
    user = session.user
    found = [letter for letter, wish in WISHES.items() if wish in user.wishes]
    found += [BOT] if user.is_bot else []
    found += [OPERATOR] if rank(user.role) >= rank("moderator") else []
    return sorted(found + ([SECURE] if session.link.secure else []))


def tell_own(user: User, changes: Sequence[Change]) -> None:
    """Let all IRC clients of a user know that its modes are others."""
    told = Message("MODE", (user.nick, *written(changes)), f"{user.nick}!{user.userhost}")
    for each in clients_of(user):
        each.send(told)


def _make(session: IrcSession, change: Change) -> bool:
    """Whether it made a difference."""
    user, is_set = session.user, change.sign == "+"
    if change.letter == OPERATOR:
        return not is_set and _step_down(session)
    if change.letter == BOT:
        before, user.is_bot = user.is_bot, is_set
        return before != is_set
    wish = WISHES.get(change.letter)
    if wish is None or (wish in user.wishes) == is_set:
        return False
    user.wishes = user.wishes | {wish} if is_set else user.wishes - {wish}
    session.server.roll.note(user)
    return True


def _step_down(session: IrcSession) -> bool:
    """Be like anyone, until OPER or the next login; whether that was not so already."""
    user = session.user
    if rank(user.role) < rank("moderator"):
        return False
    session.server.roll.give_role(user, "member" if user.account is not None else "guest")
    return True
