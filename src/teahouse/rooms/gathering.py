"""People in a place. Rule: members are users; what happens goes to all of them, the one whose doing it is too, and
each protocol decides what that one is shown of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from teahouse.events import Entered, Event, Left
from teahouse.rooms.base import Room
from teahouse.rooms.foyer import Foyer
from teahouse.rooms.together import hold
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.rooms.chat import ChatRoom
    from teahouse.server import Server
    from teahouse.session import Session
    from teahouse.user import User

T = TypeVar("T")


class Gathering(Foyer):
    """A room with members, and the hooks `joined`, `parted`, `quitting`."""

    parts_on_quit: ClassVar[bool] = False
    """Whether those who leave the house are said to leave this room, instead of the house; not why."""
    carried = Foyer.carried | {"members"}

    def __init__(self, server: Server, name: str) -> None:
        super().__init__(server, name)
        self.key = fold(name)
        self.members: dict[User, None] = {}

    # ---- what happens --------------------------------------------------------------------------------------

    def broadcast(self, event: Event, by: User | None = None) -> None:
        """Let everyone here know, the one whose doing it is too: `by`, or who is doing something just now.

        Raises CannotTalk for someone's words where the room's policy, or the house's, has them only listen.
        """
        if event.words:
            self.check_words(event, by)
        elif hold(event):
            return
        self.server.fanout.publish(event, (self,), by)

    def speak(self, user: User, event: Event) -> None:
        """Let everyone here know what a user says, who may correct it later."""
        self.broadcast(event, user)
        if self.keeps(event):
            user.spoke(self.key, event.id)

    def shows(self, user: User) -> bool:
        """Whether everyone here sees that this member is here, comes and goes."""
        return True

    def given_role(self, user: User) -> str:
        """The role that this room has given someone; "" for none."""
        return ""

    def check_words(self, event: Event, by: User | None) -> None:
        """Raise ChatError if someone may not say that here. Nobody is kept from talking in a mere gathering."""

    def keeps(self, event: Event) -> bool:
        """Whether the event can be found later."""
        return False

    # ---- coming and going ----------------------------------------------------------------------------------

    def add_user(self, user: User) -> None:
        """The user is a member from now on, with or without a session that looks here."""
        if user in self.members:
            return
        self.members[user] = None
        user.rooms[self.key] = self._place
        if user.listener is not None:
            self.bots = (*self.bots, user)
        self.server.fanout.join(user, self.key)
        self.server.presence.moved(user)
        self.joined(user)

    def remove(self, session: Session) -> None:
        """A session goes out; its user stays a member while another of its devices shows this room."""
        user = session.user
        if any(each is not session and (each.link.many or each.room is self) for each in user.sessions):
            return
        self.drop_member(user)

    def announce(self, event: Event, user: User, by: User | None = None) -> None:
        """Let everyone here know something about this user, or, where it is not shown, those who keep order.
        `by`: whose doing it is, if it is not the user's own."""
        if self.shows(user):
            self.broadcast(event, by or user)
            return
        for each in dict.fromkeys([user, *self.keepers()]):
            each.tell(replace(event, room=self.key))

    def keepers(self) -> list[User]:
        """The members who keep order here."""
        return []

    def dismiss(self, user: User, reason: str = "", said: Event | None = None) -> None:
        """Take a user out on all of its devices; those that looked here look elsewhere. `said`: how everyone is
        told, in place of the hook `parted`."""
        self.drop_member(user, reason, said)
        where: Room = next(reversed(user.rooms.values()), self.server.foyer)
        for each in user.sessions:
            if each.room is self:
                each.look_at(where)
                if not each.link.many:  # else it shows that room already, or none
                    where.add(each)

    def drop_member(self, user: User, reason: str = "", said: Event | None = None) -> None:
        """The user is a member no more; said first, so that the one who leaves hears it too."""
        if user not in self.members:
            return
        if said is not None:
            self.announce(said, user, self.server.fanout.doer(said))
        else:
            self._guarded(self.parted, user, reason)
        self.server.fanout.leave(user, self.key)
        self.forget(user)

    def forget(self, user: User) -> None:
        """Strike a user off without a word: what there was to say has been said."""
        self.members.pop(user, None)
        if user in self.bots:
            self.bots = tuple(bot for bot in self.bots if bot is not user)
        user.rooms.pop(self.key, None)
        self.server.presence.moved(user)
        self.server.rooms.close_if_empty(self._place)

    @property
    def _place(self) -> ChatRoom:
        """This room, as the house knows it: nothing but a `ChatRoom` is ever made."""
        return cast("ChatRoom", self)

    def joined(self, user: User) -> None:
        """Hook: a user has become a member."""
        role = self.given_role(user)
        self.announce(Entered(user.nick, self.is_crowded(), user.realname, user.away, role), user)

    def parted(self, user: User, reason: str) -> None:
        """Hook: a user is about to be a member no more."""
        self.announce(Left(user.nick, reason, self.is_crowded()), user)

    def quitting(self, user: User, reason: str) -> bool:
        """Hook: a user is about to leave the house. True if this room has told its members so in its own way;
        the others are told by one `Quit`, however many rooms they shared with the user."""
        if self.parts_on_quit or not self.shows(user):
            self.parted(user, "")
            return True
        return False

    def say_quitting(self, user: User, reason: str) -> bool:
        """Ask the hook `quitting`; one that raises keeps nobody in the house."""
        return bool(self._guarded(self.quitting, user, reason))

    def is_crowded(self) -> bool:
        """Whether so many are here that terminals are not told who comes and goes."""
        return len(self.members) > self.server.limits.announce_members

    def _guarded(self, hook: Callable[[User, str], T], user: User, reason: str) -> T | None:
        """What a hook says about someone who goes: it cannot hold them."""
        try:
            return hook(user, reason)
        except Exception:  # noqa: BLE001  whatever a room's hook raises
            self.server.runtime.log.failure(
                "{hook} failed in room {room}", hook=hook.__name__, room=self.name
            )
            return None
