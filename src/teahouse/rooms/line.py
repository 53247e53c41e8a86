"""A room without commands: the ground for an echo, an oracle, a bot with a room of its own. Rule: every line is text,
whatever it begins with, and the room says nothing that its subclass does not say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from teahouse.events import Event
from teahouse.rooms.base import Result
from teahouse.rooms.chat import ChatRoom

if TYPE_CHECKING:
    from teahouse.session import Session
    from teahouse.user import User


class LineRoom(ChatRoom):
    """Extend it with `on_text`, and with `greeting`, `joined` and `parted` where something is to be said."""

    shows_itself: ClassVar[bool] = False
    parts_on_quit: ClassVar[bool] = True
    greeting: ClassVar[str] = ""
    """Shown to a newcomer."""

    def welcome(self, session: Session) -> None:
        """Hook: what a newcomer is shown."""
        if self.greeting:
            session.tell(self.greeting)

    def add_user(self, user: User) -> None:
        """See `Gathering.add_user`. Nobody says who comes here: clients that show rooms side by side are told."""
        fresh = user not in self.members
        for session in self._told(user) if fresh else ():
            self.tell_coming(session)
        super().add_user(user)
        for session in self._told(user) if fresh else ():
            self.show(session)

    def add(self, session: Session) -> None:
        """See `ChatRoom.add`: all devices are shown the room already."""
        self.add_user(session.user)
        self.welcome(session)

    def drop_member(self, user: User, reason: str = "", said: Event | None = None) -> None:
        """See `Gathering.drop_member`. Nobody says who goes, either."""
        was_here = user in self.members
        super().drop_member(user, reason, said)
        for session in self._told(user) if was_here and said is None else ():
            self.tell_going(session, reason)

    def _told(self, user: User) -> list[Session]:
        return [session for session in user.sessions if session.link.many]

    def handle(self, session: Session, line: str) -> Result:
        """Every line is text, an empty one too."""
        return self.on_text(session, line)

    def joined(self, user: User) -> None:
        """Hook: nothing is said when a user becomes a member."""

    def parted(self, user: User, reason: str) -> None:
        """Hook: nothing is said when a user is about to be a member no more."""
