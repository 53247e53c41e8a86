"""Telnet over TLS: the same protocol on an endpoint with a certificate."""

from __future__ import annotations

import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from clients.bystander import Bystander
from clients.open_house import OpenHouse
from clients.screens import Terminals
from clients.waiting import PATIENCE

MCCP2_OFFER = b"\xff\xfb\x56"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that signs itself, with its key in one file."""
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    make = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout {path} -out {path}.crt"
    subprocess.run(
        [*make.split(), "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True
    )
    path.write_bytes(path.read_bytes() + Path(f"{path}.crt").read_bytes())
    return path


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, certificate: Path) -> Iterator[OpenHouse]:
    """A house with telnet over TLS, and lines in the open."""
    endpoint = f"ssl:0:interface=127.0.0.1:privateKey={certificate}:certKey={certificate}"
    house = OpenHouse(tmp_path_factory.mktemp("house"), "", "--telnet", endpoint, "--line", "0")
    yield house
    assert house.close() == 0
    assert "Traceback" not in house.log


def test_openssl(terminals: Terminals, house: OpenHouse, certificate: Path, bea: Bystander) -> None:
    connect = f"localhost:{port(house)}"
    client = ["openssl", "s_client", "-quiet", "-verify_return_error", "-CAfile", str(certificate)]
    amy = terminals.open(*client, "-connect", connect)
    amy.sees("Welcome to Teahouse.")
    amy.says("login amy")
    amy.sees("You are amy.")
    amy.says("grüße")
    assert bea.sees("amy:") == "amy: grüße"
    bea.says("/whois amy")
    assert bea.sees("connected by").endswith("telnet (encrypted)")
    amy.says("/quit")
    amy.sees("Goodbye.")
    amy.ends()


def test_python(house: OpenHouse, certificate: Path, bea: Bystander) -> None:
    context = ssl.create_default_context(cafile=certificate)
    plain = socket.create_connection(("127.0.0.1", port(house)), PATIENCE)
    with Bystander(0, "amy", connection=context.wrap_socket(plain, server_hostname="localhost")) as amy:
        bea.says("x" * 3_000)
        assert amy.sees("bea:") == "bea: " + "x" * 3_000
        amy.socket.sendall(b"\xff\xfb\x18\xff\xfa\x18\x00XTERM\xff\xf0" * 2)
        amy.says("/quit")
        assert amy.sees_the_end().endswith("Goodbye.\r\n")
    assert MCCP2_OFFER not in amy.data  # what is encrypted is not compressed before


def port(house: OpenHouse) -> int:
    return house.ports["telnet over TLS, localhost"]
