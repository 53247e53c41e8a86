"""What stands inside the subnegotiations: pure functions from bytes to values and back, one RFC each.

What a client says about itself ends in logs and on other people's screens: it is cut short and made printable.
"""

from __future__ import annotations

import re

from teahouse.protocols.telnet.messages import Environ, Mtts, WindowSize

NAME_LENGTH = 64  # RFC 1091: a terminal type has at most 40 characters
IS, SEND, INFO = 0, 1, 2  # RFC 1091 and RFC 1572
REQUEST, ACCEPTED, REJECTED = 1, 2, 3  # RFC 2066
VAR, VALUE, ESC, USERVAR = 0, 1, 2, 3  # RFC 1572

# Only these are asked for: a bare SEND makes plink hand over the local user's name.
ENVIRON_WANTED = ("CLIENT_NAME", "MTTS", "CHARSET")
ENVIRON_SEND = bytes((SEND,)) + b"".join(bytes((VAR,)) + name.encode() for name in ENVIRON_WANTED)
CHARSET_REQUEST = bytes((REQUEST,)) + b";UTF-8;US-ASCII"

_CHARSETS = {"UTF-8": "UTF-8", "UTF8": "UTF-8", "US-ASCII": "US-ASCII", "ASCII": "US-ASCII"}
_MTTS = re.compile(r"MTTS ([0-9]{1,9})")
_VARIABLE = re.compile(rb"[\x00\x03]((?:[^\x00-\x03]|\x02.)*)(?:\x01((?:[^\x00-\x03]|\x02.)*))?", re.DOTALL)
_ESCAPED = re.compile(rb"\x02(.)", re.DOTALL)
_TTABLE = b"[TTABLE]"


def printable(data: bytes) -> str:
    text = data[: 4 * NAME_LENGTH].decode("utf-8", "replace")
    return "".join(character for character in text if character.isprintable())[:NAME_LENGTH].strip()


def window_size(payload: bytes) -> WindowSize | None:
    """NAWS, RFC 1073. 0 means that the client does not say."""
    if len(payload) != 4:
        return None
    width = int.from_bytes(payload[:2], "big") or 80
    height = int.from_bytes(payload[2:], "big") or 24
    return WindowSize(min(max(width, 20), 500), min(max(height, 5), 500))


def mtts(name: str) -> Mtts | None:
    """The bits, if this terminal type is the third one of a MUD client: "MTTS 271"."""
    match = _MTTS.fullmatch(name)
    return Mtts(int(match[1])) if match else None


def environ(payload: bytes) -> list[Environ | Mtts]:
    """NEW-ENVIRON IS or INFO, RFC 1572: what was asked for, and nothing else that the client may volunteer."""
    if payload[:1] not in (bytes((IS,)), bytes((INFO,))):
        return []
    found: list[Environ | Mtts] = []
    for match in _VARIABLE.finditer(payload, 1):
        name = printable(_unescaped(match[1]))
        value = printable(_unescaped(match[2] or b""))
        if name not in ENVIRON_WANTED or not value:
            continue
        variable = mtts(f"MTTS {value}") if name == "MTTS" else Environ(name, value)
        if variable:
            found.append(variable)
    return found


def charset_accepted(payload: bytes) -> str | None:
    """Which charset an ACCEPTED agrees to, if it is one of ours."""
    if payload[:1] != bytes((ACCEPTED,)):
        return None
    return _CHARSETS.get(printable(payload[1:]).upper())


def charset_chosen(payload: bytes) -> tuple[str | None, bytes]:
    """Our choice from the client's REQUEST, and the payload that says so. UTF-8 goes before the client's order."""
    offer = payload[1:]
    if offer.startswith(_TTABLE):
        offer = offer[len(_TTABLE) + 1 :]  # a version byte follows; we make no translation tables
    names = {
        _CHARSETS.get(name.decode("ascii", "replace").upper()): name
        for name in offer[1:].split(offer[:1] or b";")
    }
    for charset in ("UTF-8", "US-ASCII"):
        if charset in names:
            return charset, bytes((ACCEPTED,)) + names[charset]
    return None, bytes((REJECTED,))


def _unescaped(data: bytes) -> bytes:
    return _ESCAPED.sub(rb"\1", data)
