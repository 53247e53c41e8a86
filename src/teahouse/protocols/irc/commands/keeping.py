"""Keeping order in a channel: KICK INVITE KNOCK. Rule: the room decides who may, and who may know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.commands import rank
from teahouse.events import Kicked
from teahouse.events.order import Knocked
from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.answers import Refusal
from teahouse.protocols.irc.commands.channels import own_room, room_named
from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.isupport import TARGETS
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.names import channel
from teahouse.rooms.commands import keepers
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession
    from teahouse.rooms.chat import ChatRoom
    from teahouse.user import User

KNOCK = "KNOCK"
SECONDS_BETWEEN_KNOCKS = 60.0


def kick(session: IrcSession, message: Message) -> None:
    """KICK #a nick,nick :reason, or as many channels as nicks (RFC 2812 section 3.2.8)."""
    channels, nicks = message.params[0].split(","), message.params[1].split(",")
    reason = message.params[2] if len(message.params) > 2 else ""
    if len(channels) == 1:
        channels *= len(nicks)
    if len(channels) != len(nicks):
        raise Refusal(n.ERR_NEEDMOREPARAMS, message.command)
    for target, nick in list(zip(channels, nicks, strict=True))[:TARGETS]:
        session.attempt(Message("KICK", (target, nick)), _kick, session, target, nick, reason)


def _kick(session: IrcSession, target: str, nick: str, reason: str) -> None:
    room = kept_room(session, target)
    if rank(room.role_of(session)) < rank("operator"):
        raise Refusal(n.ERR_CHANOPRIVSNEEDED, channel(room.key))
    user = session.server.users.get(fold(nick))
    if user is None:
        raise Refusal(n.ERR_NOSUCHNICK, nick)
    if user not in room.members:
        raise Refusal(n.ERR_USERNOTINCHANNEL, nick, channel(room.key))
    if user is session.user:  # IRC has always let people do that
        reason = room.shown_reason(user, reason)
        room.dismiss(user, reason, Kicked(user.nick, user.nick, reason))
        return
    keepers.put_out(room, session, user, reason)


def kept_room(session: IrcSession, target: str) -> ChatRoom:
    """The channel, if one is in it, or keeps the house. Raises Refusal."""
    if rank(session.user.role) >= rank("moderator"):
        return room_named(session, target)
    return own_room(session, target)


# ---- INVITE ------------------------------------------------------------------------------------------------


def invite(session: IrcSession, message: Message) -> None:
    """INVITE nick #a; INVITE alone lists the channels that one is invited to (modern.ircdocs.horse)."""
    if not message.params:
        _tell_invitations(session)
        return
    if len(message.params) < 2:
        raise Refusal(n.ERR_NEEDMOREPARAMS, message.command)
    nick, target = message.params[:2]
    user = session.server.users.get(fold(nick))
    if user is None:
        raise Refusal(n.ERR_NOSUCHNICK, nick)
    keepers.invite_user(kept_room(session, target), session, user)
    if user.away:
        session.numeric(n.RPL_AWAY, user.nick, user.away)


def _tell_invitations(session: IrcSession) -> None:
    """336 and 337."""
    user = session.user
    invited = [room for room in session.server.rooms.values() if user not in room.members]
    rooms = [room for room in invited if room.policy.is_invited(user, room.now())]
    rows = [session.made(n.RPL_INVITELIST, channel(room.key)) for room in rooms[:MOST_INVITATIONS]]
    session.send(*rows, session.made(n.RPL_ENDOFINVITELIST))


MOST_INVITATIONS = 100


# ---- KNOCK -------------------------------------------------------------------------------------------------


def knock(session: IrcSession, message: Message) -> None:
    """KNOCK #a :text asks those who keep a channel for an invitation."""
    room, user = room_named(session, message.params[0]), session.user
    name = channel(room.key)
    if user in room.members:
        raise Refusal(n.ERR_KNOCKONCHAN, name)
    if not room.policy.terms.invite_only:
        raise Refusal(n.ERR_CHANOPEN, name)
    text = (message.params[1] if len(message.params) > 1 else "")[: session.server.limits.away_length]
    room.check_quiet_words(user, text)  # nor do those who are banned or muted knock
    _count_knock(session, user, name)
    for each in room.keepers():
        each.tell(Knocked(user.nick, text, room=room.key))
    session.numeric(n.RPL_KNOCKDLVR, name)


def _count_knock(session: IrcSession, user: User, name: str) -> None:
    """Raise Refusal for one who has just knocked, at whichever channel."""
    now = session.server.runtime.now()
    if now - session.state.get(KNOCK, -SECONDS_BETWEEN_KNOCKS) < SECONDS_BETWEEN_KNOCKS:
        raise Refusal(n.ERR_TOOMANYKNOCK, name)
    session.state[KNOCK] = now


VERBS = {"KICK": Verb(kick, 2), "INVITE": Verb(invite), KNOCK: Verb(knock, 1)}
