"""Lesson one: a room. What is said into the well comes back as an echo, and the well counts the wishes."""

from teahouse import ChatRoom, Session


class Well(ChatRoom):
    opens = "well"
    wishes = 0

    def on_text(self, session: Session, text: str) -> None:
        self.wishes += 1
        session.tell(f"... {text} ... (wish {self.wishes})")
