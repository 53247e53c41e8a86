"""What the house is: MOTD LUSERS VERSION TIME INFO ADMIN LINKS MAP USERS SUMMON. Rule: a target that is no server
here is 402, as it would be in a network of many.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from teahouse.moderation.globs import glob
from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.answers import Refusal
from teahouse.protocols.irc.bounds import send_whole
from teahouse.protocols.irc.commands.servers import check_server, description
from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.welcome import VERSION, counts, supported
from teahouse.protocols.irc.welcome import motd as motd_lines
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession


def motd(session: IrcSession, message: Message) -> None:
    """MOTD [server]: the message of the day."""
    check_server(session, message)
    send_whole(session, "MOTD", motd_lines(session.server, session.nick))


def lusers(session: IrcSession, message: Message) -> None:
    """LUSERS: how many are here."""
    check_server(session, message, 1)
    session.send(counts(session))


def version(session: IrcSession, message: Message) -> None:
    """VERSION [server]: the software, and what it supports."""
    check_server(session, message)
    session.send(
        session.made(n.RPL_VERSION, VERSION, session.server_name, description(session)), *supported(session)
    )


def time(session: IrcSession, message: Message) -> None:
    """TIME [server]: what time it is here; the house goes by UTC."""
    check_server(session, message)
    now = session.server.runtime.time()
    text = f"{datetime.fromtimestamp(now, UTC):%A, %d %B %Y, %H:%M:%S} UTC"
    session.numeric(n.RPL_TIME, session.server_name, str(int(now)), "0", text)


def info(session: IrcSession, message: Message) -> None:
    """INFO [server]: what this is."""
    check_server(session, message)
    opened = datetime.fromtimestamp(session.server.opened_at, UTC)
    lines = (
        f"{VERSION}: one chat house with many kinds of client.",
        f"{description(session)} has been open since {opened:%Y-%m-%d %H:%M} UTC.",
        "People on IRC, telnet, SSH and the web stand in the same rooms: #name is the room called name.",
        "HELP lists what you can do here.",
    )
    session.send(*(session.made(n.RPL_INFO, line) for line in lines), session.made(n.RPL_ENDOFINFO))


def admin(session: IrcSession, message: Message) -> None:
    """ADMIN [server]: who keeps the house."""
    check_server(session, message)
    told = session.server.settings.irc
    if not (told.admin_name or told.admin_place or told.admin_email):
        raise Refusal(n.ERR_NOADMININFO, session.server_name)
    session.send(
        session.made(n.RPL_ADMINME, session.server_name),
        session.made(n.RPL_ADMINLOC1, told.admin_name or description(session)),
        session.made(n.RPL_ADMINLOC2, told.admin_place or description(session)),
        session.made(n.RPL_ADMINEMAIL, told.admin_email or "No address is told."),
    )


def links(session: IrcSession, message: Message) -> None:
    """LINKS [[server] mask]: the servers there are; it is one."""
    mask, name = message.params[-1] if message.params else "*", session.server_name
    if len(message.params) > 1:
        check_server(session, message)
    if glob(fold(mask))(fold(name)):
        session.numeric(n.RPL_LINKS, name, name, f"0 {description(session)}")
    session.numeric(n.RPL_ENDOFLINKS, mask)


def map_(session: IrcSession, message: Message) -> None:
    """MAP: the same as a picture."""
    users = len(session.server.users)
    session.numeric(n.RPL_MAP, f"{session.server_name} ({users} users)")
    session.numeric(n.RPL_MAPEND)


def users(session: IrcSession, message: Message) -> None:
    """USERS: who works at the machine that the server runs on: nobody's business (RFC 2812 section 4.6)."""
    raise Refusal(n.ERR_USERSDISABLED)


def summon(session: IrcSession, message: Message) -> None:
    """SUMMON: call one of them: not here (RFC 2812 section 4.5)."""
    raise Refusal(n.ERR_SUMMONDISABLED)


VERBS = {
    "MOTD": Verb(motd),
    "LUSERS": Verb(lusers),
    "VERSION": Verb(version),
    "TIME": Verb(time),
    "INFO": Verb(info),
    "ADMIN": Verb(admin),
    "LINKS": Verb(links),
    "MAP": Verb(map_),
    "USERS": Verb(users),
    "SUMMON": Verb(summon),
}
