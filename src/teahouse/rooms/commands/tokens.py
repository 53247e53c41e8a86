"""Tokens: what lets programs, and devices that are remembered, act for one's account. Rule: a new one is shown once,
to the one who asked, who has said the password again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from teahouse.commands import Rest, command
from teahouse.errors import UsageError
from teahouse.events import Notice, Table
from teahouse.rooms.commands.account import own_account, warn_of_plain

if TYPE_CHECKING:
    from teahouse.rooms.base import Room
    from teahouse.session import Session
    from teahouse.store import Account

ADD = "Usage: /token add <label> <read, write, moderate, hooks: one or more of them>"
REMOVE = "Usage: /token remove <id>, as /token list shows it"

HEAD = "Your account"


@command(aliases=("tokens",))
async def token(
    room: Room, session: Session, what: Literal["list", "add", "remove"] = "list", more: Rest = ""
) -> None:
    """List the tokens of your account, make one for a program, or revoke one: /token add weather write
    What it may do stands behind the label: read, write, moderate, hooks. See docs/api.md."""
    account, words = own_account(room, session), more.split()
    if what == "add":
        await _add_token(room, session, account, words)
    elif what == "remove":
        if len(words) != 1:
            raise UsageError(REMOVE)
        await room.server.accounts.remove_token(account, words[0])
        session.tell("That token opens nothing any more.")
    else:
        _list_tokens(room, session, account)


async def _add_token(room: Room, session: Session, account: Account, words: list[str]) -> None:
    if len(words) < 2:
        raise UsageError(ADD)
    warn_of_plain(room, session)
    password = await session.ask("Your password: ", secret=True)
    await room.server.accounts.authenticate(account.name, password, session.address)
    label, *scopes = words
    text = await room.server.accounts.add_token(account, label, scopes)
    session.tell(Notice(f"The token for {label}, shown only now: {text}"))


def _list_tokens(room: Room, session: Session, account: Account) -> None:
    kept = room.server.accounts.tokens(account)
    if not kept:
        session.tell("Your account has no tokens. /token add <label> <scopes> makes one for a program.")
        return
    rows = tuple((each.id, each.label, " ".join(each.scopes), f"{each.created:%Y-%m-%d}") for each in kept)
    session.tell(Table("Tokens of your account:", ("id", "label", "for", "since"), rows))
