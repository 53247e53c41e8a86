"""What a browser asks, as JSON (docs/protocols/web.md). Rule: sans-IO, the standard library only; a request is
read and bounded here, once, and nothing that is not one gets any further.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LONGEST = 65_536
"""Bytes in a message."""
DEEPEST = 8
"""Objects and lists in each other."""
REF_LENGTH = 64
Ref = int | str | None


@dataclass(frozen=True, slots=True)
class Request:
    """Something asked: what to do, with which values, and the reference under which it is answered."""

    do: str
    ref: Ref = None
    values: Mapping[str, Any] = field(default_factory=dict)
    size: int = 0


@dataclass(frozen=True, slots=True)
class Bad:
    """A message that is no request: a sentence that says why."""

    text: str
    ref: Ref = None


def read(message: str) -> Request | Bad:
    """One message. Never raises."""
    size = len(message.encode("utf-8", "replace"))
    if size > LONGEST:
        return Bad(f"A message has at most {LONGEST:,} bytes.")
    data = loaded(message)
    if not isinstance(data, dict):
        return Bad(f"A message is one JSON object, with at most {DEEPEST} objects or lists in each other.")
    ref = data.pop("ref", None)
    if not _is_ref(ref):
        return Bad(f"A ref is a whole number, or a text of at most {REF_LENGTH} characters.")
    do = data.pop("do", "")
    if not isinstance(do, str) or not do:
        return Bad('A request says what to "do".', ref)
    return Request(do, ref, data, size)


def loaded(message: str) -> Any:
    """The value that it is; None for none, and for one too deep."""
    if _is_deep(message):
        return None
    try:
        data = json.loads(message, parse_constant=_refuse)
        if "\\u" in message:  # half a surrogate pair is no text: no store and no other protocol could take it
            json.dumps(data, ensure_ascii=False).encode()
        return data
    except (ValueError, RecursionError):
        return None


def _refuse(word: str) -> None:
    """NaN and Infinity are no JSON."""
    raise ValueError(word)


def write(data: Mapping[str, Any]) -> bytes:
    """One object as a line."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


def _is_ref(ref: object) -> bool:
    if isinstance(ref, bool):
        return False
    if isinstance(ref, int):
        return abs(ref) < 1 << 53  # as far as a browser counts exactly
    return ref is None or (isinstance(ref, str) and len(ref) <= REF_LENGTH)


def _is_deep(message: str) -> bool:
    """Whether there could be more depth than a message may have; brackets in texts count too, few as they are."""
    if message.count("{") + message.count("[") <= DEEPEST:
        return False
    depth = deepest = 0
    quoted = escaped = False
    for character in message:
        if quoted:
            quoted = escaped or character != '"'
            escaped = not escaped and character == "\\"
        elif character == '"':
            quoted = True
        elif character in "{[":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "}]":
            depth -= 1
    return deepest > DEEPEST
