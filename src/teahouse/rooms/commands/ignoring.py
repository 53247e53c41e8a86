"""Not hearing someone. Rule: it is each one's own business, nobody else learns of it, and one who has an account is
not heard under any nick; with an account of one's own it holds on all devices, and for good.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.commands import command
from teahouse.errors import NoSuchNick, TooMany, UsageError
from teahouse.moderation.masks import ACCOUNT
from teahouse.rooms.base import Result
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.rooms.base import Room
    from teahouse.session import Session
    from teahouse.user import User

HEAD = "People"


@command
def ignore(room: Room, session: Session, nick: str = "") -> Result:
    """Hear nothing more of someone, or list whom you do not hear.

    Someone with an account you do not hear under any nick. If you have one yourself, it is kept there."""
    if nick:
        return _ignore(room, session, nick)
    heard_not = ", ".join(sorted(each.removeprefix(ACCOUNT) for each in session.user.ignored))
    session.tell(f"You ignore: {heard_not}" if heard_not else "You ignore nobody: /ignore <nick>")
    return None


async def _ignore(room: Room, session: Session, nick: str) -> None:
    user = session.user
    who = await _meant(room, nick)
    if who in {user.key, ACCOUNT + user.account_key}:
        raise UsageError("You cannot ignore yourself.")
    if who not in user.ignored and len(user.ignored) >= room.server.limits.ignores_per_user:
        raise TooMany(f"You ignore {len(user.ignored)} people, and no more fit: /unignore someone first.")
    user.ignore(who)
    _regroup(room, user)
    session.tell(f"You hear nothing more of {nick}. /unignore {nick} undoes that.")
    await keep_ignored(room, user)


@command
async def unignore(room: Room, session: Session, nick: str) -> None:
    """Hear someone again."""
    user = session.user
    named = {fold(nick), ACCOUNT + fold(nick), await _meant(room, nick)} & user.ignored
    if not named:
        raise NoSuchNick(f"You do not ignore {nick}. /ignore lists whom you do.")
    for each in named:
        user.unignore(each)
    _regroup(room, user)
    session.tell(f"You hear {nick} again.")
    await keep_ignored(room, user)


async def keep_ignored(room: Room, user: User) -> None:
    """Have it written down whom someone with an account ignores. Raises ChatError."""
    account = user.account
    ignored = sorted(user.ignored)
    if account is not None and ignored != account.settings.get("ignored", []):
        await room.server.accounts.change(account, settings={"ignored": ignored})


async def _meant(room: Room, nick: str) -> str:
    """The account of the one who has the nick, or whom it belongs to; the nick itself where there is none."""
    user = room.server.users.get(fold(nick))
    if user is not None:
        return ACCOUNT + user.account_key if user.account_key else user.key
    account = await room.server.store.account_of_nick(fold(nick))
    return ACCOUNT + account.key if account is not None else fold(nick)


def _regroup(room: Room, user: User) -> None:
    for each in user.sessions:
        room.server.fanout.regroup(each)
