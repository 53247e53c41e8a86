"""Asking those who keep order to look at something. Rule: a report takes with it what was said, as it was said then;
it stays open until one who keeps the house settles it, and whoever made it learns of that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from teahouse.commands import Rest, command
from teahouse.errors import NotAllowed, NotFound, UsageError
from teahouse.events import Event, Notice, Table
from teahouse.store import Account, Act
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.rooms.base import Room
    from teahouse.session import Session
    from teahouse.user import User

SHOWN = 50
"""Open reports that are listed, the oldest ones."""
OPEN = 10_000
"""More open reports than anyone has."""
LOOKED_AT = 200
"""Lines back in which those of the one who is reported are looked for."""
TAKEN = 5
"""Of these, the last ones are taken along."""
LONGEST_LINE = 300

HEAD = "Keeping the house"


def done_by(session: Session, what: str, about: str, **more: Any) -> Act:
    """What someone has just done, for the audit log."""
    user = session.user
    return Act(what=what, by=user.nick, account=user.account_key, about=about, **more)


@command
async def report(room: Room, session: Session, nick: str, reason: Rest) -> None:
    """Tell those who keep order what someone does, and why it should be looked at.

    They are shown the last lines that were said here under that nick."""
    lines = await _lines_of(room, nick)
    about = await _reported(room, session, nick, lines)
    reason = reason[: room.server.limits.away_length]
    detail = "\n".join(map(_shown, lines))
    await room.server.order.report(session, about, reason, _place_name(room), detail=detail)
    session.tell(f"Your report of {about} goes to those who keep order. /ignore {about} hides their words.")


async def _reported(room: Room, session: Session, nick: str, lines: Sequence[Event]) -> str:
    """The nick of the one who is meant. Raises NoSuchNick, NotAllowed."""
    user = room.server.users.get(fold(nick))
    if user is session.user:
        raise NotAllowed("You cannot report yourself.")
    if user is None and not lines and await room.server.store.account_of_nick(fold(nick)) is None:
        room.server.present(nick)  # says who may be meant
    return user.nick if user is not None else nick


async def _lines_of(room: Room, nick: str) -> list[Event]:
    if not _place_name(room):
        return []
    room.server.fanout.flush()  # what was said in this very turn goes to the store first
    events = await room.server.store.history(room.key, LOOKED_AT)
    return [each for each in events if fold(getattr(each, "who", "")) == fold(nick)][-TAKEN:]


def _place_name(room: Room) -> str:
    """The room that this is; "" for what is none with people in it."""
    return room.name if room.key in room.server.rooms else ""


@command(role="moderator")
async def reports(room: Room, session: Session, number: int = 0) -> None:
    """List the reports that nobody has settled yet, or show one of them with what was said."""
    if number:
        session.tell(_one_report(room, await _open_report(room, number)))
        return
    found = await room.server.store.open_reports(SHOWN)
    rows = tuple(
        (str(each.number), f"{each.at:%m-%d %H:%M}", each.by, each.about, each.room, each.reason)
        for each in found
    )
    title = "Open reports, the oldest first. /reports <number> shows one, /settle <number> closes it."
    columns = ("number", "when", "by", "about", "room", "reason")
    session.tell(Table(title, columns, rows) if rows else "There are no open reports.")


def _one_report(room: Room, found: Act) -> Table:
    rows = [
        ("when", f"{found.at:%Y-%m-%d %H:%M} UTC"),
        ("by", found.by),
        ("about", found.about),
        ("room", found.room),
        ("reason", found.reason),
        ("from", found.address),
        *(("said", line) for line in found.detail.split("\n")),
    ]
    return Table(f"Report {found.number}:", ("what", "value"), tuple(row for row in rows if row[1]))


@command(role="moderator")
async def settle(room: Room, session: Session, number: int, note: Rest = "") -> None:
    """Close a report; whoever made it is told so, with your note."""
    found = await _open_report(room, number)
    note = note[: room.server.limits.away_length]
    act = done_by(session, "settle", found.about, room=found.room, reason=note, settles=number)
    await room.server.store.note(act)
    reporter = _maker_of(room, found)
    if reporter is not None and reporter is not session.user:
        why = f": {note}" if note else "."
        reporter.tell(Notice(f"Your report of {found.about} is settled{why}"))
    session.tell(f"Report {number} is settled.")


async def _open_report(room: Room, number: int) -> Act:
    """Raises NotFound where it is settled, or none."""
    found = next((r for r in await room.server.store.open_reports(OPEN) if r.number == number), None)
    if found is not None:
        return found
    act = await room.server.store.act(number) if 0 < number < 1 << 63 else None  # as SQLite counts
    if act is not None and act.what == "report":
        raise NotFound(f"Report {number} is settled already.")
    raise NotFound(f"There is no report {number}: /reports lists those that are open.")


def _maker_of(room: Room, report: Act) -> User | None:
    """The one who made it, if they are here: by account, and a guest by nick."""
    if report.account:
        return room.server.user_of(report.account)
    user = room.server.users.get(fold(report.by))
    return user if user is not None and user.account is None else None


async def account_named(room: Room, name: str) -> Account:
    """The account of someone who is here, or that a nick belongs to. Raises NotFound, UsageError."""
    user = room.server.users.get(fold(name))
    if user is not None and user.account is not None:
        return user.account
    account = await room.server.store.account_of_nick(fold(name))
    if account is not None:
        return account
    if user is not None:
        raise UsageError(f"{user.nick} is here as a guest, and only accounts have a role in the house.")
    raise NotFound(f"There is no account {name}.")


def _shown(event: Event) -> str:
    """A line with its id, as a report keeps it."""
    return f"{event.id} {event.at:%H:%M} {event}"[:LONGEST_LINE]
