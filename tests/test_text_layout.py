"""Columns: width, wrap, pad."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teahouse.text import clean, pad, width, wrap

WOMAN, LAPTOP, TONE = "\U0001f469", "\U0001f4bb", "\U0001f3fd"
words = st.text(
    st.sampled_from(f"abc   é你好😀\u0301\u200d\ufe0f❤{WOMAN}{LAPTOP}{TONE}🇩🇪한\u1112\u1161ก็"), max_size=200
)
texts = st.one_of(words, st.text(max_size=200)).map(clean)


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("hello", 5),
        ("é", 1),
        ("e\u0301", 1),
        ("你好", 4),
        ("ＡＢ", 4),
        ("한글", 4),
        ("\u1112\u1161\u11ab", 2),
        ("สวัสดี", 4),
        ("😀", 2),
        (f"{WOMAN}\u200d{LAPTOP}", 2),
        (f"{WOMAN}{TONE}\u200d{LAPTOP}", 2),
        (f"👍{TONE}!", 3),
        ("❤", 1),
        ("❤\ufe0f", 2),
        ("1\ufe0f\u20e3", 2),
        ("a\ufe0f", 1),
        ("🇩🇪", 2),
        ("🇩🇪🇫🇷x", 5),
        ("🏳\ufe0f\u200d🌈", 2),
        ("葛\U000e0100", 2),
        ("\U0001fae8", 2),
        ("𠀀", 2),
    ],
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("short", ["short"]),
        ("x" * 20, ["x" * 20]),
        ("the quick brown fox jumps", ["the quick brown fox", "  jumps"]),
        ("a  b   " + "c" * 17, ["a  b", "  " + "c" * 17]),
        ("x" * 45, ["x" * 18, "  " + "x" * 18, "  " + "x" * 9]),
        ("go " + "x" * 20, ["go", "  " + "x" * 18, "  xx"]),
        ("好" * 12, ["好" * 10, "  好好"]),
        ("ab " + "好" * 12, ["ab " + "好" * 8, "  好好好好"]),
        ("e\u0301" * 25, ["e\u0301" * 18, "  " + "e\u0301" * 7]),
        (" " * 30, [""]),
        ("   indented and then more words", ["   indented and then", "  more words"]),
    ],
)
def test_wrap(text: str, lines: list[str]) -> None:
    assert wrap(text, 20) == lines


def visible(text: str) -> str:
    return text.replace(" ", "")


@given(texts, st.integers(20, 100), st.sampled_from(["", "  ", "      "]))
def test_wrap_fits_and_loses_nothing(text: str, columns: int, indent: str) -> None:
    lines = wrap(text, columns, indent)
    assert all(width(line) <= columns for line in lines)
    assert all(line.startswith(indent) for line in lines[1:])
    assert visible("".join(lines)) == visible(text)


@given(texts, st.integers(20, 60))
def test_wrap_keeps_the_words(text: str, columns: int) -> None:
    short = " ".join(word[:5] for word in text.split(" ") if word and word.isascii())
    assert " ".join(wrap(short, columns, "")) == short


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        ("ab", 4, "ab  "),
        ("abcd", 4, "abcd"),
        ("abcde", 4, "abc…"),
        ("你好", 5, "你好 "),
        ("你好吗", 5, "你好…"),
        ("你好吗", 4, "你… "),
        ("e\u0301" * 5, 3, "e\u0301e\u0301…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
        ("", 2, "  "),
    ],
)
def test_pad(text: str, columns: int, expected: str) -> None:
    assert pad(text, columns) == expected


@given(texts, st.integers(0, 40))
def test_padded_text_has_the_width(text: str, columns: int) -> None:
    assert width(pad(text, columns)) == columns
