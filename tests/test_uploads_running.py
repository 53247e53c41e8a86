"""Uploads to a house that runs: real sockets, threads and disk, curl as people use it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

TEAHOUSE = str(Path(sys.executable).with_name("teahouse"))
PATIENCE = 30
pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    add = [TEAHOUSE, "account", "add", "amy", "--data", str(data)]
    subprocess.run(add, input="wintertea\n", text=True, check=True, capture_output=True, timeout=PATIENCE)
    return data


@pytest.fixture
def site(data: Path) -> Iterator[str]:
    """The address of the house's web site."""
    house = subprocess.Popen(
        [TEAHOUSE, "serve", "--web", "0", "--data", str(data)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    assert house.stdout is not None
    yield house.stdout.readline().split()[-1]
    house.terminate()
    assert house.wait(PATIENCE) == 0
    house.stdout.close()


def curl(*words: str, stdin: bytes = b"") -> str:
    """What it says: with the status behind it."""
    done = subprocess.run(
        ["curl", "-sS", "-w", " %{http_code}", *words],
        input=stdin,
        capture_output=True,
        timeout=PATIENCE,
        check=True,
    )
    return done.stdout.decode()


def test_the_line_of_the_documents(site: str, data: Path, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"\xff\xd8\xff" + os.urandom(3_000_000))
    address, status = curl("-u", "amy:wintertea", "-T", str(photo), f"{site}uploads/").split()
    assert status == "201"
    assert address.startswith(f"{site}uploads/")
    got = tmp_path / "got.jpg"
    assert curl("-o", str(got), address) == " 200"
    assert got.read_bytes() == photo.read_bytes()
    (kept,) = (data / "uploads").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600


def test_from_a_pipe(site: str) -> None:
    address, status = curl(
        "-u", "amy:wintertea", "-T", "-", f"{site}uploads/log.txt", stdin=b"tea\n" * 100_000
    ).split()
    assert status == "201"
    assert curl(address) == "tea\n" * 100_000 + " 200"


def test_what_is_too_large_is_told_so(site: str, data: Path, tmp_path: Path) -> None:
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(11 << 20)
    for how in ((), ("-H", "Expect:"), ("-H", "Transfer-Encoding: chunked", "-H", "Expect:")):
        said = curl("-u", "amy:wintertea", *how, "-T", str(large), f"{site}uploads/")
        assert said == "A file has at most 10.0 MiB here.\n 413"
    assert not list((data / "uploads").glob("*"))
