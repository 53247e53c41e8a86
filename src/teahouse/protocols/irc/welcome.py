"""What a client is told on coming in: 001 to 005, how many are here, the message of the day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.fitting import join_lists, split_text
from teahouse.protocols.irc.isupport import news, tokens
from teahouse.protocols.irc.making import LINE, from_house, numeric
from teahouse.protocols.irc.message import Message, Ready
from teahouse.protocols.irc.metadata import own_metadata
from teahouse.protocols.irc.names import LETTERS

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession
    from teahouse.server import Server
    from teahouse.settings import Settings

VERSION = "teahouse"
USER_MODES = "BRZiow"
CHANNEL_MODES = "beIklmnstiCRMufSqov"
TOKENS_BYTES = 380
MOST_TOKENS = 13
BATCH = "isupport"
MOTD_BYTES = 400
ANYONE = "\ufdd0"
"""Stands for the nick in what is made once for all: a character that no text has."""
LONGEST_NICK = 64


class Frame(NamedTuple):
    """What is the same for all who come in, but for their nick: before what is counted, and after it."""

    settings: Settings
    site: str
    head: str
    tail: str

    @property
    def fits_all(self) -> bool:
        """Whether no line is too long for a nick, and would have to be cut."""
        lines = (self.head + self.tail).split("\r\n")
        return all(len(line.replace(ANYONE, "n" * LONGEST_NICK).encode()) <= LINE - 2 for line in lines)


_frames: WeakKeyDictionary[Server, dict[bool, Frame]] = WeakKeyDictionary()


def greeting(session: IrcSession) -> list[Message | Ready]:
    """All of it, in the order in which clients expect it."""
    head, tail = _framed(session)
    session.state["supported"] = session.server.settings
    return [Ready(head), counts(session), *own_metadata(session), Ready(tail)]


def _framed(session: IrcSession) -> tuple[bytes, bytes]:
    """What frames the counts, for this client: most of a thousand who come in at once is made once."""
    server, nick, in_batch = session.server, session.nick, _wants_batch(session)
    frames = _frames.setdefault(server, {})
    frame = frames.get(in_batch)
    if frame is None or frame[:2] != (server.settings, server.uploads.site):
        frame = _frame(server, ANYONE, in_batch=in_batch)
        if frame.fits_all:
            frames[in_batch] = frame
        else:
            frame = _frame(server, nick, in_batch=in_batch)
    return frame.head.replace(ANYONE, nick).encode(), frame.tail.replace(ANYONE, nick).encode()


def _frame(server: Server, nick: str, *, in_batch: bool) -> Frame:
    made = partial(numeric, server.settings.irc.server, nick)
    house, name = server.settings.house, server.settings.irc.server
    opened = datetime.fromtimestamp(server.opened_at, UTC)
    head = [
        made(n.RPL_WELCOME, f"Welcome to {house.name}, {nick}"),
        made(n.RPL_YOURHOST, f"Your host is {name}, running {VERSION}"),
        made(n.RPL_CREATED, f"This server was started {opened:%Y-%m-%d %H:%M} UTC"),
        made(n.RPL_MYINFO, name, VERSION, USER_MODES, CHANNEL_MODES, parameter_modes()),
        *_supported(server, nick, tokens(server, server.settings), in_batch=in_batch),
    ]
    texts = (b"".join(from_house(each, name) for each in part) for part in (head, motd(server, nick)))
    return Frame(server.settings, server.uploads.site, *(text.decode() for text in texts))


def parameter_modes() -> str:
    """The channel modes that have a parameter."""
    return "beIklfS" + "".join(LETTERS.values())


def supported(session: IrcSession) -> list[Message]:
    """005, for this client."""
    shown = tokens(session.server, session.server.settings)
    return _supported(session.server, session.nick, shown, in_batch=_wants_batch(session))


def announce_supported(session: IrcSession) -> None:
    """Tell a client that has been told 005 what of it is different now."""
    before: Settings | None = session.state.get("supported")
    now = session.server.settings
    if before is None or before is now:
        return
    session.state["supported"] = now
    if changed := news(session.server, before, now):
        session.send(*_supported(session.server, session.nick, changed, in_batch=_wants_batch(session)))


def _wants_batch(session: IrcSession) -> bool:
    """Whether the client takes 005 as a batch (draft/extended-isupport)."""
    return session.has("batch") and session.has("draft/extended-isupport")


def _supported(server: Server, nick: str, told: Iterable[str], *, in_batch: bool) -> list[Message]:
    """005: tokens of what the server supports; in a batch for clients that know that (draft/extended-isupport)."""
    lines = join_lists(told, TOKENS_BYTES, most=MOST_TOKENS)
    name = server.settings.irc.server
    shown = [numeric(name, nick, n.RPL_ISUPPORT, *line.split(" ")) for line in lines]
    if not in_batch:
        return shown
    return [
        Message("BATCH", (f"+{BATCH}", "draft/isupport")),
        *(replace(each, tags={"batch": BATCH}) for each in shown),
        Message("BATCH", (f"-{BATCH}",)),
    ]


def counts(session: IrcSession) -> Ready:
    """251 to 266: LUSERS. Made for each who comes in: put together as it stands, for nobody has written any of it."""
    server = session.server
    users, unknown = len(server.users), len(server.arrivals)
    keepers, unseen = len(server.roll.keepers), len(server.roll.unseen)
    most, text = server.most_users, n.TEXT
    lines = [
        (n.RPL_LUSERCLIENT, f":There are {users - unseen} users and {unseen} invisible on 1 servers"),
        (n.RPL_LUSEROP, f"{keepers} :{text[n.RPL_LUSEROP]}" if keepers else ""),
        (n.RPL_LUSERUNKNOWN, f"{unknown} :{text[n.RPL_LUSERUNKNOWN]}" if unknown else ""),
        (n.RPL_LUSERCHANNELS, f"{len(server.rooms)} :{text[n.RPL_LUSERCHANNELS]}"),
        (n.RPL_LUSERME, f":I have {users} clients and 0 servers"),
        (n.RPL_LOCALUSERS, f"{users} {most} :Current local users {users}, max {most}"),
        (n.RPL_GLOBALUSERS, f"{users} {most} :Current global users {users}, max {most}"),
    ]
    name, nick = session.server_name, session.nick
    return Ready("".join([f":{name} {code} {nick} {rest}\r\n" for code, rest in lines if rest]).encode())


def motd(server: Server, nick: str) -> list[Message]:
    """375, 372 and 376; or 422."""
    name, text = server.settings.irc.server, server.settings.house.motd
    if not text:
        return [numeric(name, nick, n.ERR_NOMOTD)]
    lines = [piece for line in text.rstrip("\n").split("\n") for piece in split_text(line or " ", MOTD_BYTES)]
    return [
        numeric(name, nick, n.RPL_MOTDSTART, f"- {name} Message of the day -"),
        *(numeric(name, nick, n.RPL_MOTD, f"- {line}") for line in lines),
        numeric(name, nick, n.RPL_ENDOFMOTD),
    ]
