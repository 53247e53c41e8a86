"""`teahouse connect` without a terminal, as a process of its own: text in, text out, and what its status tells."""

from __future__ import annotations

import signal
import socket
import ssl
import subprocess
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from client_peer import COMMAND, PATIENCE, Peer, certificate, environment
from teahouse.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import IO, Protocol

    class Pipe(Protocol):
        def __call__(
            self, *arguments: str, stdin: int | IO[bytes] = ..., **environ: str
        ) -> subprocess.Popen[bytes]: ...


@pytest.fixture
def peer() -> Iterator[Peer]:
    peer = Peer()
    yield peer
    peer.close()


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[Pipe]:
    """Start a client without a terminal."""
    clients = []

    def pipe(
        *arguments: str, stdin: int | IO[bytes] = subprocess.PIPE, **environ: str
    ) -> subprocess.Popen[bytes]:
        clients.append(
            subprocess.Popen(
                [*COMMAND, *arguments],
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment(tmp_path, **environ),
            )
        )
        return clients[-1]

    yield pipe
    for client in clients:
        client.kill()
        with client:
            pass


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def tls(pem: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def outcome(client: subprocess.Popen[bytes], text: bytes | None = None) -> tuple[bytes, str, int]:
    """Output, errors and status."""
    out, errors = client.communicate(text, timeout=PATIENCE)
    return out, errors.decode(), client.returncode


def begin(client: subprocess.Popen[bytes], text: bytes) -> None:
    """All of its input."""
    assert client.stdin is not None
    client.stdin.write(text)
    client.stdin.close()
    client.stdin = None  # communicate() would close it again


def test_text_in_text_out(peer: Peer, pipe: Pipe) -> None:
    client = pipe(peer.place)
    peer.accept()
    peer.say(
        b"\xff\xfd\x18\xff\xfd\x1f\xff\xfb\x19\x1b[31mWelcome\x1b[0m \x1b]0;evil\x07h\xc3\xa9\r\n> \xff\xf9"
    )
    peer.hear(b"\xff\xfb\x18\xff\xfc\x1f\xff\xfd\x19")  # or it would come between two lines
    begin(client, "hi\nthere \u2615\nlast".encode())
    peer.hear("hi\r\nthere \u2615\r\nlast\r\n".encode())
    peer.say(b"ann: hi\r\n")
    assert peer.hear_end() == b""  # half closed, and it still listens
    peer.say(b"Bye.\r\nno line end")
    peer.close()
    assert outcome(client) == ("Welcome h\u00e9\n> \nann: hi\nBye.\nno line end\n".encode(), "", 0)


def test_negotiation_goes_on_behind_a_pipe(peer: Peer, pipe: Pipe) -> None:
    client = pipe(peer.place)
    peer.accept()
    peer.say(b"\xff\xfd\x18\xff\xfd\x1f\xff\xfa\x18\x01\xff\xf0")
    peer.hear(b"\xff\xfb\x18\xff\xfc\x1f\xff\xfa\x18\x00TEAHOUSE\xff\xf0")
    peer.close()
    assert outcome(client) == (b"", "teahouse: Connection closed by 127.0.0.1.\n", 0)


def test_a_server_that_closes_ends_it_though_the_input_goes_on(peer: Peer, pipe: Pipe) -> None:
    client = pipe(peer.place)
    peer.accept()
    peer.say(b"The house is full.\r\n")
    peer.close()
    assert client.wait(PATIENCE) == 0  # its standard input is still open
    assert outcome(client)[0] == b"The house is full.\n"


def test_a_server_that_never_closes_is_left(peer: Peer, pipe: Pipe) -> None:
    client = pipe(peer.place, stdin=subprocess.DEVNULL)
    peer.accept()
    peer.say(b"hello\r\n")
    assert outcome(client) == (b"hello\n", "", 0)


def test_a_file_may_be_its_input_and_much_of_it(peer: Peer, pipe: Pipe, tmp_path: Path) -> None:
    file = tmp_path / "lines"
    file.write_text("".join(f"line {i}\n" for i in range(50_000)))
    with file.open("rb") as lines:
        client = pipe(peer.place, stdin=lines)
        peer.accept()
        for i in range(0, 50_000, 777):
            peer.hear(f"line {i}\r\nline {i + 1}\r\n".encode())
        peer.hear(b"line 49999\r\n")
    peer.close()
    assert outcome(client)[2] == 0


def test_nobody_reads_its_output(peer: Peer, pipe: Pipe) -> None:
    client = pipe(peer.place)
    peer.accept()
    assert client.stdout is not None
    assert client.stderr is not None
    client.stdout.close()
    peer.say(b"hello\r\n")
    peer.hear_end()
    assert client.wait(PATIENCE) == 0
    assert client.stderr.read() == b""


def run(*arguments: str) -> tuple[str, int]:
    """The same without a process: what it says, and the status."""
    result = CliRunner().invoke(main, ["connect", *arguments])
    return result.output, result.exit_code


def test_status_1_refused() -> None:
    with socket.socket() as bound:  # and not listening
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        words, status = run(f"127.0.0.1:{port}")
    assert status == 1
    assert words.startswith(f"teahouse: Nothing listens at 127.0.0.1:{port}.")


def test_status_1_no_such_host() -> None:
    assert run("no..such.host") == ("teahouse: There is no host no..such.host. Is it spelled right?\n", 1)


@pytest.mark.parametrize("arguments", [("localhost:port",), ("",), (), ("localhost", "--insecure")])
def test_status_2_usage(arguments: tuple[str, ...]) -> None:
    words, status = run(*arguments)
    assert status == 2
    assert "Usage:" in words


def test_tls_with_a_trusted_certificate(peer: Peer, pem: Path, tls: ssl.SSLContext, pipe: Pipe) -> None:
    client = pipe(peer.place, "--tls", SSL_CERT_FILE=str(pem))
    peer.accept(tls)
    begin(client, b"hi\n")
    peer.hear(b"hi\r\n")
    peer.say(b"ann: hi\r\n")
    peer.connection.unwrap()  # type: ignore[attr-defined]
    peer.close()
    out, _, status = outcome(client)
    assert (out, status) == (b"ann: hi\n", 0)


def test_status_3_certificate(peer: Peer, tls: ssl.SSLContext, pipe: Pipe) -> None:
    client = pipe(peer.place, "--tls")
    with pytest.raises(ssl.SSLError):
        peer.accept(tls)
    _, errors, status = outcome(client)
    assert status == 3
    assert f"The certificate of {peer.place} is not to be trusted: self-signed certificate." in errors
    assert "--insecure" in errors


def test_insecure_takes_any_and_says_so(peer: Peer, tls: ssl.SSLContext, pipe: Pipe) -> None:
    client = pipe(peer.place, "--tls", "--insecure")
    peer.accept(tls)
    peer.say(b"hello\r\n")
    peer.connection.unwrap()  # type: ignore[attr-defined]
    peer.close()
    out, errors, status = outcome(client)
    assert (out, status) == (b"hello\n", 0)
    assert "its certificate is not checked" in errors


def test_status_3_no_tls_there(peer: Peer, pipe: Pipe) -> None:
    client = pipe(peer.place, "--tls")
    peer.accept()
    peer.say(b"Welcome to plain text.\r\n")
    _, errors, status = outcome(client)
    assert status == 3
    assert "leave out --tls" in errors


def test_status_3_tls_is_missing(peer: Peer, pipe: Pipe) -> None:
    client = pipe(peer.place)
    peer.accept()
    begin(client, b"hello\n")
    peer.hear(b"hello\r\n")
    peer.say(b"\x15\x03\x01\x00\x02\x02\x46")  # alert: fatal, protocol version
    assert outcome(client) == (b"", f"teahouse: {peer.place} speaks TLS: add --tls.\n", 3)


def test_a_server_that_closes_without_a_word(peer: Peer, pipe: Pipe) -> None:
    client = pipe(peer.place)
    peer.accept()
    peer.connection.close()
    _, errors, status = outcome(client)
    assert errors == "teahouse: Connection closed by 127.0.0.1. It never said anything: does it want --tls?\n"
    assert status == 0


def test_status_4_broken(peer: Peer, pipe: Pipe) -> None:
    client = pipe(peer.place)
    peer.accept()
    peer.say(b"\xff\xfd\x18")
    peer.hear(b"\xff\xfb\x18")  # it is listening
    peer.reset()
    _, errors, status = outcome(client)
    assert (errors, status) == ("teahouse: The connection to 127.0.0.1 broke: Connection reset by peer.\n", 4)


def test_status_130_interrupted_while_connecting(peer: Peer, pipe: Pipe) -> None:
    client = pipe(peer.place, "--tls")
    peer.accept()
    peer.hear(b"\x16\x03")  # its half of the handshake; it waits for ours
    client.send_signal(signal.SIGINT)
    assert outcome(client) == (b"", "", 130)
