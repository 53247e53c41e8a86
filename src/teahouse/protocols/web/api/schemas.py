"""What the API answers with, as JSON Schema. Rule: by the names that endpoints bring; what an extension adds to an
event needs no place here.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer", "minimum": 0}
TRUTH: Schema = {"type": "boolean"}


def _object(*required: str, **fields: Schema) -> Schema:
    """An object with these fields; those named are always there, or all of them."""
    return {"type": "object", "required": list(required or fields), "properties": fields}


def _list(of: str) -> Schema:
    return {"type": "array", "items": reference(of)}


def reference(name: str) -> Schema:
    """Where a schema stands in the document."""
    return {"$ref": f"#/components/schemas/{name}"}


SCHEMAS: dict[str, Schema] = {
    "Error": _object(code=TEXT, text=TEXT),
    "Event": _object(
        "type",
        "room",
        "id",
        type=TEXT,
        room=TEXT,
        id=NUMBER,
        at={"type": "string", "format": "date-time"},
        who=TEXT,
        to=TEXT,
        text=TEXT,
        plain=TEXT,
        account=TEXT,
        userhost=TEXT,
        bot=TRUTH,
        own=TRUTH,
        reply_to=NUMBER,
    ),
    "Page": _object(events=_list("Event"), more=TRUTH, first=NUMBER, last=NUMBER),
    "Found": _object(events=_list("Event")),
    "Room": _object(
        name=TEXT, key=TEXT, topic=TEXT, people=NUMBER, joined=TRUTH, role=TEXT, last=NUMBER, read=NUMBER
    ),
    "Rooms": _object(rooms=_list("Room"), total=NUMBER),
    "Member": _object(nick=TEXT, role=TEXT, away=TEXT, account=TEXT, bot=TRUTH),
    "Members": _object(members=_list("Member"), total=NUMBER, more=TRUTH),
    "Conversation": _object(last=NUMBER, read=NUMBER, **{"with": TEXT}),
    "Conversations": _object(conversations=_list("Conversation")),
    "Hook": _object(
        id=TEXT, kind={"type": "string", "enum": ["in", "out"]}, name=TEXT, url=TEXT, account=TEXT
    ),
    "Hooks": _object(hooks=_list("Hook")),
    "NewHook": _object("id", "kind", id=TEXT, kind=TEXT, path=TEXT, key=TEXT),
    "Token": _object(id=TEXT, label=TEXT, scopes={"type": "array", "items": TEXT}),
    "Me": _object(
        account=TEXT, nick=TEXT, role=TEXT, present=TRUTH, rooms=_list("Room"), token=reference("Token")
    ),
}
