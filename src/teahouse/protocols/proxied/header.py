"""The header of the PROXY protocol, versions 1 and 2 (haproxy.org, proxy-protocol.txt): received bytes to a peer,
however they were cut. No I/O. Bounded: no more is kept than the longest header may have.
"""

from __future__ import annotations

from ipaddress import ip_address
from struct import unpack_from
from typing import NamedTuple

from teahouse.protocols.peer import Peer

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
TEXT = b"PROXY "
TEXT_BYTES = 107
"""The longest header of version 1 (2.1), with its end."""
BINARY_BYTES = 4_096
"""The longest of version 2 that is taken, of the 65,551 bytes that could be: those in use have a few hundred."""
HEAD = 16
OVER_TLS, CLIENT_TLS = 0x20, 0x01
_PLACES = {0x11: (4, 12), 0x21: (16, 36)}
"""TCP over IPv4 and IPv6 (2.2): bytes of an address, and of all that comes before the extras."""


class NoHeader(Exception):
    """This is none, or none that can be trusted to mean what it says."""


class Header(NamedTuple):
    """Who is at the other end of the proxy (None: the proxy itself, or it does not say), and what came behind."""

    peer: Peer | None
    rest: bytes


class Reader:
    """Reads one header."""

    __slots__ = ("_data",)

    def __init__(self) -> None:
        self._data = b""

    def feed(self, data: bytes) -> Header | None:
        """Take what was received; the header, once it is whole. Raises NoHeader as soon as it cannot become one."""
        self._data += data
        data = self._data
        if data[:1] == SIGNATURE[:1]:
            if data[: len(SIGNATURE)] != SIGNATURE[: len(data)]:
                raise NoHeader("it begins like nothing known")
            return _binary(data)
        if data[: len(TEXT)] != TEXT[: len(data)]:
            raise NoHeader("it begins like nothing known")
        return _text(data)


def _text(data: bytes) -> Header | None:
    """Version 1: `PROXY TCP4 192.0.2.1 198.51.100.1 56324 443` (2.1)."""
    line, end, rest = data.partition(b"\r\n")
    if len(line) > TEXT_BYTES - 2:
        raise NoHeader("its line is too long")
    if not end:
        return None
    _, family, *parts = line.split(b" ")
    if family == b"UNKNOWN":
        return Header(None, rest)
    if family not in {b"TCP4", b"TCP6"} or len(parts) != 4 or not all(part.isdigit() for part in parts[2:]):
        raise NoHeader("its line does not name two addresses and two ports")
    version = 4 if family == b"TCP4" else 6
    for address in parts[:2]:
        _check_address(address, version)
    port = int(parts[2][:6])
    if port > 65_535:
        raise NoHeader("its port is none")
    return Header(Peer(parts[0].decode("ascii"), port), rest)


def _check_address(text: bytes, version: int) -> None:
    try:
        found = ip_address(text.decode("ascii"))
    except ValueError:
        raise NoHeader("its address is none") from None
    if found.version != version or b"%" in text:
        raise NoHeader("its address is of another kind than it says")


def _binary(data: bytes) -> Header | None:
    """Version 2 (2.2)."""
    if len(data) < HEAD:
        return None
    command, family, size = data[12], data[13], unpack_from("!H", data, 14)[0]
    if command not in {0x20, 0x21}:
        raise NoHeader("its version or command is unknown")
    if HEAD + size > BINARY_BYTES:
        raise NoHeader("it is too long")
    if len(data) < HEAD + size:
        return None
    body, rest = data[HEAD : HEAD + size], data[HEAD + size :]
    if command == 0x20 or family not in _PLACES:  # LOCAL, or a socket that has no IP address
        return Header(None, rest)
    length, extras = _PLACES[family]
    if size < extras:
        raise NoHeader("its addresses are cut off")
    port = unpack_from("!H", body, 2 * length)[0]
    return Header(Peer(str(ip_address(body[:length])), port, _is_over_tls(body[extras:])), rest)


def _is_over_tls(extras: bytes) -> bool:
    """Whether the client has come to the proxy over TLS (2.2.5)."""
    while len(extras) >= 3:
        kind, size = extras[0], unpack_from("!H", extras, 1)[0]
        if kind == OVER_TLS and size and len(extras) > 3:
            return bool(extras[3] & CLIENT_TLS)
        extras = extras[3 + size :]
    return False
