"""`teahouse account …`. Rule: what is changed here reaches those who are in the running house, too; a password is
never an argument, which others on the machine could read.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import click

from teahouse.accounts.accounts import without_devices
from teahouse.accounts.passwords import Passwords
from teahouse.cli import Trouble
from teahouse.errors import ChatError
from teahouse.keeper import tokens
from teahouse.keeper.opening import Kept, Place, of_a_house, opened
from teahouse.keeper.tables import show
from teahouse.keeper.turning import Turning
from teahouse.sasl.keys import with_password
from teahouse.store import Account, Act, Taken
from teahouse.text import fold, skeleton, valid_name

ROLES = ("member", "moderator", "admin")
EVERYBODY = 1_000_000
Change = Callable[[Account], Account]
BY = "(machine)"
"""By whom such things are done, in the audit log: by nobody's nick."""
HEAD = ("name", "role", "created", "seen", "always on", "nicks")


@click.group()
def account() -> None:
    """Who has an account in the house; it may be open meanwhile."""


@account.command()
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default="member", show_default=True)
@of_a_house
def add(place: Place, name: str, role: str) -> None:
    """Make an account. The password is asked for, or is the first line of standard input."""
    name = _valid(place, name)
    if place.path.exists():
        with opened(place) as kept:
            _must_be_free(kept, name)
    set_password = _new_password(place, name)
    now = datetime.now(UTC)
    with opened(place, new=True) as kept:
        made = Account(
            name=name,
            key=fold(name),
            look=skeleton(name),
            password="",
            created=now,
            seen=now,
            role=role,
        )
        try:
            kept.wait(kept.store.add_account(set_password(made)))
        except Taken:
            raise Trouble(_taken(name)) from None
        if role != ROLES[0]:
            _note(kept, "role", name, f"{ROLES[0]} → {role}")
    click.echo(f"{name} has an account now, as {role}.")


@account.command("list")
@click.argument("pattern", default="*")
@of_a_house
def list_(place: Place, pattern: str) -> None:
    """List accounts, or those whose name fits a PATTERN: * is any text, ? any character."""
    with opened(place) as kept:
        found = kept.wait(kept.store.accounts(fold(pattern), count=EVERYBODY))
    if not found:
        raise Trouble("There is no account." if pattern == "*" else f"No account's name fits {pattern}.")
    show(HEAD, [_row(each) for each in found])


@account.command()
@click.argument("name")
@of_a_house
def password(place: Place, name: str) -> None:
    """Set another password. It is asked for, or is the first line of standard input."""
    with opened(place) as kept:
        named = _find(kept, name)
    set_password = _new_password(place, named.name)
    _change(place, name, lambda kept: without_devices(set_password(kept)), what="password")
    click.echo(f"{named.name} has a new password.")


@account.command()
@click.argument("name")
@click.argument("new_role", metavar="ROLE", type=click.Choice(ROLES))
@of_a_house
def role(place: Place, name: str, new_role: str) -> None:
    """Make someone a member, a moderator or an admin."""
    changed = _change(place, name, lambda kept: replace(kept, role=new_role), what="role")
    click.echo(f"{changed.name} is {_a(new_role)} now.")


@account.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@of_a_house
def remove(place: Place, name: str, yes: bool) -> None:
    """Remove an account, with its nicks, settings and private messages. What it said in rooms stays."""
    with opened(place) as kept:
        named = _find(kept, name)
    if not yes:
        what = f"Remove {named.name}, its nicks and its private messages? What it said in rooms stays."
        click.confirm(what, abort=True)
    with opened(place) as kept:
        kept.wait(kept.store.remove_account(named.key))
        _note(kept, "remove account", named.name)
    click.echo(f"{named.name} is removed.")


@account.command()
@click.argument("name")
@of_a_house
def suspend(place: Place, name: str) -> None:
    """Let someone in no more, and out of the house at once; everything of the account is kept."""
    changed = _change(place, name, lambda kept: replace(kept, suspended=True), what="suspend")
    click.echo(f"{changed.name} is suspended.")


@account.command()
@click.argument("name")
@of_a_house
def resume(place: Place, name: str) -> None:
    """Let someone in again who was suspended."""
    changed = _change(place, name, lambda kept: replace(kept, suspended=False), what="resume")
    click.echo(f"{changed.name} may come in again.")


# ---- the account -------------------------------------------------------------------------------------------


def _change(place: Place, name: str, how: Change, *, what: str) -> Account:
    with opened(place) as kept:
        before = _find(kept, name)
        changed = how(before)
        kept.wait(kept.store.save_account(changed))
        _note(kept, what, changed.name, f"{before.role} → {changed.role}" if what == "role" else "")
        return changed


def _note(kept: Kept, what: str, about: str, reason: str = "") -> None:
    """Have it in the audit log."""
    kept.wait(kept.store.note(Act(what=what, by=BY, about=about, reason=reason, at=datetime.now(UTC))))


def _look_up(place: Place, name: str) -> Account:
    with opened(place) as kept:
        return _find(kept, name)


account.add_command(tokens.of_account(_look_up, partial(_change, what="token")))


def _find(kept: Kept, name: str) -> Account:
    """The account of that name, or else of that nick. Raises Trouble."""
    found = kept.wait(kept.store.account(fold(name))) or kept.wait(kept.store.account_of_nick(fold(name)))
    if found is None:
        raise Trouble(f"There is no account {name}: teahouse account list shows those that there are.")
    return found


def _must_be_free(kept: Kept, name: str) -> None:
    if kept.wait(kept.store.account_of_nick(fold(name), skeleton(name))) is not None:
        raise Trouble(_taken(name))


def _taken(name: str) -> str:
    return f"{name} belongs to an account, or looks like one: choose another name."


def _valid(place: Place, name: str) -> str:
    """The name in the form in which it is kept. Raises Trouble where nobody could log in under it."""
    try:
        name = valid_name(name, max_length=place.settings.limits.nick_length)
    except ValueError as error:
        raise Trouble(str(error)) from None
    house = place.settings.house
    reserved = {mark(nick) for nick in house.own_nicks for mark in (fold, skeleton)}
    if not reserved.isdisjoint((fold(name), skeleton(name))):
        raise Trouble(f"{name} is kept for the house itself: nobody can log in under it.")
    if house.ascii_nicks and not name.isascii():
        raise Trouble("A nick has only the letters A to Z in this house.")
    return name


# ---- its password ------------------------------------------------------------------------------------------


def _new_password(place: Place, name: str) -> Change:
    """What gives an account the password that is asked for. Raises Trouble for one that the house would not take."""
    runtime = Turning()
    settings = place.settings
    passwords = Passwords(runtime, settings.limits.shortest_password, cheap=settings.test_mode)
    typed = _ask_password(name)
    try:
        passwords.check(typed, name)
        hashed = runtime.wait(passwords.hash(typed))
        keys = runtime.wait(passwords.keys(typed, hashed))
        return partial(with_password, hashed=hashed, kept=keys)
    except ChatError as error:
        raise Trouble(error.text) from None
    finally:
        passwords.stop()


def _ask_password(name: str) -> str:
    if sys.stdin.isatty():
        typed: str = click.prompt(
            f"Password for {name}", hide_input=True, confirmation_prompt="The same again"
        )
        return typed
    line = sys.stdin.buffer.readline().removesuffix(b"\n").removesuffix(b"\r")
    if not line:
        raise Trouble("No password: it is the first line of standard input, where that is not a terminal.")
    try:
        return line.decode()
    except UnicodeDecodeError:
        raise Trouble("The password is not in UTF-8.") from None


# ---- how it is shown ---------------------------------------------------------------------------------------


def _row(each: Account) -> tuple[str, ...]:
    nicks = ", ".join(nick.nick for nick in each.nicks)
    state = f"{each.role}, suspended" if each.suspended else each.role
    days = (f"{each.created:%Y-%m-%d}", f"{each.seen:%Y-%m-%d}")
    return each.name, state, *days, "yes" if each.always_on else "no", nicks


def _a(role_name: str) -> str:
    return f"an {role_name}" if role_name[0] == "a" else f"a {role_name}"
