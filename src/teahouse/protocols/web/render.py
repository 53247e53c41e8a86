"""Events as JSON, one a line. Rule: a pure function of the event and the view: `to_dict`, the plain line, and whether
it is the viewer's own doing.
"""

from __future__ import annotations

from typing import Any

from teahouse.events import Event, Replayed, to_dict
from teahouse.protocols.web.answers import Done, Refused
from teahouse.protocols.web.codec import write
from teahouse.text import clean
from teahouse.view import View


def render(event: Event, view: View) -> bytes:
    """An event in the bytes that a browser is sent."""
    if isinstance(event, Done):
        return write({"type": "done", "ref": event.ref, "id": event.id, **event.values})
    if isinstance(event, Refused):
        return write(
            {"type": "failed", "ref": event.ref, "id": event.id, "code": event.code, "text": event.text}
        )
    return write(described(event, view))


def described(event: Event, view: View) -> dict[str, Any]:
    """An event as an object."""
    data = to_dict(event)
    if isinstance(event, Replayed):
        data["events"] = [described(each, view) for each in event.events]
    else:
        data["plain"] = "\n".join(clean(line) for line in str(event).split("\n"))
    if view.own:
        data["own"] = True
    return data
