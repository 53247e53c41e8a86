"""Teahouse: one chat house with many kinds of client. Rule: what stands here is the API for extensions, all of it;
`API` counts up when something that worked before works no more.
"""

from teahouse.commands import Rest, command
from teahouse.errors import (
    BadName,
    ChatError,
    EndSession,
    NickInUse,
    NoSuchNick,
    NoSuchRoom,
    NotAllowed,
    NotFound,
    NotInRoom,
    TooLong,
    TooMany,
    UnknownCommand,
    UsageError,
)
from teahouse.events import (
    AwayChanged,
    Emoted,
    Entered,
    Event,
    Failed,
    Left,
    Notice,
    Quit,
    Renamed,
    RoomRenamed,
    Roster,
    Said,
    Table,
    TopicChanged,
    Whispered,
)
from teahouse.extensions.bot import Bot, hears
from teahouse.extensions.hooks import Request, Response, on_start, on_stop, web
from teahouse.rooms.base import Room
from teahouse.rooms.chat import ChatRoom
from teahouse.rooms.foyer import Foyer
from teahouse.rooms.line import LineRoom
from teahouse.rooms.login import LoginRoom
from teahouse.server import Server
from teahouse.session import Session
from teahouse.user import User

API = 1

__all__ = [
    "API",
    "AwayChanged",
    "BadName",
    "Bot",
    "ChatError",
    "ChatRoom",
    "Emoted",
    "EndSession",
    "Entered",
    "Event",
    "Failed",
    "Foyer",
    "Left",
    "LineRoom",
    "LoginRoom",
    "NickInUse",
    "NoSuchNick",
    "NoSuchRoom",
    "NotAllowed",
    "NotFound",
    "NotInRoom",
    "Notice",
    "Quit",
    "Renamed",
    "Request",
    "Response",
    "Rest",
    "Room",
    "RoomRenamed",
    "Roster",
    "Said",
    "Server",
    "Session",
    "Table",
    "TooLong",
    "TooMany",
    "TopicChanged",
    "UnknownCommand",
    "UsageError",
    "User",
    "Whispered",
    "command",
    "hears",
    "on_start",
    "on_stop",
    "web",
]
