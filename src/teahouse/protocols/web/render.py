"""Events as JSON, one a line. Rule: a pure function of the event and the view: `to_dict`, the plain line, and whether
it is the viewer's own doing. The id comes first, for what was sent is found again by it; where it does not, the line
is not kept.
"""

from __future__ import annotations

from typing import Any

from teahouse.events import Event, Marked, Replayed, to_dict
from teahouse.protocols.web.answers import Done, Refused
from teahouse.protocols.web.codec import write
from teahouse.protocols.web.ids import shown, with_shown_ids
from teahouse.text import clean
from teahouse.view import View


def render(event: Event, view: View) -> bytes:
    """An event in the bytes that a browser is sent."""
    id_ = shown(event.id)
    if isinstance(event, Done):
        head = {"type": "done", "id": id_} if event.passing else {"id": id_, "type": "done"}
        return write({**head, "ref": event.ref, **event.values})
    if isinstance(event, Refused):
        return write({"id": id_, "type": "failed", "ref": event.ref, "code": event.code, "text": event.text})
    return write({"id": id_, **described(event, own=view.own)})


def described(event: Event, *, own: bool = False) -> dict[str, Any]:
    """An event as an object."""
    data = with_shown_ids(event, to_dict(event))
    if "peer" in data and isinstance(event, Marked):
        data["with"] = data.pop("peer")  # as the request has it; in Python that is a keyword
    if isinstance(event, Replayed):
        data["events"] = [described(each) for each in event.events]
    else:
        data["plain"] = "\n".join(clean(line) for line in str(event).split("\n"))
    if own:
        data["own"] = True
    return data
