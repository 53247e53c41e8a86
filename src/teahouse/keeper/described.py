"""An event as a line of a file, and back. Rule: whatever a file holds, what comes out of it is an event that the
house can keep and show, or a sentence that says what is wrong.
"""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import timedelta
from typing import Any

from teahouse.events import Event, Unknown, from_dict, to_dict
from teahouse.text import fold, valid_room_name

LONGEST = 1 << 20
"""Bytes in a line."""
PLAIN = {"str": str, "int": int, "bool": bool}


class BadLine(ValueError):
    """A line describes no event; the text says why."""


def line_of(event: Event) -> bytes:
    """The event in one line, with its end."""
    text = json.dumps(to_dict(event), ensure_ascii=False, separators=(",", ":"))
    return f"{text}\n".encode()


def event_in(line: bytes) -> Event:
    """The event that a line describes. Raises BadLine."""
    if len(line) > LONGEST:
        raise BadLine(f"it has more than {LONGEST:,} bytes")
    data = _object(line)
    _check_stamp(data)
    try:
        event = from_dict(data)
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise BadLine(f"it describes no event: {error}") from None
    if event.at.utcoffset() != timedelta(0):
        raise BadLine('"at" is not in UTC')
    if not isinstance(event, Unknown):
        _check_kinds(event)
    return event


def _object(line: bytes) -> dict[str, Any]:
    try:
        data = json.loads(line.decode())
        json.dumps(data, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeDecodeError:
        raise BadLine("it is not in UTF-8") from None
    except UnicodeEncodeError:
        raise BadLine("it has half a character") from None
    except (ValueError, RecursionError):
        raise BadLine("it is not JSON") from None
    if not isinstance(data, dict):
        raise BadLine("it is not a JSON object")
    return data


def _check_stamp(data: dict[str, Any]) -> None:
    for name, kind in (("type", str), ("room", str), ("id", int), ("at", str)):
        if type(data.get(name)) is not kind:
            raise BadLine(f'it has no "{name}", or one that is no {_called(kind)}')
    if not 0 < data["id"] < 1 << 63:
        raise BadLine('"id" is not between 1 and 2**63')
    try:
        valid_room_name(data["room"], max_length=100)
    except ValueError as error:
        raise BadLine(f'"room": {error}') from None
    if data["room"] != fold(data["room"]):
        raise BadLine(f'"room" is not as rooms are kept: "{fold(data["room"])}"')


def _check_kinds(event: Event) -> None:
    for field in fields(event):
        kind = PLAIN.get(str(field.type))
        if kind is not None and type(getattr(event, field.name)) is not kind:
            raise BadLine(f'"{field.name}" is no {_called(kind)}')


def _called(kind: type) -> str:
    return {str: "text", int: "whole number"}.get(kind, "true or false")
