"""Oneself. Rule: nothing here about where anyone connects from."""

from __future__ import annotations

from typing import Any

from teahouse.protocols.web.api.call import Call
from teahouse.protocols.web.api.endpoint import Table, declare
from teahouse.protocols.web.requests import rooms as shared

TABLE: Table = []
endpoint = declare(TABLE, "people")


@endpoint("GET", "/me", brings="Me")
async def me(call: Call) -> dict[str, Any]:
    """The account, its user if that is in the house, and what the token is for."""
    user = call.user
    return {
        "account": call.account.name,
        "nick": user.nick,
        "role": user.role,
        "present": call.server.user_of(call.account.key) is user,
        "rooms": await shared.rooms_of_ones_own(call.session),
        "token": {"id": call.token.id, "label": call.token.label, "scopes": list(call.token.scopes)},
    }
