"""Policies under their letters. Rule: a letter is another name for a term, a role or a list of the room's policy; one
table says which, and nothing is kept here.
"""

from __future__ import annotations

from teahouse.events import RoleChanged, RuleLifted, RuleMade, TermsChanged
from teahouse.moderation.masks import ACCOUNT, GUEST
from teahouse.protocols.irc.names import LETTERS

TERMS = {
    "i": "invite_only",
    "m": "moderated",
    "s": "hidden",
    "t": "topic_locked",
    "n": "open_to_outside",
    "k": "password",
    "l": "limit",
    "C": "no_ctcp",
    "R": "accounts_only",
    "M": "accounts_talk",
    "u": "auditorium",
    "f": "forward",
    "S": "slow",
}
UPSIDE_DOWN = frozenset({"n"})
"""Letters that are set where the term is not: `n` keeps those outside from talking."""
LISTS = {"b": "bans", "e": "exempt", "I": "invited"}
MUTE = "~m:"
"""A ban with this before its mask is a mute: one may come in, and listen."""
LETTER_OF = {name: letter for letter, name in (TERMS | LISTS).items()}
ROLE_OF = {letter: role for role, letter in LETTERS.items()}
HIDDEN_KEY = "*"
WITH_PARAMETER = "kflS"


def role_change(event: RoleChanged) -> tuple[str, ...]:
    """The letters of another role, and the nick for each of them."""
    taken = f"-{LETTERS[event.before]}" if event.before in LETTERS else ""
    given = f"+{LETTERS[event.role]}" if event.role in LETTERS else ""
    letters = taken + given
    return (letters, *[event.nick] * (len(letters) // 2)) if letters else ()


def terms_change(event: TermsChanged) -> tuple[str, ...]:
    """The letter of a term, and its value if the letter has one."""
    letter = LETTER_OF.get(event.name)
    if letter is None:
        return ()
    is_set = bool(event.value) != (letter in UPSIDE_DOWN)
    if letter == "k":
        return (f"{'+' if is_set else '-'}k", HIDDEN_KEY)
    value = (shown_value(letter, event.value),) if is_set and letter in WITH_PARAMETER else ()
    return (f"{'+' if is_set else '-'}{letter}", *value)


def shown_value(letter: str, value: object) -> str:
    """A term's value as a parameter."""
    return f"#{value}" if letter == "f" else str(value)


def rule_change(event: RuleMade | RuleLifted) -> tuple[str, ...]:
    """The letter of a list for each mask, and the masks."""
    if not event.masks:
        return ()
    sign = "+" if isinstance(event, RuleMade) else "-"
    letter, before = ("b", MUTE) if event.rules == "mutes" else (LETTER_OF[event.rules], "")
    return (sign + letter * len(event.masks), *(before + shown_mask(mask) for mask in event.masks))


def shown_mask(mask: str) -> str:
    """A mask as IRC spells it: `~a:ann` is an account."""
    if mask.startswith(ACCOUNT):
        return "~a:" + mask[len(ACCOUNT) :]
    if mask == GUEST:
        return "~U"
    return mask if "!" in mask else f"*!*@{mask}"


def read_mask(text: str) -> tuple[str, str]:
    """The list that a mask really belongs to ("bans" or "mutes"), and the mask as the house has it."""
    for mark in (MUTE, "m:", "~mute:"):
        if text.startswith(mark):
            return "mutes", _read(text[len(mark) :])
    return "bans", _read(text)


def _read(text: str) -> str:
    for mark in ("~a:", "~account:", "a:", "R:"):
        if text.startswith(mark):
            return ACCOUNT + text[len(mark) :]
    return GUEST if text in {"~U", "U:"} else text
