"""What one can do once one has a nick: with people. Rule: nothing here depends on where one stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from teahouse.commands import Rest, command, rank
from teahouse.errors import AccountNeeded, NoSuchNick, TooLong, UsageError
from teahouse.events import AwayChanged, Notice, Table, Whispered, words_of
from teahouse.rooms.base import Result
from teahouse.store import Account
from teahouse.text import fold, show_duration

if TYPE_CHECKING:
    from teahouse.rooms.base import Room
    from teahouse.session import Session
    from teahouse.user import User

WHO_ROWS = 200

HEAD = "People"


@command(aliases=("tell", "whisper", "w"))
async def msg(room: Room, session: Session, nick: str, text: Rest) -> None:
    """Say something to one person only; kept for those with an account who are not here."""
    other = await whisper(room, session, Whispered(session.user.nick, nick, text))
    if isinstance(other, Account):
        session.tell(f"{other.name} is not here, and is shown that on coming back.")
    elif other.away:
        session.tell(f"{other.nick} is away: {other.away}")


async def whisper(room: Room, session: Session, event: Whispered) -> User | Account:
    """Say it to the one whose nick is `to`, or keep it for the account that the nick belongs to; which of them
    it was. Raises NoSuchNick, CannotTalk."""
    user = session.user
    room.server.order.check_whisper(user, words_of(event))
    other = room.server.users.get(fold(event.to))
    if other is None:
        account = await room.server.store.account_of_nick(fold(event.to))
        if account is None:
            return room.server.present(event.to)  # says who may be meant
        _whisper(room, user, _to(event, account.name), None, account)
        return account
    check_taken(room, user, other)
    _whisper(room, user, _to(event, other.nick), other, other.account)
    if other.hears(user.nick, user.account.name if user.account is not None else ""):
        other.reply_to = user
    return other


def check_taken(room: Room, user: User, other: User) -> None:
    """Raise AccountNeeded if the other one takes no private messages from this one. Who writes to someone
    takes the answer."""
    user.accept(other)
    if not other.takes_from(user) and rank(user.role) < rank("moderator"):
        raise AccountNeeded(
            f"{other.nick} takes private messages from people with an account only: /register makes one."
        )


def _whisper(room: Room, user: User, event: Whispered, other: User | None, account: Account | None) -> None:
    owners = dict.fromkeys(each.key for each in (account, user.account) if each is not None)
    users = {user} if other is None else {other, user}
    room.server.fanout.whisper(event, users, tuple(owners))
    user.spoke(f"@{fold(event.to)}", event.id)


@command(aliases=("r",))
def reply(room: Room, session: Session, text: Rest) -> Result:
    """Answer the last private message you got."""
    other = session.user.reply_to
    if other is None:
        raise NoSuchNick("Nobody has sent you a private message yet: /msg <nick> <text> sends one.")
    if room.server.users.get(other.key) is not other:  # whoever has the nick by now is somebody else
        raise NoSuchNick(f"{other.nick} has left the house.")
    return msg(room, session, other.nick, text)


@command
def who(room: Room, session: Session, nick: str = "") -> None:
    """List who is in the house, or those whose nick begins so."""
    found = [user for key, user in room.server.users.items() if key.startswith(fold(nick))]
    shown = found[:WHO_ROWS]
    some_have_accounts = any(user.account is not None for user in shown)
    columns = ["nick", *["account"] * some_have_accounts, "room", "idle", "by", "away"]
    columns += ["address"] * _keeps_house(session)
    rows = (_who_row(room, session, user) for user in shown)
    more = f" (the first {WHO_ROWS} are shown: /who <beginning of a nick>)" if len(found) > WHO_ROWS else ""
    title = f"In the house: {len(found):,}{more}"
    table = tuple(tuple(row[name] for name in columns) for row in rows)
    session.tell(Table(title, tuple(columns), table))


def _who_row(room: Room, session: Session, user: User) -> dict[str, str]:
    return {
        "nick": user.nick,
        "account": user.account.name if user.account is not None else "",
        "room": ", ".join(_rooms_of(room, session, user)),
        "idle": show_duration(room.server.runtime.now() - user.active_at),
        "by": ", ".join(sorted({each.link.protocol for each in user.sessions})),
        "away": user.away,
        "address": ", ".join(dict.fromkeys(user.addresses)),
    }


def _rooms_of(room: Room, session: Session, user: User) -> list[str]:
    """Where someone is, as far as the one who asks may know."""
    return [each.name for each in user.rooms.values() if each.shows_to(session, user)]


@command
def whois(room: Room, session: Session, nick: str) -> None:
    """Show what the house knows of someone. Where they connect from, only those see who keep the house."""
    user = room.server.present(nick)
    now = room.server.runtime.now()
    rows = [
        ("nick", user.nick),
        ("account", user.account.name if user.account is not None else "none"),
        ("role", user.role if rank(user.role) >= rank("moderator") else ""),
        ("host", user.userhost),
        ("addresses", _addresses_of(room, session, user)),
        ("rooms", ", ".join(_rooms_of(room, session, user)) or "none"),
        ("here for", show_duration(now - user.since)),
        ("idle for", show_duration(now - user.active_at)),
        ("connected by", ", ".join(_how(each) for each in user.sessions)),
        ("away", user.away),
    ]
    session.tell(Table(f"About {user.nick}:", ("what", "value"), tuple(row for row in rows if row[1])))


def _addresses_of(room: Room, session: Session, user: User) -> str:
    if user is not session.user and not _keeps_house(session):
        return ""
    return ", ".join(
        f"{each.address} ({each.link.protocol}, port {each.port})" for each in user.sessions if each.address
    )


@command
async def nick(room: Room, session: Session, nick: str) -> None:
    """Go by another nick."""
    user = session.user
    room.server.check_nick(nick, user)
    if nick == user.nick:
        raise UsageError(f"You are {nick} already.")
    await room.server.accounts.check_free(nick, user.account)
    room.server.check_nick(nick, user)  # again: somebody else may have it by now
    room.server.check_rename(user, nick)
    room.server.rename(user, nick)


@command
def away(room: Room, session: Session, reason: Rest = "") -> None:
    """Tell people that you are away, and why."""
    if len(reason) > room.server.limits.away_length:
        raise TooLong(f"An away message has at most {room.server.limits.away_length} characters.")
    for each in session.user.rooms.values() if reason else ():
        each.check_quiet_words(session.user, reason)
    if reason and not session.user.rooms:
        room.server.order.check_words(session.user, reason)
    _set_away(room, session, reason or "away")


@command
def back(room: Room, session: Session) -> None:
    """Tell people that you are back."""
    if not session.user.away:
        raise UsageError("You are not away: /away [reason] says so.")
    _set_away(room, session, "")


def _set_away(room: Room, session: Session, text: str) -> None:
    user = session.user
    user.away = text
    room.server.spread(AwayChanged(user.nick, text), user)


def _to(event: Whispered, nick: str) -> Whispered:
    """The event itself where it says so already: whoever has made it sees its id."""
    return event if event.to == nick else replace(event, to=nick)


def _keeps_house(session: Session) -> bool:
    return rank(session.user.role) >= rank("moderator")


def _how(session: Session) -> str:
    return session.link.protocol + (" (encrypted)" if session.link.secure else "")


def motd_of(text: str) -> Notice:
    """The message of the day, as shown after login and by /motd."""
    return Notice(text.rstrip("\n"))
