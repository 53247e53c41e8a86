"""What those who keep a room have decided. Rule: the one place where it stands and is checked; commands and every
protocol's spelling of them change it here, and nothing of it is kept twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from math import ceil
from typing import Any, TypeVar

from teahouse.commands import rank
from teahouse.errors import (
    AccountNeeded,
    Banned,
    CannotTalk,
    InviteOnly,
    RoomFull,
    TooMany,
    TooSoon,
    WrongRoomPassword,
)
from teahouse.limits import Limits
from teahouse.moderation import terms
from teahouse.moderation.filters import Filter, Filters
from teahouse.moderation.masks import ACCOUNT, Person
from teahouse.moderation.rules import Rule, Rules
from teahouse.moderation.terms import Terms
from teahouse.text import show_duration

P = TypeVar("P", bound=Person)
GRANTED = ("voice", "operator", "owner")
"""The roles that a room itself gives."""
PASS_SECONDS = 86_400
"""How long an invitation opens the door once."""


class Policy:
    """The terms, roles and lists of one room."""

    def __init__(self, limits: Limits, given: Terms | None = None, operators: Iterable[str] = ()) -> None:
        self._given = self.terms = given or Terms()
        self._operators = frozenset(operators)
        self._most_roles = limits.rules_per_room
        self.founder = ""
        """The key of the account that owns the room; "" where nobody has registered it."""
        self.roles: dict[str, str] = dict.fromkeys(self._operators, "operator")
        """Roles by account key: these last."""
        self.lent: dict[Person, str] = {}
        """Roles of people without an account: as long as they are here."""
        self.bans = Rules("bans", limits.rules_per_room)
        self.mutes = Rules("mutes", limits.rules_per_room)
        self.exempt = Rules("exempt", limits.rules_per_room)
        self.invited = Rules("invited", limits.rules_per_room)
        self.filters = Filters(limits.filters_per_room)
        self.is_plain = True
        """Whether everybody may talk as they like: asked for each line."""
        self._passes: dict[Person, datetime] = {}
        self._spoke: dict[Person, float] = {}
        self.changed()

    def take_limits(self, limits: Limits) -> None:
        """No more than that fits into the lists from now on; what is in them stays."""
        self._most_roles = limits.rules_per_room
        self.filters.limit = limits.filters_per_room
        for rules in self.lists.values():
            rules.limit = limits.rules_per_room

    @property
    def lists(self) -> dict[str, Rules]:
        """The lists of rules by name."""
        return {each.name: each for each in (self.bans, self.mutes, self.exempt, self.invited)}

    def changed(self) -> None:
        """Something is another now: see whether everybody may still talk."""
        now = self.terms
        restricted = now.moderated or now.accounts_talk or now.slow or now.no_ctcp
        self.is_plain = not (restricted or self.bans or self.mutes or self.filters)
        if not now.slow:
            self._spoke.clear()

    # ---- roles ---------------------------------------------------------------------------------------------

    def role(self, person: Person) -> str:
        """What someone is in this room: one of `GRANTED`, or "" for no more than anyone."""
        key = person.account_key
        if self.is_founder(person):
            return "owner"
        return (self.roles.get(key, "") if key else "") or self.lent.get(person, "")

    def roles_among(self, people: Iterable[P]) -> dict[P, str]:
        """Those of these people who may be more than anyone in this room, with their roles: few of many."""
        keys, lent = {self.founder, *self.roles} - {""}, self.lent
        if keys:
            return {each: self.role(each) for each in people if each in lent or each.account_key in keys}
        return {each: lent[each] for each in people if each in lent} if lent else {}

    def is_founder(self, person: Person) -> bool:
        """Whether someone has registered the room."""
        return bool(self.founder) and person.account_key == self.founder

    @property
    def owned(self) -> bool:
        """Whether the room has an owner."""
        return bool(self.founder) or "owner" in self.roles.values()

    @property
    def accounts(self) -> set[str]:
        """The keys of those that have something here: a role, a way in."""
        masks = [rule.mask for rules in (self.exempt, self.invited) for rule in rules]
        named = {mask.removeprefix(ACCOUNT) for mask in masks if mask.startswith(ACCOUNT)}
        named = {key for key in named if "*" not in key and "?" not in key}
        return {self.founder, *self.roles, *named} - {""}

    def grant(self, person: Person, role: str) -> None:
        """Give a role; "" takes what there is. Raises TooMany."""
        if role and person.account_key not in self.roles and len(self.roles) >= self._most_roles:
            raise TooMany(
                f"{self._most_roles} people have a role here, and no more fit: take one away first."
            )
        self.lent.pop(person, None)
        where: dict[Any, str] = self.roles if person.account_key else self.lent
        who = person.account_key or person
        if role or who in self._operators:  # one whom the configuration names is kept as having none
            where[who] = role
        else:
            where.pop(who, None)

    def forget(self, person: Person) -> None:
        """Someone has left the room: what was lent to them is gone."""
        self.lent.pop(person, None)
        self._spoke.pop(person, None)

    def forget_account(self, key: str) -> bool:
        """An account is no more: another of the same name is somebody else, but for those whom the configuration
        names. What keeps it out stays. False if there was nothing to forget."""
        had = key not in self._operators and self.roles.pop(key, None) is not None
        for rules in (self.exempt, self.invited):
            had |= rules.drop(ACCOUNT + key)
        if key and key == self.founder:
            self.founder, had = "", True
        return had

    # ---- coming in -----------------------------------------------------------------------------------------

    def invite(self, person: Person, now: datetime) -> None:
        """Let someone in once, within a day; past a ban too. Of many who are invited, the first are forgotten."""
        self._passes.pop(person, None)
        self._passes = {who: until for who, until in self._passes.items() if until > now}
        while len(self._passes) >= self._most_roles:
            del self._passes[next(iter(self._passes))]
        self._passes[person] = datetime.fromtimestamp(now.timestamp() + PASS_SECONDS, UTC)

    def uninvite(self, person: Person, now: datetime) -> bool:
        """Take that back; False if there was nothing to take back."""
        pass_ = self._passes.pop(person, None)
        return pass_ is not None and pass_ > now

    def is_invited(self, person: Person, now: datetime) -> bool:
        """Whether someone has an invitation that still holds."""
        pass_ = self._passes.get(person)
        return (pass_ is not None and pass_ > now) or self.invited.about(person, now) is not None

    def check_entry(self, person: Person, role: str, people: int, password: str, now: datetime) -> None:
        """Raise ChatError if someone may not come in now. A role of operator opens every door."""
        if rank(role) >= rank("operator"):
            return
        pass_ = self._passes.pop(person, None)
        if pass_ is not None and pass_ > now:
            return
        self._check_ban(person, now)
        self._check_door(person, people, password, now)

    def _check_ban(self, person: Person, now: datetime) -> None:
        ban = self.bans.about(person, now)
        if ban is not None and self.exempt.about(person, now) is None:
            raise Banned(f"You are banned from this room{_why(ban, now)}.")

    def _check_door(self, person: Person, people: int, password: str, now: datetime) -> None:
        wanted = self.terms
        if self.invited.about(person, now) is None and wanted.invite_only:
            raise InviteOnly("Only those who are invited come into this room: ask someone who is in it.")
        if wanted.accounts_only and not person.account_key:
            raise AccountNeeded("Only people with an account come into this room: /register makes one.")
        if wanted.password and password != wanted.password:
            raise WrongRoomPassword("This room has a password: /join <room> <password>")
        if 0 < wanted.limit <= people:
            raise RoomFull(f"This room is full: {wanted.limit} people at most.")

    # ---- talking -------------------------------------------------------------------------------------------

    def check_talk(self, person: Person, role: str, now: datetime, *, is_line: bool = True) -> None:
        """Raise CannotTalk or AccountNeeded if someone may only listen just now. A voice may always talk. `is_line`:
        whether it counts where people talk slowly."""
        if rank(role) >= rank("voice"):
            return
        self.check_silence(person, now)
        if self.terms.moderated:
            raise CannotTalk("Only those with a voice talk here: an operator can give you one.")
        if self.terms.accounts_talk and not person.account_key:
            raise AccountNeeded("Only people with an account talk here: /register makes one.")
        if self.terms.slow and is_line:
            self._check_pace(person, now.timestamp())

    def check_silence(self, person: Person, now: datetime) -> None:
        """Raise CannotTalk for those who are muted, or banned and still here."""
        rule = self.mutes.about(person, now) or self.bans.about(person, now)
        if rule is not None and self.exempt.about(person, now) is None:
            raise CannotTalk(f"You are muted here{_why(rule, now)}.")

    def _check_pace(self, person: Person, now: float) -> None:
        left = self._spoke.get(person, 0.0) + self.terms.slow - now
        if left > 0:
            wait = ceil(left)
            raise TooSoon(f"One line every {self.terms.slow} seconds here: wait {wait} more.", wait)
        self._spoke[person] = now

    def caught(self, text: str, role: str) -> Filter | None:
        """The filter that catches what someone is about to say. A voice is trusted."""
        return None if rank(role) >= rank("voice") else self.filters.caught(text)

    def check_rename(self, person: Person, now: datetime) -> None:
        """Raise CannotTalk for those who would evade a rule by another nick."""
        try:
            self.check_silence(person, now)
        except CannotTalk as error:
            raise CannotTalk(
                "You cannot take another nick while you are muted or banned in a room that you are in."
            ) from error

    # ---- being kept ----------------------------------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """As the store keeps it: what the configuration says is left out, and stays the configuration's."""
        given = dict.fromkeys(self._operators, "operator")
        kept: dict[str, Any] = {
            "terms": terms.to_dict(self.terms, self._given),
            "roles": {who: role for who, role in self.roles.items() if given.get(who) != role},
            "filters": self.filters.to_list(),
        }
        kept |= {name: rules.to_list() for name, rules in self.lists.items()}
        return {name: value for name, value in kept.items() if value}

    def take(self, kept: Mapping[str, Any]) -> None:
        """As it was kept."""
        self.terms = terms.from_dict(kept.get("terms", {}), self._given)
        self.roles |= {key: role for key, role in kept.get("roles", {}).items() if role in (*GRANTED, "")}
        for name, rules in self.lists.items():
            rules.take(kept.get(name, []))
        self.filters.take(kept.get("filters", []))
        self.changed()


def _why(rule: Rule, now: datetime) -> str:
    """For how long yet, and for what reason."""
    left = f" for {show_duration((rule.until - now).total_seconds())} more" if rule.until else ""
    return left.replace("just now", "a moment") + (f": {rule.reason}" if rule.reason else "")
