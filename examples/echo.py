"""Every line goes back to the one who sent it, and to nobody else."""

from teahouse import LineRoom, Session


class Echo(LineRoom):
    def on_text(self, session: Session, text: str) -> None:
        session.tell(text)
