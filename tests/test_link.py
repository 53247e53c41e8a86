"""The connection behind a session, over TLS and over real sockets."""

from __future__ import annotations

import socket
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from OpenSSL import SSL
from twisted.internet.interfaces import IOpenSSLServerConnectionCreator
from twisted.protocols.tls import TLSMemoryBIOFactory
from zope.interface import implementer

from house import House, Sockets, Wire, settings

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@implementer(IOpenSSLServerConnectionCreator)
class Certificate:
    """One that nobody has signed. (Twisted's own CertificateOptions warn with pyOpenSSL 26.)"""

    def __init__(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
        before, after = NOW - timedelta(1), NOW + timedelta(9_999)
        made = x509.CertificateBuilder(name, name, key.public_key(), 1, before, after).sign(key, SHA256())
        self.fingerprint = made.fingerprint(SHA256()).hex()
        self._made, self._key = made, key
        self._context = SSL.Context(SSL.TLS_SERVER_METHOD)
        self.use_in(self._context)

    def use_in(self, context: SSL.Context) -> None:
        """Show it."""
        context.use_certificate(self._made)
        context.use_privatekey(self._key)

    def serverConnectionForTLS(self, protocol: object) -> SSL.Connection:  # noqa: N802  Twisted's name
        return SSL.Connection(self._context, None)


@pytest.fixture(scope="module")
def certificate() -> Certificate:
    return Certificate()


class Encrypted:
    """Someone who speaks TLS to a line endpoint of the house."""

    def __init__(self, house: House, certificate: Certificate, shown: Certificate | None = None) -> None:
        self.house = house
        self.wire = Wire()
        make: Any = TLSMemoryBIOFactory
        factory = make(certificate, False, house._factories["line"], clock=house.hands)
        tls = factory.buildProtocol(None)
        context = SSL.Context(SSL.TLS_CLIENT_METHOD)
        if shown is not None:
            shown.use_in(context)
        self._client = SSL.Connection(context, None)
        self._client.set_connect_state()
        self._taken = 0
        self.text = ""
        self.ended = False
        house.plug(tls, self.wire)
        self.link = tls.wrappedProtocol
        self.pump()

    def say(self, line: str) -> str:
        """Send a line; all that was ever shown."""
        self._client.send(line.encode() + b"\r\n")
        self.pump()
        return self.text

    def pump(self) -> None:
        """Carry bytes to and fro until there are no more."""
        for _ in range(20):
            sent = bytes(self.wire.sent[self._taken :])
            self._taken += len(sent)
            if sent:
                self._client.bio_write(sent)
            self._read()
            with suppress(SSL.WantReadError):
                self.wire.put(self._client.bio_read(1 << 20))
            self.house.pump()

    def _read(self) -> None:
        try:
            self._client.do_handshake()
            while True:
                self.text += self._client.recv(1 << 20).decode()
        except SSL.WantReadError:
            pass
        except SSL.ZeroReturnError:
            self.ended = True
            self._client.shutdown()


def test_line_over_tls(certificate: Certificate) -> None:
    """The session knows that it is encrypted, and is sent what the others are."""
    house = House()
    amy = Encrypted(house, certificate)
    amy.say("login amy")
    bob = house.enter("bob")
    bob.say("hi")
    amy.pump()
    assert amy.text.endswith("bob has entered the room.\r\nbob: hi\r\n")
    assert "line (encrypted)" in amy.say("/whois amy")


def test_the_certificate_that_a_client_shows(certificate: Certificate) -> None:
    """Signed by nobody, it counts as soon as an account knows it; most clients show none."""
    house, shown = House(), Certificate()
    amy, bob = Encrypted(house, certificate, shown), Encrypted(house, certificate)
    assert amy.link.certificate == shown.fingerprint
    assert bob.link.certificate == house.knock().link.certificate == ""
    amy.say("register amy green tea")
    amy.say("/certificate add")
    assert "That certificate opens your account" in amy.say("green tea")
    assert f"{shown.fingerprint}  here" in amy.say("/certificate")
    amy.say("/quit")
    assert amy.ended
    assert amy.link.certificate == ""


def test_goodbye_closes_tls(certificate: Certificate) -> None:
    """With the producer that a link registers, TLS would stay open for ever."""
    amy = Encrypted(House(), certificate)
    amy.say("login amy")
    assert amy.say("/quit").endswith("Goodbye.\r\n")
    assert amy.ended
    assert amy.wire.closed


def test_slow_reader_over_tls_is_dropped(certificate: Certificate) -> None:
    """Invariant 3: what Twisted buffers for TLS is bounded too."""
    house = House(settings(limits={"output_bytes": 10_000, "flood_lines": 0, "line_bytes": 40_000}))
    amy = Encrypted(house, certificate)
    amy.say("login amy")
    bob = house.enter("bob")
    amy.wire.space = 0
    for _ in range(20):
        bob.say("x" * 30_000)
    house.pump()
    assert amy.wire.closed
    house.log.claim("more than 10,000 bytes were waiting")


def test_goodbye_to_a_slow_reader_over_tls_does_not_wait_for_ever(certificate: Certificate) -> None:
    house = House()
    amy = Encrypted(house, certificate)
    amy.say("login amy")
    amy.wire.space = 0
    amy.say("/quit")
    house.wait(63)
    assert amy.wire.closed


# ---- over real sockets -------------------------------------------------------------------------------------


class Crowd:
    """People on loopback, each with a socket of their own."""

    def __init__(self, house: House, stack: ExitStack) -> None:
        self.house = house
        self._stack = stack
        self._door = stack.enter_context(socket.create_server(("127.0.0.1", 0)))

    def enter(self, nick: str, *, small: bool = False) -> socket.socket:
        """Someone comes in; `small`: with as little space in the kernel as there can be."""
        client = self._stack.enter_context(socket.socket())
        if small:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        client.connect(self._door.getsockname())
        client.setblocking(False)
        accepted, _ = self._door.accept()
        self._stack.enter_context(accepted)
        if small:
            accepted.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
        self.house.plug(self.house.build(), accepted)
        client.send(f"login {nick}\r\n".encode())
        self.house.pump()
        return client


def read(client: socket.socket) -> bytes:
    """What has come so far."""
    found = b""
    with suppress(BlockingIOError):
        while data := client.recv(1 << 16):
            found += data
    return found


def test_reader_that_stops_harms_none_of_a_hundred() -> None:
    """Invariant 3, over the kernel's own buffers: each bystander has each line before the next is said."""
    limits = {"output_bytes": 20_000, "flood_lines": 0, "announce_members": 1}
    house = House(settings(limits=limits, house={"history_lines": 0}), hands=Sockets())
    line = b"x" * 2_000
    with ExitStack() as stack:
        crowd = Crowd(house, stack)
        crowd.enter("eve", small=True)
        amy = crowd.enter("amy")
        others = [crowd.enter(f"guest_{n}") for n in range(100)]
        for client in others:
            read(client)
        rounds = 0
        while "eve" in house.server.users:
            rounds += 1
            assert rounds < 500, "the kernel takes more than a megabyte for one who does not read"
            amy.send(line + b"\r\n")
            house.pump()
            assert all(read(client).startswith(b"amy: " + line + b"\r\n") for client in others)
        assert len(house.server.users) == 101
        for link in list(house._factories["line"].links):
            link.transport.abortConnection()
        house.pump()
    house.log.claim("more than 20,000 bytes were waiting")
