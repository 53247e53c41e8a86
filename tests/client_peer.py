"""For the tests of `teahouse connect`: the server it talks to, said word by word, and the terminal it talks on. Rule:
everything waits for what should come, and for nothing longer than PATIENCE.
"""

from __future__ import annotations

import datetime
import fcntl
import ipaddress
import os
import select
import socket
import ssl
import struct
import subprocess
import sys
import termios
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

PATIENCE = 10.0
COMMAND = [sys.executable, "-c", "from teahouse.cli import main; main()", "connect"]
IAC = b"\xff"


class Peer:
    """A server for one connection."""

    def __init__(self) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.listening.settimeout(PATIENCE)
        self.port: int = self.listening.getsockname()[1]
        self.place = f"127.0.0.1:{self.port}"
        self.received = b""
        self.socket: socket.socket | None = None

    def accept(self, tls: ssl.SSLContext | None = None) -> None:
        """Wait for the client."""
        self.socket, _ = self.listening.accept()
        self.socket.settimeout(PATIENCE)
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)

    @property
    def connection(self) -> socket.socket:
        assert self.socket is not None
        return self.socket

    def say(self, data: bytes) -> None:
        self.connection.sendall(data)

    def hear(self, data: bytes) -> None:
        """Wait for these bytes; what came before them is forgotten."""
        while data not in self.received:
            more = self.connection.recv(4096)
            assert more, f"it closed before it said {data!r}, after {self.received!r}"
            self.received += more
        self.received = self.received.partition(data)[2]

    def hear_end(self) -> bytes:
        """Wait until the client has closed its half; what it had said until then."""
        while more := self.connection.recv(4096):
            self.received += more
        return self.received

    def reset(self) -> None:
        """Break the connection."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def close(self) -> None:
        self.listening.close()
        if self.socket is not None:
            self.socket.close()


def environment(home: Path, **more: str) -> dict[str, str]:
    """The client's: nothing of the user's own."""
    return {
        "PATH": os.defpath,
        "HOME": str(home),
        "XDG_STATE_HOME": str(home / "state"),
        "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join(sys.path),
        **more,
    }


class Terminal:
    """A client on a pseudo terminal, and what stands on its screen. Knows the few sequences that it should send."""

    def __init__(self, home: Path, *arguments: str, **environ: str) -> None:
        self._master, slave = os.openpty()
        self.resize(80, 50)
        self.errors: list[str] = []
        self.process: subprocess.Popen[bytes] = subprocess.Popen(
            [*COMMAND, *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment(home, TERM="xterm-256color", **environ),
            start_new_session=True,
        )
        os.close(slave)
        self.raw = b""
        self._lines: list[list[str]] = [[]]
        self._row = self._column = 0
        self._escape = ""
        self._undecoded = b""

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    @property
    def lines(self) -> list[str]:
        """The screen, without the empty lines at its end."""
        lines = ["".join(line).rstrip() for line in self._lines]
        while lines and not lines[-1]:
            lines.pop()
        return lines

    def wait(self, seen: Callable[[list[str]], bool]) -> None:
        """Until the screen is so."""
        deadline = time.monotonic() + PATIENCE
        while not seen(self.lines):
            assert time.monotonic() < deadline, "\n".join(self.lines)
            assert self._read(0.5) or self.process.poll() is None, "\n".join(self.lines)

    def wait_last(self, line: str) -> None:
        """Until this is the line at the bottom."""
        self.wait(lambda lines: lines[-1:] == [line])

    def status(self) -> int:
        """Read to the end."""
        deadline = time.monotonic() + PATIENCE
        while self._read(0.1) or self.process.poll() is None:
            assert time.monotonic() < deadline, "\n".join(self.lines)
        return self.process.wait()

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._master)

    def _read(self, seconds: float) -> bool:
        if not select.select([self._master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:  # the other side is closed
            return False
        self.raw += data
        text = (self._undecoded + data).decode(errors="ignore")
        self._undecoded = (self._undecoded + data)[len(text.encode()) :]
        for character in text:
            self._put(character)
        return bool(data)

    def _put(self, character: str) -> None:
        if self._escape or character == "\x1b":
            self._escape += character
            if len(self._escape) > 1 and (len(self._escape) > 2 or character != "[") and character.isalpha():
                self._obey(self._escape[2:-1], character)
                self._escape = ""
        elif character == "\r":
            self._column = 0
        elif character == "\n":
            self._row += 1
        elif character == "\b":
            self._column -= 1
        elif character >= " " and not unicodedata.combining(character):
            row = self._here()
            row[self._column] = character
            self._column += 1

    def _obey(self, parameters: str, letter: str) -> None:
        assert letter in "ABCDJKmhl", f"unexpected CSI {parameters} {letter}"
        count = int(parameters) if parameters.isdigit() else 1
        self._column += {"C": count, "D": -count}.get(letter, 0)
        self._row += {"A": -count, "B": count}.get(letter, 0)
        if letter in "JK":
            del self._here()[self._column :]
        if letter == "J":
            del self._lines[self._row + 1 :]

    def _here(self) -> list[str]:
        while len(self._lines) <= self._row:
            self._lines.append([])
        row = self._lines[self._row]
        row.extend(" " * (self._column + 1 - len(row)))
        return row


def certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that nobody has signed but itself; key and certificate in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a house of tests")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "house.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path
