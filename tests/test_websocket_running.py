"""WebSockets of a house in a process of its own, by a client that knows nothing of ours; in the open and over TLS."""

from __future__ import annotations

import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from browsers import PING, frame
from processes import BIN, PATIENCE, Guest, Process

TEXT = Subprotocol("text.ircv3.net")


@pytest.fixture(params=["", "tls"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Process]:
    """With lines for bob, and the web site."""
    web = "0"
    if request.param:
        pem = tmp_path / "house.pem"
        make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
        subprocess.run([*make.split(), "-keyout", pem, "-out", f"{pem}.crt"], check=True, capture_output=True)
        web = f"ssl:0:interface=127.0.0.1:privateKey={pem}:certKey={pem}.crt"
    command = (BIN / "teahouse", "serve", "--line", "0", "--web", web, "--data", ":memory:")
    with Process(*command, cwd=tmp_path, listeners=2) as house:
        yield house
        assert "Traceback" not in house.err.text


@contextmanager
def irc(house: Process, **options: Any) -> Iterator[ClientConnection]:
    """Someone who has connected to `/irc`."""
    way = next(way for way in house.ways if way.startswith("web "))
    url = way.removeprefix("web ").replace("http", "ws", 1)
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    tls: dict[str, Any] = {"ssl": trusting} if url.startswith("wss") else {}
    with connect(f"{url}irc", subprotocols=[TEXT], proxy=None, **tls, **options) as client:
        yield client


def line_port(house: Process) -> int:
    return next(int(way.split()[-1]) for way in house.ways if way.startswith("line "))


def until(client: ClientConnection, text: str) -> str:
    """Read messages up to one that has this in it."""
    deadline = time.monotonic() + PATIENCE
    while text not in (line := str(client.recv(timeout=max(0.1, deadline - time.monotonic())))):
        pass
    return line


def enter(client: ClientConnection, nick: str) -> None:
    for line in (f"NICK {nick}", f"USER {nick} 0 * :{nick}", "JOIN #lobby"):
        client.send(line)
    until(client, " 366 ")


def test_a_conversation_and_its_ends(house: Process) -> None:
    with ExitStack() as stack:
        bob = stack.enter_context(Guest(line_port(house), "bob"))
        amy = stack.enter_context(irc(house))
        assert amy.subprotocol == TEXT
        enter(amy, "amy")
        amy.send("PRIVMSG #lobby :hëllo")
        bob.wait_for("amy: hëllo")
        bob.say("hi ämy")
        assert until(amy, "PRIVMSG").endswith(":hi ämy")
        assert amy.ping().wait(PATIENCE)
        amy.send("WHOIS amy")
        is_encrypted = any("https" in way for way in house.ways)
        until(amy, " 671 " if is_encrypted else " 318 ")
        amy.send("QUIT :bye")
        with pytest.raises(ConnectionClosed) as closed:
            until(amy, "never")
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1000
        bob.wait_for("amy has left the house")


def test_a_foreign_page_and_a_message_that_is_too_big(house: Process) -> None:
    with pytest.raises(InvalidStatus) as refused, irc(house, origin=Origin("https://evil.example")):
        pass
    assert refused.value.response.status_code == 403
    with irc(house) as amy:
        enter(amy, "amy")
        with suppress(ConnectionClosed):
            amy.send("x" * 5_000_000)
        with pytest.raises(ConnectionClosed) as closed:
            until(amy, "never")
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009


def test_a_flood_of_pings_costs_nothing(house: Process) -> None:
    with irc(house) as amy:
        enter(amy, "amy")
        before = cpu(house)
        flood, amy_socket = frame(PING, b"x" * 100) * 3_000, amy.socket
        with suppress(OSError):
            for _ in range(20):
                amy_socket.sendall(flood)
        with pytest.raises(ConnectionClosed):
            until(amy, "never")
        assert cpu(house) - before < 0.2


def cpu(house: Process) -> float:
    """Seconds that the house has worked."""
    fields = Path(f"/proc/{house.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100
