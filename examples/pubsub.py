"""A little IRC: what is said to a #room reaches those who joined it, and nobody else. Port 1234."""

import re

from teahouse import LineRoom, Notice, Said, Session

LINE = re.compile(r"/(join|leave|msg|nick) (#?[A-Za-z0-9]+)(?: (.*))?")
ERROR = "error: line did not conform to chat server requirements!"


class PubSub(LineRoom):
    opens = "the-street"  # a name that nobody can join: each #room stands beside it

    def on_text(self, session: Session, text: str) -> None:
        found, user, nick = LINE.fullmatch(text), session.user, session.user.nick or session.address
        act, name, words = found.groups() if found else ("", "", "")
        room = user.rooms.get(name.lstrip("#").lower())
        if act == "nick":
            session.be_called(name)
            self.broadcast(Notice(f"<{session.address}> is changing nick to {name}"))
        elif act == "join":
            self.server.rooms.open(name.lstrip("#"), LineRoom).add_user(user)
            self.broadcast(Notice(f"{nick} has joined the channel {name}"))
        elif act == "leave" and room:
            room.drop_member(user)
            self.broadcast(Notice(f"{nick} has left the channel {name}"))
        elif act == "msg" and room and words:
            room.broadcast(Said(nick, words))
        else:
            session.tell(ERROR)
