"""What was said. Rule: as for browsers: one reads what one could read there."""

from __future__ import annotations

from typing import Annotated, Any

from teahouse.protocols.web.api.call import Call
from teahouse.protocols.web.api.endpoint import Table, declare
from teahouse.protocols.web.api.values import After, Before, Count, Nick, RoomName, Value
from teahouse.protocols.web.requests import past as shared

TABLE: Table = []
endpoint = declare(TABLE, "past")
Words = Annotated[str, Value('As /search takes them: words, "a phrase", from:nick, since:2d.', 1, 200)]


@endpoint("GET", "/rooms/{room}/messages", brings="Page")
async def read_messages(
    call: Call, room: RoomName, before: Before = 0, after: After = 0, count: Count = shared.PAGE
) -> dict[str, Any]:
    """A page of what was said in a room, oldest first: the last lines, those before an id, or the first after one."""
    return await shared.history(call.session, room=room, before=before, after=after, count=count)


@endpoint("GET", "/whispers", brings="Conversations")
async def list_conversations(call: Call) -> dict[str, Any]:
    """With whom the account has private messages, the latest last."""
    return await shared.conversations(call.session)


@endpoint("GET", "/whispers/{nick}", brings="Page")
async def read_whispers(
    call: Call, nick: Nick, before: Before = 0, after: After = 0, count: Count = shared.PAGE
) -> dict[str, Any]:
    """A page of the private messages with someone, as that of a room."""
    return await shared.history(call.session, with_=nick, before=before, after=after, count=count)


@endpoint("GET", "/search", brings="Found")
async def search(call: Call, words: Words, room: RoomName = "") -> dict[str, Any]:
    """Lines with these words, the newest first: in one room, or in all that the account may read."""
    return await shared.find_lines(call.session, words, room)
