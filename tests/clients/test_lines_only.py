"""Plain TCP: scripts and pipes, and not one byte that is not text."""

from __future__ import annotations

import subprocess

import pytest

from clients.bystander import Bystander
from clients.open_house import OpenHouse
from clients.waiting import PATIENCE

BANNER_END = "what else there is.\r\n"


def test_not_a_byte_that_is_not_text(house: OpenHouse, bea: Bystander) -> None:
    with Bystander(house.line, "amy") as amy:
        amy.says(
            "hi",
            "/who",
            "/help",
            "/set",
            "/rooms",
            "/me waves",
            "/nosuch",
            "/msg bea tea?",
            "/topic tea",
            "/quit",
        )
        amy.sees_the_end()
    text = amy.data.decode()
    assert text.endswith("Goodbye.\r\n")
    assert all(character.isprintable() for line in text.split("\r\n") for character in line)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_piped_script(end: str, house: OpenHouse, bea: Bystander) -> None:
    script = "".join(f"{line}{end}" for line in ("login pip", "hi", "Łódź 👍", "/quit"))
    shown = nc(house, script, "-N")
    assert "You are pip." in shown
    assert shown.endswith("pip: hi\r\npip: Łódź 👍\r\nGoodbye.\r\n")
    assert bea.sees("pip:") == "pip: hi"
    assert bea.sees("pip:") == "pip: Łódź 👍"
    assert bea.sees("pip") == "pip has left the house."


def test_script_that_just_ends(house: OpenHouse, bea: Bystander) -> None:
    """`printf ... | nc -N` without /quit: the last line was said all the same."""
    nc(house, "login pip\nthat was all\n", "-N")
    assert bea.sees("pip:") == "pip: that was all"
    bea.sees("pip has left the house.")


def test_telnet_client_on_the_line_port(house: OpenHouse, bea: Bystander) -> None:
    """`nc -t` would refuse options; on this port it is asked for none."""
    shown = nc(house, "login pip\nhi\n/quit\n", "-t", "-N")
    assert shown.endswith("pip: hi\r\nGoodbye.\r\n")


def nc(house: OpenHouse, script: str, *options: str) -> str:
    command = ["nc", *options, "127.0.0.1", str(house.line)]
    done = subprocess.run(command, input=script.encode(), capture_output=True, timeout=PATIENCE, check=True)
    assert not done.stderr
    return done.stdout.decode()
