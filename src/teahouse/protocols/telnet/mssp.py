"""MSSP: the server's particulars for MUD lists, as a subnegotiation and as text. Pure functions.

tintin.mudhalla.net/protocols/mssp: no NUL, VAR, VAL or IAC in names and values; here nothing unprintable at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from teahouse.protocols.telnet.wire import MSSP, subnegotiation

REQUEST = "MSSP-REQUEST"  # the line with which a crawler without telnet asks, at the login prompt
Values = Mapping[str, str | Sequence[str]]
_VAR, _VAL = b"\1", b"\2"


def is_request(line: str) -> bool:
    return line.strip().upper() == REQUEST


def message(values: Values) -> bytes:
    payload = bytearray()
    for name, several in _rows(values):
        payload += _VAR + name.encode("utf-8", "replace")
        for value in several:
            payload += _VAL + value.encode("utf-8", "replace")
    return subnegotiation(MSSP, bytes(payload))


def text(values: Values) -> str:
    """The answer to `REQUEST`: lines that end in LF, for `encode`."""
    rows = ("\t".join([name, *several]) for name, several in _rows(values))
    return "\n".join(["", "MSSP-REPLY-START", *rows, "MSSP-REPLY-END", ""])


def _rows(values: Values) -> list[tuple[str, list[str]]]:
    return [
        (_printable(name), [_printable(one) for one in ([value] if isinstance(value, str) else value)])
        for name, value in values.items()
    ]


def _printable(value: str) -> str:
    return "".join(character for character in value if character.isprintable())
