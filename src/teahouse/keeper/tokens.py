"""`teahouse account token …`: tokens for programs. Rule: a new one is shown once, and nothing else tells it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import click

from teahouse.accounts import tokens
from teahouse.cli import Trouble
from teahouse.errors import ChatError
from teahouse.keeper.opening import Place, of_a_house
from teahouse.keeper.tables import show
from teahouse.store import Account

Change = Callable[[Account], Account]
HEAD = ("id", "label", "for", "since")


def of_account(
    find: Callable[[Place, str], Account], change: Callable[[Place, str, Change], Account]
) -> click.Command:
    """The command, for those who know how to find and to change an account."""

    @click.command("token")
    @click.argument("name")
    @click.argument("what", type=click.Choice(["list", "add", "remove"]), default="list")
    @click.argument("words", nargs=-1)
    @of_a_house
    def token(place: Place, name: str, what: str, words: tuple[str, ...]) -> None:
        """Tokens of an account, for programs: list them, add LABEL SCOPES, or remove ID.

        The scopes are read, write, moderate and hooks. A new token is shown once."""
        if what == "list":
            _list(find(place, name))
        elif what == "add":
            click.echo(_add(partial(change, place, name), find(place, name), words))
        else:
            _remove(partial(change, place, name), words)

    return token


def _list(account: Account) -> None:
    kept = tokens.tokens_of(account)
    if not kept:
        raise Trouble(f"{account.name} has no tokens.")
    show(HEAD, [(each.id, each.label, " ".join(each.scopes), f"{each.created:%Y-%m-%d}") for each in kept])


def _add(change: Callable[[Change], Account], account: Account, words: Sequence[str]) -> str:
    if len(words) < 2:
        raise Trouble("A token has a label, and one or more scopes: read, write, moderate, hooks.")
    label, *scopes = words
    try:
        text, made = tokens.made_for(account, tokens.checked_scopes(scopes), label)
        change(lambda kept: tokens.with_token(kept, made))
    except ChatError as error:
        raise Trouble(error.text) from None
    return text


def _remove(change: Callable[[Change], Account], words: Sequence[str]) -> None:
    if len(words) != 1:
        raise Trouble("Which token? Its id stands in the list.")
    try:
        change(lambda kept: tokens.without_tokens(kept, words))
    except ChatError:
        raise Trouble(f"There is no token {words[0]}.") from None
    click.echo("That token opens nothing any more.")
