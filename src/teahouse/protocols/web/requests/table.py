"""Request → handler. Rule: whoever adds a request adds it to its theme's `REQUESTS`, to the theme here, and to
docs/protocols/web.md.
"""

from __future__ import annotations

from teahouse.protocols.web.requests import connection, talk
from teahouse.protocols.web.requests.request import Request

TABLE: dict[str, Request] = {**connection.REQUESTS, **talk.REQUESTS}


def find(do: str) -> Request | None:
    """The request's entry."""
    return TABLE.get(do)
