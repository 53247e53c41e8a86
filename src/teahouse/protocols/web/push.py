"""An event as the notification of a browser. Rule: small, and what the service worker needs: who, where and what, and
the name under which the client knows the place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from teahouse.events import Emoted, Event, Invited, Said, Whispered
from teahouse.protocols.web.codec import write
from teahouse.protocols.web.ids import shown
from teahouse.push.subscriptions import Subscription
from teahouse.text import clean, fold

if TYPE_CHECKING:
    from teahouse.server import Server

KIND = "web"
TEXT = 300
"""Characters of a line that are shown."""


def payload(server: Server, to: Subscription, nick: str, event: Event | None) -> bytes:
    """See `teahouse.push.push.Payload`. A browser shows something for each message, so it is sent no read markers."""
    house = {"house": clean(server.settings.house.name)}
    if event is None:
        return write({"type": "subscribed", **house})
    values = _values(server, event)
    return write({"type": event.kind(), "id": shown(event.id), **values, **house}) if values else b""


def _values(server: Server, event: Event) -> dict[str, Any]:
    if isinstance(event, Whispered):
        return {"who": event.who, "place": f"@{fold(event.who)}", "text": clean(event.text)[:TEXT]}
    if isinstance(event, (Said, Emoted)):
        room = server.rooms.get(event.room)
        name = room.name if room is not None else event.room
        return {"who": event.who, "place": event.room, "name": name, "text": clean(event.text)[:TEXT]}
    if isinstance(event, Invited):
        return {"who": event.who, "place": fold(event.place), "name": event.place}
    return {}
