"""Rooms, and who is in them. Rule: as for browsers: what someone may not see is not there."""

from __future__ import annotations

from typing import Any

from teahouse.protocols.web.api.call import Call
from teahouse.protocols.web.api.endpoint import Table, declare
from teahouse.protocols.web.api.values import Nick, RoomName
from teahouse.protocols.web.requests import rooms as shared
from teahouse.protocols.web.requests.members import page_of

TABLE: Table = []
endpoint = declare(TABLE, "rooms")


@endpoint("GET", "/rooms", brings="Rooms")
async def list_rooms(call: Call) -> dict[str, Any]:
    """The rooms that the account may see: first those it is in, then the fullest."""
    return await shared.rooms(call.session)


@endpoint("GET", "/rooms/{room}", brings="Room")
async def show_room(call: Call, room: RoomName) -> dict[str, Any]:
    """One room."""
    (about,) = await shared.about_rooms(call.session, [call.room(room)])
    return about


@endpoint("GET", "/rooms/{room}/members", brings="Members")
async def list_members(call: Call, room: RoomName, after: Nick = "") -> dict[str, Any]:
    """Who is in a room that the account is in, or may go into; where there is `more`, `after` the last one."""
    most = call.session.server.limits.answer_rows
    return page_of(call.session, call.open_room(room), most, after=after)
