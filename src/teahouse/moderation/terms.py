"""The terms on which one is in a room. Rule: one field each, with its default and its meaning; every command and
every protocol's spelling of it goes by the field's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, dataclass, fields, replace
from typing import Any

from teahouse.errors import UsageError
from teahouse.limits import key
from teahouse.text import fold, nearest, parse_duration, show_duration

LONGEST_WAIT = 86_400
MOST_PEOPLE = 1_000_000
PASSWORD_LENGTH = 64
ON = {"on": True, "yes": True, "true": True, "off": False, "no": False, "false": False}
HIDDEN_VALUE = "set"
"""What is shown in place of a password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What those who keep a room have set."""

    invite_only: bool = key(False, "Only those who are invited come in.")
    password: str = key("", "Asked of those who come in.")
    accounts_only: bool = key(False, "Only people with an account come in.")
    limit: int = key(0, "How many people may be in it at once; 0: as many as come.")
    hidden: bool = key(False, "Nobody outside sees that there is such a room.")
    moderated: bool = key(False, "Only those with a voice talk.")
    accounts_talk: bool = key(False, "Only people with an account talk.")
    slow: int = key(0, "Seconds that everyone without a voice waits between two lines; 0: none.")
    topic_locked: bool = key(False, "Only operators change the topic.")
    open_to_outside: bool = key(False, "People outside may say something into it, where their client can.")
    no_ctcp: bool = key(False, "Nothing is let in that clients answer by themselves (CTCP).")
    auditorium: bool = key(False, "People without a voice see only those who have one.")
    forward: str = key("", "The room for those who may not come into this one.")

    @property
    def is_closed(self) -> bool:
        """Whether not just anyone comes in, or knows of it."""
        return self.invite_only or bool(self.password) or self.accounts_only or self.hidden


NAMES = tuple(field.name for field in fields(Terms))
_FIELDS: dict[str, Field[Any]] = {field.name: field for field in fields(Terms)}


def spelled(name: str) -> str:
    """A term's name as people type it: `invite-only`."""
    return name.replace("_", "-")


def term(name: str) -> str:
    """The field that people mean. Raises UsageError."""
    wanted = name.lower().replace("-", "_")
    if wanted in _FIELDS:
        return wanted
    near = nearest(wanted, NAMES)
    hint = f"Did you mean {spelled(near)}?" if near else f"There are: {', '.join(map(spelled, NAMES))}."
    raise UsageError(f"A room has no term {name}. {hint}")


def meaning(name: str) -> str:
    """What a term means, in a sentence."""
    return str(_FIELDS[name].metadata["help"])


def with_term(terms: Terms, name: str, text: str) -> Terms:
    """The terms with one of them as people typed it; "off" is none. Raises UsageError."""
    value: Any = _parse(name, text.strip())
    return replace(terms, **{name: value})


def shown(terms: Terms, name: str) -> str:
    """A term's value for people; a password is not shown."""
    value = getattr(terms, name)
    if isinstance(value, bool) or not value:
        return "on" if value else "off"
    if name == "password":
        return HIDDEN_VALUE
    if name == "slow":
        return show_duration(value) if value >= 10 else f"{value} seconds"
    return str(value)


def to_dict(terms: Terms, given: Terms) -> dict[str, Any]:
    """As the store keeps them: those that are not as they were given."""
    return {name: getattr(terms, name) for name in NAMES if getattr(terms, name) != getattr(given, name)}


def from_dict(data: Mapping[str, Any], given: Terms) -> Terms:
    """As they were kept; what this house does not know is passed over."""
    known = {name: data[name] for name in NAMES if type(data.get(name)) is type(_FIELDS[name].default)}
    return replace(given, **known)


def _parse(name: str, text: str) -> bool | int | str:
    default = _FIELDS[name].default
    if isinstance(default, bool):
        if text.lower() not in ON:
            raise UsageError(f"{spelled(name)} is on or off. {meaning(name)}")
        return ON[text.lower()]
    if text.lower() in {"", "off", "none", "0"}:
        return "" if isinstance(default, str) else 0
    if name == "slow":
        return _seconds(text)
    if name == "limit":
        return _count(text)
    if len(text.split()) != 1 or len(text) > PASSWORD_LENGTH:
        raise UsageError(f"{spelled(name)} is one word of at most {PASSWORD_LENGTH} characters, or off.")
    return text if name == "password" else fold(text.removeprefix("#"))


def _seconds(text: str) -> int:
    try:
        seconds = int(parse_duration(text).total_seconds())
    except ValueError as error:
        raise UsageError(str(error)) from error
    if seconds > LONGEST_WAIT:
        raise UsageError("slow is a day at most: 10s, 1m, or off.")
    return seconds


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text[:9]) <= MOST_PEOPLE:
        raise UsageError(f"limit is a number from 1 to {MOST_PEOPLE:,}, or off.")
    return int(text)
