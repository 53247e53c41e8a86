"""The terms of a room. Rule: they are changed here, by their names in `moderation/terms.py`, and everyone is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.commands import Rest, command, rank
from teahouse.errors import AlreadySo, NotAllowed, UsageError
from teahouse.events import Table, TermsChanged
from teahouse.moderation import terms
from teahouse.rooms.owning import register_room, release_room

if TYPE_CHECKING:
    from teahouse.rooms.chat import ChatRoom
    from teahouse.session import Session

HEAD = "Keeping this room"


@command(name="room")
async def room_command(room: ChatRoom, session: Session, what: str = "", value: Rest = "") -> None:
    """Show on what terms one is in this room, or change them: /room slow 10s
    Operators set a term to on, off, or what it takes; /room shows them all, and what each means. /room register
    makes the room yours: it stays when nobody is in it, with all that is set here. /room release gives it up."""
    if what in {"register", "release"} and not value:
        await (register_room(room, session) if what == "register" else release_room(room, session))
    elif not what:
        _show_room(room, session)
    elif not value:
        name = terms.term(what)
        now = terms.shown(room.policy.terms, name)
        session.tell(f"{terms.spelled(name)} is {now}. {terms.meaning(name)}")
    else:
        await set_term(room, session, terms.term(what), value)


async def set_term(room: ChatRoom, session: Session, name: str, value: str) -> None:
    """Another value, as people type it, for a term. Raises NotAllowed, UsageError, AlreadySo."""
    room.demand(session, "operator")
    before = room.policy.terms
    after = terms.with_term(before, name, value)
    if after == before:
        raise AlreadySo(f"{terms.spelled(name)} is {terms.shown(before, name)} already.")
    if name == "forward" and after.forward:
        _check_forward(room, session, after.forward)
    room.policy.terms = after
    shown = _told(after, name)
    room.broadcast(TermsChanged(session.user.nick, name, shown, _told(before, name)))
    room.note(session, "room", detail=f"{terms.spelled(name)} {terms.shown(after, name)}")
    await room.keep()


def _check_forward(room: ChatRoom, session: Session, key: str) -> None:
    """Raise UsageError or NotAllowed unless there is such a room, to which one may send people."""
    other = room.server.rooms.get(key)
    if other is room:
        raise UsageError("This is that room: forward to another one.")
    if other is None or not (other.is_seen_by(session) or other.takes_from(session)):
        raise UsageError("There is no such room to forward to.")
    if not other.takes_from(session):
        raise NotAllowed(f"Only those who keep {other.name} in order may have people sent there.")


def _show_room(room: ChatRoom, session: Session) -> None:
    now = room.policy.terms
    rows = [
        ("registered by", room.policy.founder or "nobody", "Whose room it is."),
        ("your role", room.role_of(session), "What you are in this room."),
    ]
    if rank(room.role_of(session)) >= rank("operator"):
        rows += _role_rows(room)
    rows += [(terms.spelled(name), terms.shown(now, name), terms.meaning(name)) for name in terms.NAMES]
    session.tell(Table(f"Room {room.name}:", ("what", "value", "meaning"), tuple(rows)))


def _role_rows(room: ChatRoom) -> list[tuple[str, str, str]]:
    """The accounts that have a role here, present or not."""
    found = []
    for role in ("owner", "operator", "voice"):
        have = sorted(key for key, each in room.policy.roles.items() if each == role)
        if have:
            found.append((f"{role}s", ", ".join(have), "Accounts that have this role for good."))
    return found


def _told(now: terms.Terms, name: str) -> str | int | bool:
    """A term's value as everyone may see it."""
    value: str | int | bool = getattr(now, name)
    return terms.HIDDEN_VALUE if name == "password" and value else value
