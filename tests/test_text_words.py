"""Mentions, guesses and durations."""

import contextlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teahouse.text import mentions, nearest, parse_duration, show_duration


@pytest.mark.parametrize(
    "text",
    [
        "bob",
        "hi Bob!",
        "@bob",
        "bob: hi",
        "(BOB)",
        "[bob]",
        "`bob`",
        "bob's",
        "ask bob, or bobby",
        "bob...",
        "bob- x",
    ],
)
def test_mentioned(text: str) -> None:
    assert mentions(text, "Bob")


@pytest.mark.parametrize(
    "text", ["", "bobby", "kebob", "bob_", "_bob", "bob-jones", "alice@bob", "bob1", "bob|away", "b ob"]
)
def test_not_mentioned(text: str) -> None:
    assert not mentions(text, "Bob")


@pytest.mark.parametrize(
    ("text", "nick", "expected"),
    [
        ("STRASSE, komm!", "straße", True),
        ("你好小明再见", "小明", True),
        ("明天", "明", False),
        ("明 天", "明", True),
        ("小明x", "小明", True),
        ("की", "क", False),
        ("кто, Иван?", "иван", True),
        ("a [x] b", "[x]", True),
        ("anything", "", False),
    ],
)
def test_mentioned_in_other_scripts(text: str, nick: str, expected: bool) -> None:
    assert mentions(text, nick) is expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("hlep", "help"),
        ("HELP", "help"),
        ("quti", "quit"),
        ("q", "quit"),
        ("whos", "whois"),
        ("w", "who"),
        ("xyzzy", None),
        ("", None),
        ("z" * 100_000, None),
    ],
)
def test_nearest(word: str, expected: str | None) -> None:
    assert nearest(word, ["help", "quit", "who", "whois", "join"]) == expected


def test_nearest_does_not_depend_on_the_order() -> None:
    assert nearest("ba", ["bat", "bar"]) == nearest("ba", ["bar", "bat"]) == "bar"
    assert nearest("anything", []) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90", timedelta(seconds=90)),
        ("30s", timedelta(seconds=30)),
        ("10m", timedelta(minutes=10)),
        ("2h", timedelta(hours=2)),
        (" 1D12H ", timedelta(days=1, hours=12)),
        ("1w", timedelta(weeks=1)),
        ("3650d", timedelta(days=3650)),
    ],
)
def test_duration(text: str, expected: timedelta) -> None:
    assert parse_duration(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "m",
        "10x",
        "-5m",
        "1.5h",
        "10 m",
        "1h1d",
        "0",
        "0m",
        "3651d",
        "9" * 30,
        "9" * 10_000,
        "٣m",
        "²",
        "soon",
    ],
)
def test_bad_duration_says_what_is_allowed(text: str) -> None:
    with pytest.raises(ValueError, match=r"Write a time as .*10m.*1w\.$"):
        parse_duration(text)


@given(st.text(st.sampled_from("0123456789wdhms")))
def test_durations_are_bounded(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert timedelta(0) < parse_duration(text) <= timedelta(days=3650)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (-5, "just now"),
        (0, "just now"),
        (9.9, "just now"),
        (10, "10 seconds"),
        (60, "1 minute"),
        (359.9, "5 minutes"),
        (3_600, "1 hour"),
        (7_300, "2 hours"),
        (86_400, "1 day"),
        (3 * 86_400, "3 days"),
        (604_800, "1 week"),
        (20 * 86_400, "2 weeks"),
        (400 * 86_400, "57 weeks"),
    ],
)
def test_show_duration(seconds: float, expected: str) -> None:
    assert show_duration(seconds) == expected
