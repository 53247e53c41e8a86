"""Everyone hears every line, as it is: the first chat server of the Virtual Tea Party, listing 24-5. Port 5005."""

from teahouse import LineRoom, Notice, Session


class Chat(LineRoom):
    greeting = "Welcome to TestChat"

    def on_text(self, session: Session, text: str) -> None:
        self.broadcast(Notice(text))
