"""What is to be said fits: no piece is over its bound, nothing is lost, and no character is torn."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teahouse.protocols.irc.fitting import chunks, join_lists, split_text

FAMILY = "👨\u200d👩\u200d👧"  # 18 bytes
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"  # 28 bytes


@pytest.mark.parametrize(
    ("text", "room", "pieces"),
    [
        ("", 10, []),
        ("hello", 5, ["hello"]),
        ("a\nb\r\nc\rd\n\n", 10, ["a", "b", "c", "d"]),
        ("one two three", 9, ["one two", "three"]),
        ("one two three", 7, ["one two", "three"]),
        ("one two three", 6, ["one", "two", "three"]),
        ("one   two  ", 5, ["one", "two  "]),
        ("one two        ", 8, ["one two"]),
        ("onetwothree", 4, ["onet", "woth", "ree"]),
        ("a onetwothree", 5, ["a", "onetw", "othre", "e"]),
        ("    indented", 6, ["    in", "dented"]),
        ("      ", 4, ["    ", "  "]),
        ("ééééé", 5, ["éé", "éé", "é"]),
        ("茶茶茶", 8, ["茶茶", "茶"]),
        ("🍵🍵", 4, ["🍵", "🍵"]),
        ("ae\u0301ae\u0301", 4, ["ae\u0301", "ae\u0301"]),
        ("ae\u0301ae\u0301", 5, ["ae\u0301a", "e\u0301"]),
        ("aae\u0301", 4, ["aa", "e\u0301"]),
        ("xx" + FAMILY + FAMILY, 37, ["xx" + FAMILY, FAMILY]),
        ("👍🏽👍🏽", 15, ["👍🏽", "👍🏽"]),
        ("🇩🇪🇫🇷🇯🇵", 20, ["🇩🇪🇫🇷", "🇯🇵"]),
        ("x🇩🇪🇫🇷", 15, ["x🇩🇪", "🇫🇷"]),
        (SCOTLAND * 2, 50, [SCOTLAND, SCOTLAND]),
        ("각" * 1 + "\u1112\u1161\u11ab", 8, ["각", "\u1112\u1161", "\u11ab"]),
        ("x\u1112\u1161\u11ab", 9, ["x", "\u1112\u1161\u11ab"]),
        ("e" + "\u0301" * 5, 6, ["e\u0301\u0301", "\u0301\u0301\u0301"]),
        ("aaa \u0301b", 5, ["aaa", " \u0301b"]),
        ("\ud800\ud800 x", 4, ["\ud800\ud800 x"]),
    ],
)
def test_split(text: str, room: int, pieces: list[str]) -> None:
    assert split_text(text, room) == pieces


def test_no_room() -> None:
    with pytest.raises(ValueError, match="no room"):
        split_text("a", 3)


many = st.text(st.characters() | st.sampled_from(" \n\r\u200d\u0301🇩🇪👍🏽é"))


@given(many, st.integers(4, 30))
def test_pieces_fit_and_nothing_is_lost(text: str, room: int) -> None:
    pieces = split_text(text, room)
    assert all(0 < len(piece.encode("utf-8", "replace")) <= room for piece in pieces)
    assert not any(set(piece) & set("\r\n") for piece in pieces)
    bare = str.maketrans("", "", " \r\n")
    assert "".join(pieces).translate(bare) == text.translate(bare)


def test_long_text_is_fast_enough() -> None:
    for text in ("a b " * 20_000, "🇩🇪" * 5_000, "\u0301" * 20_000, " " * 50_000):
        assert split_text(text, 400)


@pytest.mark.parametrize(
    ("words", "budget", "lines"),
    [
        ([], 5, []),
        (["amy"], 3, ["amy"]),
        (["amy", "bea", "cy"], 7, ["amy bea", "cy"]),
        (["amy", "bea", "cy"], 6, ["amy", "bea cy"]),
        (["éé", "b"], 5, ["éé", "b"]),
        (["éé", "b"], 6, ["éé b"]),
        ([""], 6, [""]),
    ],
)
def test_join(words: list[str], budget: int, lines: list[str]) -> None:
    assert join_lists(words, budget) == lines


def test_join_with_another_separator_and_a_number_of_words() -> None:
    assert join_lists(["a", "b", "c"], 4, ", ") == ["a, b", "c"]
    assert join_lists("abcdefg", 100, most=3) == ["a b c", "d e f", "g"]
    with pytest.raises(ValueError, match="does not fit"):
        join_lists(["abc"], 2)


@given(st.lists(st.text(st.characters(exclude_characters=" "), min_size=1, max_size=5)), st.integers(20, 60))
def test_lines_are_packed(words: list[str], budget: int) -> None:
    lines = join_lists(words, budget)
    assert all(len(line.encode("utf-8", "replace")) <= budget for line in lines)
    assert [word for line in lines for word in line.split(" ")] == words


@pytest.mark.parametrize(
    ("size", "sizes"),
    [(0, []), (1, [1]), (399, [399]), (400, [400]), (401, [400, 1]), (800, [400, 400])],
)
def test_chunks(size: int, sizes: list[int]) -> None:
    *full, last = pieces = chunks("A" * size)
    if size % 400:
        assert list(map(len, pieces)) == sizes
    else:
        assert list(map(len, full)) == sizes
        assert last == "+"
