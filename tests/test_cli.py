"""The command line, as people use it: in processes of its own."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from processes import BIN, Guest, Process, run

TEAHOUSE = BIN / "teahouse"
BAD = "[house]\nnmae = 'x'\n[limits]\nrooms = -1\n"


def test_version() -> None:
    status, out, _ = run(TEAHOUSE, "--version")
    assert status == 0
    assert re.fullmatch(r"teahouse \d+\.\d+\.\d+\n", out)


def test_example_config_is_one_that_check_config_likes(tmp_path: Path) -> None:
    (tmp_path / "house.toml").write_text(run(TEAHOUSE, "example-config")[1])
    status, out, _ = run(TEAHOUSE, "check-config", "house.toml", cwd=tmp_path)
    ways = ("telnet would listen at localhost 4242", "irc would listen at localhost 6667")
    assert (status, out.splitlines()) == (
        0,
        ["house.toml is fine", *ways, "web would listen at localhost 8080"],
    )


@pytest.mark.parametrize("command", ["check-config", "serve --config", "twistd"])
def test_a_bad_file_is_told_line_by_line(tmp_path: Path, command: str) -> None:
    (tmp_path / "house.toml").write_text(BAD)
    words = [str(TEAHOUSE), *command.split()]
    if command == "twistd":
        words = [str(BIN / "twistd"), "-n", "teahouse", "--config"]
    status, out, err = run(*words, "house.toml", cwd=tmp_path)
    assert (status, out) == (1, "")
    assert err == (
        "Error: house.toml, line 2: house.nmae: there is no such key; did you mean name?\n"
        "Error: house.toml, line 4: limits.rooms: must be 1 or more, not -1.\n"
    )


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    status, _, err = run(TEAHOUSE, "serve", "--config", "house.toml", cwd=tmp_path)
    assert (status, err) == (1, "Error: house.toml: cannot be read: No such file or directory.\n")


def test_serve_says_how_to_come_in_and_lets_people_in() -> None:
    with Process(TEAHOUSE, "serve", "--telnet", "0", "--line", "0", listeners=2) as house:
        telnet, line = house.ways
        assert re.fullmatch(r"telnet localhost \d+", telnet)
        assert re.fullmatch(r"line nc localhost \d+", line)
        with Guest(house.ports[1], "amy") as amy, Guest(house.ports[1], "bob") as bob:
            amy.say("tea, anyone?")
            bob.wait_for(r"amy.*tea, anyone\?")


def test_options_are_repeatable_and_endpoints_too(tmp_path: Path) -> None:
    way = f"unix:{tmp_path}/door"
    options = ["--line", "0", "--line", "tcp:0:interface=127.0.0.1", "--line", way]
    with Process(TEAHOUSE, "serve", *options, listeners=3) as house:
        assert len(set(house.ports)) == 2
        assert house.ways[2] == f"line nc -U {tmp_path}/door"


def test_options_replace_the_endpoints_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "house.toml").write_text("[listen]\ntelnet = ['tcp:0:interface=192.0.2.1']\nline = ['0']\n")
    with Process(
        TEAHOUSE, "serve", "--config", "house.toml", "--telnet", "0", cwd=tmp_path, listeners=2
    ) as house:
        assert [way.split()[0] for way in house.ways] == ["telnet", "line"]


@pytest.mark.parametrize("program", ["teahouse", "twistd"])
def test_a_port_that_is_taken(tmp_path: Path, program: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        words = ["teahouse", "serve"] if program == "teahouse" else ["twistd", "-n", "teahouse"]
        status, out, err = run(BIN / words[0], *words[1:], "--telnet", str(port), cwd=tmp_path)
    assert status == 1
    assert err == (
        f'Error: cannot listen for telnet at "{port}": Address already in use. '
        "Another program listens there: stop it, or choose another port.\n"
    )
    assert "Traceback" not in out
    assert not (tmp_path / "twistd.pid").exists()


def test_an_endpoint_of_the_file_that_cannot_be_had_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "house.toml").write_text("[listen]\n\ntelnet = ['tcp:0:interface=192.0.2.1']\n")
    status, _, err = run(TEAHOUSE, "serve", "--config", "house.toml", cwd=tmp_path)
    assert status == 1
    assert err.startswith(
        'Error: house.toml, line 3: listen.telnet: cannot listen for telnet at "tcp:0:inter'
    )
    assert "This machine does not have that address" in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("program", ["teahouse", "twistd"])
def test_an_option_that_is_no_endpoint(tmp_path: Path, program: str) -> None:
    words = ["teahouse", "serve"] if program == "teahouse" else ["twistd", "-n", "teahouse"]
    status, _, err = run(BIN / words[0], *words[1:], "--line", "tea", cwd=tmp_path)
    assert status == 1
    assert err.startswith("""Error: --line "tea": Unknown endpoint type: 'tea'; write a port, """)
    assert len(err.splitlines()) == 1


def test_a_log_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "house.toml").write_text("[listen]\ntelnet = ['0']\n[log]\nfile = 'nowhere/log'\n")
    status, _, err = run(TEAHOUSE, "serve", "--config", "house.toml", cwd=tmp_path)
    assert (status, err) == (
        1,
        "Error: the log cannot be written to nowhere/log: No such file or directory.\n",
    )


def test_an_extension_that_cannot_be_had(tmp_path: Path) -> None:
    (tmp_path / "house.toml").write_text("entry = 'nowhere.py'\n[listen]\ntelnet = ['0']\n")
    status, _, err = run(TEAHOUSE, "serve", "--config", "house.toml", cwd=tmp_path)
    assert status == 1
    assert "Traceback" not in err
    assert err.splitlines()[-1] == "Error: house.toml, line 1: entry: there is no file nowhere.py"
