"""Uploads as the house keeps them: what goes when, and what a file is taken for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teahouse.uploads.kinds import HEAD, declared, is_shown, is_taken, kind_of
from teahouse.uploads.names import LONGEST, safe_name
from uploads_rig import PNG, Client, Rig, basic, opened

DAY = 86_400.0


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with opened(tmp_path, keep_days=2) as rig:
        yield rig


def made_at(rig: Rig, days_ago: float) -> str:
    """An upload of that age; its id."""
    rig.upload()
    (newest,) = rig.wait(rig.server.store.uploads(count=1))
    age = newest.at.fromtimestamp(rig.house.clock.seconds() - days_ago * DAY, newest.at.tzinfo)
    rig.wait(rig.server.store.keep_upload(replace(newest, at=age)))
    return str(newest.id)


def test_files_go_when_they_are_old(rig: Rig) -> None:
    rig.house.clock.rightNow += 10 * DAY
    made_at(rig, 2.1)
    young = made_at(rig, 1.9)
    rig.wait(rig.server.uploads.look_after())
    assert rig.files == [young]
    assert rig.wait(rig.server.store.upload_ids()) == {young}


def test_once_an_hour_without_being_asked(rig: Rig) -> None:
    rig.house.clock.rightNow += 10 * DAY
    made_at(rig, 3)
    rig.house.passes(3_700)
    assert rig.files == []


def test_files_are_kept_for_ever_where_nothing_else_is_set(tmp_path: Path) -> None:
    with opened(tmp_path, keep_days=0) as rig:
        rig.house.clock.rightNow += 10_000 * DAY
        old = made_at(rig, 9_999)
        rig.wait(rig.server.uploads.look_after())
        assert rig.files == [old]


def test_what_belongs_to_nobody_is_swept_away(rig: Rig) -> None:
    rig.upload()
    (kept,) = rig.files
    (rig.directory / "0123.part").write_text("cut off by a crash")
    (rig.directory / "4567").write_text("of an account that is gone")
    rig.wait(rig.server.uploads.look_after())
    assert rig.files == [kept]


def test_what_is_coming_is_not_swept_away(rig: Rig) -> None:
    client = Client(rig)
    client.asks("PUT", "/uploads/a", b"te", Content_Length="3", Authorization=basic("amy"))
    rig.wait(rig.server.uploads.look_after())
    client.sends(b"a")
    assert client.answer().status == 201
    client.lose()
    assert len(rig.files) == 1


def test_files_go_with_their_account(rig: Rig) -> None:
    rig.add("bob")
    rig.upload()
    rig.upload(who="bob")
    rig.wait(rig.server.accounts.remove(rig.wait(rig.server.store.account("amy"))))
    rig.house.rests()
    (left,) = rig.wait(rig.server.store.uploads())
    assert (left.account, rig.files) == ("bob", [left.id])


# ---- kinds and names -------------------------------------------------------------------------------------------


@given(
    st.binary(max_size=2 * HEAD), st.sampled_from(["text/html", "image/svg+xml", "application/pdf", "x/y"])
)
def test_markup_is_shown_only_where_its_bytes_are_something_else(data: bytes, said: str) -> None:
    kind = kind_of(data[:HEAD], said)
    assert not is_shown(kind) or kind.startswith(("image/", "audio/", "video/"))


def test_a_character_that_is_cut_off_is_text() -> None:
    long = ("x" * (HEAD - 1) + "🍵").encode()
    assert kind_of(long[:HEAD], "").startswith("text/plain")
    assert not is_shown(kind_of("🍵".encode()[:2], ""))


@pytest.mark.parametrize(
    ("said", "name", "kind"),
    [
        ("Image/PNG; charset=x", "a", "image/png"),
        ("", "a.JPG", "image/jpeg"),
        ("application/octet-stream", "a.html", "text/html"),
        ("application/x-www-form-urlencoded", "a.txt", "text/plain"),
        ("", "a", ""),
        ("not a type", "a.png", ""),
        ("a/b\r\nX: y", "a.png", ""),
    ],
)
def test_what_is_said_of_a_file(said: str, name: str, kind: str) -> None:
    assert declared(said, name) == kind


def test_patterns_of_kinds() -> None:
    assert is_taken("image/png", ["text/plain", "image/*"])
    assert is_taken("text/plain; charset=utf-8", ["text/plain"])
    assert is_taken("x/y", ["*/*"])
    assert not is_taken("imagex/png", ["image/*"])


@given(st.text())
def test_a_name_is_one_harmless_part_of_a_path(text: str) -> None:
    name = safe_name(text)
    assert 0 < len(name) <= LONGEST
    assert not set(name) & set('/\\<>:"|?*%#\0\r\n')
    assert name[0] != "."
    assert safe_name(name) == name


def test_png_is_png() -> None:
    assert kind_of(PNG, "") == "image/png"
