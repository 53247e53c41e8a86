"""All that can be asked of the API. Rule: whoever adds something adds it to its theme, and the theme here; routes and
the OpenAPI document follow.
"""

from __future__ import annotations

from teahouse.protocols.web.api import hooks, messages, past, people, rooms, streaming
from teahouse.protocols.web.api.endpoint import Endpoint

TABLE: list[Endpoint] = [
    *people.TABLE,
    *rooms.TABLE,
    *messages.TABLE,
    *past.TABLE,
    *streaming.TABLE,
    *hooks.TABLE,
]
