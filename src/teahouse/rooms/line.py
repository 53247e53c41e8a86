"""A room without commands: the ground for an echo, an oracle, a bot with a room of its own. Rule: every line is text,
whatever it begins with, and the room says nothing that its subclass does not say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

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

    def handle(self, session: Session, line: str) -> Result:
        """Every line is text, an empty one too."""
        return self.on_text(session, line)

    def joined(self, user: User) -> None:
        """Hook: nothing is said when a user becomes a member."""

    def parted(self, user: User, reason: str) -> None:
        """Hook: nothing is said when a user is about to be a member no more."""
