"""Files that are sent out: nothing in them runs, and nobody's memory grows for one who reads slowly."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from teahouse.protocols.web.uploads.sending import BLOCK
from uploads_rig import HTML, PNG, Client, Rig, opened


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with opened(tmp_path) as rig:
        yield rig


def test_a_picture_is_shown_in_a_sandbox(rig: Rig) -> None:
    got = rig.ask("GET", rig.upload().path)
    assert (got.status, got.body) == (200, PNG)
    assert got.headers["Content-Type"] == "image/png"
    assert got.headers["Content-Disposition"] == "inline; filename=\"tea.png\"; filename*=UTF-8''tea.png"
    assert got.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert got.headers["Content-Length"] == str(len(PNG))


@pytest.mark.parametrize(
    ("body", "said", "name", "shown"),
    [
        (PNG, "image/png", "a.png", "image/png"),
        (PNG, "", "a.html", "image/png"),
        (b"\xff\xd8\xff\xe0 ...", "image/png", "a.png", "image/jpeg"),
        (HTML, "image/png", "a.png", ""),
        (HTML, "text/html", "a.html", ""),
        (HTML, "", "a.html", ""),
        (b"<svg onload='x'/>", "image/svg+xml", "a.svg", ""),
        (b"<svg/>", "", "a.svg", ""),
        (b"%PDF-1.7", "application/pdf", "a.pdf", ""),
        (b"hello \xc3\xa9\n", "text/plain", "a.txt", "text/plain; charset=utf-8"),
        (b"print()\n", "", "a.py", "text/plain; charset=utf-8"),
        (b"hello \xe9\n", "text/plain", "a.txt", ""),
        (b"MZ\x00\x01", "text/plain", "a.txt", ""),
        (b"\x00\x00\x00\x18ftypmp42....", "video/mp4", "a.mp4", "video/mp4"),
        (b"\x00\x00\x00\x18ftypheic....", "video/mp4", "a.mp4", ""),
        (b"OggS\x00", "audio/ogg", "a.ogg", "audio/ogg"),
        (b"OggS\x00", "video/ogg", "a.ogv", "video/ogg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "", "a", "image/webp"),
    ],
)  # fmt: skip
def test_what_it_is_decides_how_it_is_sent(rig: Rig, body: bytes, said: str, name: str, shown: str) -> None:
    """`shown`: as what it is shown; "": it is only saved."""
    made = rig.upload(body, path=f"/uploads/{name}", **({"Content_Type": said} if said else {}))
    got = rig.ask("GET", made.path)
    assert got.headers["Content-Type"] == (shown or "application/octet-stream")
    assert got.headers["Content-Disposition"].startswith("inline;" if shown else "attachment;")
    assert got.body == body


def test_a_name_is_quoted(rig: Rig) -> None:
    made = rig.upload(path="/uploads/%C3%A7;.txt")
    got = rig.ask("GET", made.path)
    assert got.headers[
        "Content-Disposition"
    ] == "inline; filename=\"_.txt\"; filename*=UTF-8''%C3%A7_%3B.txt" or (
        "filename*=UTF-8''" in got.headers["Content-Disposition"]
    )


def test_who_has_it_is_told_so(rig: Rig) -> None:
    path = rig.upload().path
    tag = rig.ask("GET", path).headers["ETag"]
    again = rig.ask("GET", path, If_None_Match=tag)
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)


def test_head(rig: Rig) -> None:
    got = rig.ask("HEAD", rig.upload().path)
    assert (got.status, got.headers["Content-Length"], got.body) == (200, str(len(PNG)), b"")


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-0", slice(0, 1)),
        ("bytes=10-19", slice(10, 20)),
        ("bytes=2000-", slice(2000, None)),
        ("bytes=-5", slice(-5, None)),
        ("bytes=-999999", slice(0, None)),
        ("bytes=2000-999999", slice(2000, None)),
    ],
)
def test_a_part_of_it(rig: Rig, asked: str, part: slice) -> None:
    got = rig.ask("GET", rig.upload().path, Range=asked)
    assert (got.status, got.body) == (206, PNG[part])
    start, end, _ = part.indices(len(PNG))
    assert got.headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(PNG)}"


@pytest.mark.parametrize("asked", ["bytes=999999-", f"bytes={len(PNG)}-", "bytes=-0"])
def test_a_part_that_is_not_there(rig: Rig, asked: str) -> None:
    got = rig.ask("GET", rig.upload().path, Range=asked)
    assert (got.status, got.headers["Content-Range"]) == (416, f"bytes */{len(PNG)}")


@pytest.mark.parametrize(
    "asked", ["bytes=", "bytes=-", "bytes=5-4", "bytes=0-1,3-4", "lines=1-2", "bytes=a-b"]
)
def test_what_is_no_part_is_the_whole(rig: Rig, asked: str) -> None:
    got = rig.ask("GET", rig.upload().path, Range=asked)
    assert (got.status, got.body) == (200, PNG)


def test_a_part_of_another_file_is_the_whole(rig: Rig) -> None:
    path = rig.upload().path
    assert rig.ask("GET", path, Range="bytes=0-1", If_Range='"other"').status == 200
    tag = rig.ask("GET", path).headers["ETag"]
    assert rig.ask("GET", path, Range="bytes=0-1", If_Range=tag).status == 206


def test_paths_that_are_none(rig: Rig) -> None:
    path = rig.upload().path
    _, _, id_, name = path.split("/")
    (rig.directory.parent / "secret").write_text("x")
    for wrong in (
        f"/uploads/{id_}/other.png",
        f"/uploads/{id_[:-1]}/{name}",
        f"/uploads/{id_.upper()}/{name}" if id_.upper() != id_ else "/uploads/x/y",
        "/uploads/..%2Fsecret/secret",
        "/uploads/%2e%2e/secret",
        "/uploads/../secret",
        f"/uploads/./{id_}",
    ):
        assert rig.ask("GET", wrong).status in {404, 405}, wrong


def test_a_file_that_is_gone_from_the_disk(rig: Rig) -> None:
    path = rig.upload().path
    (rig.directory / rig.files[0]).unlink()
    assert rig.ask("GET", path).status == 404


# ---- who reads slowly ------------------------------------------------------------------------------------------


def slow(rig: Rig, size: int) -> Client:
    """A client that has asked for a file of so many bytes, and reads nothing by itself."""
    path = rig.upload(bytes(size)).path
    client = Client(rig)
    client.wire.room = BLOCK
    client.asks("GET", path)
    return client


def test_a_slow_reader_waits_on_the_disk_and_not_in_memory(rig: Rig) -> None:
    client = slow(rig, 1_000_000)
    got = 0
    while len(client.wire.value()):
        assert len(client.wire.value()) < 4 * BLOCK
        got += len(client.wire.is_read())
        rig.house.rests()
    assert got > 1_000_000
    assert not client.is_closed
    client.lose()


def test_one_who_reads_nothing_is_dropped(rig: Rig) -> None:
    client = slow(rig, 1_000_000)
    rig.house.passes(rig.server.limits.output_seconds + 1)
    assert client.is_closed
    client.lose()


def test_one_who_goes_in_the_middle(rig: Rig) -> None:
    client = slow(rig, 1_000_000)
    client.lose()
    rig.house.passes(120)


def test_a_file_that_is_removed_while_it_is_read(rig: Rig) -> None:
    client = slow(rig, 1_000_000)
    kept: Any = rig.wait(rig.server.store.uploads())
    rig.wait(rig.server.uploads.remove(kept))
    client.wire.is_read()
    rig.house.rests()
    client.wire.is_read()
    rig.house.rests()
    assert client.is_closed
    client.lose()
