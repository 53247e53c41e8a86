"""HOST:PORT as people type it. Rule: pure; whatever cannot be an address says what would be one."""

from __future__ import annotations

import re

DEFAULT_PORT = 4242
_BRACKETED = re.compile(r"\[([^\[\]]+)\](?::(.*))?")
_FORM = "write it as HOST:PORT, such as localhost:4242 or [::1]:4242"


def parse(text: str) -> tuple[str, int]:
    """Host and port. Raises ValueError."""
    bracketed = _BRACKETED.fullmatch(text)
    if bracketed:
        host, port = bracketed[1], bracketed[2]
    elif text.count(":") > 1:
        host, port = text, None  # a bare IPv6 address
    else:
        host, colon, rest = text.partition(":")
        port = rest if colon else None
    if not host or any(c.isspace() or c in "[]/@" for c in host):
        raise ValueError(f"{text!r} is no address: {_FORM}")
    return host, DEFAULT_PORT if port is None else _port(port)


def shown(host: str, port: int) -> str:
    """The same in one word."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 5 and 0 < int(text) < 65536:
        return int(text)
    raise ValueError(f"{text!r} is no port: a number from 1 to 65535")
