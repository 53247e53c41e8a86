"""Masks, lists of rules, who is meant, and patterns with stars."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teahouse.errors import NotFound, TooMany, UsageError
from teahouse.moderation.globs import Glob
from teahouse.moderation.masks import Claim, canonical, is_address, is_mask, matches
from teahouse.moderation.networks import Networks
from teahouse.moderation.rules import Rule, Rules
from teahouse.moderation.targets import how_long_and_why

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ANN = Claim("ann", "Web", ["aaa.bbb.ccc.ip"], ["192.0.2.7", "2001:db8::1"], "ann")
GUEST = Claim("troll", "line", ["ddd.eee.fff.ip"], ["::ffff:198.51.100.1"], "")


@pytest.mark.parametrize(
    ("typed", "spelled"),
    [
        ("Troll", "troll!*@*"),
        ("troll*", "troll*!*@*"),
        ("a**b", "a*b!*@*"),
        ("*@Host.ip", "*!*@host.ip"),
        ("nick!ident", "nick!ident@*"),
        ("!", "*!*@*"),
        ("ACCOUNT:Ann", "account:ann"),
        ("account:", "account:*"),
        ("guest", "guest!*@*"),
        ("Guest:*", "guest:*"),
        ("192.0.2.7", "192.0.2.7/32"),
        ("192.0.2.7/24", "192.0.2.0/24"),
        ("2001:DB8::/32", "2001:db8::/32"),
        ("::ffff:192.0.2.7", "192.0.2.7/32"),
        ("::ffff:192.0.2.0/120", "192.0.2.0/24"),
        ("300.1.1.1", "300.1.1.1!*@*"),
    ],
)
def test_a_mask_has_one_spelling(typed: str, spelled: str) -> None:
    assert canonical(typed) == spelled


@pytest.mark.parametrize("typed", ["", "a b", "a,b", "a\x07", "x" * 201, "x" * 198])
def test_what_is_no_mask(typed: str) -> None:
    with pytest.raises(UsageError, match="A mask is one word"):
        canonical(typed)


@given(st.text(max_size=60) | st.text("!@*?:./0123456789abcdefñＡaccount", max_size=30))
def test_spelling_is_idempotent(text: str) -> None:
    try:
        mask = canonical(text)
    except UsageError:
        return
    assert canonical(mask) == mask
    assert is_mask(mask)


@pytest.mark.parametrize(
    ("mask", "ann", "guest"),
    [
        ("ann", True, False),
        ("*!web@*", True, False),
        ("*!*@*.ccc.ip", True, False),
        ("*!*@ddd.*", False, True),
        ("account:a*", True, False),
        ("account:*", True, False),
        ("guest:*", False, True),
        ("192.0.2.0/24", True, False),
        ("2001:db8::/32", True, False),
        ("198.51.100.1", False, True),
        ("tr?ll", False, True),
        ("*", True, True),
    ],
)
def test_whom_a_mask_is_about(mask: str, ann: bool, guest: bool) -> None:
    assert (matches(canonical(mask), ANN), matches(canonical(mask), GUEST)) == (ann, guest)


def test_masks_that_say_where_people_are() -> None:
    assert [is_address(canonical(each)) for each in ("192.0.2.7", "::1", "a", "account:a", "guest:*")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def _naive(pattern: str, text: str) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(_naive(pattern[1:], text[at:]) for at in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and _naive(pattern[1:], text[1:])


@given(st.text("ab*?.[", max_size=7), st.text("ab.[\n", max_size=8))
def test_a_glob_says_what_it_shows(pattern: str, text: str) -> None:
    assert Glob(pattern)(text) == _naive(pattern, text)


@pytest.mark.parametrize("pattern", ["a*" * 50 + "b", "*a?" * 33 + "b", "*" + "?" * 98 + "b", "*aab*" * 20])
def test_a_glob_never_takes_long(pattern: str) -> None:
    before = perf_counter()
    assert not Glob(pattern)("a" * 4_096)
    assert perf_counter() - before < 0.1


def _rule(mask: str, about: str = "", seconds: int = 0) -> Rule:
    return Rule(mask, "amy", NOW, NOW + timedelta(seconds=seconds) if seconds else None, "", about)


def test_all_rules_of_an_act_fit_or_none() -> None:
    rules = Rules("bans", 3)
    rules.add(_rule("a!*@*"), _rule("b!*@*"))
    with pytest.raises(TooMany, match="list of bans is full"):
        rules.add(_rule("c!*@*"), _rule("d!*@*"))
    assert len(rules) == 2
    rules.add(_rule("b!*@*", "bob"), _rule("c!*@*", "bob"))
    assert [each.about for each in rules] == ["", "bob", "bob"]


def test_rules_that_are_over_make_room() -> None:
    rules = Rules("bans", 1)
    rules.add(_rule("a!*@*", seconds=10))
    later = NOW + timedelta(seconds=10)
    assert rules.about(Claim("a", "", ["h"], [], ""), NOW) is not None
    assert rules.about(Claim("a", "", ["h"], [], ""), later) is None
    rules.add(Rule("b!*@*", "amy", later))
    assert [each.mask for each in rules.holding(later)] == ["b!*@*"]


def test_lifting_goes_by_mask_or_by_nick_in_any_case() -> None:
    rules = Rules("bans", 9)
    rules.add(_rule("account:bob", "Bob"), _rule("*!*@x", "Bob"), _rule("eve!*@*"))
    assert len(rules.lift("BOB", NOW)) == 2
    with pytest.raises(NotFound, match="no bob on the list of bans"):
        rules.lift("bob", NOW)
    assert [each.mask for each in rules.lift("Eve!*@*", NOW)] == ["eve!*@*"]
    rules.add(_rule("a!*@*"))
    with pytest.raises(NotFound):
        rules.lift("", NOW)


def test_rules_come_back_as_they_were_kept() -> None:
    rules, again = Rules("bans", 9), Rules("bans", 9)
    rules.add(_rule("a!*@*", "a", 60), _rule("b!*@*"))
    again.take(rules.to_list())
    assert list(again) == list(rules)


@pytest.mark.parametrize(
    ("text", "seconds", "reason"),
    [
        ("", None, ""),
        ("spam", None, "spam"),
        ("10m", 600, ""),
        ("1d12h  too loud ", 129_600, "too loud"),
        ("10 reasons", None, "10 reasons"),
        ("5th time", None, "5th time"),
        ("x" * 30, None, "x" * 20),
    ],
)
def test_how_long_and_why(text: str, seconds: int | None, reason: str) -> None:
    time, why = how_long_and_why(text, 20)
    assert (time.total_seconds() if time else None, why) == (seconds, reason)


def test_a_time_that_is_too_long() -> None:
    with pytest.raises(UsageError, match="ten years at most"):
        how_long_and_why("99999d", 20)


def test_only_networks_are_looked_up_as_networks() -> None:
    networks = Networks()
    networks.take([_rule(canonical(each)) for each in ("account:a/b", "a/b", "guest:*", "192.0.2.0/24")])
    found = networks.about("192.0.2.9", NOW)
    assert found is not None
    assert found.mask == "192.0.2.0/24"
