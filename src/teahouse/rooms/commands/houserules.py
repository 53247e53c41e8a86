"""Keeping people and words out of the whole house. Rule: a rule is never about those who keep the house, is on disk
when its maker is told so, and stands in the audit log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from teahouse.commands import Rest, command
from teahouse.errors import NotFound, TooMany, UsageError
from teahouse.events import Table
from teahouse.moderation.house import SETTINGS
from teahouse.moderation.rules import Rule, Rules
from teahouse.moderation.targets import Target, how_long_and_why, target
from teahouse.rooms.commands.reports import done_by

if TYPE_CHECKING:
    from teahouse.rooms.base import Room
    from teahouse.session import Session
    from teahouse.store import Act
    from teahouse.user import User

SHOWN = 200
NAMED = 10
"""Nicks of those put out that are named."""

HEAD = "Keeping the house"


# ---- people --------------------------------------------------------------------------------------------------


@command(role="moderator")
async def houseban(room: Room, session: Session, who: str, reason: Rest = "") -> None:
    """Ban someone from the house: out at once, and not in again. /houseban troll 2h spam

    Who is a nick, an account, or a mask: nick!ident@host, account:name, 192.0.2.0/24. With a time before the
    reason it ends by itself. A nick means the account and the places of whoever has it now."""
    meant, made = await _made(room, session, who, reason)
    act = _act_of(
        room, session, "houseban", meant, made
    )  # first: where they are is not known once they are out
    out = room.server.order.add(room.server.order.bans, made)
    await _keep(room, act)
    session.tell(f"{_named(meant)} is banned from the house{_until(made[0])}.{_put_out(out)}")


@command(role="moderator")
async def houseunban(room: Room, session: Session, who: str) -> None:
    """Lift a ban from the house, by the mask or by the nick it was made for."""
    await _lift(room, session, "houseunban", room.server.order.bans, who)


@command(role="moderator")
def housebans(room: Room, session: Session) -> None:
    """List who is banned from the house."""
    _list(room, session, "Banned from the house:", room.server.order.bans, "Nobody is banned from the house.")


@command(role="moderator")
async def shun(room: Room, session: Session, who: str, reason: Rest = "") -> None:
    """Let someone only listen, in the whole house. /shun troll 10m calm down

    Who and how long are as for /houseban."""
    meant, made = await _made(room, session, who, reason)
    room.server.order.add(room.server.order.shuns, made)
    await _keep(room, _act_of(room, session, "shun", meant, made))
    session.tell(f"{_named(meant)} may only listen{_until(made[0])}.")


@command(role="moderator")
async def unshun(room: Room, session: Session, who: str) -> None:
    """Let someone talk again."""
    await _lift(room, session, "unshun", room.server.order.shuns, who)


@command(role="moderator")
def shuns(room: Room, session: Session) -> None:
    """List who may only listen in the house."""
    _list(room, session, "These may only listen:", room.server.order.shuns, "Everyone may talk.")


async def _made(room: Room, session: Session, who: str, reason: str) -> tuple[Target, list[Rule]]:
    """The rules that are asked for. Raises NotAllowed, UsageError."""
    order = room.server.order
    span, why = how_long_and_why(reason, room.server.limits.away_length)
    meant = await target(room.server, who)
    if meant.user is not None:
        order.check_over(session.user, meant.user)
    await order.check_masks(session.user, meant.masks)
    now = order.now()
    until = now + span if span is not None else None
    return meant, [Rule(mask, session.user.nick, now, until, why, meant.about) for mask in meant.masks]


def _act_of(room: Room, session: Session, what: str, meant: Target, made: list[Rule]) -> Act:
    addresses = meant.user.addresses if meant.user is not None else []
    return done_by(
        session,
        what,
        _named(meant),
        reason=made[0].reason,
        detail=" ".join(meant.masks) + _until(made[0]),
        address=" ".join(dict.fromkeys(addresses)),
    )


async def _keep(room: Room, act: Act) -> None:
    room.server.order.note(act)
    await room.server.order.keep()


async def _lift(room: Room, session: Session, what: str, rules: Rules, who: str) -> None:
    order = room.server.order
    lifted = order.lift(rules, who, (await target(room.server, who)).masks)
    about = lifted[0].about or lifted[0].mask
    detail = " ".join(each.mask for each in lifted)
    await _keep(room, done_by(session, what, about, detail=detail))
    session.tell(f"{about} is off the list of {rules.name}.")


def _list(room: Room, session: Session, title: str, rules: Rules, none: str) -> None:
    found = rules.holding(room.server.order.now())
    rows = tuple(
        (each.about, each.mask, each.by, f"{each.until:%m-%d %H:%M}" if each.until else "", each.reason)
        for each in found[-SHOWN:]
    )
    columns = ("nick", "mask", "by", "until", "reason")
    session.tell(Table(title, columns, rows) if rows else none)


# ---- newcomers -----------------------------------------------------------------------------------------------


@command(role="moderator")
async def lockdown(room: Room, session: Session, state: Literal["on", "off", "show"] = "show") -> None:
    """Let no new guests in, and nobody register; those who are in stay. Without an argument: how it is."""
    order = room.server.order
    if state != "show" and order.lockdown != (state == "on"):
        order.lockdown = state == "on"
        room.server.changed()
        await _keep(room, done_by(session, "lockdown", state))
    session.tell(
        "The house takes no new guests, and no registrations. /lockdown off ends that."
        if order.lockdown
        else "The house is open. /lockdown on keeps new guests out."
    )


# ---- words ---------------------------------------------------------------------------------------------------


@command(role="moderator")
async def housefilter(
    room: Room,
    session: Session,
    action: Literal["list", "refuse", "mute", "report"] = "list",
    words: Rest = "",
) -> None:
    """Say what happens to words that are not wanted anywhere in the house, or list them.

    refuse: nobody is shown the line. mute: nor any other from the same person for ten minutes. report: it
    is said, and you are told. A * is any text; the word links stands for every link."""
    order = room.server.order
    if action == "list":
        rows = tuple((each.action, each.pattern, each.by) for each in order.filters)
        table = Table("Filters of the house:", ("action", "words", "by"), rows)
        session.tell(table if rows else "The house has no filters: /housefilter refuse <words>")
        return
    if not words:
        raise UsageError(f"Which words? /housefilter {action} <words>")
    try:
        made = order.filters.set(words, action, session.user.nick)
    except TooMany as error:
        text = f"The house has {len(order.filters)} filters, and no more fit: /houseunfilter one first."
        raise TooMany(text) from error
    await _keep(room, done_by(session, "housefilter", made.pattern, reason=action))
    session.tell(f"The house has a filter now ({action}): {made.pattern}")


@command(role="moderator")
async def houseunfilter(room: Room, session: Session, words: Rest) -> None:
    """Take a filter of the house away."""
    try:
        gone = room.server.order.filters.drop(words)
    except NotFound as error:
        text = f"The house has no filter {words}: /housefilter lists those there are."
        raise NotFound(text) from error
    await _keep(room, done_by(session, "houseunfilter", gone.pattern))
    again = " The settings have it: it is back when the house opens again." * (gone.by == SETTINGS)
    session.tell(f"The house has that filter no more: {gone.pattern}.{again}")


def _named(meant: Target) -> str:
    return meant.about or meant.masks[0]


def _until(rule: Rule) -> str:
    return f" until {rule.until:%Y-%m-%d %H:%M} UTC" if rule.until else ""


def _put_out(people: list[User]) -> str:
    """Who is gone: by it one sees whether a mask was too wide."""
    if not people:
        return ""
    names = ", ".join(user.nick for user in people[:NAMED])
    more = " and others" if len(people) > NAMED else ""
    return f" {'1 person' if len(people) == 1 else f'{len(people)} people'} put out: {names}{more}."
