"""What docs/api.md shows works as it stands there."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from processes import BIN, PATIENCE, Guest, Process
from test_api_document import keeper

PAGE = Path(__file__).parents[1] / "docs" / "api.md"
SETTINGS = """
test_mode = true
[listen]
telnet = []
irc = []
web = ["0"]
line = ["0"]
[data]
directory = "{directory}"
[rooms.lobby]
operators = ["bridge"]
"""
CURL_TIMED_OUT = 28


def test_every_command_in_the_page(tmp_path: Path) -> None:
    config = tmp_path / "teahouse.toml"
    config.write_text(SETTINGS.format(directory=tmp_path / "data"))
    keeper(config, "account", "add", "bridge", stdin="two lumps, please\n")
    token = keeper(config, "account", "token", "bridge", "add", "docs", "read", "write", "hooks")
    with Process(BIN / "teahouse", "serve", "--config", config, listeners=2) as house:
        ports = dict(re.findall(r"(web|line)\D*localhost[ :](\d+)", house.out.text)) or {}
        with Guest(int(ports["line"])) as amy:
            amy.say("login bridge two lumps, please", "/hook in weather")
            hook = amy.wait_for(r"/api/v1/hooks/\S+")
            own = {"HOUSE": f"http://localhost:{ports['web']}", "TOKEN": token, "HOOK": hook}
            said = [_run(script, {**os.environ, **own}) for script in _scripts()]
            amy.wait_for(r"weather/bridge: Storm at six\.")
            amy.wait_for(r"alice/bridge: Hello from over there")
    assert len(said) >= 6


def _scripts() -> list[str]:
    return re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.DOTALL)


def _run(script: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        ["bash", "-e", "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    if "/events" in script:
        assert (done.returncode, done.stdout[:1]) == (CURL_TIMED_OUT, ":")
        return done.stdout
    assert done.returncode == 0, done.stderr
    for line in filter(None, done.stdout.replace("}{", "}\n{").split("\n")):
        assert "code" not in json.loads(line), line
    return done.stdout


@pytest.mark.parametrize("path", re.findall(r"\]\(([^)#:]+)\)", PAGE.read_text()))
def test_every_page_it_names_is_there(path: str) -> None:
    assert (PAGE.parent / path).exists()
