"""What a client is told on coming in: 001 to 005, how many are here, the message of the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.fitting import join_lists, split_text
from teahouse.protocols.irc.isupport import tokens
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.metadata import own_metadata
from teahouse.protocols.irc.names import LETTERS
from teahouse.user import Wish

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession

VERSION = "teahouse"
USER_MODES = "BRZiow"
CHANNEL_MODES = "beIklmnstiCRMufSqov"
TOKENS_BYTES = 380
MOST_TOKENS = 13
BATCH = "isupport"
MOTD_BYTES = 400


def greeting(session: IrcSession) -> list[Message]:
    """All of it, in the order in which clients expect it."""
    house, name = session.server.settings.house, session.server_name
    opened = datetime.fromtimestamp(session.server.opened_at, UTC)
    return [
        session.made(n.RPL_WELCOME, f"Welcome to {house.name}, {session.nick}"),
        session.made(n.RPL_YOURHOST, f"Your host is {name}, running {VERSION}"),
        session.made(n.RPL_CREATED, f"This server was started {opened:%Y-%m-%d %H:%M} UTC"),
        session.made(n.RPL_MYINFO, name, VERSION, USER_MODES, CHANNEL_MODES, parameter_modes()),
        *supported(session),
        *counts(session),
        *own_metadata(session),
        *motd(session),
    ]


def parameter_modes() -> str:
    """The channel modes that have a parameter."""
    return "beIklfS" + "".join(LETTERS.values())


def supported(session: IrcSession) -> list[Message]:
    """005: what the server supports; in a batch for clients that know that (draft/extended-isupport)."""
    lines = join_lists(tokens(session.server), TOKENS_BYTES, most=MOST_TOKENS)
    shown = [session.made(n.RPL_ISUPPORT, *line.split(" ")) for line in lines]
    if not (session.has("batch") and session.has("draft/extended-isupport")):
        return shown
    return [
        Message("BATCH", (f"+{BATCH}", "draft/isupport")),
        *(replace(each, tags={"batch": BATCH}) for each in shown),
        Message("BATCH", (f"-{BATCH}",)),
    ]


def counts(session: IrcSession) -> list[Message]:
    """251 to 266: LUSERS."""
    server = session.server
    users, unknown = len(server.users), len(server.arrivals)
    keepers = len(server.order.staff())
    unseen = sum(Wish.UNSEEN in user.wishes for user in server.users.values())
    seen = f"There are {users - unseen} users and {unseen} invisible on 1 servers"
    shown = [session.made(n.RPL_LUSERCLIENT, seen)]
    if keepers:
        shown.append(session.made(n.RPL_LUSEROP, str(keepers)))
    if unknown:
        shown.append(session.made(n.RPL_LUSERUNKNOWN, str(unknown)))
    most = str(server.most_users)
    return [
        *shown,
        session.made(n.RPL_LUSERCHANNELS, str(len(server.rooms))),
        session.made(n.RPL_LUSERME, f"I have {users} clients and 0 servers"),
        session.made(n.RPL_LOCALUSERS, str(users), most, f"Current local users {users}, max {most}"),
        session.made(n.RPL_GLOBALUSERS, str(users), most, f"Current global users {users}, max {most}"),
    ]


def motd(session: IrcSession) -> list[Message]:
    """375, 372 and 376; or 422."""
    text = session.server.settings.house.motd
    if not text:
        return [session.made(n.ERR_NOMOTD)]
    lines = [piece for line in text.rstrip("\n").split("\n") for piece in split_text(line or " ", MOTD_BYTES)]
    return [
        session.made(n.RPL_MOTDSTART, f"- {session.server_name} Message of the day -"),
        *(session.made(n.RPL_MOTD, f"- {line}") for line in lines),
        session.made(n.RPL_ENDOFMOTD),
    ]
