"""A room that is kept in order. Rule: it asks its policy, and the house's, before anyone comes in, talks or is shown
to others; what its keepers change is on disk when they are told so.
"""

from __future__ import annotations

from collections.abc import Awaitable, Collection
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from teahouse.commands import rank
from teahouse.errors import CannotTalk, ChatError, NotAllowed, TooMany
from teahouse.events import Deleted, Event, RuleMade, Signalled, Typing, words_of
from teahouse.moderation.filters import MUTED_FOR, Filter
from teahouse.moderation.policy import Policy
from teahouse.moderation.ranks import Standing
from teahouse.moderation.rules import Rule
from teahouse.rooms.past import Past
from teahouse.store import Act, RoomRecord, StoreError
from teahouse.store.records import ON_DEMAND
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.server import Server
    from teahouse.session import Session
    from teahouse.settings import Settings
    from teahouse.user import User


class Governed(Past):
    """Asks and keeps the room's policy."""

    carried = Past.carried | {"policy", "named_at", "renamed_at", "_history"}

    def __init__(self, server: Server, name: str, *, history: bool = True) -> None:
        super().__init__(server, name, history=history)
        self._history = history
        operators = map(fold, server.settings.of_room(self.key).operators)
        self.policy = Policy(server.limits, server.settings.terms_of(self.key), operators)
        self.topic = ""
        self.topic_by = ""
        self.topic_at: datetime | None = None
        self.metadata: dict[str, str] = {}
        """What the room's keepers have clients know of it, by key: a homepage, a picture."""
        self.made_at = self.named_at = self.now()
        """`named_at`: since when it has this name."""
        self.renamed_at = float("-inf")
        """By the clock that only goes forward."""

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

    def given_role(self, user: User) -> str:
        """See `Gathering.given_role`."""
        return self.policy.role(user)

    def standing(self, user: User) -> Standing:
        """What someone may do here, and what may be done to them."""
        return Standing(user.nick, self.role_of_user(user), self.policy.is_founder(user))

    def demand(self, session: Session, role: str) -> None:
        """Raise NotAllowed for one who has less than this role here."""
        if rank(self.role_of(session)) < rank(role):
            raise NotAllowed(f"Only {role}s and those above them may do that here.")

    def shows(self, user: User) -> bool:
        """See `Gathering.shows`: in an auditorium only those are seen who have a voice."""
        return not self.policy.terms.auditorium or rank(self.role_of_user(user)) >= rank("voice")

    def seen_by(self, session: Session) -> Collection[User]:
        """The members that someone sees; in an auditorium, those with a voice and oneself."""
        if not self.policy.terms.auditorium or rank(self.role_of(session)) >= rank("operator"):
            return self.members
        return [user for user in self.members if user is session.user or self.shows(user)]

    def shows_to(self, session: Session, user: User) -> bool:
        """Whether someone is told that this member is here."""
        return self.is_seen_by(session) and (
            user is session.user or self.shows(user) or rank(self.role_of(session)) >= rank("operator")
        )

    def is_seen_by(self, session: Session) -> bool:
        """Whether someone is told that there is such a room."""
        terms = self.policy.terms
        return (
            not terms.hidden or session.user in self.members or rank(session.user.role) >= rank("moderator")
        )

    def takes_from(self, session: Session) -> bool:
        """Whether someone may have people sent here: those who keep this room, and everyone to the lobby. Nobody is
        sent where they are unwanted."""
        is_lobby = self.key == fold(self.server.settings.house.lobby)
        return is_lobby or rank(self.role_of(session)) >= rank("operator")

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
        return not self.policy.terms.is_closed or rank(self.role_of(session)) >= rank("moderator")

    def is_for_keepers(self, act: Act, session: Session) -> bool:
        """See `Foyer.is_for_keepers`: before it had this name, another room may have had it."""
        return act.at >= self.named_at and super().is_for_keepers(act, session)

    def check_words(self, event: Event, by: User | None) -> None:
        """See `Gathering.check_words`. To take one's words back is not to talk."""
        house = self.server.order
        if self.policy.is_plain and house.is_plain:
            return
        user = by or self.server.fanout.doer(event)
        if user is None or user.listener is not None or type(event) is Deleted:
            return
        text = words_of(event)
        house.check_words(user, text, self.name)
        role = self.role_of_user(user)
        self.policy.check_talk(user, role, self.now(), is_line=type(event) not in {Typing, Signalled})
        self._check_text(user, text, role)

    def check_quiet_words(self, user: User, text: str) -> None:
        """Raise CannotTalk if someone may not have others here see a text that is not said: a topic, why someone
        is away."""
        self.server.order.check_words(user, text, self.name)
        role = self.role_of_user(user)
        if rank(role) < rank("voice"):
            self.policy.check_silence(user, self.now())
            self._check_text(user, text, role)

    def may_say(self, user: User, text: str) -> bool:
        """Whether others here are shown a text that is not worth an error: the reason why someone leaves."""
        role = self.role_of_user(user)
        if self.policy.is_plain or rank(role) >= rank("voice"):
            return True
        try:
            self.policy.check_silence(user, self.now())
        except CannotTalk:
            return False
        return self.policy.caught(text, role) is None

    def shown_reason(self, user: User, text: str) -> str:
        """Why someone goes, or takes a line back, as others here are told: nothing where those who may not talk
        would say it."""
        text = text.strip()[: self.server.limits.away_length].rstrip()
        return text if self.may_say(user, text) and self.server.order.may_say(user, text) else ""

    def reason_of(self, session: Session, text: str) -> str:
        """Why someone does something to another, as everyone here is told. Raises CannotTalk for words that the
        house does not take."""
        text = text.strip()[: self.server.limits.away_length].rstrip()
        if text:
            self.server.order.check_words(session.user, text, self.name)
        return text

    def check_rename(self, user: User) -> None:
        """Raise CannotTalk for one who would evade a rule of this room by another nick."""
        if rank(self.role_of_user(user)) < rank("voice"):
            self.policy.check_rename(user, self.now())

    def _check_text(self, user: User, text: str, role: str) -> None:
        """Do what the room's filters say. Raises CannotTalk unless the line may be said all the same."""
        caught = self.policy.caught(text, role)
        if caught is None:
            return
        if caught.action == "report":
            reason = f"unwanted words (filter {caught.pattern})"
            self.server.order.suspect(user.nick, reason, self.name, detail=text)
            return
        if caught.action == "mute":
            self._silence(user, caught)
        raise CannotTalk("The house does not take words like that here, and nobody was shown them.")

    def _silence(self, user: User, caught: Filter) -> None:
        """They may only listen for a while."""
        now, why = self.now(), "unwanted words"
        until = now + timedelta(seconds=MUTED_FOR)
        masks = self.server.order.masks_of(user)
        try:
            self.policy.mutes.add(*(Rule(mask, "filter", now, until, why, user.nick) for mask in masks))
        except TooMany as error:
            self.server.runtime.log.warn("{nick} is not muted: {error}", nick=user.nick, error=error.text)
            return
        house = self.server.settings.house.name
        self.announce(RuleMade(house, "mutes", tuple(masks), user.nick, why, until), user)
        self.note(None, "mute", user.nick, reason=caught.pattern, detail=" ".join(masks))
        self.server.runtime.spawn(self.try_to(self.keep()))

    # ---- being written down --------------------------------------------------------------------------------

    def note(  # noqa: PLR0913  as many as there is to say
        self,
        session: Session | None,
        what: str,
        about: str = "",
        *,
        reason: str = "",
        detail: str = "",
        user: User | None = None,
    ) -> None:
        """Have it in the audit log: who did what (None: the house), about whom, and where that one connects from."""
        by = session.user if session is not None else None
        self.server.order.note(
            Act(
                what=what,
                by=by.nick if by is not None else self.server.settings.house.name,
                account=by.account_key if by is not None else "",
                about=about,
                room=self.name,
                reason=reason,
                detail=detail,
                address=" ".join(dict.fromkeys(user.addresses)) if user is not None else "",
            )
        )

    async def try_to(self, write: Awaitable[None]) -> None:
        """For what nobody waits for."""
        try:
            await write
        except ChatError as error:
            self.server.runtime.log.error("room {room}: {error}", room=self.name, error=error.text)

    def take_settings(self, before: Settings) -> None:
        """See `Past.take_settings`."""
        old, now = before.of_room(self.key), self.server.settings.of_room(self.key)
        self._history = now.history if now.history != old.history else self._history
        self.policy.take_limits(self.server.limits)
        super().take_settings(before)

    # ---- being kept ----------------------------------------------------------------------------------------

    @property
    def registered(self) -> bool:
        """Whether it outlives the last one who leaves by the will of an account."""
        return bool(self.policy.founder)

    async def keep(self) -> None:
        """Have what its keepers decided written down, if the room outlives a restart. Raises ChatError."""
        self.policy.changed()
        self.see_what_is_kept()
        if not self.server.rooms.survives(self):
            return
        self.server.rooms.written(self)
        try:
            await self.server.store.save_room(self.record_of())
        except StoreError as error:
            raise ChatError(
                "That holds now, but the house cannot write it down: it ends with a restart."
            ) from error

    def record_of(self) -> RoomRecord:
        """The room as the store keeps it."""
        extra: dict[str, Any] = {
            "kept_at": self.now().isoformat(),
            "made_at": self.made_at.isoformat(),
            "named_at": self.named_at.isoformat(),
        }
        if self.metadata:
            extra["metadata"] = self.metadata
        if not self.server.rooms.lasts(self):
            extra[ON_DEMAND] = True
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
        self.metadata = {str(key): str(value) for key, value in record.policy.get("metadata", {}).items()}
        if "made_at" in record.policy:
            self.made_at = self.named_at = datetime.fromisoformat(record.policy["made_at"])
        if "named_at" in record.policy:
            self.named_at = datetime.fromisoformat(record.policy["named_at"])
        if "topic_at" in record.policy:
            self.topic_at = datetime.fromisoformat(record.policy["topic_at"])
        self.see_what_is_kept()

    def see_what_is_kept(self) -> None:
        """What is said behind a door is not kept in a room that goes with the last one in it: whoever makes another
        of that name would read it."""
        self.keeps_history = self._history and (
            self.server.rooms.lasts(self) or not self.policy.terms.is_closed
        )
