"""Lesson two: a command, in every room where people talk."""

from teahouse import ChatRoom, Notice, Rest, Session, UsageError, command


@command(room=ChatRoom, aliases=("brew",))
def pour(room: ChatRoom, session: Session, cups: int, kind: Rest = "black tea") -> None:
    """Pour everyone some tea: /pour 2 green tea"""
    if not 1 <= cups <= 9:
        raise UsageError("The pot holds one to nine cups.")
    room.broadcast(Notice(f"{session.user.nick} pours {cups} cups of {kind}."))
