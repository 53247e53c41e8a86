"""No text from a stranger harms a reader: `clean` and `to_ascii`."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teahouse.text import clean, to_ascii

ALL = [chr(code) for code in range(sys.maxunicode + 1)]
# Those that mean something, and of the rest (unassigned, private, surrogates) one in 64.
SOME = [c for c in ALL if unicodedata.category(c) not in {"Cn", "Co", "Cs"} or not ord(c) % 64]
# Prepended signs and the like, of category Cf, which are seen.
SEEN = set("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
DANGEROUS = {
    c for c in ALL if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} or ord(c) & 0xFFFE == 0xFFFE
} | {c for c in ALL if unicodedata.category(c) == "Cf" and c not in SEEN}
DANGEROUS |= (
    set(ALL[0xFFF0:0xFFF9])
    | set("\u034f\u115f\u1160\u17b4\u17b5\u2065\u3164\uffa0")
    | set(ALL[0xFDD0:0xFDF0])
)

MAN, WOMAN, LAPTOP, TONE = "\U0001f468", "\U0001f469", "\U0001f4bb", "\U0001f3fd"
# What meets at the joints of the rules: marks, joiners, selectors, removed characters, letters that join.
tricky = st.text(
    st.sampled_from(
        f"a \u0301\u0300\u200c\u200d\u200b\ufe0f\ufe00\U000e0100{WOMAN}{LAPTOP}{TONE}❤یم\u094dक\x03,4\r\n\t\x1b"
    )
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain ASCII ~ {}",
        "déjà vu, Ελλάδα, Привет",
        "cafe\u0301",
        "你好　世界",
        "안녕하세요",
        "สวัสดีครับ น้ำ",
        "नमस्ते",
        "שלום עולם",
        "مرحبا",
        "می\u200cخواهم",
        "ශ්\u200dරී",
        "😀 👍🏽 ❤\ufe0f 1\ufe0f\u20e3 🇩🇪",
        f"{WOMAN}{TONE}\u200d{LAPTOP} {MAN}\u200d{WOMAN}\u200d\U0001f466",
        "🏳\ufe0f\u200d🌈",
        "葛\U000e0100城市",
        "\ue0b0 private",
        "\U0001fae8 younger than Unicode 14",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize("text", ["hello, world", "你好", "été", "😀"])
def test_ordinary_text_is_not_copied(text: str) -> None:
    assert clean(text) is text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\tb", "a b"),
        ("a\r\nb", "a b"),
        ("a\nb\rc\vd\fe\x85f\u2028g\u2029h", "a b c d e f g h"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\x1b]0;title\x07x", "]0;titlex"),
        ("\x9b31m", "31m"),
        ("nul\0 del\x7f", "nul del"),
        ("\x02bold\x02 \x1ditalic\x1d \x0304,12red\x03 \x031one \x0f", "bold italic red one "),
        ("\x01DCC SEND x\x01", "DCC SEND x"),
        ("user\u202egnp.exe", "usergnp.exe"),
        ("\u2066isolate\u2069 \u200fmark", "isolate mark"),
        ("ze\u200bro\u2060 \ufeffwidth\xad", "zero width"),
        ("a\u200db", "ab"),
        ("a\u200cb", "ab"),
        (f"{WOMAN}\u200dx", f"{WOMAN}x"),
        ("\ud83d\ude00", "\ufffd\ufffd"),
        ("\uffff\ufdd0", "\ufffd\ufffd"),
        ("\U000e0041\U000e007ftag", "tag"),
        ("Z\u0300\u0301\u0302\u0303\u0304\u0305algo", "Z\u0300\u0301\u0302\u0303algo"),
        ("ก" + "\u0e47" * 40, "ก" + "\u0e47" * 4),
        ("a\u0301\u200d" * 2 + "\u0301" * 9, "a\u0301a\u0301\u0301\u0301"),
        ("x\ufe00\ufe01\ufe02", "x\ufe00"),
        ("\U00010a00" + "\U00010a01" * 9, "\U00010a00" + "\U00010a01" * 4),
    ],
)
def test_harm_is_removed(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize("plane", range(17))
def test_of_all_characters_the_dangerous_go(plane: int) -> None:
    characters = ALL[plane << 16 : (plane + 1) << 16]
    cleaned = clean("".join(f"x{c}y|" for c in characters).replace("x|y", "xy")).split("|")
    assert not DANGEROUS & set("".join(cleaned))
    for character, text in zip(characters, cleaned, strict=False):
        if character in DANGEROUS or character == "|":
            assert text in {"xy", "x y", "x\ufffdy"}
        elif unicodedata.category(character) != "Cn":
            assert text == f"x{character}y"


def test_dangerous_characters_go_alone_and_together() -> None:
    assert len(DANGEROUS) > 2_300
    assert [c for c in DANGEROUS if clean(c) not in {"", " ", "\ufffd"}] == []
    assert not DANGEROUS & set(clean("".join(ALL)))
    assert [c for c in ALL[:128] if not clean(c).isprintable()] == []


@given(st.one_of(st.text(), tricky))
def test_clean_is_idempotent(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(tricky)
def test_marks_are_few(text: str) -> None:
    run = longest = 0
    for character in clean(text):
        run = run + 1 if unicodedata.category(character)[0] == "M" else 0
        longest = max(longest, run)
    assert longest <= 4


@given(st.text())
def test_clean_text_is_one_line(text: str) -> None:
    assert len(clean(text).splitlines()) <= 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain ~", "plain ~"),
        ("tab\tand\nend", "tab and end"),
        ("Łódź, Æble, Đà Nẵng, straße, STRAẞE", "Lodz, Aeble, Da Nang, strasse, STRASSE"),
        ("„quoted“ ‘single’ – dash—… 5 € → ½ ™", "\"quoted\" 'single' - dash--... 5 EUR -> 1/2 TM"),
        ("Привет, Щука! Объём", "Privet, Shchuka! Obyom"),
        ("Αθήνα, ψυχή", "Athina, psychi"),
        ("🙂 🙁 😀 ❤\ufe0f 👍🏽 🇩🇪", ":) :( :D <3 [thumbs up] DE"),
        ("你好 مرحبا", "?? ?????"),
        ("ＡＢＣ１２ ٣", "ABC12 3"),
        ("e\u0301", "e"),
        ("┌─┐│", "+-+|"),
        ("\ud800\uffff", "??"),
    ],
)
def test_ascii_reads_well(text: str, expected: str) -> None:
    assert to_ascii(text) == expected


def test_ascii_is_always_printable_and_short() -> None:
    for character in SOME:
        plain = to_ascii(character)
        assert plain.isascii()
        assert plain.isprintable()
        assert len(plain) < 70


@given(st.text())
def test_ascii_of_any_text_is_printable(text: str) -> None:
    plain = to_ascii(text)
    assert plain.isascii()
    assert plain.isprintable()
