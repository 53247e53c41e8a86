"""A room that is kept in order. Rule: it asks its policy, and the house's, before anyone comes in, talks or is shown
to others; what its keepers change is on disk when they are told so.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from teahouse.commands import rank
from teahouse.errors import CannotTalk, ChatError
from teahouse.events import Event, RuleMade
from teahouse.moderation.filters import MUTED_FOR, Filter
from teahouse.moderation.policy import Policy
from teahouse.moderation.rules import Rule
from teahouse.rooms.past import Past
from teahouse.store import Act, RoomRecord, StoreError
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.server import Server
    from teahouse.session import Session
    from teahouse.user import User


class Governed(Past):
    """Asks and keeps the room's policy."""

    carried = Past.carried | {"policy"}

    def __init__(self, server: Server, name: str, *, history: bool = True) -> None:
        super().__init__(server, name, history=history)
        operators = map(fold, server.settings.of_room(self.key).operators)
        self.policy = Policy(server.limits, server.settings.terms_of(self.key), operators)
        self.topic = ""
        self.topic_by = ""
        self.topic_at: datetime | None = None
        self.made_at = self.now()

    def now(self) -> datetime:
        """What time it is."""
        return datetime.fromtimestamp(self.server.runtime.time(), UTC)

    # ---- roles ---------------------------------------------------------------------------------------------

    def role_of(self, session: Session) -> str:
        """What the user is in this room: the higher of what the house and what the room says."""
        return self.role_of_user(session.user)

    def role_of_user(self, user: User) -> str:
        """See `role_of`."""
        here = self.policy.role(user)
        return here if rank(here) > rank(user.role) else user.role

    def shows(self, user: User) -> bool:
        """See `Gathering.shows`: in an auditorium only those are seen who have a voice."""
        return not self.policy.terms.auditorium or rank(self.role_of_user(user)) >= rank("voice")

    def seen_by(self, session: Session) -> Collection[User]:
        """The members that someone sees; in an auditorium, those with a voice and oneself."""
        if not self.policy.terms.auditorium or rank(self.role_of(session)) >= rank("operator"):
            return self.members
        return [user for user in self.members if user is session.user or self.shows(user)]

    def is_seen_by(self, session: Session) -> bool:
        """Whether someone is told that there is such a room."""
        terms = self.policy.terms
        return (
            not terms.hidden or session.user in self.members or rank(session.user.role) >= rank("moderator")
        )

    def forget(self, user: User) -> None:
        """See `Gathering.forget`."""
        self.policy.forget(user)
        super().forget(user)

    def keepers(self) -> list[User]:
        """The members who keep order here."""
        return [user for user in self.members if rank(self.role_of_user(user)) >= rank("operator")]

    # ---- coming in, and talking ----------------------------------------------------------------------------

    def check_entry(self, session: Session, password: str = "") -> None:
        """See `Room.check_entry`. One who is in already may come with more devices."""
        user = session.user
        if user not in self.members:
            role, people = self.role_of(session), len(self.members)
            self.policy.check_entry(user, role, people, password, self.now())

    def may_read(self, session: Session) -> bool:
        """See `Past.may_read`: what is said behind a closed door is for those who are in."""
        terms = self.policy.terms
        closed = terms.hidden or terms.invite_only or terms.password or terms.accounts_only
        return not closed or rank(self.role_of(session)) >= rank("moderator")

    def check_words(self, event: Event, by: User | None) -> None:
        """See `Gathering.check_words`."""
        house = self.server.order
        if self.policy.is_plain and house.is_plain:
            return
        user = by or self.server.fanout.doer(event)
        if user is None or user.listener is not None:
            return
        role, now = self.role_of_user(user), self.now()
        house.check_talk(user, now)
        self.policy.check_talk(user, role, now)
        text = getattr(event, "text", "")
        caught = self.policy.caught(text, role) or house.caught(text, role)
        if caught is not None:
            self._act_on(caught, user, text)

    def _act_on(self, caught: Filter, user: User, text: str) -> None:
        """Do what the filter says. Raises CannotTalk unless the line may be said all the same."""
        if caught.action == "report":
            self.server.order.report(None, user.nick, f"said {text!r} (filter {caught.pattern})", self.name)
            return
        if caught.action == "mute":
            now = self.now()
            until = now + timedelta(seconds=MUTED_FOR)
            for mask in self.server.order.masks_of(user):
                self.policy.mutes.add(Rule(mask, "filter", now, until, "unwanted words", user.nick))
            self.policy.changed()
            self.server.order.note(
                Act(what="mute", by="filter", about=user.nick, room=self.name, reason=caught.pattern)
            )
            self.broadcast(
                RuleMade(self.server.settings.house.name, "mutes", user.nick, "unwanted words", until)
            )
        raise CannotTalk("The house does not take words like that here, and nobody was shown them.")

    # ---- being kept ----------------------------------------------------------------------------------------

    @property
    def registered(self) -> bool:
        """Whether it outlives the last one who leaves by the will of an account."""
        return bool(self.policy.founder)

    async def keep(self) -> None:
        """Have what its keepers decided written down, if the room outlives them. Raises ChatError."""
        self.policy.changed()
        if not self.server.lasts(self):
            return
        try:
            await self.server.store.save_room(self.record_of())
        except StoreError as error:
            raise ChatError(
                "That holds now, but the house cannot write it down: it ends with a restart."
            ) from error

    def record_of(self) -> RoomRecord:
        """The room as the store keeps it."""
        extra = {"made_at": self.made_at.isoformat()}
        if self.topic_at is not None:
            extra["topic_at"] = self.topic_at.isoformat()
        return RoomRecord(
            name=self.name,
            key=self.key,
            topic=self.topic,
            topic_by=self.topic_by,
            founder=self.policy.founder,
            policy={**self.policy.to_dict(), **extra},
        )

    def take_record(self, record: RoomRecord) -> None:
        """Go on with what was kept of it."""
        self.topic, self.topic_by = record.topic or self.topic, record.topic_by
        self.policy.founder = record.founder
        self.policy.take(record.policy)
        if "made_at" in record.policy:
            self.made_at = datetime.fromisoformat(record.policy["made_at"])
        if "topic_at" in record.policy:
            self.topic_at = datetime.fromisoformat(record.policy["topic_at"])

    def change_terms(self, **values: object) -> None:
        """Other terms from now on."""
        self.policy.terms = replace(self.policy.terms, **values)  # type: ignore[arg-type]  # checked by `terms`
        self.policy.changed()
