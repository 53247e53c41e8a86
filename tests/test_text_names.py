"""Names: valid in every protocol, and none like another."""

import sys
import unicodedata
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teahouse.text import clean, fold, skeleton, valid_name, valid_room_name

ALL = [chr(code) for code in range(sys.maxunicode + 1)]
# Those that mean something, and of the rest (unassigned, private, surrogates) one in 64.
SOME = [c for c in ALL if unicodedata.category(c) not in {"Cn", "Co", "Cs"} or not ord(c) % 64]
FORBIDDEN = set("@!#&:,*?.~+%$/\"'<>; \t\0\r\n")


def once(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def folding_to_ascii() -> list[str]:
    return [c for c in ALL if not c.isascii() and fold(c).isascii()]


def test_fold_is_idempotent_for_all_of_unicode() -> None:
    assert [c for c in ALL if fold(fold(c)) != fold(c)] == []
    assert [c for c in SOME if fold(f"a{c}\u0345") != fold(fold(f"a{c}\u0345"))] == []


def test_one_after_the_other_would_not_do() -> None:
    assert len([c for c in ALL if unicodedata.normalize("NFKC", once(c)) != once(c)]) >= 26


@given(st.text())
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bob", "bOB"),
        ("straße", "STRASSE"),
        ("Ωmega", "ωMEGA"),
        ("ＢＯＢ", "bob"),
        ("e\u0301", "É"),
        ("ﬁ", "FI"),
    ],
)
def test_fold_joins(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_nothing_that_folds_to_ascii_makes_another_admin() -> None:
    look = folding_to_ascii()
    assert len(look) >= 1_405
    for character in look:
        for start in range(5):
            for end in range(start + 1, 6):
                name = "admin"[:start] + character + "admin"[end:]
                if fold(character) == "admin"[start:end]:
                    assert fold(name) == "admin"
                    assert skeleton(name) == skeleton("admin")


def look_alikes() -> list[tuple[str, str]]:
    data = (files("teahouse") / "confusables.txt").read_text("ascii")
    lines = [line.split(":") for line in data.splitlines() if line and line[0] != "#"]
    return [
        ("".join(chr(int(c, 16)) for c in seen.split()), chr(int(code, 16)))
        for seen, codes in lines
        for code in codes.split()
    ]


def test_no_look_alike_passes_for_admin() -> None:
    tried = 0
    for seen, character in look_alikes():
        for word in ("admin", "ADMIN", "rnill", "I0O1"):
            if seen in word:
                assert skeleton(word.replace(seen, character)) == skeleton(word)
                tried += 1
    assert tried > 100


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("admin", "аdmin"),
        ("admin", "аdmіn"),
        ("ADMIN", "ADMIΝ"),
        ("paypal", "paypa1"),
        ("paypal", "PayPaI"),
        ("l0l", "lOl"),
        ("rnike", "mike"),
        ("NANA", "ΝΑΝΑ"),
        ("Bob", "Воb"),
        ("wow", "vvow"),
        ("adm|n", "admin"),
        ("José", "Jose\u0301"),
        ("ad\u200bmin", "admin"),
        ("ı", "i"),
    ],
)
def test_look_alikes_collide(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"), [("anna", "hanna"), ("nan", "van"), ("Jose", "José"), ("mia", "nia")]
)
def test_others_do_not(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


def test_skeleton_is_idempotent_for_all_of_unicode() -> None:
    assert [c for c in SOME if skeleton(skeleton(c)) != skeleton(c)] == []


@given(st.one_of(st.text(), st.text(st.sampled_from([c for _, c in look_alikes()]))))
def test_skeleton_is_idempotent(text: str) -> None:
    assert skeleton(skeleton(text)) == skeleton(text)


@given(st.text(st.characters(max_codepoint=127)))
def test_in_ascii_the_skeleton_follows_the_fold(text: str) -> None:
    assert skeleton(text) == skeleton(fold(text)) == skeleton(text.upper())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("bob", "bob"),
        ("[Bob]", "[Bob]"),
        ("a-_[]\\`^{}|9", "a-_[]\\`^{}|9"),
        ("Jose\u0301", "José"),
        ("小明", "小明"),
        ("Иван", "Иван"),
        ("नमस्ते", "नमस्ते"),
        ("שלום2", "שלום2"),
        ("مريم", "مريم"),
        ("q\u0301", "q\u0301"),
        ("x" * 32, "x" * 32),
    ],
)
def test_good_names(name: str, expected: str) -> None:
    assert valid_name(name) == expected


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "cannot be empty"),
        ("x" * 33, "32 characters at most"),
        ("明" * 22, "64 bytes"),
        ("x" * 1_000_000, "32 characters at most"),
        ("1st", "cannot start with a digit"),
        ("-bob", "cannot start with a digit or '-'"),
        ("१bob", "cannot start with a digit"),
        ("a b", "a space"),
        ("a@b", "'@'"),
        ("a'b", '"\'"'),
        ("a\nb", r"U\+000A"),
        ("a\u200bb", "ZERO WIDTH SPACE"),
        ("a\u202eb", "RIGHT-TO-LEFT OVERRIDE"),
        ("a\u034fb", "COMBINING GRAPHEME JOINER"),
        ("a\u3164b", "HANGUL FILLER"),
        ("a\ufe0f", "VARIATION SELECTOR-16"),
        ("a\U000e0041", "TAG LATIN"),
        ("\ud800", r"U\+D800"),
        ("😀", "GRINNING FACE"),
        ("x²", "SUPERSCRIPT TWO"),
        ("aͺ", "YPOGEGRAMMENI"),
        ("ﷺ", "ARABIC LIGATURE"),
        ("\u0301a", "cannot start with"),
        ("\uff9ea", "cannot start with"),
        ("a" + "\u0316" * 5, "four accents"),
        ("Ωמ", "mix letters"),
        ("שלום-", "must end with"),
    ],
)
def test_bad_names_say_why(name: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as caught:
        valid_name(name)
    assert str(caught.value).isprintable()
    assert str(caught.value).endswith(".")


def accepted(name: str) -> bool:
    try:
        valid_name(name)
    except ValueError:
        return False
    return True


def test_every_accepted_character_is_accepted_folded() -> None:
    names = [name for c in SOME if accepted(name := f"x{c}") or accepted(name := f"{c}")]
    assert len(names) > 100_000
    for name in names:
        assert valid_name(fold(name))
        assert clean(name) == name
        assert not FORBIDDEN & set(name + fold(name))


@given(st.text(st.characters(categories=["L", "N", "M", "P"]), min_size=1, max_size=32))
def test_an_accepted_name_is_stable(name: str) -> None:
    if accepted(name):
        good = valid_name(name)
        assert valid_name(good) == good
        assert valid_name(fold(good), max_length=200)


@pytest.mark.parametrize("name", ["lobby", "1984", "c++", "a.b", "東京", "tea_room-2", ".net", "x" * 50])
def test_good_room_names(name: str) -> None:
    assert valid_room_name(name) == name


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "A room name cannot be empty"),
        ("#lobby", "without the '#'"),
        ("a,b", "','"),
        ("a/b", "'/'"),
        ("a:b", "':'"),
        ("a b", "a space"),
        ("a\x07b", r"U\+0007"),
        ("a\u200eb", "LEFT-TO-RIGHT MARK"),
        (".", "more than dots"),
        ("..", "more than dots"),
        ("‥", "TWO DOT LEADER"),
        ("-k", "cannot start with '-'"),
        ("x" * 51, "50 characters"),
        ("明" * 43, "128 bytes"),
    ],
)
def test_bad_room_names_say_why(name: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        valid_room_name(name)
