"""The tea party goes on in several rooms: `look` shows those here, `who` everyone. In the garden plain words are
talk, and commands begin with a slash."""

from teahouse import ChatRoom, LoginRoom, Rest, Session, command


class Login(LoginRoom):
    leads_to = "parlour"


class Parlour(ChatRoom):
    opens = "parlour kitchen"
    takes_text = False

    @command
    def look(self, session: Session) -> None:
        """See who is in this room."""
        session.tell(f"In the {self.name}: {', '.join(user.nick for user in self.members)}")

    @command
    def go(self, session: Session, room: Rest) -> None:
        """Walk into another room."""
        session.enter(self.server.room(room))


class Garden(Parlour):
    opens = "garden"
    takes_text = True
