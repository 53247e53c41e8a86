"""`teahouse connect` on a terminal: what stands on the screen while people type, passwords come and lines come in."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from client_peer import COMMAND, Peer, Terminal, environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

try:
    os.close(os.openpty()[0])
except OSError as error:
    pytest.skip(f"no pseudo terminals here: {error}", allow_module_level=True)

WILL_ECHO, WONT_ECHO, GA = b"\xff\xfb\x01", b"\xff\xfc\x01", b"\xff\xf9"


@pytest.fixture
def peer() -> Iterator[Peer]:
    peer = Peer()
    yield peer
    peer.close()


@pytest.fixture
def connect(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    terminals = []

    def connect(place: str, *arguments: str, **environ: str) -> Terminal:
        terminals.append(Terminal(tmp_path, place, *arguments, **environ))
        return terminals[-1]

    yield connect
    for terminal in terminals:
        terminal.close()


@pytest.fixture
def screen(peer: Peer, connect: Callable[..., Terminal]) -> Terminal:
    """Connected, with everything drawn once."""
    terminal = connect(peer.place)
    peer.accept()
    peer.say(b"Welcome.\r\n")
    terminal.wait_last("Welcome.")
    return terminal


def test_lines_come_in_above_the_line_being_typed(peer: Peer, screen: Terminal) -> None:
    screen.type("half a li")
    screen.wait_last("half a li")
    peer.say("\x1b[32mann\x1b[0m: hello \u2615\r\nbob: hel".encode())
    screen.wait(lambda lines: lines[-1] == "bob: helhalf a li")  # unfinished: it stands where a prompt would
    peer.say(b"lo\r\n")
    screen.wait_last("half a li")
    assert screen.lines == [
        f"Connected to {peer.place}. Ctrl-D leaves.",
        "Welcome.",
        "ann: hello \u2615",
        "bob: hello",
        "half a li",
    ]
    screen.type("ne\r")
    peer.hear(b"half a line\r\n")


def test_a_typed_line_is_seen_once(peer: Peer, screen: Terminal) -> None:
    screen.type("hello\r")
    peer.hear(b"hello\r\n")
    peer.say(b"ann: hello\r\n")
    screen.wait_last("ann: hello")
    screen.type("/who\r")
    peer.hear(b"/who\r\n")
    peer.say(b"Nobody.\r\n")
    screen.wait_last("Nobody.")
    screen.type("into silence\r")
    screen.wait_last("into silence")
    peer.say(b"end\r\n")
    screen.wait_last("end")
    lines = screen.lines[2:]
    if lines[0] == "hello":  # this machine is so slow that the client did not wait for the peer
        del lines[0]
    assert lines == ["ann: hello", "/who", "Nobody.", "into silence", "end"]


def test_passwords_are_hidden_and_in_no_history(peer: Peer, screen: Terminal, tmp_path: Path) -> None:
    screen.type("login ann\r")
    peer.hear(b"login ann\r\n")
    peer.say(WILL_ECHO + b"Password: " + GA)
    peer.hear(b"\xff\xfd\x01")
    screen.wait_last("Password:")
    screen.type("sesame")
    screen.wait_last("Password: ******")
    screen.type("\r")
    peer.hear(b"sesame\r\n")
    peer.say(WONT_ECHO + b"\r\nYou are ann.\r\n")
    peer.hear(b"\xff\xfe\x01")
    screen.type("seen")
    screen.wait_last("seen")
    assert screen.lines[2:] == ["login ann", "Password:", "You are ann.", "seen"]
    screen.type("\r")
    peer.hear(b"seen\r\n")
    screen.type("x")
    screen.wait_last("x")
    screen.type("\x1b[A\x1b[A")  # up, up
    screen.wait_last("login ann")
    assert b"sesame" not in screen.raw
    assert (tmp_path / "state" / "teahouse" / "history").read_text() == "login ann\nseen\n"


def test_half_a_password_is_not_shown_when_hiding_ends(peer: Peer, screen: Terminal) -> None:
    peer.say(WILL_ECHO + b"Password: " + GA)
    screen.wait_last("Password:")
    screen.type("sesa\x15\x19")  # Ctrl-U takes it away, Ctrl-Y puts it back
    screen.wait_last("Password: ****")
    peer.say(WONT_ECHO + b"\r\nToo slow.\r\n" + GA)
    screen.wait(lambda lines: "Too slow." in lines)
    screen.type("\x19seen")
    screen.wait_last("seen")
    assert b"sesa" not in screen.raw


def test_history_lasts(peer: Peer, screen: Terminal, connect: Callable[..., Terminal]) -> None:
    screen.type("remember me\r")
    peer.hear(b"remember me\r\n")
    screen.type("\x04")
    peer.hear_end()
    peer.connection.close()
    assert screen.status() == 0
    again = connect(peer.place)
    peer.accept()
    peer.say(b"Welcome.\r\n")
    again.wait_last("Welcome.")
    again.type("\x1b[A")
    again.wait_last("remember me")


def test_control_c_ends_a_search(peer: Peer, screen: Terminal) -> None:
    screen.type("one\rtwo")
    peer.hear(b"one\r\n")
    screen.wait_last("two")
    screen.type("\x12on")
    screen.wait_last("(reverse-i-search)`on': one")
    screen.type("\x03")
    screen.wait_last("two")
    screen.type("!\r")
    peer.hear(b"two!\r\n")


def test_control_c_empties_the_line_and_then_leaves(peer: Peer, screen: Terminal) -> None:
    screen.type("never sent\x03")
    screen.wait_last("Ctrl-C once more leaves")
    screen.type("x\x08\x03")  # typing goes on: it counts anew
    screen.wait_last("Ctrl-C once more leaves")
    screen.type("\x03")
    assert peer.hear_end() == b""
    peer.say(b"Bye.\r\n")
    peer.close()
    assert screen.status() == 0
    assert screen.lines[-1] == "Bye."


def test_a_server_that_closes(peer: Peer, screen: Terminal) -> None:
    screen.type("half a li")
    screen.wait_last("half a li")
    peer.say(b"Bye.\r\n")
    peer.connection.close()
    assert screen.status() == 0
    assert screen.lines[-2:] == ["Bye.", "teahouse: Connection closed by 127.0.0.1."]


def test_a_connection_that_breaks(peer: Peer, screen: Terminal) -> None:
    peer.reset()
    assert screen.status() == 4
    assert screen.lines[-1] == "teahouse: The connection to 127.0.0.1 broke: Connection reset by peer."


def test_a_killed_client_leaves_the_terminal_as_it_was(screen: Terminal) -> None:
    screen.type("half")
    screen.wait_last("half")
    screen.process.send_signal(signal.SIGTERM)
    assert screen.status() == 128 + signal.SIGTERM
    assert screen.raw.rstrip().endswith((b"\x1b[?2004l", b"\x1b[?25h"))


def test_the_window_is_told_and_told_again(peer: Peer, screen: Terminal) -> None:
    peer.say(b"\xff\xfd\x1f")
    peer.hear(b"\xff\xfb\x1f\xff\xfa\x1f\x00\x50\x00\x32\xff\xf0")
    screen.resize(100, 40)
    screen.process.send_signal(signal.SIGWINCH)
    peer.hear(b"\xff\xfa\x1f\x00\x64\x00\x28\xff\xf0")


def test_pasted_lines_are_lines(peer: Peer, screen: Terminal) -> None:
    screen.type("\x1b[200~one\rtwo \x1b[31m\x1b[201~\r")
    peer.hear(b"one\r\ntwo [31m\r\n")


def test_nothing_but_colours_reaches_the_screen(peer: Peer, screen: Terminal) -> None:
    before = len(screen.raw)
    peer.say(
        b"\x1b[31mred\x1b[0m \x1b]0;title\x07\x1b[2J\x1b[5;5Hx\x9b3J\xc2\x9b2J\x1b[6n\x1bc\x00\x0e\r\nend\r\n"
    )
    screen.wait_last("end")
    said = screen.raw[before:]
    assert b"\x1b[31mred\x1b[0m" in said
    for evil in (b"\x1b]", b"\x1b[2J", b"\x1b[5;5H", b"\x9b", b"\x1b[6n", b"\x1bc", b"\x00", b"\x0e"):
        assert evil not in said


def test_no_color(peer: Peer, connect: Callable[..., Terminal]) -> None:
    screen = connect(peer.place, NO_COLOR="1")
    peer.accept()
    peer.say(b"\x1b[31mred\x1b[0m\r\n")
    screen.wait_last("red")
    assert b"\x1b[31m" not in screen.raw


def test_the_real_house(tmp_path: Path, connect: Callable[..., Terminal]) -> None:
    config = tmp_path / "house.toml"
    config.write_text('[house]\npassword = "sesame"\n[listen]\ntelnet = ["0"]\n')
    command = [*COMMAND[:-1], "serve", "--config", str(config)]
    with subprocess.Popen(command, env=environment(tmp_path), stdout=subprocess.PIPE, text=True) as house:
        try:
            assert house.stdout is not None
            port = house.stdout.readline().split()[-1]
            ann = connect(f"localhost:{port}")
            ann.wait(lambda lines: any("login <nick>" in line for line in lines))
            ann.type("login ann\r")
            ann.wait_last("Password:")
            ann.type("sesame\r")
            ann.wait(lambda lines: "You are ann." in lines)
            ann.type("half a li")
            ann.wait_last("half a li")
            said = subprocess.run(
                [*COMMAND, f"localhost:{port}"],
                input=b"connect bob sesame\nhello, ann\n/quit\n",
                env=environment(tmp_path),
                capture_output=True,
                check=True,
                timeout=10,
            )
            assert b"bob: hello, ann\n" in said.stdout
            ann.wait(lambda lines: "bob: hello, ann" in lines and lines[-1] == "half a li")
            ann.type("\x03\x04")
            assert ann.status() == 0
        finally:
            house.terminate()


def test_serving_does_not_load_it() -> None:
    code = "import sys, teahouse.cli, teahouse.running.foreground; sys.exit('prompt_toolkit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
