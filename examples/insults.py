"""Insults on any topic, after the server of the CPOSC talk; read when it starts, let go when it stops. Port 8080."""

from pathlib import Path
from random import choice

from teahouse import EndSession, LineRoom, Server, Session, on_start, on_stop

insults: list[str] = []


@on_start
def read(server: Server) -> None:
    insults.extend(Path(__file__).with_suffix(".txt").read_text().splitlines())


@on_stop
def let_go(server: Server) -> None:
    insults.clear()


class Insults(LineRoom):
    greeting = """Welcome to the CPOSC Insult Server. Enter a topic to receive an insult.
Enter "quit" to disconnect."""

    def on_text(self, session: Session, text: str) -> None:
        topic = text.lower().strip()
        if topic == "quit":
            session.tell("Goodbye, loser.")
            raise EndSession
        session.tell('Enter a topic, or "quit".' if topic == "help" else choice(insults).format(topic=topic))
