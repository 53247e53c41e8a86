"""Events for telnet: what a terminal shows, and for MUD clients that asked for it the same by GMCP, so that they
can show it in a window of their own. mudlet's Comm.Channel.
"""

from __future__ import annotations

from functools import singledispatch

from teahouse.events import Emoted, Event, Roster, Said, Whispered
from teahouse.protocols.telnet.client import TelnetView
from teahouse.protocols.telnet.gmcp import message
from teahouse.protocols.terminal.render import render as render_text
from teahouse.server import Server
from teahouse.text import clean
from teahouse.view import View

CHANNELS = 200


def render(event: Event, view: View) -> bytes:
    """An event in the bytes for this client."""
    text = render_text(event, view)
    assert isinstance(view, TelnetView)
    return channel_data(event, view) + text if view.gmcp else text


@singledispatch
def channel_data(event: Event, view: TelnetView) -> bytes:
    """The GMCP messages for an event; most have none."""
    return b""


@channel_data.register(Said)
@channel_data.register(Emoted)
def _spoken(event: Said | Emoted, view: TelnetView) -> bytes:
    return _text(event.room, event.who, str(event))


@channel_data.register
def _whispered(event: Whispered, view: TelnetView) -> bytes:
    return _text("tell", event.who, str(event))


@channel_data.register
def _roster(event: Roster, view: TelnetView) -> bytes:
    players = [{"name": clean(nick), "channels": [event.room]} for nick in event.nicks]
    return message("Comm.Channel.Players", players)


def channel_list(server: Server) -> bytes:
    """The rooms of the house as channels, the fullest first."""
    rooms = sorted(server.rooms.values(), key=lambda room: (-len(room.members), room.key))[:CHANNELS]
    channels = [
        {"name": room.key, "caption": clean(room.topic or room.name), "command": f"/join {room.name}"}
        for room in rooms
    ]
    return message("Comm.Channel.List", channels)


def _text(channel: str, talker: str, text: str) -> bytes:
    values = {"channel": clean(channel), "talker": clean(talker), "text": clean(text)}
    return message("Comm.Channel.Text", values)
