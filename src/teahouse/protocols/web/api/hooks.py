"""Webhooks over HTTP. Rule: made and removed by the same rules as with /hook; who has the address of a way in needs
nothing else, and speaks under a name that is marked with the account that has made it.
"""

from __future__ import annotations

from typing import Annotated, Any

from teahouse.errors import UsageError
from teahouse.events import Said
from teahouse.fanout import UNHEARD
from teahouse.protocols.web.api.call import Call
from teahouse.protocols.web.api.endpoint import Table, declare
from teahouse.protocols.web.api.messages import check_text, relayed, speak
from teahouse.protocols.web.api.values import From, RoomName, Text, Value
from teahouse.rooms.commands import webhooks

TABLE: Table = []
endpoint = declare(TABLE, "hooks")
Kind = Annotated[str, Value("Whether it leads into the room, or out of it.", choices=("in", "out"))]
Name = Annotated[str, Value("Under which name it talks; for a way in.", most=100)]
Address = Annotated[str, Value("Where to; for a way out: http or https.", most=1_000)]
HookId = Annotated[str, Value("Its id.", 1, 100)]
Secret = Annotated[str, Value("What was shown when it was made.", 1, 100)]


@endpoint("GET", "/rooms/{room}/hooks", scope="hooks", brings="Hooks")
async def list_hooks(call: Call, room: RoomName) -> dict[str, Any]:
    """The webhooks of a room that the account keeps in order."""
    place = call.open_room(room)
    place.demand(call.session, "operator")
    found = call.server.hooks.of_room(place.key)
    rows = (
        {
            "id": e.id,
            "kind": e.kind,
            "name": e.name,
            "url": e.shown_to(call.account.key) if e.url else "",
            "account": e.account,
        }
        for e in found
    )
    return {"hooks": list(rows)}


@endpoint("POST", "/rooms/{room}/hooks", scope="hooks", status=201, brings="NewHook")
async def make_hook(
    call: Call, room: RoomName, kind: Kind, name: Name = "", url: Address = ""
) -> dict[str, Any]:
    """Make a webhook. What is shown only now is the path to post to, or the key of the signatures."""
    if bool(url) != (kind == "out") or bool(name) != (kind == "in"):
        raise UsageError('A way "in" has a "name", and a way "out" a "url".')
    id_, text = await webhooks.add_hook(call.open_room(room), call.session, name=name, url=url)
    return {"id": id_, "kind": kind, **({"key": text} if url else {"path": f"/api/v1/hooks/{text}"})}


@endpoint("DELETE", "/rooms/{room}/hooks/{id}", scope="hooks", status=204)
async def remove_hook(call: Call, room: RoomName, id_: HookId) -> None:
    """Remove a webhook."""
    await webhooks.remove_hook(call.open_room(room), call.session, id_)


@endpoint("POST", "/hooks/{hook}", scope="", status=201, brings="Event")
async def talk_by_hook(call: Call, hook: Secret, text: Text, from_: From = "") -> dict[str, Any]:
    """Say something in the room of a webhook, without a token: as name/account, or as from/account."""
    check_text(call, text)
    found = call.server.hooks.find(hook)
    who, _ = relayed(call, from_ or found.name)
    token = UNHEARD.set(True)  # as what bots say: else it could come back by a way out, and go on for ever
    try:
        return await speak(call, call.talking_room(found.room), Said(who, text, bot=True))
    finally:
        UNHEARD.reset(token)
