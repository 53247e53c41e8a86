"""The lists of a room: who is banned, muted, exempt, invited. Rule: a list is changed here alone (`make_rules`,
`lift_rules`), where it is told and written down; nobody comes onto one by someone who may not act on them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from teahouse.commands import rank
from teahouse.errors import AlreadySo, NotAllowed, UsageError
from teahouse.events import RuleLifted, RuleMade, Table
from teahouse.moderation.masks import ACCOUNT, Claim, Person, is_address, is_everyone, is_mask, matches
from teahouse.moderation.ranks import Standing, check_kick
from teahouse.moderation.rules import Rule, Rules
from teahouse.moderation.targets import Target, how_long_and_why, target
from teahouse.rooms.commands.roles import Someone, change_role, check_change

if TYPE_CHECKING:
    from teahouse.rooms.chat import ChatRoom
    from teahouse.session import Session
    from teahouse.user import User

AN_ADDRESS = "an address"
"""Shown in place of a mask that says where people connect from, to all but moderators."""
DONE = {"bans": "ban", "mutes": "mute", "exempt": "exempt", "invited": "invite"}
UNDONE = {"bans": "unban", "mutes": "unmute", "exempt": "unexempt", "invited": "uninvite"}


async def make_rules(
    room: ChatRoom, session: Session, rules: Rules, who: str, time_and_reason: str
) -> list[Rule]:
    """Put someone onto a list; to be followed by `keep`. Raises NotAllowed, UsageError, AlreadySo, TooMany."""
    time, reason = how_long_and_why(time_and_reason, room.server.limits.away_length)
    reason = room.reason_of(session, reason)
    whom = await target(room.server, who)
    room.demand(session, "operator")
    _check_address(room, session, whom.masks)
    now = room.now()
    until = now + time if time is not None else None
    made = [Rule(mask, session.user.nick, now, until, reason, whom.about) for mask in whom.masks]
    if all(map(rules.has, made)):
        raise AlreadySo(f"{whom.about or whom.masks[0]} is on that list already, for as long.")
    loses = _who_loses_a_role(room, session, rules, whom)
    rules.add(*made)
    room.policy.changed()
    if loses is not None:
        change_role(room, session, loses, "")
    _say_made(room, session, rules, whom, made[0])
    return made


def _who_loses_a_role(room: ChatRoom, session: Session, rules: Rules, whom: Target) -> Someone | None:
    """One who is banned or muted has no role here any more. Raises NotAllowed, UsageError."""
    if rules not in (room.policy.bans, room.policy.mutes):
        return None
    named = [mask for mask in whom.masks if not is_everyone(mask)]
    if whom.user is session.user or (whom.user is None and is_about(session.user, named)):
        raise UsageError("That is about yourself: say whom you mean more exactly.")
    someone = check_against(room, session, whom)
    if someone is None or not room.policy.role(someone.person):
        return None
    check_change(room, session, someone, "")
    return someone


def _say_made(room: ChatRoom, session: Session, rules: Rules, whom: Target, rule: Rule) -> None:
    shown = tuple(mask for mask in whom.masks if not is_address(mask))
    event = RuleMade(rule.by, rules.name, shown, whom.about, rule.reason, rule.until)
    _tell(room, session, event, whom.user)
    until = [f"until {rule.until:%Y-%m-%d %H:%M} UTC"] if rule.until else []
    detail = " ".join([*whom.masks, *until])
    about = whom.about or whom.masks[0]
    room.note(session, DONE[rules.name], about, reason=rule.reason, detail=detail, user=whom.user)


async def lift_rules(room: ChatRoom, session: Session, rules: Rules, who: str) -> None:
    """Take someone off a list: by a mask, or by the nick it was made for. Raises NotFound, NotAllowed."""
    whom = await target(room.server, who)
    room.demand(session, "operator")
    _check_address(room, session, whom.masks)
    lifted = rules.lift(who, room.now(), whom.masks)
    room.policy.changed()
    masks = tuple(each.mask for each in lifted)
    shown = tuple(mask for mask in masks if not is_address(mask))
    about = "" if is_mask(who) else whom.about
    _tell(room, session, RuleLifted(session.user.nick, rules.name, shown, about), whom.user)
    room.note(session, UNDONE[rules.name], about or masks[0], detail=" ".join(masks), user=whom.user)
    await room.keep()


def rules_seen_by(room: ChatRoom, session: Session, rules: Rules) -> list[Rule]:
    """Those of a list that hold; where people connect from is shown to moderators only."""
    found = rules.holding(room.now())
    if rank(session.user.role) >= rank("moderator"):
        return found
    return [replace(each, mask=AN_ADDRESS) if is_address(each.mask) else each for each in found]


def _check_address(room: ChatRoom, session: Session, masks: Iterable[str]) -> None:
    """Else whoever makes a room could find out where people connect from."""
    if rank(session.user.role) < rank("moderator") and any(map(is_address, masks)):
        raise NotAllowed(
            "Only moderators name addresses. Name the nick: that is about where they connect from, too."
        )


def check_against(room: ChatRoom, session: Session, whom: Target) -> Someone | None:
    """Who is meant, if it is one person and not whoever a mask is about. Raises NotAllowed if that one may not
    be acted on."""
    mask = whom.masks[0]
    if whom.user is not None:
        someone, role = Someone(whom.user.nick, whom.user, whom.user), room.role_of_user(whom.user)
    elif mask.startswith(ACCOUNT) and "*" not in mask and "?" not in mask:
        key = mask.removeprefix(ACCOUNT)
        user = room.server.user_of(key)
        person: Person = user or Claim(key, "", (), (), key)
        someone = Someone(whom.about or key, person, user)
        role = room.role_of_user(user) if user is not None else room.policy.role(person) or "member"
    else:
        return None
    whose = Standing(someone.nick, role, room.policy.is_founder(someone.person))
    check_kick(room.standing(session.user), whose)
    return someone


def _tell(room: ChatRoom, session: Session, event: RuleMade | RuleLifted, user: User | None) -> None:
    if user is not None and user in room.members:
        room.announce(event, user, session.user)
    else:
        room.broadcast(event)


def show_rules(room: ChatRoom, session: Session, rules: Rules, title: str) -> None:
    """A list, as this one may see it."""
    rows = tuple(_row(each) for each in rules_seen_by(room, session, rules))
    columns = ("who", "mask", "by", "since", "until", "reason")
    session.tell(Table(f"{title} {room.name}: {len(rows)}", columns, rows))


def is_about(person: Person, masks: Iterable[str]) -> bool:
    """Whether any of these masks is about someone."""
    return any(matches(mask, person) for mask in masks)


def _row(rule: Rule) -> tuple[str, ...]:
    until = f"{rule.until:%Y-%m-%d %H:%M}" if rule.until else "lifted"
    return rule.about, rule.mask, rule.by, f"{rule.at:%Y-%m-%d %H:%M}", until, rule.reason
