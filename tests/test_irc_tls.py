"""IRC over TLS in a house of its own: STS, and a certificate that opens an account (SASL EXTERNAL)."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from client_peer import certificate
from processes import BIN, PATIENCE, Process

CONFIG = """
test_mode = true
[listen]
irc = ["0", "ssl:0:interface=127.0.0.1:privateKey=house.pem:certKey=house.pem"]
[data]
directory = ":memory:"
[irc]
sts = true
sts_port = 6697
sts_days = 30
"""


class Client:
    """An IRC client on a socket: says lines, and reads up to one that has a text in it."""

    def __init__(self, sock: socket.socket) -> None:
        self._lines = sock.makefile("rw", encoding="utf-8", newline="\r\n")

    def says(self, *lines: str) -> None:
        self._lines.writelines(f"{line}\r\n" for line in lines)
        self._lines.flush()

    def sees(self, text: str) -> str:
        for line in self._lines:
            if text in line:
                return line.rstrip("\r\n")
        raise AssertionError(f"{text!r} did not come")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Process]:
    certificate(tmp_path)
    (tmp_path / "house.toml").write_text(CONFIG)
    command = (BIN / "teahouse", "serve", "--config", "house.toml")
    with Process(*command, cwd=tmp_path, listeners=2) as house:
        yield house
        assert "Traceback" not in house.err.text


@contextmanager
def client(house: Process, kind: str, pem: Path | None = None) -> Iterator[Client]:
    """Someone who has connected at the way in that begins so; with a certificate of their own."""
    port = next(int(way.split()[-1]) for way in house.ways if way.startswith(kind))
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as sock:
        if "TLS" not in kind:
            yield Client(sock)
            return
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        if pem is not None:
            trusting.load_cert_chain(pem)
        with trusting.wrap_socket(sock) as encrypted:
            yield Client(encrypted)


def test_a_house_for_tests_says_so(house: Process) -> None:
    house.err.wait_for("warn  test_mode is on: passwords are hashed with next to no work")


def test_clients_are_told_to_come_over_tls(house: Process) -> None:
    with client(house, "irc localhost") as plain:
        plain.says("CAP LS 302")
        assert " sts=port=6697 " in plain.sees("sts=")
    with client(house, "irc over TLS,") as encrypted:
        encrypted.says("CAP LS 302")
        assert " sts=duration=2592000 " in encrypted.sees("sts=")


def test_a_certificate_opens_an_account(house: Process, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    pem = certificate(own)
    with client(house, "irc over TLS,", pem) as ann:
        ann.says("NICK ann", "USER ann 0 * :ann", "NS REGISTER greentea")
        ann.sees("you are logged in")
        ann.says("NS CERT ADD greentea", "MODE ann")
        ann.sees("That certificate opens your account")
        assert "Z" in ann.sees(" 221 ")
    with client(house, "irc over TLS,", pem) as again:
        again.says("CAP LS 302", "CAP REQ sasl", "NICK ann", "USER ann 0 * :ann", "AUTHENTICATE EXTERNAL")
        assert "EXTERNAL" in again.sees("sasl=")
        again.sees("AUTHENTICATE +")
        again.says("AUTHENTICATE +", "CAP END")
        again.sees(" 900 ")
        again.sees(" 001 ann ")
    with client(house, "irc over TLS,") as stranger:
        stranger.says("CAP LS 302")
        assert "EXTERNAL" not in stranger.sees("sasl=")
