"""Ids as browsers can count. Rule: JavaScript's numbers are exact below 2**53, and the house's ids are longer: their
last bits, which say on which node something happened, stay here. They are the same for all that this node sends.
"""

from __future__ import annotations

from typing import Any

from teahouse.events import Deleted, Edited, Emoted, Event, Marked, Reacted, Said, Whispered
from teahouse.fanout import NODE_BITS

NAMED: dict[type[Event], str] = {
    Said: "reply_to",
    Emoted: "reply_to",
    Whispered: "reply_to",
    Edited: "target",
    Deleted: "targets",
    Reacted: "target",
    Marked: "read",
}
"""The field of an event, beside `id`, that has ids of others."""


def shown(id_: int) -> int:
    """An id as it is sent."""
    return id_ >> NODE_BITS


def meant(number: int) -> int:
    """The id that a browser means; 0, which is none, for what can be no id."""
    return number << NODE_BITS if 0 < number < 1 << 53 else 0


def with_shown_ids(event: Event, data: dict[str, Any]) -> dict[str, Any]:
    """The form of an event with its ids as they are sent; it has an `id` in any case."""
    data["id"] = shown(event.id)
    name = NAMED.get(type(event), "")
    if name in data:
        value = data[name]
        data[name] = [shown(each) for each in value] if isinstance(value, list) else shown(value)
    return data
