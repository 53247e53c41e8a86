"""WHO, and WHOX (its specification at ircv3.net). Rule: a row is made only of what the client may know; which rows
there are, `_found` says, and how many of them are sent, `bounds`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from teahouse.moderation.globs import glob
from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.bounds import pay_for_looking, send_rows
from teahouse.protocols.irc.commands.people import (
    address_of,
    keeps_house,
    may_find,
    may_know_address,
    rooms_of,
)
from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.isupport import TARGETS
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.names import channel, is_channel, prefix, room_of
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession
    from teahouse.rooms.chat import ChatRoom
    from teahouse.user import User

EVERYBODY = {"*", "0", ""}
HOPS = "0"
NO_LEVEL = "n/a"
"""The channel op level, which this house has not."""


class Row(NamedTuple):
    """Someone, and the room to show beside them; and who is shown it."""

    session: IrcSession
    room: ChatRoom | None
    user: User


class Wanted(NamedTuple):
    """What the second parameter of WHO asks for: `o%cn,42`."""

    only_keepers: bool
    fields: str | None
    """The letters of WHOX, in the order in which their values stand; None for an ordinary WHO."""
    token: str


def who(session: IrcSession, message: Message) -> None:
    """WHO [#channel|nick|mask] [o][%fields[,token]]: who is there, or whom a mask fits."""
    mask = message.params[0] if message.params else "*"
    wanted = _wanted(message.params[1] if len(message.params) > 1 else "")
    found = (row for each in mask.split(",")[:TARGETS] for row in _found(session, each))
    rows = (_row(wanted, row) for row in found if keeps_house(row.user) or not wanted.only_keepers)
    send_rows(session, "WHO", rows, session.made(n.RPL_ENDOFWHO, mask or "*"))


def _wanted(text: str) -> Wanted:
    flags, percent, rest = text.partition("%")
    letters, _, token = rest.partition(",")
    fields = "".join(letter for letter in _FIELDS if letter in letters) if percent else None
    is_token = token.isascii() and token.isdecimal() and len(token) <= 3
    return Wanted("o" in flags, fields, token if is_token else "0")


# ---- whom it is about ----------------------------------------------------------------------------------------


def _found(session: IrcSession, mask: str) -> Iterable[Row]:
    """The members of a channel, the one with a nick, or all that a mask fits."""
    users = session.server.users
    if is_channel(mask):
        return _members(session, mask)
    if mask in EVERYBODY:
        return _with_rooms(session, (user for user in users.values() if may_find(session, user)))
    if not any(sign in mask for sign in "*?!@"):
        return _with_rooms(session, [users[fold(mask)]] if fold(mask) in users else [])
    pay_for_looking(session, "WHO", len(users))
    fits = glob(fold(mask))
    about = (user for user in users.values() if _is_about(session, fits, user))
    return _with_rooms(session, (user for user in about if may_find(session, user)))


def _members(session: IrcSession, target: str) -> list[Row]:
    room = session.server.rooms.get(fold(room_of(target)))
    if room is None or not room.is_seen_by(session):
        return []
    return [Row(session, room, user) for user in room.seen_by(session) if may_find(session, user)]


def _with_rooms(session: IrcSession, users: Iterable[User]) -> Iterator[Row]:
    return (Row(session, next(rooms_of(session, user), None), user) for user in users)


def _is_about(session: IrcSession, fits: Callable[[str], bool], user: User) -> bool:
    """Whether a mask fits the nick, `nick!ident@host` or a part of it, the real name, the account, or an address
    that the client may know."""
    ident = fold(user.ident)
    seen = (
        user.key,
        ident,
        user.host,
        user.account_key,
        f"{user.key}!{ident}@{user.host}",
        f"{ident}@{user.host}",
    )
    if any(map(fits, seen)) or fits(fold(user.realname)):
        return True
    return may_know_address(session, user) and any(map(fits, user.addresses))


# ---- what is shown of them -----------------------------------------------------------------------------------


def _row(wanted: Wanted, row: Row) -> Message:
    if wanted.fields is None:
        values = [_FIELDS[letter](row) for letter in "cuhsnf"]
        return row.session.made(n.RPL_WHOREPLY, *values, f"{HOPS} {_realname(row)}")
    values = [wanted.token if letter == "t" else _FIELDS[letter](row) for letter in wanted.fields]
    return row.session.made(n.RPL_WHOSPCRPL, *values)


def _channel(row: Row) -> str:
    return channel(row.room.key) if row.room is not None else "*"


def _flags(row: Row) -> str:
    """Here or gone, keeper of the house, role in the room, bot."""
    user, role = row.user, row.room.policy.role(row.user) if row.room is not None else ""
    signs = prefix(role, multi=row.session.has("multi-prefix"))
    return ("G" if user.away else "H") + "*" * keeps_house(user) + signs + "B" * user.is_bot


def _idle(row: Row) -> str:
    return str(int(row.session.server.runtime.now() - row.user.active_at))


def _account(row: Row) -> str:
    return row.user.account.name if row.user.account is not None else "0"


def _realname(row: Row) -> str:
    return row.user.realname or row.user.nick


_FIELDS: dict[str, Callable[[Row], str]] = {
    "t": lambda _: "",
    "c": _channel,
    "u": lambda row: row.user.ident,
    "i": lambda row: address_of(row.session, row.user),
    "h": lambda row: row.user.host,
    "s": lambda row: row.session.server_name,
    "n": lambda row: row.user.nick,
    "f": _flags,
    "d": lambda _: HOPS,
    "l": _idle,
    "a": _account,
    "o": lambda _: NO_LEVEL,
    "r": _realname,
}
"""The fields of WHOX in the order of its answer, `d` and `o` where other servers have them."""

VERBS = {"WHO": Verb(who)}
