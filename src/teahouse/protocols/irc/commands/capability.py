"""CAP (IRCv3 capability negotiation). Rule: a request is granted as a whole or not at all, and holds registration up
until CAP END.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from teahouse.protocols.irc import capabilities
from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.answers import Refusal
from teahouse.protocols.irc.capabilities import VALUES, lines, note_offered, offered, words
from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.fitting import join_lists
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.registration import try_to_register

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession

Result = Awaitable[None] | None
LONGEST_WORD = 400


def cap(session: IrcSession, message: Message) -> Result:
    """CAP subcommand."""
    name = message.params[0]
    subcommand = SUBCOMMANDS.get(name.upper())
    if subcommand is None:
        raise Refusal(n.ERR_INVALIDCAPCMD, _shown(name))
    return subcommand(session, message)


def _ls(session: IrcSession, message: Message) -> None:
    """CAP LS [version]: a higher version than before counts from now on; the answer is in the one asked for."""
    _hold_up(session)
    version = _version(message)
    session.cap_version = max(session.cap_version, version)
    if version >= VALUES:
        session.ask_for(["cap-notify"])
    note_offered(session)
    takes_values = version >= VALUES
    names = words(offered(session), values=takes_values)
    session.send(*lines(session, "LS", names, several=takes_values))


def _list(session: IrcSession, message: Message) -> None:
    """CAP LIST: what the client has asked for, by the names that it used."""
    names = [name for name in capabilities.OFFERS if name in session.asked]
    session.send(*lines(session, "LIST", names, several=session.cap_version >= VALUES))


def _req(session: IrcSession, message: Message) -> None:
    """CAP REQ :name -name."""
    _hold_up(session)
    names = message.params[-1].split() if len(message.params) > 1 else []
    grantable = all(capabilities.can_be_asked_for(session, name) for name in names)
    if not grantable or capabilities.clash(session, names):
        session.send(*_reply(session, "NAK", [_cut(name) for name in names]))
        return
    if session.state.get("offered") is None:
        note_offered(session)
    session.ask_for(names)
    session.send(*_reply(session, "ACK", names))


def _end(session: IrcSession, message: Message) -> Result:
    """CAP END: nothing holds registration up any more."""
    if session.registration is None:
        return None
    session.registration.negotiating = False
    return try_to_register(session)


def _reply(session: IrcSession, subcommand: str, names: list[str]) -> list[Message]:
    """As many messages as are needed for a request that was itself as long as a line can be."""
    room = capabilities.LINE - len(f":{session.server_name} CAP {session.nick} {subcommand} :".encode())
    pieces = join_lists(names, room) or [""]
    return [Message("CAP", (session.nick, subcommand, piece)) for piece in pieces]


def _hold_up(session: IrcSession) -> None:
    if session.registration is not None:
        session.registration.negotiating = True


def _version(message: Message) -> int:
    """The version that a CAP LS names; what is no number is none."""
    word = message.params[1] if len(message.params) > 1 else ""
    return int(word) if word.isascii() and word.isdecimal() and len(word) < 6 else 0


def _cut(name: str) -> str:
    """A name that nobody knows may be as long as a line."""
    return name.encode()[:LONGEST_WORD].decode("utf-8", "ignore")


def _shown(word: str) -> str:
    cut = _cut(word)
    return cut if cut and " " not in cut and cut[0] != ":" else "*"


SUBCOMMANDS: dict[str, Callable[[IrcSession, Message], Result]] = {
    "LS": _ls,
    "LIST": _list,
    "REQ": _req,
    "END": _end,
}
VERBS = {"CAP": Verb(cap, 1, before=True)}
