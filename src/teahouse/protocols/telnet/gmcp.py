"""GMCP: a package name, a space, and JSON, in a subnegotiation. tintin.mudhalla.net/protocols/gmcp

A client says which modules it wants; the set is bounded in count and size.
"""

from __future__ import annotations

import json
import re

from teahouse.protocols.telnet.messages import Gmcp
from teahouse.protocols.telnet.wire import GMCP, subnegotiation

MODULES = 64
_PACKAGE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")


def parse(payload: bytes) -> Gmcp | None:
    """The message, or None if it is not one."""
    try:
        package, _, text = payload.decode().strip().partition(" ")
        data = json.loads(text, parse_constant=_not_json) if text.strip() else None
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError; "[[[[…" recurses
        return None
    return Gmcp(package, data) if _PACKAGE.fullmatch(package) else None


def message(package: str, data: object = None) -> bytes:
    """The bytes for a message; without data, when that is None, only its name."""
    text = package if data is None else f"{package} {json.dumps(data, ensure_ascii=False)}"
    return subnegotiation(GMCP, text.encode("utf-8", "replace"))


def supported(modules: frozenset[str], package: str, data: object) -> frozenset[str]:
    """The modules after Core.Supports.Set, .Add or .Remove with a list like ["Char 1", "Comm.Channel 1"]."""
    entries = data[: 2 * MODULES] if isinstance(data, list) else []
    names = {entry.split(" ")[0].lower() for entry in entries if isinstance(entry, str)}
    known = frozenset(name for name in names if _PACKAGE.fullmatch(name))
    match package.lower():
        case "core.supports.set":
            modules = known
        case "core.supports.add":
            modules |= known
        case "core.supports.remove":
            modules -= known
    return modules if len(modules) <= MODULES else frozenset(sorted(modules)[:MODULES])


def _not_json(name: str) -> None:
    raise ValueError(name)  # Python's parser knows NaN and Infinity; JSON does not
