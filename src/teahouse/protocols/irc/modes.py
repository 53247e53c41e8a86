"""Policies under their letters. Rule: a letter is another name for a term, a role or a list of the room's policy; one
table says which, and nothing is kept here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from teahouse.events import Event, RoleChanged, RuleLifted, RuleMade, TermsChanged
from teahouse.events.order import Together
from teahouse.moderation.masks import ACCOUNT, GUEST, canonical, is_address
from teahouse.moderation.terms import Terms
from teahouse.protocols.irc.names import LETTERS

TERMS = {
    "C": "no_ctcp",
    "M": "accounts_talk",
    "R": "accounts_only",
    "S": "slow",
    "f": "forward",
    "i": "invite_only",
    "k": "password",
    "l": "limit",
    "m": "moderated",
    "n": "open_to_outside",
    "s": "hidden",
    "t": "topic_locked",
    "u": "auditorium",
}
UPSIDE_DOWN = frozenset({"n"})
"""Letters that are set where the term is not: `n` keeps those outside from talking."""
LISTS = {"b": "bans", "e": "exempt", "I": "invited"}
MUTE = "~m:"
"""A ban with this before its mask is a mute: one may come in, and listen."""
LETTER_OF = {name: letter for letter, name in (TERMS | LISTS).items()}
ROLE_OF = {letter: role for role, letter in LETTERS.items()}
SIGNS = {"owner": "qo", "operator": "o", "voice": "v"}
"""The letters that a client may have seen of someone with a role, the role's own first."""
ALL_SIGNS = {"owner": "qov", "operator": "ov", "voice": "v"}
"""The same for one that is shown all that a role means (multi-prefix)."""
HIDDEN_KEY = "*"
WITH_PARAMETER = "Sfkl"
LONGEST = 300
"""Bytes of one parameter: a mask that is longer cannot be shown."""
BYTES = 380
"""Bytes of all parameters of one MODE that the house sends."""


class Change(NamedTuple):
    """One letter, to be set ("+") or taken away ("-"), and its parameter; None where it has none."""

    sign: str
    letter: str
    value: str | None = None


# ---- what clients write ------------------------------------------------------------------------------------


def read_changes(words: Sequence[str]) -> list[Change]:
    """MODE's parameters after its target: letters, then what they take in their order; and again (RFC 2812 section
    3.2.3)."""
    found: list[Change] = []
    rest, sign = list(words), "+"
    while rest:
        letters = rest.pop(0)
        if found and letters[:1] not in {"+", "-"}:
            continue  # more than the letters take
        for letter in letters:
            if letter in "+-":
                sign = letter
            else:
                found.append(Change(sign, letter, rest.pop(0) if rest and _takes(sign, letter) else None))
    return found


def _takes(sign: str, letter: str) -> bool:
    """Whether a letter takes a parameter, as CHANMODES and PREFIX in 005 say."""
    return letter in LISTS or letter in ROLE_OF or letter == "k" or (sign == "+" and letter in WITH_PARAMETER)


def read_mask(text: str) -> tuple[str, str]:
    """The list that a mask belongs to ("bans" or "mutes"), and the mask in its one spelling. Raises UsageError."""
    for mark in (MUTE, "m:", "~mute:"):
        if text.startswith(mark):
            return "mutes", _read(text[len(mark) :])
    return "bans", _read(text)


def _read(text: str) -> str:
    for mark in ("~a:", "~account:", "a:", "R:"):
        if text.startswith(mark):
            return canonical(ACCOUNT + text[len(mark) :])
    if text in {"~U", "U:"}:
        return GUEST
    anyone, _, host = text.rpartition("@")
    network = canonical(host) if anyone in {"*!*", "*"} and host else ""
    return network if network and is_address(network) else canonical(text)


# ---- what happened -----------------------------------------------------------------------------------------


def changes_of(event: Event, *, all_signs: bool = False) -> list[Change]:
    """What has happened, in letters. `all_signs`: for those who are shown all of someone's signs (multi-prefix)."""
    if isinstance(event, Together):
        return [change for each in event.events for change in changes_of(each, all_signs=all_signs)]
    if isinstance(event, RoleChanged):
        return _role_change(event, ALL_SIGNS if all_signs else SIGNS)
    if isinstance(event, TermsChanged):
        return _terms_change(event)
    return _rule_change(event) if isinstance(event, (RuleMade, RuleLifted)) else []


def _role_change(event: RoleChanged, signs: Mapping[str, str]) -> list[Change]:
    """Another role: with the sign of the former go those below it, unless the new one has them too."""
    now = signs.get(event.role, "")
    gone = [Change("-", letter, event.nick) for letter in signs.get(event.before, "") if letter not in now]
    return gone + [Change("+", letter, event.nick) for letter in now[:1]]


def _terms_change(event: TermsChanged) -> list[Change]:
    """A term by its letter, and its value if the letter has one."""
    letter = LETTER_OF.get(event.name)
    if letter is None:
        return []
    sign = "+" if bool(event.value) != (letter in UPSIDE_DOWN) else "-"
    if letter == "k":
        return [Change(sign, letter, HIDDEN_KEY)]
    value = shown_value(letter, event.value) if sign == "+" and letter in WITH_PARAMETER else None
    return [Change(sign, letter, value)]


def _rule_change(event: RuleMade | RuleLifted) -> list[Change]:
    """The letter of a list, for each mask."""
    sign = "+" if isinstance(event, RuleMade) else "-"
    letter, before = ("b", MUTE) if event.rules == "mutes" else (LETTER_OF[event.rules], "")
    return [Change(sign, letter, before + shown_mask(mask)) for mask in event.masks]


def set_in(terms: Terms) -> list[Change]:
    """How the terms are, in letters."""
    found = []
    for letter, name in TERMS.items():
        value = getattr(terms, name)
        if bool(value) != (letter in UPSIDE_DOWN):
            found.append(
                Change("+", letter, shown_value(letter, value) if letter in WITH_PARAMETER else None)
            )
    return found


def shown_value(letter: str, value: object) -> str:
    """A term's value as a parameter."""
    return f"#{value}" if letter == "f" else str(value)


def shown_mask(mask: str) -> str:
    """A mask as IRC spells it: `~a:ann` is an account."""
    if mask.startswith(ACCOUNT):
        return "~a:" + mask[len(ACCOUNT) :]
    if mask == GUEST:
        return "~U"
    if "!" not in mask:
        return f"*!*@{mask}"
    return "?" + mask[1:] if mask[0] == ":" else mask  # a parameter that begins so has to be the last one


# ---- in lines ----------------------------------------------------------------------------------------------


def lines_of(changes: Iterable[Change]) -> Iterator[tuple[str, ...]]:
    """The parameters of as many MODEs as it takes; no other client is shown what would not fit at all."""
    line: list[Change] = []
    size = 0
    for each in changes:
        bytes_ = 2 + len((each.value or "").encode())
        if bytes_ > LONGEST:
            continue
        if line and size + bytes_ > BYTES:
            yield written(line)
            line, size = [], 0
        line.append(each)
        size += bytes_ + 1
    if line:
        yield written(line)


def written(changes: Iterable[Change]) -> tuple[str, ...]:
    """Changes as the parameters of a MODE: `+o-v nick nick`."""
    letters, sign, values = "", "", []
    for each in changes:
        letters += each.letter if each.sign == sign else each.sign + each.letter
        sign = each.sign
        values += [each.value] if each.value is not None else []
    return (letters, *values)
