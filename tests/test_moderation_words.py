"""Filters: what people do to get past them, and what they must not catch."""

from __future__ import annotations

from time import perf_counter

import pytest

from teahouse.errors import NotFound, TooMany, UsageError
from teahouse.moderation.filters import Filters

EVASIONS = """\
casino
CASINO!
online-casinos
c.a.s.i.n.o
c a s i n o
c  a s  i n o
c-a_s*i/n+o
c a-s i-n o
cas.ino
ca\u200bsino
ca\u00adsi\u2060no
ｃａｓｉｎｏ
саsіnо
cas1no
c4sino
C@$!N0
c4 $i n0
ca si no
ca-si-no
cassssiiiino
cásïnò
ca\u0301sin\u0308o
\x02ca\x02sino
\x0304,12cas\x03ino
\x04ff0000casino
𝐜𝐚𝐬𝐢𝐧𝐨
ⓒⓐⓢⓘⓝⓞ
\u202ecasino"""
INNOCENT = [
    "",
    "casting an old net",
    "is in Ocas",
    "cas ino",
    "c a s",
    "!!!",
    "in oak",
    "ca sino",
    "is it so, as in Oslo",
]
LINKS = """\
http://x
HTTPS://example.com/a?b=c
see www.example
example.com
x.com
t.me/joinme
example.de/cheap
ｅｘａｍｐｌｅ．ｃｏｍ
exämple.com
exam\u200bple.com
irc://irc.example
bit.ly"""
NO_LINKS = ["and/or", "a.m./p.m.", "1.5/2", "hello.world", "Wait...what", "e.g. this", "no.", "tea:black"]


def filters(*patterns: str, action: str = "refuse") -> Filters:
    found = Filters(100)
    for each in patterns:
        found.set(each, action, "amy")
    return found


@pytest.mark.parametrize("text", EVASIONS.splitlines())
def test_words_are_found_in_other_clothes(text: str) -> None:
    assert filters("casino").caught(f"come to the {text} now")


@pytest.mark.parametrize("text", INNOCENT)
def test_other_words_are_not(text: str) -> None:
    assert filters("casino").caught(text) is None


@pytest.mark.parametrize("text", LINKS.splitlines())
def test_links(text: str) -> None:
    assert filters("links").caught(f"look: {text}")


@pytest.mark.parametrize("text", NO_LINKS)
def test_what_is_no_link(text: str) -> None:
    assert filters("links").caught(text) is None


def test_stars_and_phrases() -> None:
    wild = filters("free*money", "green  TEA")
    assert wild.caught("FREE your own money!")
    assert wild.caught("fr.ee mon.ey")
    assert wild.caught("Green\ttea")
    assert not wild.caught("money is free")
    assert wild.caught("g r e e n t e a")
    assert wild.caught("greentea")
    assert not wild.caught("tea, green")


def test_numbers_are_numbers_and_short_words_are_not_pieced_together() -> None:
    assert not filters("ass", "beg").caught("455 of 839, and 7 more")
    assert filters("route66").caught("get your kicks on Route66")
    assert not filters("tit").caught("so it it is")
    assert filters("tit").caught("t i t")


def test_the_strictest_action_is_taken() -> None:
    found = filters("spam", action="report")
    found.set("spam eggs", "mute", "amy")
    found.set("spam*", "refuse", "amy")
    caught = [found.caught(text) for text in ("spam eggs", "spam", "eggs")]
    assert [each and each.action for each in caught] == ["mute", "refuse", None]


@pytest.mark.parametrize("pattern", ["", "ab", "***", "a*b", "\u0301\u0301\u0301", "x" * 101, "*" * 100])
def test_patterns_that_would_catch_anything(pattern: str) -> None:
    with pytest.raises(UsageError, match="at least 3 characters"):
        filters(pattern)


def test_filters_are_bounded_and_dropped_by_their_words() -> None:
    found = Filters(1)
    found.set("casino", "refuse", "amy")
    found.set("Casino", "mute", "bob")
    assert [tuple(each) for each in found] == [("casino", "mute", "bob")]
    with pytest.raises(TooMany):
        found.set("other", "refuse", "amy")
    again = Filters(1)
    again.take(found.to_list())
    assert list(again) == list(found)
    assert found.drop("CASINO").by == "bob"
    with pytest.raises(NotFound):
        found.drop("casino")


def test_a_hundred_cunning_filters_do_not_take_long() -> None:
    found = filters(*(f"{'a*' * 40}b{number}" for number in range(50)))
    for number in range(50):
        found.set(f"{'a?' * 40}*?b{number}", "refuse", "amy")
    before = perf_counter()
    assert found.caught("a" * 4_096) is None
    assert perf_counter() - before < 0.25
