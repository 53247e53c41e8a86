"""Telnet's bytes by name (RFC 854 and the options' own papers), and the frames made of them. No state."""

from __future__ import annotations

# Commands: RFC 854; EOF, SUSP and ABORT are RFC 1184, EOR is RFC 885.
EOF, SUSP, ABORT, EOR_MARK, SE, NOP, DM, BRK, IP, AO, AYT, EC, EL, GA, SB = range(236, 251)
WILL, WONT, DO, DONT, IAC = range(251, 256)

# Options.
BINARY = 0  # RFC 856
ECHO = 1  # RFC 857
SGA = 3  # RFC 858
TIMING_MARK = 6  # RFC 860
TTYPE = 24  # RFC 1091
EOR = 25  # RFC 885
NAWS = 31  # RFC 1073
LINEMODE = 34  # RFC 1184
NEW_ENVIRON = 39  # RFC 1572
CHARSET = 42  # RFC 2066
MSSP = 70  # tintin.mudhalla.net/protocols/mssp
MCCP2 = 86  # tintin.mudhalla.net/protocols/mccp
GMCP = 201  # tintin.mudhalla.net/protocols/gmcp


def command(code: int) -> bytes:
    return bytes((IAC, code))


def negotiation(verb: int, option: int) -> bytes:
    return bytes((IAC, verb, option))


def escaped(data: bytes) -> bytes:
    """Data in which no byte can be taken for a command (RFC 854: a data byte 255 is sent twice)."""
    return data.replace(b"\xff", b"\xff\xff")


def subnegotiation(option: int, payload: bytes) -> bytes:
    return bytes((IAC, SB, option)) + escaped(payload) + bytes((IAC, SE))
