"""Logged in, and in no room. Rule: what a chat room can do beside talking, it has from here."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from teahouse.commands import Rest, command
from teahouse.errors import (
    AccountNeeded,
    Banned,
    ChatError,
    InviteOnly,
    NotInRoom,
    RoomFull,
    TooMany,
    UsageError,
    WrongRoomPassword,
)
from teahouse.events import Table
from teahouse.events.order import Forwarded
from teahouse.rooms.people import motd
from teahouse.rooms.stewards import Stewards
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.rooms.chat import ChatRoom
    from teahouse.session import Session

ROOM_ROWS = 200


class Foyer(Stewards):
    """Commands about places, and about the house itself."""

    theme = "Rooms"

    def add(self, session: Session) -> None:
        """Say where one can go from here."""
        session.tell("You are in no room. /rooms lists them, /join <room> goes into one.")

    @command
    def rooms(self, session: Session) -> None:
        """List the rooms you can join."""
        seen = [room for room in self.server.rooms.values() if room.is_seen_by(session)]
        found = sorted(seen, key=lambda room: (-len(room.members), room.key))
        rows = tuple((room.name, f"{len(room.members):,}", room.topic) for room in found[:ROOM_ROWS])
        more = f" (the fullest {ROOM_ROWS} are shown)" if len(found) > ROOM_ROWS else ""
        session.tell(Table(f"Rooms: {len(found):,}{more}", ("room", "people", "topic"), rows))

    @command(aliases=("j",))
    def join(self, session: Session, room: Rest) -> None:
        """Go into a room. With -k before its name, stay in the one you are in as well. A password comes last."""
        keep, name, password = _how_and_where(room)
        user = session.user
        limit = self.server.limits.rooms_per_user
        if fold(name) not in user.rooms and (keep or session.link.many) and len(user.rooms) >= limit:
            raise TooMany(f"You are in {len(user.rooms)} rooms, and no more fit: /leave one first.")
        fresh = fold(name) not in self.server.rooms
        if fresh:
            self.server.order.check_words(user, name)  # everyone sees it in the list of rooms
        place = self.server.rooms.open(name)
        try:
            if fresh and not self.server.rooms.lasts(place):
                place.policy.grant(user, "operator")  # who makes a room keeps it in order
            session.enter(place, keep=keep, password=password)
        except (AccountNeeded, Banned, InviteOnly, RoomFull, WrongRoomPassword) as error:
            self._forward(session, place, error, keep=keep)
        finally:
            self.server.rooms.close_if_empty(place)  # a room made for one whom it does not let in

    def _forward(self, session: Session, place: ChatRoom, error: ChatError, *, keep: bool) -> None:
        """One who may not come in is shown to another room, if there is one for that."""
        other = self.server.rooms.get(place.policy.terms.forward)
        if other is None or other is place:
            raise error
        session.tell(Forwarded(place.name, other.name, error.text))
        session.enter(other, keep=keep)

    @command(aliases=("part",))
    def leave(self, session: Session, room: str = "") -> None:
        """Go out of this room, or of another one that you are in."""
        user = session.user
        place = user.rooms.get(fold(room.removeprefix("#")) if room else session.room.key)
        if place is None:
            raise NotInRoom(
                f"You are not in {room}." if room else "You are in no room: /quit leaves the house."
            )
        place.dismiss(user)

    @command
    def motd(self, session: Session) -> None:
        """Show the message of the day."""
        session.tell(motd(self.server.settings.house.motd or "There is no message of the day."))

    @command
    def time(self, session: Session) -> None:
        """Show what time it is here."""
        now = datetime.fromtimestamp(self.server.runtime.time(), UTC)
        session.tell(f"{now:It is %H:%M on %A, %d %B %Y (UTC).}")


def _how_and_where(text: str) -> tuple[bool, str, str]:
    """Whether to stay where one is, the room's name, and its password."""
    words = text.split()
    keep = words[0] == "-k"
    name, *password = words[keep:] or [""]
    if not name or len(password) > 1:
        raise UsageError("Usage: /join [-k] <room> [password]. A room's name is one word.")
    return keep, name.removeprefix("#"), "".join(password)
