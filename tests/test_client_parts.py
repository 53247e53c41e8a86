"""The small parts of the client: addresses, safe text, the terminal's abilities, history without secrets, echo."""

from __future__ import annotations

import errno
import io
import re
import socket
import ssl
import stat
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teahouse.client import history
from teahouse.client.address import parse, shown
from teahouse.client.echo import LocalEcho
from teahouse.client.failures import Status, not_connected
from teahouse.client.history import LineHistory, may_be_kept, state_file
from teahouse.client.safe import Painter, plain
from teahouse.client.terminal import Terminal, is_dumb, terminal

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("localhost", "localhost", 4242),
        ("localhost:23", "localhost", 23),
        ("[::1]:5005", "::1", 5005),
        ("[::1]", "::1", 4242),
        ("fe80::1", "fe80::1", 4242),
        ("10.0.0.1:65535", "10.0.0.1", 65535),
    ],
)
def test_addresses(text: str, host: str, port: int) -> None:
    assert parse(text) == (host, port)
    assert parse(shown(host, port)) == (host, port)


@pytest.mark.parametrize(
    "text",
    ["", ":23", "host:", "host:x", "host:0", "host:65536", "host:\u0663", "a b:1", "[::1", "http://x:1"],
)
def test_no_addresses(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no (address|port)"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("plain", "plain"),
        ("\x1b[1;31mred\x1b[0m", "\x1b[1;31mred\x1b[0m"),
        ("\x1b[38;5;8mgrey", "\x1b[38;5;8mgrey\x1b[0m"),
        ("\x1b[8mhidden\x1b[1;8mtoo\x1b[38;5;1;8m!", "hiddentoo!"),
        ("\x1b[2J\x1b[1;1Hgone?", "gone?"),
        ("\x1b]0;title\x07a\x1b]52;c;c3RlYWw=\x1b\\b", "ab"),
        ("\x1b]8;;http://evil\x07link\x1b]8;;\x07", "link"),
        ("\x1bP+q\x1b\\x\x1b_apc\x1b\\y", "xy"),
        ("\x1bc\x1b(0\x1b7\x1b#8x", "x"),
        ("\x1b[6n\x1b[?1049h\x1b[>cx", "x"),
        ("\x1b\x1b[31mx\x1b", "\x1b[31mx\x1b[0m"),
        ("a\tb\x00\x08\x0b\x7fc", "a\tb c"),
        ("\x9b31m\u202eevil\u2066", "31mevil"),
    ],
)
def test_safe(text: str, safe: str) -> None:
    painter = Painter()
    assert painter.unfinished(text) == safe
    assert painter.line(text) == safe
    assert "\x1b" not in plain(safe)


def test_colour_goes_on_and_is_bounded() -> None:
    painter = Painter()
    assert painter.line("\x1b[1ma\x1b[31mb") == "\x1b[1ma\x1b[31mb\x1b[0m"
    assert painter.line("c") == "\x1b[1m\x1b[31mc\x1b[0m"
    assert painter.line("d\x1b[31;0me") == "\x1b[1m\x1b[31md\x1b[31;0me\x1b[0m"
    assert painter.line("f") == "f"
    for _ in range(1000):
        painter.line("\x1b[4m")
    assert len(painter.line("")) < 80


@given(
    st.lists(
        st.one_of(st.text(max_size=8), st.sampled_from(["\x1b", "\x1b[", "\x1b]", "m", "3", ";", "\x9b"]))
    )
)
def test_only_colours_and_tabs_pass(pieces: list[str]) -> None:
    line = Painter().line("".join(pieces))
    assert re.fullmatch(r"(?:\x1b\[[0-9;:]*m|\t|[^\x00-\x1f\x7f-\x9f])*", line)


class Stream(io.StringIO):
    """A terminal that is none."""

    encoding = "utf-8"

    def __init__(self, *, tty: bool) -> None:
        super().__init__()
        self._tty = tty

    def isatty(self) -> bool:
        return self._tty


def test_a_pipe_is_no_terminal() -> None:
    assert terminal(Stream(tty=False), {"TERM": "xterm-256color", "COLORTERM": "truecolor"}) == Terminal()
    assert Terminal().mtts == 4


@pytest.mark.parametrize(
    ("environ", "mtts"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, 1 | 4 | 8 | 256),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, 4),
        ({"TERM": "dumb", "COLORTERM": "truecolor"}, 4),
        ({}, 4),
    ],
)
def test_what_terminals_can_do(environ: dict[str, str], mtts: int) -> None:
    assert terminal(Stream(tty=True), environ).mtts == mtts
    assert is_dumb(environ) == (environ.get("TERM") in (None, "dumb"))


@pytest.mark.parametrize(
    "line",
    [
        "login ann secret",
        "/login ann secret",
        "connect ann secret",
        "CONNECT ann secret",
        "/register secret mail",
        "/password old new",
        "/password new",
        "identify secret",
        "/msg nickserv identify secret",
        "/msg NickServ IDENTIFY ann secret",
        " a line that begins with a space",
        "two\nlines",
        "",
    ],
)
def test_secrets_are_not_kept(line: str) -> None:
    assert not may_be_kept(line)


@pytest.mark.parametrize(
    "line", ["login ann", "/connect ann", "hello login all", "/join tea", "/password", "passing by"]
)
def test_the_rest_is_kept(line: str) -> None:
    assert may_be_kept(line)


def test_history_is_a_file_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "teahouse" / "history"
    hidden = False
    lines = LineHistory(path, lambda: hidden)
    lines.append_string("one \u2615\u2028")
    lines.append_string("connect ann secret")
    hidden = True
    lines.append_string("hunter2")
    hidden = False
    lines.append_string("two")
    assert path.read_text("utf-8") == "one \u2615\u2028\ntwo\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert lines.get_strings() == ["one \u2615\u2028", "two"]
    assert list(LineHistory(path, lambda: False).load_history_strings()) == ["two", "one \u2615\u2028"]


def test_history_stays_short_and_private(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.write_text("".join(f"{i}\n" for i in range(2 * history.KEPT + 1)))
    path.chmod(0o644)
    newest, *_ = loaded = list(LineHistory(path, lambda: False).load_history_strings())
    assert (newest, len(loaded)) == (str(2 * history.KEPT), history.KEPT)
    assert len(path.read_text().splitlines()) == history.KEPT
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_history_does_without_a_place(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    lines = LineHistory(tmp_path / "file" / "history", lambda: False)
    lines.append_string("one")
    assert lines.get_strings() == ["one"]
    assert list(lines.load_history_strings()) == []


def test_where_history_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    assert state_file({"XDG_STATE_HOME": "/state"}).as_posix() == "/state/teahouse/history"
    home = tmp_path / ".local" / "state" / "teahouse" / "history"
    assert state_file({}) == state_file({"XDG_STATE_HOME": "not/absolute"}) == home


def test_a_typed_line_is_seen_once() -> None:
    echo = LocalEcho()
    assert echo.typed("hello", "HELLO") == ""
    assert echo.before("\x1b[31mann\x1b[39m: hello\x1b[0m") == ""
    assert echo.due() == ""
    echo.typed("hello", "HELLO")
    assert echo.before("bob: something else") == "HELLO"
    assert echo.before("ann: hello") == ""
    echo.typed("hello", "HELLO")
    assert echo.before("hello") == "HELLO"  # an echo server, and it should be seen that it echoes
    echo.typed("one", "ONE")
    assert echo.typed("two", "TWO") == "ONE"
    assert echo.due() == "TWO"
    assert echo.typed("", "") == ""
    assert echo.before("x") == ""


@pytest.mark.parametrize("before", ["ann: ", "20:01 ann: "])
def test_a_long_line_that_is_said_back_in_several_is_seen_once(before: str) -> None:
    echo = LocalEcho()
    echo.typed("a long line that is wrapped", "LINE")
    assert echo.before(f"{before}a long line") == ""
    echo.typed("a long line that is wrapped", "LINE")
    assert echo.before(f"{before}a long lin") == "LINE"


@pytest.mark.parametrize(
    ("error", "tls", "status", "words"),
    [
        (
            ConnectionRefusedError(errno.ECONNREFUSED, "x"),
            False,
            Status.UNREACHABLE,
            "Nothing listens at h:1",
        ),
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), True, Status.UNREACHABLE, "Nothing listens at h:1"),
        (OSError("Multiple exceptions: [Errno 111] a, [Errno 111] b"), False, Status.UNREACHABLE, "h:1"),
        (OSError(errno.ENETUNREACH, "x"), False, Status.UNREACHABLE, "no way to h:1"),
        (OSError(errno.EACCES, "x"), False, Status.UNREACHABLE, "Permission denied"),
        (TimeoutError(), False, Status.UNREACHABLE, "does not answer"),
        (socket.gaierror(-2, "x"), True, Status.UNREACHABLE, "no host h"),
        (UnicodeError("label too long"), False, Status.UNREACHABLE, "no host h"),
        (ssl.SSLError(1, "wrong"), True, Status.TLS, "leave out --tls"),
        (ConnectionResetError(), True, Status.TLS, "No TLS with h:1"),
        (ConnectionAbortedError("SSL handshake"), True, Status.TLS, "No TLS with h:1"),
    ],
)
def test_why_there_is_no_connection(error: Exception, tls: bool, status: Status, words: str) -> None:
    failure = not_connected(error, "h", 1, tls=tls)
    assert failure.status is status
    assert words in str(failure)
