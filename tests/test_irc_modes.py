"""MODE: letters become policy and policy letters, and what clients are told is what holds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from house import PASSWORD, House, Peer, settings
from teahouse.events import RoleChanged
from teahouse.moderation.terms import NAMES, Terms
from teahouse.protocols.irc.isupport import MODES, tokens
from teahouse.protocols.irc.message import parse
from teahouse.protocols.irc.modes import (
    BYTES,
    LISTS,
    LONGEST,
    MUTE,
    ROLE_OF,
    TERMS,
    UPSIDE_DOWN,
    WITH_PARAMETER,
    Change,
    changes_of,
    lines_of,
    read_changes,
    read_mask,
    set_in,
    shown_mask,
    written,
)
from teahouse.protocols.irc.names import PREFIXES
from teahouse.rooms.chat import ChatRoom

VALUES = {"k": "green", "l": "7", "f": "#other", "S": "10"}
PEOPLE = ("amy", "bob", "carl", "tom")
NOBODY: dict[str, set[str]] = {}


def a_room() -> tuple[House, dict[str, Peer], ChatRoom]:
    """Moderator mod, and four people, of whom amy has made the room; carl's client knows all signs."""
    house = House(settings(limits={"flood_lines": 0, "rules_per_room": 4}))
    house.add_account("mod", "moderator")
    people = {nick: house.enter(nick, "line" if nick == "tom" else "irc") for nick in PEOPLE}
    people["carl"].say("CAP REQ multi-prefix")
    people["mod"] = house.enter("mod", "irc", password=PASSWORD)
    for nick in PEOPLE:
        people[nick].say("/join tea" if nick == "tom" else "JOIN #tea")
    people["amy"].say("JOIN #other")
    people["mod"].say("JOIN #tea")
    for peer in people.values():
        peer.shown()
    return house, people, house.server.rooms["tea"]


# ---- letters and terms ----------------------------------------------------------------------------------------


def test_every_term_has_a_letter_and_005_says_so() -> None:
    assert sorted(TERMS.values()) == sorted(NAMES)
    house = House()
    found = next(
        each for each in tokens(house.server, house.server.settings) if each.startswith("CHANMODES=")
    )
    lists, always, when_set, never = found.removeprefix("CHANMODES=").split(",")
    assert set(lists) == set(LISTS)
    assert set(always + when_set) == set(WITH_PARAMETER)
    assert set(never) == set(TERMS) - set(WITH_PARAMETER)


@pytest.mark.parametrize("letter", sorted(TERMS))
def test_a_term_is_set_by_its_letter_and_shown_under_it(letter: str) -> None:
    _, people, room = a_room()
    plain = [f"+{letter}", *([VALUES[letter]] if letter in VALUES else [])]
    if letter in UPSIDE_DOWN:
        people["amy"].say(f"MODE #tea -{letter}")
    people["amy"].say(f"MODE #tea {' '.join(plain)}")
    assert bool(getattr(room.policy.terms, TERMS[letter])) == (letter not in UPSIDE_DOWN)
    shown = parse(people["bob"].shown()[-1])
    value = ["*"] if letter == "k" else plain[1:]
    assert list(shown.params) == ["#tea", f"+{letter}", *value]
    people["amy"].say(f"MODE #tea -{letter}")
    assert bool(getattr(room.policy.terms, TERMS[letter])) == (letter in UPSIDE_DOWN)
    assert parse(people["bob"].shown()[-1]).params[1] == f"-{letter}"


@pytest.mark.parametrize("letter", sorted(TERMS))
def test_terms_are_read_as_they_are_written(letter: str) -> None:
    name = TERMS[letter]
    value: Any = {"k": "green", "l": 7, "f": "other", "S": 10}.get(letter, True)
    terms = replace(Terms(), **{name: value})
    params = written(set_in(terms))
    assert read_changes(params) == set_in(terms)
    assert (letter in params[0]) != (letter in UPSIDE_DOWN)


def test_letters_take_what_follows_in_their_order() -> None:
    assert read_changes(["+o-l+k", "amy", "green"]) == [
        Change("+", "o", "amy"),
        Change("-", "l"),
        Change("+", "k", "green"),
    ]
    assert read_changes(["b"]) == [Change("+", "b")]
    assert read_changes(["+l", "5", "-t", "+s"]) == [
        Change("+", "l", "5"),
        Change("-", "t"),
        Change("+", "s"),
    ]
    assert read_changes(["+i", "too", "much"]) == [Change("+", "i")]
    assert read_changes(["", "-", "+"]) == []


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        ("troll", "troll!*@*"),
        ("~a:Ann", "account:ann"),
        ("~U", "guest:*"),
        ("*!*@192.0.2.0/24", "192.0.2.0/24"),
        ("*!*@2001:db8::/32", "2001:db8::/32"),
        ("*!*@*.ip", "*!*@*.ip"),
        ("x!*@192.0.2.0/24", "x!*@192.0.2.0/24"),
    ],
)
def test_masks_are_the_houses_own(text: str, mask: str) -> None:
    assert read_mask(text) == ("bans", mask)
    assert read_mask(MUTE + text) == ("mutes", mask)
    assert read_mask(shown_mask(mask)) == ("bans", mask)


def test_what_is_announced_fits_into_lines() -> None:
    changes = [Change("+", "b", "é" * 60 + f"{number}!*@*") for number in range(12)]
    changes.insert(3, Change("+", "b", "x" * LONGEST))
    lines = list(lines_of(changes))
    assert [change for line in lines for change in read_changes(line)] == changes[:3] + changes[4:]
    assert all(len(" ".join(line).encode()) <= BYTES + len(line[0]) for line in lines)


def test_no_parameter_in_the_middle_begins_with_a_colon() -> None:
    _, people, _ = a_room()
    people["mod"].say("MODE #tea +o tom")
    people["tom"].say("/ban :-)!*@*")
    assert any("?-)!*@*" in line for line in people["bob"].shown())
    assert "367 bob #tea ?-)!*@* tom" in people["bob"].say("MODE #tea b")[0]


@pytest.mark.parametrize("before", ["member", "voice", "operator", "owner"])
@pytest.mark.parametrize("after", ["member", "voice", "operator", "owner"])
def test_clients_know_of_every_change_of_role(before: str, after: str) -> None:
    for all_signs in (False, True):
        roles: dict[str, set[str]] = {}
        for one, other in (("member", before), (before, after), (after, "member")):
            if one != other:
                event = RoleChanged("amy", "bob", other, one)
                apply(changes_of(event, all_signs=all_signs), {}, NOBODY, roles)
            assert highest(roles.get("bob", set())) == PREFIXES.get(other, "")


# ---- what clients make of what they are told ------------------------------------------------------------------


def apply(
    changes: list[Change],
    terms: dict[str, str | None],
    lists: dict[str, set[str]],
    roles: dict[str, set[str]],
) -> None:
    """Keep track as a client does, that has read CHANMODES and PREFIX in 005."""
    for sign, letter, value in changes:
        if letter in ROLE_OF:
            assert value is not None
            (set.add if sign == "+" else set.discard)(roles.setdefault(value, set()), letter)
        elif letter in LISTS:
            assert value is not None
            (set.add if sign == "+" else set.discard)(lists[letter], value)
        elif sign == "+":
            terms[letter] = value
        else:
            terms.pop(letter, None)


def highest(letters: set[str]) -> str:
    """The first sign of someone with these letters."""
    return next((PREFIXES[ROLE_OF[letter]] for letter in "qov" if letter in letters), "")


def letters_of(signs: str) -> set[str]:
    return {letter for letter, role in ROLE_OF.items() if PREFIXES[role] in signs}


def actual_lists(room: ChatRoom) -> dict[str, set[str]]:
    found = {
        letter: {shown_mask(rule.mask) for rule in room.policy.lists[name]} for letter, name in LISTS.items()
    }
    found["b"] |= {MUTE + shown_mask(rule.mask) for rule in room.policy.mutes}
    return found


NICKS = [*PEOPLE, "nobody", "mod"]
VALUES_GOOD_AND_BAD = [
    "5",
    "0",
    "-3",
    "10s",
    "green",
    "a,b",
    "#other",
    "#nowhere",
    "#tea",
    "*",
    ":x",
    "",
    "+i",
    "-m",
]
MASKS = ["troll", "x!*@*", "~a:ann", "~m:bob", "~U", "*!*@192.0.2.0/24", "?*!*@*", "m:~a:zoe"]
WORDS = st.sampled_from([*NICKS, *VALUES_GOOD_AND_BAD, *MASKS])
LETTERS = st.text("+-" + "".join(TERMS) + "".join(LISTS) + "".join(ROLE_OF) + "zé*:", max_size=12)
LINES = st.lists(st.tuples(LETTERS, st.lists(WORDS, max_size=6)), min_size=1, max_size=8)


@given(LINES)
@hypothesis(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_clients_are_told_is_what_holds(lines: list[tuple[str, list[str]]]) -> None:
    house, people, room = a_room()
    signs = {"bob": "@", "carl": "@+"}
    roles: dict[str, dict[str, set[str]]] = {
        nick: defaultdict(set, amy=letters_of(amys)) for nick, amys in signs.items()
    }
    terms: dict[str, dict[str, str | None]] = {nick: {"n": None} for nick in roles}
    lists: dict[str, dict[str, set[str]]] = {nick: {letter: set() for letter in LISTS} for nick in roles}
    for letters, words in lines:
        people["mod"].say(f"MODE #tea {letters} {' '.join(words)}")
        for nick, known in roles.items():
            for line in people[nick].shown():
                message = parse(line)
                assert message.command == "MODE"
                assert len(line.encode()) < 512
                apply(read_changes(message.params[1:]), terms[nick], lists[nick], known)
    assert not house.log.failures
    now = {each.letter: "*" if each.letter == "k" else each.value for each in set_in(room.policy.terms)}
    for nick, known in roles.items():
        assert terms[nick] == now
        hidden = {each for masks in actual_lists(room).values() for each in masks if "192.0.2.0" in each}
        assert lists[nick] == {letter: masks - hidden for letter, masks in actual_lists(room).items()}
        for user in room.members:
            assert highest(known[user.nick]) == PREFIXES.get(room.policy.role(user), ""), user.nick


def test_no_more_changes_than_005_says() -> None:
    _, people, room = a_room()
    people["amy"].say(f"MODE #tea +{'i-i+' * MODES}m")
    assert not room.policy.terms.moderated
