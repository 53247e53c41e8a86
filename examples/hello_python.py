"""Everyone hears every line, with the address it came from: the chat of "Hello! Python", chapter 10. Port 4242."""

from teahouse import LineRoom, Notice, Said, Session, User


class Chat(LineRoom):
    def add_user(self, user: User) -> None:
        self.broadcast(Notice(f"New connection from {user.address}"))  # to those who are here already
        super().add_user(user)

    def on_text(self, session: Session, text: str) -> None:
        self.broadcast(Said(session.address, text))

    def parted(self, user: User, reason: str) -> None:
        self.server.runtime.log.info("Lost connection to {address}", address=user.address)
