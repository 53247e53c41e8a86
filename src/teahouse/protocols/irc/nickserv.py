"""NickServ: accounts in the words of old habits. Rule: each command is a thin spelling of what REGISTER, SASL and the
commands of rooms do; passwords are taken from the line and told to nobody.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, NamedTuple

from teahouse.commands import rank
from teahouse.errors import NotAllowed, UnknownCommand, UsageError
from teahouse.events import Table
from teahouse.protocols.irc import accounts
from teahouse.rooms.commands import account as own_account
from teahouse.rooms.commands import people
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession
    from teahouse.store import Account

Result = Awaitable[None] | None
Handler = Callable[["IrcSession", list[str]], Result]


class Command(NamedTuple):
    """One of its commands: how it is used, and what it does."""

    handler: Handler
    usage: str
    help: str


def answer(session: IrcSession, text: str) -> Result:
    """What someone says to NickServ."""
    name, *words = text.split() or ["HELP"]
    command = COMMANDS.get(ALIASES.get(name.upper(), name.upper()))
    if command is None:
        raise UnknownCommand(f"NickServ knows no {name[:32]}: /msg NickServ HELP lists what it does.")
    return command.handler(session, words)


# ---- coming in as someone --------------------------------------------------------------------------------------


def _identify(session: IrcSession, words: list[str]) -> Result:
    name, password = _name_and_password(session, "IDENTIFY", words)
    return _log_in(session, name, password)


async def _log_in(session: IrcSession, name: str, password: str) -> None:
    account = await session.server.accounts.authenticate(name, password, session.address)
    await accounts.log_in(session, account)
    session.tell(f"You are logged in as {account.name}.")


def _register(session: IrcSession, words: list[str]) -> Result:
    """What follows the password is an address for email, as clients send it; it is not kept."""
    if not words or (len(words) > 1 and "@" not in words[1]):
        raise _usage("REGISTER")
    return _make(session, words[0])


async def _make(session: IrcSession, password: str) -> None:
    accounts.check_may_register(session)
    account = await accounts.register(session, session.user.nick, password)
    session.tell(f"{account.name} is your account now, and you are logged in.")


def _logout(session: IrcSession, words: list[str]) -> Result:
    raise NotAllowed("Nobody logs out and stays here: disconnect, and come in under another nick.")


# ---- the nick --------------------------------------------------------------------------------------------------


def _ghost(session: IrcSession, words: list[str]) -> Result:
    return _take_back(session, words, "GHOST", goes_by_it=False)


def _regain(session: IrcSession, words: list[str]) -> Result:
    return _take_back(session, words, "REGAIN", goes_by_it=True)


async def _take_back(session: IrcSession, words: list[str], name: str, *, goes_by_it: bool) -> None:
    if not words:
        raise _usage(name)
    nick, server = words[0], session.server
    if len(words) > 1:
        account = await server.accounts.authenticate(nick, " ".join(words[1:]), session.address)
    else:
        account = _own(session)
    if fold(nick) not in {each.key for each in account.own}:
        raise NotAllowed(f"{nick} is not a nick of yours.")
    holder = server.users.get(fold(nick))
    if holder is not None and holder.account_key == account.key and not goes_by_it:
        raise UsageError(f"{holder.nick} is you: REGAIN has you be there from here, too.")
    if holder is None or holder.account_key != account.key:
        await server.presence.take_back(nick)
        session.tell(f"{nick} is free.")
    if goes_by_it:
        await _go_by(session, account, nick)


async def _go_by(session: IrcSession, account: Account, nick: str) -> None:
    if session.user.account_key != account.key:
        await accounts.log_in(session, account)
    waiting = None if session.user.key == fold(nick) else people.nick(session.server.foyer, session, nick)
    if waiting is not None:
        await waiting


def _group(session: IrcSession, words: list[str]) -> Result:
    _own(session)
    return own_account.reserve(session.server.foyer, session, words[0] if words else session.user.nick)


def _ungroup(session: IrcSession, words: list[str]) -> Result:
    _own(session)
    return own_account.release(session.server.foyer, session, words[0] if words else session.user.nick)


def _info(session: IrcSession, words: list[str]) -> Result:
    return _about(session, words[0] if words else session.user.nick)


async def _about(session: IrcSession, nick: str) -> None:
    account = await session.server.accounts.owner(nick)
    if account is None or fold(nick) not in {each.key for each in account.own}:
        raise NotAllowed(f"{nick} belongs to nobody.")
    own = account.key == session.user.account_key
    sees_all = own or rank(session.user.role) >= rank("moderator")
    present = session.server.user_of(account.key)
    rows = [
        ("account", account.name),
        ("since", f"{account.created:%d %B %Y}"),
        ("role", account.role if rank(account.role) >= rank("moderator") else ""),
        ("here as", present.nick if present is not None else ""),
        ("nicks", " ".join(each.nick for each in account.nicks) if sees_all else ""),
        ("always on", ("yes" if account.always_on else "no") if sees_all else ""),
        ("certificates", str(len(session.server.accounts.certificates(account))) if sees_all else ""),
    ]
    session.tell(Table(f"About {nick}:", ("what", "value"), tuple(row for row in rows if row[1])))


# ---- the account -----------------------------------------------------------------------------------------------


def _set(session: IrcSession, words: list[str]) -> Result:
    what = words[0].upper().replace("-", "") if words else ""
    if what == "PASSWORD":
        return _passwd(session, words[1:])
    if what == "ALWAYSON" and len(words) == 2 and words[1].lower() in {"on", "off", "true", "false"}:
        _own(session)
        on = words[1].lower() in {"on", "true"}
        return own_account.alwayson(session.server.foyer, session, "on" if on else "off")
    raise _usage("SET")


def _passwd(session: IrcSession, words: list[str]) -> Result:
    if len(words) != 2:
        raise _usage("PASSWD")
    return _change_password(session, *words)


async def _change_password(session: IrcSession, old: str, new: str) -> None:
    await session.server.accounts.change_password(_own(session), old, new, session.address)
    session.tell("Your password is changed.")


def _drop(session: IrcSession, words: list[str]) -> Result:
    if not words:
        raise _usage("DROP")
    names_it = len(words) > 1 and fold(words[0]) == _own(session).key  # as other services have it
    return _remove(session, " ".join(words[names_it:]))


async def _remove(session: IrcSession, password: str) -> None:
    server, account = session.server, _own(session)
    await server.accounts.authenticate(account.name, password, session.address)
    await server.accounts.remove(account)
    server.is_nobodys(session.user)
    session.tell(f"The account {account.name} is removed for ever. You are here as a guest now.")


def _cert(session: IrcSession, words: list[str]) -> Result:
    what = words[0].upper() if words else "LIST"
    _own(session)
    if what == "LIST":
        return own_account.certificate(session.server.foyer, session, "list", "")
    if what in {"DEL", "REMOVE"}:
        return own_account.certificate(session.server.foyer, session, "remove", " ".join(words[1:]))
    if what != "ADD" or len(words) < 2:
        raise _usage("CERT")
    return _add_certificate(session, words[1], " ".join(words[2:]) or session.link.certificate)


async def _add_certificate(session: IrcSession, password: str, fingerprint: str) -> None:
    """What opens an account is asked for before something else does."""
    store = session.server.accounts
    account = await store.authenticate(_own(session).name, password, session.address)
    if not fingerprint:
        raise UsageError("Your client has shown no certificate here: CERT ADD <password> <fingerprint>")
    await store.add_certificate(account, fingerprint)
    session.tell("That certificate opens your account from now on.")


def _help(session: IrcSession, words: list[str]) -> Result:
    asked = words[0].upper() if words else ""
    found = COMMANDS.get(ALIASES.get(asked, asked))
    if found is not None:
        session.tell(f"{found.usage}: {found.help}")
        return None
    rows = tuple((each.usage, each.help) for each in COMMANDS.values())
    session.tell(Table("NickServ looks after accounts and nicks:", ("command", "what it does"), rows))
    return None


# ---- what they have in common ------------------------------------------------------------------------------------


def _own(session: IrcSession) -> Account:
    account = session.user.account
    if account is None:
        raise NotAllowed("You are here as a guest: /msg NickServ REGISTER <password> makes an account of it.")
    return account


def _name_and_password(session: IrcSession, command: str, words: list[str]) -> tuple[str, str]:
    """`[account] password`: one word is a password; of several, the first is the account."""
    if not words:
        raise _usage(command)
    return (words[0], " ".join(words[1:])) if len(words) > 1 else (session.user.nick, words[0])


def _usage(command: str) -> UsageError:
    return UsageError(f"Usage: {COMMANDS[command].usage}")


COMMANDS = {
    "IDENTIFY": Command(_identify, "IDENTIFY [account] <password>", "log in"),
    "REGISTER": Command(
        _register, "REGISTER <password>", "make an account of your nick; the password is one word"
    ),
    "LOGOUT": Command(_logout, "LOGOUT", "is not to be had here: disconnect"),
    "GHOST": Command(_ghost, "GHOST <nick> [password]", "take a nick of yours from who has it"),
    "REGAIN": Command(_regain, "REGAIN <nick> [password]", "the same, and go by it"),
    "GROUP": Command(_group, "GROUP [nick]", "reserve one more nick for yourself"),
    "UNGROUP": Command(_ungroup, "UNGROUP [nick]", "let a nick go that you have reserved"),
    "INFO": Command(_info, "INFO [nick]", "show whose a nick is"),
    "SET": Command(
        _set, "SET ALWAYSON on|off, SET PASSWORD <old> <new>", "stay in your rooms; change your password"
    ),
    "PASSWD": Command(_passwd, "PASSWD <old> <new>", "change your password"),
    "CERT": Command(
        _cert, "CERT LIST, ADD <password> [fingerprint], DEL [fingerprint]", "log in by certificate"
    ),
    "DROP": Command(_drop, "DROP <password>", "give up your account for ever"),
    "HELP": Command(_help, "HELP [command]", "show this"),
}
ALIASES = {"ID": "IDENTIFY", "LOGIN": "IDENTIFY", "RECOVER": "REGAIN", "RELEASE": "GHOST", "STATUS": "INFO"}
