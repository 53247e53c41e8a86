"""Someone present in the house. Rule: membership belongs to the user and replies belong to the session: two
devices of one account are one user with two sessions.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from teahouse.events import Event
from teahouse.moderation.cloak import NOWHERE
from teahouse.moderation.masks import ACCOUNT
from teahouse.text import fold, mentions

if TYPE_CHECKING:
    from teahouse.rooms.chat import ChatRoom
    from teahouse.session import Session
    from teahouse.store import Account

LINES_SAID = 50
ACCEPTED = 100


class Wish(Enum):
    """What someone wants of the house for as long as they are in it."""

    UNSEEN = "only those who share a room with them find them by a mask"
    WALLOPS = "to be told what those who keep the house tell all who want to know"
    ACCOUNTS_ONLY = "private messages from people with an account only"


NOTHING: Mapping[str, str] = MappingProxyType({})
NO_WISHES: frozenset[Wish] = frozenset()


class Listener(Protocol):
    """What stands behind a user that has no connection."""

    def told(self, event: Event) -> None:
        """Something is said to this user alone."""

    def heard(self, event: Event) -> None:
        """That, or what happened where the user is, has been sent to everyone."""


class User:
    """A nick, the rooms it is in (in order of joining), and the sessions that stand behind it.

    A connection that has not logged in has a user without a nick.
    """

    __slots__ = (
        "_ignored",
        "accepted",
        "account",
        "active_at",
        "away",
        "detached",
        "host",
        "ident",
        "is_bot",
        "key",
        "left_at",
        "listener",
        "markers",
        "metadata",
        "nick",
        "realname",
        "reply_to",
        "role",
        "rooms",
        "said",
        "sessions",
        "since",
        "wishes",
    )

    def __init__(self, now: float, nick: str = "") -> None:
        self.nick = nick
        self.key = fold(nick)
        self.role = "guest"
        self.account: Account | None = None
        self.detached = False
        self.left_at: dict[str, int] | None = None
        """The last event of each room that an account has seen before it came this time."""
        self.markers: dict[str, int] = {}
        """The last event of each room (or `@nick`, of each conversation) that has been read on any of its devices."""
        self.metadata: Mapping[str, str] = NOTHING
        """What it has clients know of itself, by key: an avatar, a homepage; kept for those with an account."""
        self.rooms: dict[str, ChatRoom] = {}
        self.sessions: list[Session] = []
        self.away = ""
        self.ident = NOWHERE
        """What comes before the @: the protocol, or the name that an IRC client gives; never checked."""
        self.host = NOWHERE
        """The cloak of the address that it came from first."""
        self.realname = ""
        self.wishes: frozenset[Wish] = NO_WISHES
        self.accepted: tuple[str, ...] = ()
        """The keys of guests from whom it takes private messages all the same (`Wish.ACCOUNTS_ONLY`)."""
        self.is_bot = False
        """Whether it says of itself that it is a program."""
        self.since = self.active_at = now
        self.reply_to: User | None = None
        self.listener: Listener | None = None
        self.said: deque[tuple[str, int]] | None = None
        """The last lines that may be corrected or taken back: the room's key, or `@nick`, and the id of each."""
        self._ignored: set[str] | None = None

    def take_metadata(self, account: Account) -> None:
        """What the account has clients know; what a guest has said of itself stays, beside it."""
        before = self.metadata if self.account is None else NOTHING
        kept = dict(account.settings.get("metadata", {}))
        self.metadata = {**before} | {str(key): str(value) for key, value in kept.items()}

    def rename(self, nick: str) -> None:
        """Go by another nick; whether it may be had is the server's business."""
        self.nick = nick
        self.key = fold(nick)

    @property
    def stays(self) -> bool:
        """Whether the user stays in the house when its last connection is gone."""
        account = self.account
        return account is not None and not account.suspended and (self.detached or account.always_on)

    @property
    def account_key(self) -> str:
        """The key of its account; "" for a guest."""
        return self.account.key if self.account is not None else ""

    @property
    def userhost(self) -> str:
        """`ident@cloak`, as others see it."""
        return f"{self.ident}@{self.host}"

    @property
    def hosts(self) -> list[str]:
        """The cloaks of all places that it is connected from."""
        return [each.host for each in self.sessions] or [self.host]

    @property
    def addresses(self) -> list[str]:
        """All addresses that it is connected from."""
        return [each.address for each in self.sessions if each.address]

    @property
    def address(self) -> str:
        """The IP address of the (first) connection; "" without one."""
        return self.sessions[0].address if self.sessions else ""

    def spoke(self, room: str, id_: int) -> None:
        """A line of this user's is kept."""
        if self.said is None:
            self.said = deque(maxlen=LINES_SAID)
        self.said.append((room, id_))

    def unsay(self, room: str, id_: int) -> bool:
        """The line is no more; False if that was known."""
        if self.said is None or (room, id_) not in self.said:
            return False
        self.said.remove((room, id_))
        return True

    def accept(self, other: User) -> None:
        """Take private messages from this one, where that is a question; of many, the first are forgotten."""
        if Wish.ACCOUNTS_ONLY in self.wishes and other.key not in self.accepted:
            self.accepted = (*self.accepted, other.key)[-ACCEPTED:]

    def takes_from(self, other: User) -> bool:
        """Whether it takes private messages from this one."""
        is_known = other.account is not None or other.listener is not None or other.key in self.accepted
        return is_known or other is self or Wish.ACCOUNTS_ONLY not in self.wishes

    def follow_room(self, before: str, after: str) -> None:
        """A room (by key) has another key from now on."""
        for by_room in (self.rooms, self.markers, self.left_at or {}):
            _change_key(by_room, before, after)
        said = self.said or ()
        if any(room == before for room, _ in said):
            moved = ((after if room == before else room, id_) for room, id_ in said)
            self.said = deque(moved, maxlen=LINES_SAID)

    def tell(self, event: Event) -> None:
        """Say something to this user, on all devices."""
        for session in self.sessions:
            session.tell(event)
        if self.listener is not None:
            self.listener.told(event)

    @property
    def ignored(self) -> frozenset[str]:
        """The nicks (folded) and accounts (`account:name`) that this user does not want to hear."""
        return frozenset(self._ignored or ())

    def ignore(self, *who: str) -> None:
        """Hear nothing more of a nick, or of an account under every nick (`account:name`)."""
        if who:
            self._ignored = {*(self._ignored or ()), *map(fold, who)}

    def unignore(self, who: str) -> bool:
        """Hear a nick, or an account, again; False if it was not ignored."""
        key = fold(who)
        if not self._ignored or key not in self._ignored:
            return False
        self._ignored = (self._ignored - {key}) or None
        return True

    def hears(self, who: str, account: str = "") -> bool:
        """Whether this user wants to hear that nick, and the account (by name) that it has."""
        if not self._ignored:
            return True
        return fold(who) not in self._ignored and not (account and ACCOUNT + fold(account) in self._ignored)

    def wants_of(self, events: Iterable[Event]) -> tuple[Event, ...]:
        """Those of these events that are not of someone whom this user ignores."""
        return tuple(each for each in events if self.wants(each))

    def wants(self, event: Event) -> bool:
        """Whether it is of no one whom this user ignores; of one who brings it from elsewhere neither."""
        if not self._ignored:
            return True
        relay = getattr(event, "relay", "")
        return self.hears(getattr(event, "who", ""), event.account) and not (
            relay and fold(relay) in self._ignored
        )

    def is_named_in(self, text: str) -> bool:
        """Whether the text mentions this user's nick."""
        return bool(self.nick) and mentions(text, self.nick)

    def __repr__(self) -> str:
        return f"<User {self.nick or '(not logged in)'}>"


def _change_key(values: dict[str, Any], before: str, after: str) -> None:
    """In its place, for the order says something; what was known under the new key was about another room."""
    if before == after:
        return
    values.pop(after, None)
    if before in values:
        changed = {after if key == before else key: value for key, value in values.items()}
        values.clear()
        values.update(changed)
