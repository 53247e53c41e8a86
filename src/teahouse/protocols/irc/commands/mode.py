"""MODE of a channel and of oneself, as far as it asks; what changes a channel is in `changing.py`, what changes
oneself in `oneself.py`. Rule: of a channel, its members are told the key, and operators whom it exempts and invites.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from teahouse.commands import rank
from teahouse.moderation.rules import Rule
from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.answers import Refusal
from teahouse.protocols.irc.bounds import send_rows
from teahouse.protocols.irc.commands.changing import make_changes
from teahouse.protocols.irc.commands.channels import room_named
from teahouse.protocols.irc.commands.oneself import own_mode
from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.modes import (
    HIDDEN_KEY,
    LISTS,
    LONGEST,
    MUTE,
    ROLE_OF,
    TERMS,
    Change,
    read_changes,
    set_in,
    shown_mask,
    written,
)
from teahouse.protocols.irc.names import channel, is_channel
from teahouse.rooms import lists
from teahouse.rooms.lists import AN_ADDRESS

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession
    from teahouse.rooms.chat import ChatRoom

NUMERICS = {
    "b": (n.RPL_BANLIST, n.RPL_ENDOFBANLIST),
    "e": (n.RPL_EXCEPTLIST, n.RPL_ENDOFEXCEPTLIST),
    "I": (n.RPL_INVEXLIST, n.RPL_ENDOFINVEXLIST),
}


def mode(session: IrcSession, message: Message) -> Awaitable[None] | None:
    """MODE target [changes] (RFC 2812 sections 3.1.5 and 3.2.3)."""
    target, *words = message.params
    if not is_channel(target):
        own_mode(session, target, words)
        return None
    room = room_named(session, target)
    if not words or not words[0].strip("+-"):
        _tell_modes(session, room)
        return None
    changes = _without_questions(session, room, read_changes(words), message)
    return make_changes(session, room, changes, message) if changes else None


def _tell_modes(session: IrcSession, room: ChatRoom) -> None:
    """324 and 329."""
    known = set_in(room.policy.terms)
    if session.user not in room.members and rank(session.user.role) < rank("moderator"):
        known = [each._replace(value=HIDDEN_KEY) if each.letter == "k" else each for each in known]
    name = channel(room.key)
    session.send(
        session.made(n.RPL_CHANNELMODEIS, name, *(written(known) if known else "+")),
        session.made(n.RPL_CREATIONTIME, name, str(int(room.made_at.timestamp()))),
    )


def _without_questions(
    session: IrcSession, room: ChatRoom, changes: list[Change], message: Message
) -> list[Change]:
    """What there is to change, when lists that are asked for and letters that mean nothing are answered."""
    left: list[Change] = []
    answered: set[str] = set()
    for each in changes:
        if (
            each.letter in TERMS
            or each.letter in ROLE_OF
            or (each.letter in LISTS and each.value is not None)
        ):
            left.append(each)
        elif each.letter not in answered:
            answered.add(each.letter)
            session.attempt(message, _answer, session, room, each.letter)
    return left


def _answer(session: IrcSession, room: ChatRoom, letter: str) -> None:
    if letter not in LISTS:
        raise Refusal(n.ERR_UNKNOWNMODE, letter)
    _tell_list(session, room, letter)


def _tell_list(session: IrcSession, room: ChatRoom, letter: str) -> None:
    """The masks of a list, who set them and when; those of `b` to all who are there, as clients ask for them on
    coming in. Raises Refusal."""
    name, staff = channel(room.key), rank(session.user.role) >= rank("moderator")
    if session.user not in room.members and not staff:
        raise Refusal(n.ERR_NOTONCHANNEL, name)
    if letter != "b" and rank(room.role_of(session)) < rank("operator"):
        raise Refusal(n.ERR_CHANOPRIVSNEEDED, name)
    code, end = NUMERICS[letter]
    rows = [
        session.made(code, name, before + shown_mask(rule.mask), rule.by, str(int(rule.at.timestamp())))
        for before, rule in _rules(session, room, letter)
    ]
    send_rows(session, "MODE", rows, session.made(end, name))


def _rules(session: IrcSession, room: ChatRoom, letter: str) -> list[tuple[str, Rule]]:
    """The rules of a list that a client can be shown; mutes stand among the bans."""
    policy = room.policy
    found = [("", rule) for rule in lists.rules_seen_by(room, session, policy.lists[LISTS[letter]])]
    if letter == "b":
        found += [(MUTE, rule) for rule in lists.rules_seen_by(room, session, policy.mutes)]
    return [each for each in found if each[1].mask != AN_ADDRESS and len(each[1].mask.encode()) < LONGEST]


VERBS = {"MODE": Verb(mode, 1)}
