"""The OpenAPI document: made from what there is, and true of the real service."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from api_peer import Program
from house import House
from processes import BIN, PATIENCE, Process, run
from teahouse.protocols.web.api.endpoint import PREFIX
from teahouse.protocols.web.api.openapi import document
from teahouse.protocols.web.api.table import TABLE

SETTINGS = """
test_mode = true
[listen]
telnet = []
irc = []
web = ["0"]
[data]
directory = "{directory}"
[limits]
flood_lines = 0.0
"""
CASES = "15"
FUZZ_SECONDS = 120.0


def test_it_is_what_the_table_says() -> None:
    house = House()
    found = Program(house).does("GET", "/openapi.json")
    assert found == json.loads(json.dumps(document(TABLE)))
    operations = {(path, method.upper()) for path, methods in found["paths"].items() for method in methods}
    assert operations == {(each.path, each.method) for each in TABLE}
    assert len({each.name for each in TABLE}) == len(TABLE)


def test_all_that_it_refers_to_is_in_it() -> None:
    found = document(TABLE)
    named = re.findall(r"#/components/schemas/(\w+)", json.dumps(found))
    assert set(named) <= set(found["components"]["schemas"])
    assert all(len(each.summary) > 5 for each in TABLE)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "teahouse.toml"
    path.write_text(SETTINGS.format(directory=tmp_path / "data"))
    return path


def keeper(config: Path, *words: str, stdin: str = "") -> str:
    """A command of the keeper; what it says."""
    done = subprocess.run(
        [str(BIN / "teahouse"), *words, "--config", str(config)],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    return done.stdout.strip()


def test_the_real_service_does_what_it_says(config: Path) -> None:
    keeper(config, "account", "add", "bot", stdin="two lumps, please\n")
    token = keeper(config, "account", "token", "bot", "add", "fuzz", "read", "write", "moderate", "hooks")
    with Process(BIN / "teahouse", "serve", "--config", config) as house:
        (port,) = house.ports
        site = f"http://localhost:{port}{PREFIX}"
        done = subprocess.run(
            [
                *(str(BIN / "schemathesis"), "run", f"{site}/openapi.json", "--no-color"),
                *("--header", f"Authorization: Bearer {token}"),
                *("--max-examples", CASES, "--seed", "7"),
                *("--exclude-path", "/events"),  # an answer that goes on
                # What nobody could see, or what does not fit, is refused though a schema cannot say so.
                *("--exclude-checks", "positive_data_acceptance"),
            ],
            cwd=config.parent,
            capture_output=True,
            text=True,
            timeout=FUZZ_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-15_000:]
        asked = Request(f"{site}/me", headers={"Authorization": f"Bearer {token}"})
        with urlopen(asked, timeout=PATIENCE) as answer:
            assert json.load(answer)["account"] == "bot"
    assert token not in house.out.text + house.err.text
    assert run(BIN / "teahouse", "account", "token", "bot", "--config", config)[1].count("fuzz") == 1
