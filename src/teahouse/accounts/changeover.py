"""Proving to be of an account when one is in the house already. Rule: an account is one user, so whoever logs in to
one that is here under another nick becomes that user, and the nick of before goes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from teahouse.errors import EndSession, NotAllowed
from teahouse.events import Left, Renamed, sign

if TYPE_CHECKING:
    from teahouse.events import Event
    from teahouse.session import Session
    from teahouse.store import Account
    from teahouse.user import User

ELSEWHERE = (
    "You stay here as {name}, whose other devices you would take along: disconnect, and come back as {other}."
)


async def become(session: Session, account: Account, tell_it: Callable[[], object] = lambda: None) -> None:
    """The session is of this account from now on; `tell_it` lets its own client know, before others are told. Raises
    NotAllowed, and what `HouseOrder.check_login` raises; EndSession if it has ended meanwhile."""
    server = session.server
    markers = await server.store.markers(account.key)
    if session.ended:
        raise EndSession("connection lost")
    user = session.user
    server.order.check_login(user, user.nick, account)
    other = server.user_of(account.key)
    if other is not None and other is not user:
        first = not other.sessions
        _move(session, other)
        tell_it()
        await server.presence.bring(session, account, markers, first=first)
        return
    if user.account is not None and other is None and (len(user.sessions) > 1 or user.stays):
        raise NotAllowed(ELSEWHERE.format(name=user.account.name, other=account.name))
    tell_it()
    server.take_account(user, account)
    if other is None:
        user.left_at, user.markers = markers, dict(markers)
        await server.presence.bring(session, account, markers, first=True)


def _move(session: Session, user: User) -> None:
    """The session's user becomes another, who is here: its client is shown that as leaving all rooms, taking the
    other nick, and coming into the other's rooms."""
    before = session.user
    nick, userhost, rooms = before.nick, before.userhost, list(before.rooms)
    session.look_at(session.server.foyer)
    _take_out(session, f"logged in as {user.nick}")
    for room in rooms:
        _tell_as(session, Left(nick, room=room), userhost)
    if nick != user.nick:
        _tell_as(session, Renamed(nick, user.nick), userhost)
    session.server.presence.connect(session, user)
    session.server.presence.show_rooms(session)


def _take_out(session: Session, why: str) -> None:
    """Of the user that it was of; who goes with the last session, unless it stays without one."""
    server, user = session.server, session.user
    last = len(user.sessions) == 1
    server.fanout.deafen(session, list(user.rooms))
    if last:
        server.presence.note_leaving(user)
    if last and not user.stays:
        server.logout.say_farewell(user, why)
    user.sessions.remove(session)
    if last and not user.stays:
        server.forget(user)


def _tell_as(session: Session, event: Event, userhost: str) -> None:
    sign(event, "", userhost)
    session.tell(event)
