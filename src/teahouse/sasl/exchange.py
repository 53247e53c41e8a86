"""One client's way through one mechanism. Rule: what a client says is bounded and well-formed before a mechanism sees
it, and an exchange that has ended, in whichever way, takes nothing more.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from teahouse.errors import NotAllowed, TooLong, UsageError
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.accounts import Accounts
    from teahouse.store import Account

NAME = 255
"""Bytes in a name: RFC 4616 section 2 asks for as many, and no house has longer nicks."""
OVER = "This login attempt has ended: begin a new one."


class Peer(NamedTuple):
    """Who is at the other end: the address, the certificate shown there (`Link.certificate`), the nick it goes by
    or wants to; "" for what it does not have."""

    address: str
    certificate: str = ""
    nick: str = ""


@dataclass(frozen=True, slots=True)
class Challenge:
    """Send this to the client, and bring what it answers; it may be empty."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Done:
    """The client has proved to be of this account."""

    account: Account


Step = Challenge | Done


class Exchange:
    """A mechanism's subclass says in `first` what it makes of the client's first message."""

    longest = 1_024
    """Bytes in one message of the client's."""

    def __init__(self, accounts: Accounts, peer: Peer) -> None:
        self.accounts = accounts
        self.peer = peer
        self.then: Callable[[str], Awaitable[Step]] = self.first

    async def step(self, data: bytes) -> Step:
        """What to answer to this message. The client speaks first in all mechanisms here: where it cannot with its
        choice of the mechanism, the protocol sends it an empty challenge by itself.

        Raises ChatError, and has ended then: TooLong and UsageError for what no client sends, NotAllowed for an
        identity or a way that is not to be had, WrongPassword, TooFast and Busy as `Accounts.authenticate` does.
        """
        then, self.then = self.then, _over  # a second message meanwhile, or after a failure, finds no way on
        return await then(_text(data, self.longest))

    async def first(self, text: str) -> Step:
        """The client's first message."""
        raise NotImplementedError


def check_identity(account: Account, asked: str) -> None:
    """Raise NotAllowed unless the identity asked for (RFC 4422 section 3.4.1) is the account's own, or none."""
    if asked and fold(asked) not in {each.key for each in account.own}:
        raise NotAllowed("You can act for your own account only: leave the other identity out.")


def check_name(*names: str) -> None:
    """Raise TooLong."""
    if any(len(each.encode()) > NAME for each in names):
        raise TooLong(f"A name has at most {NAME} bytes.")


def _text(data: bytes, longest: int) -> str:
    if len(data) > longest:
        raise TooLong(f"A message has at most {longest:,} bytes here.")
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise UsageError("The message is not in UTF-8.") from None


async def _over(text: str) -> Step:
    raise UsageError(OVER)
