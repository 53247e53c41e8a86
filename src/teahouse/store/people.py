"""Who comes back: accounts, their nicks, and how far they have read. Rule: accounts are asked for by key (their
folded name); what is awaited is on disk when it is there.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Protocol

from teahouse.store.records import Account


class People(Protocol):
    """Keeps accounts and their read markers."""

    def account(self, key: str) -> Awaitable[Account | None]:
        """The account of that name."""

    def account_of_nick(self, key: str, look: str = "") -> Awaitable[Account | None]:
        """The account to which this nick belongs, be it its name or one that it reserves; or, given a look,
        else the one with a nick that looks so."""

    def accounts(self, pattern: str = "*", *, count: int = 1_000) -> Awaitable[list[Account]]:
        """The first accounts by key whose key matches: `*` is any text, `?` any character, the rest itself."""

    def add_account(self, account: Account) -> Awaitable[None]:
        """Keep a new one. Raises Taken, about the first of its nicks that belongs to somebody else."""

    def save_account(self, account: Account) -> Awaitable[None]:
        """Keep an account as it is now, found by its key. Raises Taken, and Missing where there is none."""

    def remove_account(self, key: str) -> Awaitable[None]:
        """Forget an account, its nicks, read markers and private messages, but not what it said in rooms
        (`erase` does that). Raises Missing where there is none."""

    def marker(self, account: str, room: str) -> Awaitable[int]:
        """The id of the last event that the account has read in a room; 0 for none."""

    def markers(self, account: str) -> Awaitable[dict[str, int]]:
        """All of its markers, by room."""

    def set_marker(self, account: str, room: str, id_: int) -> None:
        """The account has read up to here; it never goes back, but for 0, which forgets the marker. Cheap: written
        down within a second or so, and known to `marker` at once."""

    def changed_elsewhere(self) -> Awaitable[bool]:
        """Whether another program has written here since this was asked last, or since the beginning."""
