"""What one can do about one's account. Rule: what opens an account (its password) is asked for again before it is
changed or given up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from teahouse.commands import Rest, command
from teahouse.errors import EndSession, NotAllowed, UsageError
from teahouse.events import Replayed, Table
from teahouse.rooms.commands.ignoring import keep_ignored
from teahouse.rooms.login import ask_new_password

if TYPE_CHECKING:
    from teahouse.rooms.base import Room
    from teahouse.session import Session
    from teahouse.store import Account

HEAD = "Your account"


@command
async def register(room: Room, session: Session) -> None:
    """Make an account of your nick, so that it is yours whenever you come."""
    user = session.user
    if user.account is not None:
        raise NotAllowed(f"You have an account already: {user.account.name}.")
    if not room.server.settings.house.registration:
        raise NotAllowed("Nobody registers by themselves here: ask those who keep the house.")
    room.server.order.check_register(user, user.nick)
    await room.server.accounts.check_free(user.nick)
    warn_of_plain(room, session)
    password = await ask_new_password(session)
    account = await room.server.accounts.register(user.nick, password, session.address)
    room.server.take_account(user, account)
    await keep_ignored(room, user)
    session.tell(f"{account.name} is your account now. Next time: login {account.name}")


@command
def account(room: Room, session: Session) -> None:
    """Show what the house keeps of your account."""
    account = own_account(room, session)
    rows = (
        ("name", account.name),
        ("role", account.role),
        ("since", f"{account.created:%d %B %Y}"),
        ("nicks reserved", ", ".join(each.nick for each in account.nicks) or "none"),
        ("always on", "yes" if account.always_on else "no"),
        ("devices", str(len(session.user.sessions))),
    )
    session.tell(Table(f"Your account, {account.name}:", ("what", "value"), rows))


@command(aliases=("passwd",))
async def password(room: Room, session: Session) -> None:
    """Change your password."""
    account = own_account(room, session)
    warn_of_plain(room, session)
    old = await session.ask("Your password now: ", secret=True)
    new = await ask_new_password(session)
    await room.server.accounts.change_password(account, old, new, session.address)
    session.tell("Your password is changed.")


@command
async def certificate(
    room: Room, session: Session, what: Literal["list", "add", "remove"] = "list", fingerprint: Rest = ""
) -> None:
    """Let a client come in as you by its TLS certificate, without a password.

    It is known by its fingerprint (SHA-256); without one, /certificate add takes that of this connection."""
    account = own_account(room, session)
    if what == "add":
        await _add_certificate(room, session, account, fingerprint or session.link.certificate)
    elif what == "remove":
        await room.server.accounts.remove_certificate(account, fingerprint or session.link.certificate)
        session.tell("That certificate opens your account no more.")
    else:
        _list_certificates(room, session, account)


async def _add_certificate(room: Room, session: Session, account: Account, fingerprint: str) -> None:
    if not fingerprint:
        raise UsageError("Your client has shown no certificate here: /certificate add <fingerprint>")
    warn_of_plain(room, session)
    password = await session.ask("Your password: ", secret=True)
    await room.server.accounts.authenticate(account.name, password, session.address)
    await room.server.accounts.add_certificate(account, fingerprint)
    session.tell("That certificate opens your account from now on.")


def _list_certificates(room: Room, session: Session, account: Account) -> None:
    kept = room.server.accounts.certificates(account)
    if not kept:
        session.tell("No certificate opens your account: /certificate add has one do so.")
        return
    rows = tuple((each, "here" if each == session.link.certificate else "") for each in kept)
    session.tell(Table("These certificates open your account:", ("SHA-256", "shown"), rows))


@command
async def unregister(room: Room, session: Session) -> None:
    """Give up your account for ever.

    Its nicks are free again, its private messages and settings are gone. What you have said in rooms stays
    there: /delete takes lines back before you go."""
    account = own_account(room, session)
    warn_of_plain(room, session)
    session.tell(f"This removes the account {account.name} for ever. An empty line keeps it.")
    password = await session.ask("Your password: ", secret=True)
    if not password:
        raise UsageError("Your account stays as it is.")
    await room.server.accounts.authenticate(account.name, password, session.address)
    await room.server.accounts.remove(account)
    room.server.is_nobodys(session.user)
    session.tell("Your account is removed. You are here as a guest now.")


@command
async def reserve(room: Room, session: Session, nick: str) -> None:
    """Keep one more nick for yourself: nobody else may use it, and you may with /nick."""
    account = own_account(room, session)
    room.server.order.check_rename(session.user, nick)
    await room.server.accounts.reserve(account, nick)
    session.tell(f"{nick} is reserved for you.")


@command
async def release(room: Room, session: Session, nick: str) -> None:
    """Let a nick go that you have reserved."""
    await room.server.accounts.release(own_account(room, session), nick)
    session.tell(f"{nick} is free again.")


@command
async def alwayson(room: Room, session: Session, state: Literal["on", "off"]) -> None:
    """Stay in your rooms when you are not connected, and be shown what you missed when you come back."""
    await room.server.accounts.change(own_account(room, session), always_on=state == "on")
    room.server.presence.moved(session.user)
    session.tell(
        "You stay here when your connection ends." if state == "on" else "You leave when you disconnect."
    )


@command
def detach(room: Room, session: Session) -> None:
    """Disconnect, and stay in your rooms until you come back (for a day)."""
    own_account(room, session)
    session.user.detached = True
    session.tell("You stay here. Log in again to come back to where you were.")
    raise EndSession("detached")


@command
async def missed(room: Room, session: Session) -> None:
    """Show what was said in this room since you were last here."""
    own_account(room, session)
    after = (session.user.left_at or {}).get(room.key)
    if after is None:
        raise UsageError("The house does not know when you were last in this room.")
    events = await room.server.store.history(room.key, 100, after=after)
    wanted = session.user.wants_of(events)
    if not wanted:
        session.tell("You have missed nothing here.")
        return
    session.tell(Replayed(wanted, room=room.key))


def own_account(room: Room, session: Session) -> Account:
    account = session.user.account
    if account is None:
        raise NotAllowed("You are here as a guest: /register makes an account of your nick.")
    return account


def warn_of_plain(room: Room, session: Session) -> None:
    if not session.link.secure:
        session.tell(room.server.warning_of_plain_text())
