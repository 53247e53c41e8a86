"""Request → handler. Rule: whoever adds a request adds it to its theme's `REQUESTS`, to the theme here, and to
docs/protocols/web.md.
"""

from __future__ import annotations

from teahouse.protocols.web.requests import (
    changing,
    connection,
    hello,
    members,
    past,
    push,
    rooms,
    settings,
    talk,
    uploading,
)
from teahouse.protocols.web.requests.request import Request

THEMES = (hello, connection, rooms, members, talk, changing, past, settings, push, uploading)
TABLE: dict[str, Request] = {name: each for theme in THEMES for name, each in theme.REQUESTS.items()}


def find(do: str) -> Request | None:
    """The request's entry."""
    return TABLE.get(do)
