"""Lists of rules about people, bounded and for a time. Rule: a rule that is over is as if it were not there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from teahouse.errors import NotFound, TooMany
from teahouse.moderation.masks import Person, matches
from teahouse.text import fold

REMEMBERED = 4_096
"""People of whom a list remembers what it found."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: whom it is about, who made it and when, why, and how long it holds (None: until it is lifted).

    `about` is the nick it was made for, if it was made for one: what it is called when it is lifted.
    """

    mask: str
    by: str
    at: datetime
    until: datetime | None = None
    reason: str = ""
    about: str = ""

    def holds(self, now: datetime) -> bool:
        """Whether it is not over yet."""
        return self.until is None or now < self.until

    def to_dict(self) -> dict[str, Any]:
        """As the store keeps it."""
        times = {"at": self.at.isoformat(), "until": self.until.isoformat() if self.until else None}
        return asdict(self) | times

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Rule:
        """As it was kept."""
        until = data.get("until")
        times = {
            "at": datetime.fromisoformat(data["at"]),
            "until": datetime.fromisoformat(until) if until else None,
        }
        return cls(**{**data, **times})


class Rules:
    """Rules by mask, in the order in which they were made; at most so many."""

    def __init__(self, name: str, limit: int) -> None:
        self.name = name
        self.limit = limit
        self._rules: dict[str, Rule] = {}
        self._found: dict[tuple[object, ...], Rule | None] = {}
        """What was found about whom: asked for each line that someone says, and forgotten with each change."""

    def __len__(self) -> int:
        return len(self._rules)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules.values())

    def add(self, *rules: Rule) -> None:
        """New rules, each in the place of one with the same mask: all of them, or none. Raises TooMany."""
        masks = {each.mask for each in rules}
        if not masks <= self._rules.keys():
            self._forget_old(rules[0].at)
            if len(masks | self._rules.keys()) > self.limit:
                raise TooMany(f"The list of {self.name} is full ({self.limit}): take one out of it first.")
        self._rules |= {each.mask: each for each in rules}
        self._found.clear()

    def lift(self, text: str, now: datetime, masks: Collection[str] = ()) -> list[Rule]:
        """Take out the rules with these masks or this one, and those made for this nick. Raises NotFound."""
        self._forget_old(now)
        key = fold(text)
        found = [each for each in self if each.mask in {key, *masks} or (key and fold(each.about) == key)]
        if not found:
            raise NotFound(f"There is no {text} on the list of {self.name}.")
        for each in found:
            del self._rules[each.mask]
        self._found.clear()
        return found

    def drop(self, mask: str) -> bool:
        """Take out the rule with this mask; False if there was none."""
        self._found.clear()
        return self._rules.pop(mask, None) is not None

    def has(self, rule: Rule) -> bool:
        """Whether there is a rule that says the same already, whoever made it."""
        there = self._rules.get(rule.mask)
        return there is not None and (there.until, there.reason) == (rule.until, rule.reason)

    def holding(self, now: datetime) -> list[Rule]:
        """Those that are not over."""
        self._forget_old(now)
        return list(self)

    def about(self, person: Person, now: datetime) -> Rule | None:
        """The first that is about someone."""
        if not self._rules:
            return None
        who = (person.key, person.ident, person.account_key, *person.hosts, None, *person.addresses)
        if who not in self._found or ((known := self._found[who]) is not None and not known.holds(now)):
            if len(self._found) >= REMEMBERED:
                self._found.clear()
            found = (rule for rule in self if rule.holds(now) and matches(rule.mask, person))
            self._found[who] = next(found, None)
        return self._found[who]

    def to_list(self) -> list[dict[str, Any]]:
        """As the store keeps them."""
        return [each.to_dict() for each in self]

    def take(self, kept: Sequence[Mapping[str, Any]]) -> None:
        """As they were kept."""
        for data in kept[: self.limit]:
            rule = Rule.from_dict(data)
            self._rules[rule.mask] = rule
        self._found.clear()

    def _forget_old(self, now: datetime) -> None:
        self._rules = {mask: rule for mask, rule in self._rules.items() if rule.holds(now)}
