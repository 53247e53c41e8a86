"""Lists of rules about people, bounded and for a time. Rule: a rule that is over is as if it were not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from teahouse.errors import NotFound, TooMany
from teahouse.moderation.masks import Person, matches


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
        self._limit = limit
        self._rules: dict[str, Rule] = {}

    def __len__(self) -> int:
        return len(self._rules)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules.values())

    def add(self, rule: Rule) -> None:
        """A new rule, or another in the place of one with the same mask. Raises TooMany."""
        if rule.mask not in self._rules:
            self._forget_old(rule.at)
            if len(self._rules) >= self._limit:
                raise TooMany(
                    f"There are {self._limit} {self.name} already, and no more fit: lift one first."
                )
        self._rules[rule.mask] = rule

    def lift(self, text: str, now: datetime) -> list[Rule]:
        """Take out the rule with this mask, or those made for this nick. Raises NotFound."""
        self._forget_old(now)
        found = [each for each in self if text in {each.mask, each.about}]
        if not found:
            raise NotFound(f"None of the {self.name} is {text}. The list of them shows what there is.")
        for each in found:
            del self._rules[each.mask]
        return found

    def holding(self, now: datetime) -> list[Rule]:
        """Those that are not over."""
        self._forget_old(now)
        return list(self)

    def about(self, person: Person, now: datetime) -> Rule | None:
        """The first that is about someone."""
        for rule in self:
            if rule.holds(now) and matches(rule.mask, person):
                return rule
        return None

    def to_list(self) -> list[dict[str, Any]]:
        """As the store keeps them."""
        return [each.to_dict() for each in self]

    def take(self, kept: Sequence[Mapping[str, Any]]) -> None:
        """As they were kept."""
        for data in kept[: self._limit]:
            rule = Rule.from_dict(data)
            self._rules[rule.mask] = rule

    def _forget_old(self, now: datetime) -> None:
        self._rules = {mask: rule for mask, rule in self._rules.items() if rule.holds(now)}
