"""Who is here: USERHOST USERIP ISON; and what of someone may be told to whom. Rule: where people connect from, only
they themselves are told and those who keep the house.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from teahouse.commands import rank
from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.fitting import join_lists
from teahouse.protocols.irc.message import Message
from teahouse.text import fold
from teahouse.user import Wish

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession
    from teahouse.rooms.chat import ChatRoom
    from teahouse.user import User

NO_ADDRESS = "255.255.255.255"
MOST_USERHOST = 5
LIST_BYTES = 400


def keeps_house(user: User) -> bool:
    """Whether someone is what IRC calls an operator."""
    return rank(user.role) >= rank("moderator")


def may_know_address(session: IrcSession, user: User) -> bool:
    """Whether the client is told where someone connects from."""
    return user is session.user or keeps_house(session.user)


def addresses_of(session: IrcSession, user: User) -> list[str]:
    """All places that someone connects from, if the client may know; none may begin with a colon."""
    if not may_know_address(session, user):
        return []
    return [f"0{each}" if each[0] == ":" else each for each in dict.fromkeys(user.addresses)]


def address_of(session: IrcSession, user: User) -> str:
    """The first of them, or what stands for none (WHOX)."""
    return next(iter(addresses_of(session, user)), NO_ADDRESS)


def may_find(session: IrcSession, user: User) -> bool:
    """Whether the client finds someone whose nick it does not know: not those who wish to be unseen (mode i), unless
    it sees them in a room where its user is, too."""
    if Wish.UNSEEN not in user.wishes or may_know_address(session, user):
        return True
    return any(room.key in session.user.rooms for room in rooms_of(session, user))


def rooms_of(session: IrcSession, user: User) -> Iterator[ChatRoom]:
    """Where someone is, as far as the client may know."""
    return (room for room in user.rooms.values() if room.shows_to(session, user))


def userhost(session: IrcSession, message: Message) -> None:
    """USERHOST nick nick…: where up to five people are connected, as others see it."""
    _tell_hosts(session, message, n.RPL_USERHOST, lambda user: user.userhost)


def userip(session: IrcSession, message: Message) -> None:
    """USERIP nick nick…: the same with addresses, for those who may know them."""
    _tell_hosts(session, message, n.RPL_USERIP, lambda user: f"{user.ident}@{address_of(session, user)}")


def _tell_hosts(session: IrcSession, message: Message, code: str, where: Callable[[User], str]) -> None:
    """302 or 340: `nick*=-ident@host`, with a star for those who keep the house and a minus for who is away."""
    told = []
    for nick in _words(message)[:MOST_USERHOST]:
        user = session.server.users.get(fold(nick))
        if user is not None:
            star, sign = "*" if keeps_house(user) else "", "-" if user.away else "+"
            told.append(f"{user.nick}{star}={sign}{where(user)}")
    _tell_list(session, code, told)


def ison(session: IrcSession, message: Message) -> None:
    """ISON nick nick…: which of them are here."""
    users = (session.server.users.get(fold(nick)) for nick in _words(message))
    _tell_list(session, n.RPL_ISON, list(dict.fromkeys(user.nick for user in users if user is not None)))


def _words(message: Message) -> list[str]:
    return " ".join(message.params).split()


def _tell_list(session: IrcSession, code: str, words: list[str]) -> None:
    lines = join_lists(words, LIST_BYTES) or [""]
    session.send(*(session.made(code, line) for line in lines))


VERBS = {
    "USERHOST": Verb(userhost, 1),
    "USERIP": Verb(userip, 1),
    "ISON": Verb(ison, 1),
}
