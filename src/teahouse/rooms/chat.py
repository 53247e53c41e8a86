"""A place with people in it who talk. Rule: its members are users; what they say goes to all of them, the speaker
too, and each protocol decides what the speaker is shown of it.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING, ClassVar, TypeVar

from teahouse.commands import Rest, command
from teahouse.errors import TooLong
from teahouse.events import Emoted, Entered, Event, Left, Replayed, Roster, Said, TopicChanged
from teahouse.rooms.base import Result, Room
from teahouse.rooms.past import Past
from teahouse.text import clean

if TYPE_CHECKING:
    from teahouse.server import Server
    from teahouse.session import Session
    from teahouse.user import User

T = TypeVar("T")


class ChatRoom(Past):
    """The room to extend: commands, `on_text`, and the hooks `admit`, `welcome`, `joined`, `parted`, `quitting`."""

    shows_itself: ClassVar[bool] = True
    """Whether a newcomer is shown the topic, who is here, and what was said before."""
    parts_on_quit: ClassVar[bool] = False
    """Whether those who leave the house are said to leave this room, instead of the house; not why."""
    carried = Past.carried | {"members", "topic", "topic_by"}
    opens: ClassVar[str] = ""
    """Names, with spaces between, of rooms of this class that are open from the start."""

    def __init__(self, server: Server, name: str, *, topic: str = "", history: bool = True) -> None:
        super().__init__(server, name, history=history)
        self.members: dict[User, None] = {}
        self.topic = topic
        self.topic_by = ""

    # ---- saying --------------------------------------------------------------------------------------------

    def on_text(self, session: Session, text: str) -> Result:
        """A plain line is said, unless there is nothing in it that anyone could see."""
        if not text.isprintable() and not clean(text).strip():
            return None
        self.speak(session.user, Said(session.user.nick, text))
        return None

    def speak(self, user: User, event: Event) -> None:
        """Let everyone here know what a user says, who may correct it later."""
        self.broadcast(event)
        if self.keeps_history:
            user.spoke(self.key, event.id)

    def broadcast(self, event: Event) -> None:
        """Let everyone here know, the one whose doing it is too."""
        self.server.fanout.publish(event, (self,))

    @command
    def say(self, session: Session, text: Rest) -> Result:
        """Say something to everyone here."""
        return self.on_text(session, text)

    @command(aliases=("emote",))
    def me(self, session: Session, text: Rest) -> None:
        """Do something: "/me waves" shows as "* amy waves"."""
        self.speak(session.user, Emoted(session.user.nick, text))

    @command
    def look(self, session: Session) -> None:
        """See the topic, who is in this room, and how long it is kept what they say."""
        self.show(session)
        self.tell_what_is_kept(session)

    @command(name="topic")
    def change_topic(self, session: Session, topic: Rest = "") -> None:
        """Show the room's topic, or set it."""
        if not topic:
            session.tell(
                self._topic_event() if self.topic else "This room has no topic: /topic <text> sets one."
            )
            return
        if len(topic) > self.server.limits.topic_length:
            raise TooLong(f"A topic has at most {self.server.limits.topic_length} characters.")
        self.topic, self.topic_by = topic, session.user.nick
        self.broadcast(TopicChanged(session.user.nick, topic))

    # ---- coming and going ----------------------------------------------------------------------------------

    def add(self, session: Session) -> None:
        """A session has come in: its user is a member from now on, and the newcomer sees where it is."""
        self.add_user(session.user)
        self.welcome(session)

    def add_user(self, user: User) -> None:
        """The user is a member from now on, with or without a session that looks here."""
        if user in self.members:
            return
        self.members[user] = None
        user.rooms[self.key] = self
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

    def dismiss(self, user: User, reason: str = "") -> None:
        """Take a user out on all of its devices; those that looked here look elsewhere."""
        self.drop_member(user, reason)
        where: Room = next(reversed(user.rooms.values()), self.server.foyer)
        for each in user.sessions:
            if each.room is self:
                each.look_at(where)
                where.add(each)

    def drop_member(self, user: User, reason: str = "") -> None:
        """The user is a member no more; said first, so that the one who leaves hears it too."""
        if user not in self.members:
            return
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
        self.server.close_if_empty(self)

    def joined(self, user: User) -> None:
        """Hook: a user has become a member."""
        self.broadcast(Entered(user.nick, self.is_crowded()))

    def parted(self, user: User, reason: str) -> None:
        """Hook: a user is about to be a member no more."""
        self.broadcast(Left(user.nick, reason, self.is_crowded()))

    def quitting(self, user: User, reason: str) -> bool:
        """Hook: a user is about to leave the house. True if this room has told its members so in its own way;
        the others are told by one `Quit`, however many rooms they shared with the user."""
        if self.parts_on_quit:
            self.parted(user, "")
        return self.parts_on_quit

    def say_quitting(self, user: User, reason: str) -> bool:
        """Ask the hook `quitting`; one that raises keeps nobody in the house."""
        return bool(self._guarded(self.quitting, user, reason))

    def _guarded(self, hook: Callable[[User, str], T], user: User, reason: str) -> T | None:
        """What a hook says about someone who goes: it cannot hold them."""
        try:
            return hook(user, reason)
        except Exception:  # noqa: BLE001  whatever a room's hook raises
            self.server.runtime.log.failure(
                "{hook} failed in room {room}", hook=hook.__name__, room=self.name
            )
            return None

    def welcome(self, session: Session) -> None:
        """Hook: what a newcomer is shown."""
        if not self.shows_itself:
            return
        self.show(session)
        self.tell_what_is_kept(session, always=False)
        heard = self.lately(session.user)
        if heard:
            session.tell(Replayed(heard, room=self.key))

    def is_crowded(self) -> bool:
        """Whether so many are here that terminals are not told who comes and goes."""
        return len(self.members) > self.server.limits.announce_members

    def show(self, session: Session) -> None:
        """The topic and who is here."""
        if self.topic:
            session.tell(self._topic_event())
        shown = tuple(user.nick for user in islice(self.members, self.server.limits.roster_nicks))
        session.tell(Roster(shown, len(self.members), room=self.key))

    def _topic_event(self) -> TopicChanged:
        return TopicChanged(self.topic_by, self.topic, room=self.key)
