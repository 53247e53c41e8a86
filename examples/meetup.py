"""The chat of a Twisted meetup: lines tagged with where they come from, a message of the day, `/exit`. Port 1234."""

from teahouse import EndSession, LineRoom, Notice, Said, Session, User


def tag(session: Session) -> str:
    return f"{session.address}:{session.port}"


class Meetup(LineRoom):
    greeting = "Message of the day: everyone hears what you type. /exit leaves."

    def joined(self, user: User) -> None:
        self.broadcast(Notice(f"{tag(user.sessions[0])} has entered the chat"))

    def parted(self, user: User, reason: str) -> None:
        self.broadcast(Notice(f"{tag(user.sessions[0])} has left the chat"))

    def on_text(self, session: Session, text: str) -> None:
        if text.strip() == "/exit":
            raise EndSession
        self.broadcast(Said(tag(session), text))
