"""The stream of what happens. Rule: it is a device of the account: while one is open the account is in the house, in
the rooms that it names; what was missed since the last event that the client has seen comes first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from teahouse.errors import UsageError
from teahouse.events import Event
from teahouse.extensions.hooks import Response
from teahouse.protocols.web.api.call import Call
from teahouse.protocols.web.api.endpoint import Table, declare
from teahouse.protocols.web.api.session import PROTOCOL, doing
from teahouse.protocols.web.api.sse import block
from teahouse.protocols.web.api.stream import EventStream
from teahouse.protocols.web.api.values import LINE_ID, Value
from teahouse.protocols.web.exchange import Stream
from teahouse.protocols.web.ids import meant, shown
from teahouse.protocols.web.requests.past import row_of
from teahouse.rooms.past import answer
from teahouse.text import fold

TABLE: Table = []
endpoint = declare(TABLE, "events")
MISSED = 500
"""Events of one room, or private ones, that are sent again."""
HEAD = {"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
Rooms = Annotated[str, Value("Rooms to go into, with commas between.", most=300)]
Last = Annotated[int, Value("The last event seen, as the header Last-Event-ID says it.", 0, LINE_ID)]
Block = tuple[int, bytes]


@endpoint("GET", "/events", brings="stream")
async def events(call: Call, rooms: Rooms = "", last: Last = 0) -> Stream | Response:
    """Server-Sent Events: what happens in the account's rooms, and what it is told in private. Comments are
    heartbeats. A client that comes back says Last-Event-ID (or last), and is sent what it has missed, as far as it is
    kept; an object of the type gap says of a room that there is more of it, to be asked for as history."""
    last = _last_of(call, last)
    if call.request.method == "HEAD":
        return Response(b"", headers=HEAD)
    stream = EventStream(
        call.server,
        (call.account.key, call.token.id),
        call.request.address,
        secure=call.request.secure,
    )
    call.streams.add(stream)
    stream.ended = call.streams.remove
    try:
        await _come_in(call, stream, [each for each in rooms.split(",") if each])
        if last:
            stream.missed(await _missed(stream, meant(last)))
    except BaseException:
        stream.gone()
        raise
    return Stream(stream.start, HEAD)


def _last_of(call: Call, last: int) -> int:
    text = call.request.headers.get("last-event-id", "").strip()
    if not text:
        return last
    if not (text.isascii() and text.isdecimal() and len(text) <= 16):
        raise UsageError("Last-Event-ID is the id of an event.")
    return int(text)


async def _come_in(call: Call, stream: EventStream, rooms: list[str]) -> None:
    session, server = stream.session, call.server
    session.user.ident = PROTOCOL
    server.sessions.add(session)
    session.user.is_bot = True  # where the account is in the house already, its user stays what it is
    known = server.user_of(call.account.key)
    session.attends = known is None or known.is_bot  # a program that listens for a person is not that person
    with doing(session):
        await server.presence.come_in(session, call.account, call.account.name)
        for name in rooms:
            if " " in name:
                raise UsageError("A room's name is one word.")
            if fold(name) not in session.user.rooms:
                waiting = server.foyer.run(session, "join", name)
                if waiting is not None:
                    await waiting


async def _missed(stream: EventStream, last: int) -> Iterable[Block]:
    """What has happened since, as far as it is kept and wanted."""
    session = stream.session
    store, user = session.server.store, session.user
    await session.server.fanout.stored()
    found: list[Block] = []
    for key, room in list(user.rooms.items()):
        if room.keeps_history:
            page = await answer(store.history(key, MISSED + 1, after=last))
            found += _blocks(stream, page, {"room": key})
    page = await answer(store.inbox(user.account_key, after=last, count=MISSED + 1))
    return [*found, *_blocks(stream, page, {"room": ""})]


def _blocks(stream: EventStream, page: list[Event], where: dict[str, Any]) -> list[Block]:
    """The events of a page, and that there is more, where there is."""
    session = stream.session
    wanted = session.user.wants_of(page[:MISSED])
    found = {shown(each.id): block(shown(each.id), row_of(session, each)) for each in wanted}
    if len(page) > MISSED:
        last = shown(page[MISSED - 1].id)
        found[last] = found.get(last, b"") + block(last, {"type": "gap", **where, "after": last})
    return list(found.items())
