"""Events as a stream of Server-Sent Events (the HTML standard, 9.2). Rule: pure functions; each event is one block
with its id, and the JSON of the web protocol as its data.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from teahouse.events import Event
from teahouse.protocols.web.ids import shown
from teahouse.protocols.web.render import described
from teahouse.view import View

HEARTBEAT = b": still here\n\n"
_ID = re.compile(rb"id: (\d+)\n")


def render(event: Event, view: View) -> bytes:
    """An event in the bytes that a program is sent."""
    return block(shown(event.id), described(event, own=view.own))


def block(id_: int, data: dict[str, Any]) -> bytes:
    """One block. JSON has no line ends of its own."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return b"id: %d\ndata: %s\n\n" % (id_, text)


def blocks(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The blocks in what was rendered, each with its id."""
    for each in data.split(b"\n\n"):
        match = _ID.match(each)
        if match is not None:
            yield int(match[1]), each + b"\n\n"


def failed(code: str, text: str) -> bytes:
    """The last thing that a program is told, without an id: it is no event of the house."""
    data = json.dumps({"type": "failed", "code": code, "text": text}, ensure_ascii=False)
    return b"data: %s\n\n" % data.encode("utf-8", "replace")
