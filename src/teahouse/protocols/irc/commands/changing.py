"""What MODE changes in a channel. Rule: every change is one of the room's own methods, which check and tell it; here
letters become terms, roles and masks, and what the room refuses becomes a numeric.
"""

from __future__ import annotations

from collections.abc import Awaitable
from contextlib import nullcontext
from typing import TYPE_CHECKING

from teahouse.commands import rank
from teahouse.errors import AlreadySo, ChatError, NotAllowed, NotFound, TooMany, UsageError
from teahouse.moderation import terms
from teahouse.moderation.masks import is_address
from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.answers import Refusal
from teahouse.protocols.irc.isupport import MODES
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.modes import (
    LISTS,
    MUTE,
    ROLE_OF,
    TERMS,
    UPSIDE_DOWN,
    WITH_PARAMETER,
    Change,
    read_mask,
    shown_mask,
)
from teahouse.protocols.irc.names import channel, is_channel, room_of
from teahouse.rooms import lists
from teahouse.rooms.commands import roles, ruling
from teahouse.rooms.commands.roles import Someone
from teahouse.rooms.together import together
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession
    from teahouse.rooms.chat import ChatRoom


async def make_changes(session: IrcSession, room: ChatRoom, changes: list[Change], message: Message) -> None:
    """Make them, at most `MODES`, and tell those who are there of all that changed in one line; what is so already is
    passed over in silence, and what cannot be is answered. Raises Refusal for one who may change nothing."""
    user, name = session.user, channel(room.key)
    if user not in room.members and rank(user.role) < rank("moderator"):
        raise Refusal(n.ERR_NOTONCHANNEL, name)
    if rank(room.role_of(session)) < rank("operator"):
        raise Refusal(n.ERR_CHANOPRIVSNEEDED, name)
    several = len(changes) > 1 and not room.policy.terms.auditorium  # there not all are told the same
    with together(room, user) if several else nullcontext():
        for each in changes[:MODES]:
            await _make(session, room, each, message)


async def _make(session: IrcSession, room: ChatRoom, change: Change, message: Message) -> None:
    try:
        await _made(session, room, change)
    except (AlreadySo, NotFound):
        pass
    except NotAllowed as error:
        session.tell(
            session.failure(Refusal(n.ERR_CHANOPRIVSNEEDED, channel(room.key), text=error.text), message)
        )
    except TooMany as error:
        full = Refusal(n.ERR_BANLISTFULL, channel(room.key), change.letter, text=error.text)
        session.tell(session.failure(full, message))
    except ChatError as error:
        session.tell(session.failure(error, message))


def _made(session: IrcSession, room: ChatRoom, change: Change) -> Awaitable[None]:
    """One change. Raises ChatError."""
    if change.letter in TERMS:
        return _change_term(session, room, change)
    if change.value is None:
        raise Refusal(n.ERR_NEEDMOREPARAMS, "MODE")
    if change.letter in ROLE_OF:
        return _change_role(session, room, change)
    return _change_list(session, room, change)


# ---- terms -------------------------------------------------------------------------------------------------


async def _change_term(session: IrcSession, room: ChatRoom, change: Change) -> None:
    name = TERMS[change.letter]
    if change.letter not in WITH_PARAMETER:
        is_on = (change.sign == "+") != (change.letter in UPSIDE_DOWN)
        await ruling.set_term(room, session, name, "on" if is_on else "off")
    elif change.sign == "-":
        await ruling.set_term(room, session, name, "off")
    else:
        await ruling.set_term(room, session, name, _value(session, room, change))


def _value(session: IrcSession, room: ChatRoom, change: Change) -> str:
    """What a term is set to, as people type it. Raises Refusal for what is no value of it."""
    if change.value is None:
        raise Refusal(n.ERR_NEEDMOREPARAMS, "MODE")
    name, value = TERMS[change.letter], change.value
    try:
        after = terms.with_term(room.policy.terms, name, value)
    except UsageError as error:
        raise _bad(room, change, error.text) from error
    if not getattr(after, name) or (change.letter == "k" and not _can_be_sent(value)):
        raise _bad(room, change, f"{terms.spelled(name)} cannot be that: take another one.")
    if change.letter == "f":
        _check_forward(session, room, change)
    return value


def _can_be_sent(key: str) -> bool:
    """Whether JOIN can name a key: one word, and none of several."""
    return "," not in key and key[:1] != ":"


def _check_forward(session: IrcSession, room: ChatRoom, change: Change) -> None:
    """Raise Refusal unless there is such a channel, to which one may send people."""
    value = change.value or ""
    other = session.server.rooms.get(fold(room_of(value)))
    if not is_channel(value) or other is None or other is room or not other.is_seen_by(session):
        raise _bad(room, change, "There is no such channel to forward to.")
    if not other.takes_from(session):
        raise Refusal(n.ERR_CHANOPRIVSNEEDED, channel(other.key))


def _bad(room: ChatRoom, change: Change, text: str) -> Refusal:
    """What was given is named, but for a key: that may be long, and a secret."""
    value = "*" if change.letter == "k" else change.value or "*"
    return Refusal(n.ERR_INVALIDMODEPARAM, channel(room.key), change.letter, value, text=text)


# ---- roles -------------------------------------------------------------------------------------------------


async def _change_role(session: IrcSession, room: ChatRoom, change: Change) -> None:
    """One has one role, and with it the signs of those below: to give a lower one changes nothing, nor does to take
    one that is not the highest."""
    nick, role = change.value or "", ROLE_OF[change.letter]
    user = session.server.users.get(fold(nick))
    if user is None:
        raise Refusal(n.ERR_NOSUCHNICK, nick)
    if user not in room.members:
        raise Refusal(n.ERR_USERNOTINCHANNEL, nick, channel(room.key))
    here = room.policy.role(user)
    if change.sign == "+" and rank(here) < rank(role):
        await roles.set_role(room, session, Someone(user.nick, user, user), role)
    elif change.sign == "-" and here == role:
        await roles.set_role(room, session, Someone(user.nick, user, user), "")


# ---- lists -------------------------------------------------------------------------------------------------


async def _change_list(session: IrcSession, room: ChatRoom, change: Change) -> None:
    """A ban keeps from coming in and from talking, and puts nobody out: that is what KICK is for."""
    try:
        list_, mask = read_mask(change.value or "")
        rules = room.policy.lists[list_ if change.letter == "b" else LISTS[change.letter]]
        if change.sign == "-":
            await lists.lift_rules(room, session, rules, mask)
        else:
            await lists.make_rules(room, session, rules, mask, "")
            await room.keep()
    except UsageError as error:
        raise _bad(room, change, error.text) from error
    if is_address(mask):  # nobody else is told of where people connect from
        value = (MUTE if rules is room.policy.mutes else "") + shown_mask(mask)
        source = f"{session.user.nick}!{session.user.userhost}"
        session.send(Message("MODE", (channel(room.key), change.sign + change.letter, value), source))
