"""Keeping people out of a room, or silent, and letting them in. Rule: commands only; lists are changed in `lists.py`,
and who may act on whom stands in `moderation/ranks.py`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from teahouse.commands import Rest, command, rank
from teahouse.errors import AlreadyThere, NotAllowed, NotInRoom, UsageError
from teahouse.events import Invited, Kicked
from teahouse.moderation.masks import ACCOUNT, is_mask
from teahouse.moderation.ranks import check_kick, stands_above
from teahouse.moderation.rules import Rule
from teahouse.moderation.targets import target
from teahouse.rooms.lists import is_about, lift_rules, make_rules, show_rules
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.rooms.chat import ChatRoom
    from teahouse.session import Session
    from teahouse.user import User

HEAD = "Keeping this room"


# ---- out at once ---------------------------------------------------------------------------------------------


@command(role="operator")
def kick(room: ChatRoom, session: Session, nick: str, reason: Rest = "") -> None:
    """Put someone out of this room, on all devices. They can come back: /ban keeps them out."""
    user = room.server.present(nick)
    if user not in room.members:
        raise NotInRoom(f"{user.nick} is not in this room.")
    put_out(room, session, user, reason)


def put_out(room: ChatRoom, session: Session, user: User, reason: str) -> None:
    """A member goes out, on all devices. Raises NotAllowed, UsageError."""
    room.demand(session, "operator")
    if user is session.user:
        raise UsageError("That is you: /leave goes out of the room.")
    check_kick(room.standing(session.user), room.standing(user))
    reason = room.reason_of(session, reason)
    room.note(session, "kick", user.nick, reason=reason, user=user)
    room.dismiss(user, reason, Kicked(session.user.nick, user.nick, reason))


# ---- lists ---------------------------------------------------------------------------------------------------


@command(role="operator")
async def ban(room: ChatRoom, session: Session, who: str, time_and_reason: Rest = "") -> None:
    """Keep someone out of this room: /ban troll 10m spam
    Who is a nick, an account's name, or a mask (troll*, *!*@*.7hd2k3xq.ip, account:ann); moderators may name
    an address or a network. A nick means all that its owner could come back as. Without a time it holds until
    /unban; a time is 90s, 10m, 2h or 1w."""
    made = await make_rules(room, session, room.policy.bans, who, time_and_reason)
    _put_out_banned(room, session, made)
    await room.keep()


@command(role="operator")
async def unban(room: ChatRoom, session: Session, who: str) -> None:
    """Let someone in again: a mask, or the nick that was banned."""
    await lift_rules(room, session, room.policy.bans, who)


@command(role="operator")
def bans(room: ChatRoom, session: Session) -> None:
    """List who is banned from this room."""
    show_rules(room, session, room.policy.bans, "Banned from")


@command(role="operator")
async def mute(room: ChatRoom, session: Session, who: str, time_and_reason: Rest = "") -> None:
    """Have someone only listen in this room: /mute troll 10m spam
    Who and how long are said as in /ban. A voice goes with it."""
    await make_rules(room, session, room.policy.mutes, who, time_and_reason)
    await room.keep()


@command(role="operator")
async def unmute(room: ChatRoom, session: Session, who: str) -> None:
    """Let someone talk again: a mask, or the nick that was muted."""
    await lift_rules(room, session, room.policy.mutes, who)


@command(role="operator")
def mutes(room: ChatRoom, session: Session) -> None:
    """List who may only listen in this room."""
    show_rules(room, session, room.policy.mutes, "Muted in")


@command(role="operator")
async def exempt(room: ChatRoom, session: Session, who: str = "", time_and_reason: Rest = "") -> None:
    """Say about whom no ban and no mute of this room is, or list them.
    For those who share an address with someone who is banned."""
    if not who:
        show_rules(room, session, room.policy.exempt, "Exempt in")
        return
    await make_rules(room, session, room.policy.exempt, who, time_and_reason)
    await room.keep()


@command(role="operator")
async def unexempt(room: ChatRoom, session: Session, who: str) -> None:
    """Let bans and mutes be about someone again."""
    await lift_rules(room, session, room.policy.exempt, who)


@command
async def invite(room: ChatRoom, session: Session, who: str = "", time_and_reason: Rest = "") -> None:
    """Ask someone to come into this room, or list the standing invitations.
    An operator's invitation opens the door once within a day, past a ban too. For an account that is not here,
    or a mask, it stands until /uninvite."""
    if not who:
        room.demand(session, "operator")
        show_rules(room, session, room.policy.invited, "Invited into")
        return
    user = room.server.users.get(fold(who))
    if user is not None:
        invite_user(room, session, user)
        return
    whom = await target(room.server, who)
    if not is_mask(who) and not whom.masks[0].startswith(ACCOUNT):
        room.server.present(who)  # says who may be meant
    room.demand(session, "operator")
    await make_rules(room, session, room.policy.invited, who, time_and_reason)
    await room.keep()


@command(role="operator")
async def uninvite(room: ChatRoom, session: Session, who: str) -> None:
    """Take an invitation back."""
    user = room.server.users.get(fold(who))
    if user is not None and room.policy.uninvite(user, room.now()):
        room.note(session, "uninvite", user.nick, user=user)
        session.tell(f"{user.nick} is no longer invited.")
        return
    await lift_rules(room, session, room.policy.invited, who)


def invite_user(room: ChatRoom, session: Session, user: User) -> None:
    """Ask someone to come in. Raises AlreadyThere, CannotTalk, NotAllowed."""
    room.server.order.check_talk(session.user, room.now())
    if user in room.members and room.shows_to(session, user):
        raise AlreadyThere(f"{user.nick} is in this room already.")
    opens = rank(room.role_of(session)) >= rank("operator")
    if room.policy.terms.invite_only and not opens:
        raise NotAllowed("Only operators and those above them invite people into this room.")
    if opens:
        room.policy.invite(user, room.now())
        room.note(session, "invite", user.nick, user=user)
    event = Invited(session.user.nick, user.nick, room.name)
    if user not in room.members and user.hears(session.user.nick, session.user.account_key):
        room.server.fanout.whisper(event, {user}, ())
    for each in dict.fromkeys([session.user, *room.keepers()]):
        each.tell(replace(event, room=room.key, id=0))


def _put_out_banned(room: ChatRoom, session: Session, made: list[Rule]) -> None:
    """Those who are here and may be acted on go out."""
    masks, now = [each.mask for each in made], room.now()
    above = room.standing(session.user)
    for user in list(room.members):
        if not is_about(user, masks) or room.policy.exempt.about(user, now) is not None:
            continue
        if stands_above(above, room.standing(user)) and user is not session.user:
            room.dismiss(user, made[0].reason, Kicked(above.nick, user.nick, made[0].reason))
