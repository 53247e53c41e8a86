"""A place with people in it who talk. Rule: what they say goes to all of them, the speaker too, and each protocol
decides what the speaker is shown of it.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, ClassVar

from teahouse.commands import Rest, command, rank
from teahouse.errors import CannotTalk, NotAllowed, TooLong
from teahouse.events import Emoted, Entered, Event, Left, Replayed, Roster, Said, TopicChanged, sign
from teahouse.rooms.base import Result
from teahouse.rooms.commands import filtering, history, keepers, removal, renaming, roles, ruling, webhooks
from teahouse.rooms.governed import Governed
from teahouse.text import clean

if TYPE_CHECKING:
    from teahouse.server import Server
    from teahouse.session import Session
    from teahouse.settings import Settings


class ChatRoom(Governed):
    """The room to extend: commands, `on_text`, and the hooks `admit`, `welcome`, `joined`, `parted`, `quitting`."""

    head = "Talking"
    themes = (history, keepers, roles, ruling, renaming, removal, filtering, webhooks)

    shows_itself: ClassVar[bool] = True
    """Whether a newcomer is shown the topic, who is here, and what was said before."""
    carried = Governed.carried | {"topic", "topic_by", "topic_at", "made_at", "metadata"}
    opens: ClassVar[str] = ""
    """Names, with spaces between, of rooms of this class that are open from the start."""

    def __init__(self, server: Server, name: str, *, topic: str = "", history: bool = True) -> None:
        super().__init__(server, name, history=history)
        self.topic = topic
        server.hooks.listen_in(self)

    # ---- saying --------------------------------------------------------------------------------------------

    def on_text(self, session: Session, text: str) -> Result:
        """A plain line is said, unless there is nothing in it that anyone could see."""
        if not text.isprintable() and not clean(text).strip():
            return None
        self.speak(session.user, Said(session.user.nick, text))
        return None

    def interpret(self, session: Session, text: str) -> Result:
        """What someone says whose client knows talk from commands, where a room makes something else of it: it is the
        line that they would have typed."""
        line = text.replace("\n", " ")
        return self.on_text(session, line) if self.takes_text else self.handle(session, line)

    @classmethod
    def is_talk(cls) -> bool:
        """Whether what is said here is said, and nothing else is made of it."""
        return cls.takes_text and cls.on_text is ChatRoom.on_text

    def check_manner(self, manner: str) -> None:
        """Raise CannotTalk where this room makes something else of what is said, and nobody could say that ("notice",
        "emote") by typing it."""
        kind = type(self)
        emotes = manner == "emote" and kind.handle is ChatRoom.handle and kind.find("me") is not None
        if not (kind.is_talk() or emotes):
            raise CannotTalk("This room makes something else of what is said: it takes plain lines.")

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
    def topic_command(self, session: Session, topic: Rest = "") -> Result:
        """Show the room's topic, or set it."""
        if not topic:
            session.tell(
                self._topic_event() if self.topic else "This room has no topic: /topic <text> sets one."
            )
            return None
        return self.set_topic(session, topic)

    def set_topic(self, session: Session, topic: str) -> Result:
        """Another topic, or none, from now on. Raises NotAllowed, TooLong."""
        if self.policy.terms.topic_locked and rank(self.role_of(session)) < rank("operator"):
            raise NotAllowed("Only operators change the topic here.")
        if len(topic) > self.server.limits.topic_length:
            raise TooLong(f"A topic has at most {self.server.limits.topic_length} characters.")
        self.check_quiet_words(session.user, topic)
        self.topic, self.topic_by, self.topic_at = topic, session.user.nick, self.now()
        self.broadcast(TopicChanged(session.user.nick, topic))
        return self.keep() if self.server.rooms.survives(self) else None

    def take_settings(self, before: Settings) -> None:
        """See `Past.take_settings`. A topic that is still the one of the settings goes with them."""
        super().take_settings(before)
        old, now = before.of_room(self.key).topic, self.server.settings.of_room(self.key).topic
        if self.topic == old != now:
            self.topic, self.topic_by = now, self.server.settings.house.name
            self.topic_at = self.now()
            self.broadcast(TopicChanged(self.topic_by, now))
            self.server.runtime.spawn(self.try_to(self.keep()))

    # ---- coming and going ----------------------------------------------------------------------------------

    def add(self, session: Session) -> None:
        """A session has come in: its user is a member from now on, and the newcomer sees where it is."""
        fresh = session.user not in self.members
        self.add_user(session.user)
        self.welcome(session)
        for other in session.user.sessions if fresh else ():
            if other is not session and other.link.many:  # it shows this room now, too
                self.show(other)

    def welcome_back(self, session: Session) -> None:
        """One more device of a member shows this room from now on, beside others."""
        self.tell_coming(session)
        self.show(session)

    def tell_coming(self, session: Session) -> None:
        """Tell one device that its user is in this room, as everyone else has been told, or nobody."""
        session.tell(
            _signed(Entered(session.user.nick, realname=session.user.realname, room=self.key), session)
        )

    def tell_going(self, session: Session, reason: str) -> None:
        """Tell one device that its user is in this room no more."""
        session.tell(_signed(Left(session.user.nick, reason, room=self.key), session))

    def welcome(self, session: Session) -> None:
        """Hook: what a newcomer is shown. A client that shows the room in a place of its own needs to know who is
        there."""
        if not self.shows_itself:
            if session.link.many:
                self.show(session)
            return
        self.show(session)
        self.tell_what_is_kept(session, always=False)
        heard = self.lately(session.user)
        if heard:
            session.tell(Replayed(heard, room=self.key))

    def show(self, session: Session) -> None:
        """The topic and who is here."""
        if self.topic:
            session.tell(self._topic_event())
        seen = self.seen_by(session)
        shown = tuple(user.nick for user in islice(seen, self.server.limits.roster_nicks))
        session.tell(Roster(shown, len(seen), room=self.key))

    def _topic_event(self) -> TopicChanged:
        return TopicChanged(self.topic_by, self.topic, room=self.key)


def _signed(event: Event, session: Session) -> Event:
    user = session.user
    sign(event, user.account.name if user.account is not None else "", user.userhost, bot=user.is_bot)
    return event
