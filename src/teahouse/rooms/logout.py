"""Where those are who have gone. Rule: nobody tests whether a session has ended; here it has no commands, and nothing
said to it is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.events import Quit
from teahouse.rooms.base import Result, Room

if TYPE_CHECKING:
    from teahouse.session import Session
    from teahouse.user import User


class LogoutRoom(Room):
    """Where sessions are that have ended: it frees the nick, unless its user stays without a connection."""

    def handle(self, session: Session, line: str) -> Result:
        """Nobody is there any more."""
        return None

    def add_leaving(self, session: Session, reason: str) -> None:
        """Take a session in from wherever it was; its user goes with the last one."""
        user = session.user
        self.server.arrivals.discard(session)
        self.server.sessions.discard(session)
        self.server.wheel.remove(session, session.due)
        last = len(user.sessions) == 1
        if last:
            self.server.presence.note_leaving(user)
        if last and not user.stays:
            self.say_farewell(user, reason)
        self.server.fanout.deafen(session, user.rooms)
        self.server.watching.forget(session)
        user.sessions.remove(session)
        session.room = self
        if last and not user.stays:
            self.server.forget(user)

    def say_farewell(self, user: User, reason: str) -> None:
        """Tell those who share a room with the user that it leaves the house; each of them once."""
        silent = [room for room in user.rooms.values() if not room.say_quitting(user, reason)]
        if user.nick and silent:
            quiet = all(room.is_crowded() for room in silent)
            self.server.fanout.publish(Quit(user.nick, reason, quiet), silent, user)
