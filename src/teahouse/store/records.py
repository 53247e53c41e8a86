"""What the store keeps besides events, as plain records, and what it says when it cannot. Rule: values only:
what may be a name, who may do what and what a setting means is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

ON_DEMAND = "on_demand"


class Nick(NamedTuple):
    """A nick that belongs to an account: as it is shown, folded, and as it looks (`teahouse.text`)."""

    nick: str
    key: str
    look: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A stored identity. `nicks` are those it reserves besides its own name; all keys and all looks are unique
    over all accounts. `settings` and `ssh_keys` are the account's own business; the store reads neither. What a
    password was made into (`password`, and in `settings` what SCRAM needs) is not shown by `repr`, as in logs.
    """

    name: str
    key: str
    look: str
    password: str = field(repr=False)
    created: datetime
    seen: datetime
    role: str = "member"
    always_on: bool = False
    suspended: bool = False
    nicks: tuple[Nick, ...] = ()
    ssh_keys: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def own(self) -> tuple[Nick, ...]:
        """Every nick that nobody else may have: the name and the reserved ones."""
        return (Nick(self.name, self.key, self.look), *self.nicks)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomRecord:
    """A room that outlives a restart. `founder` is the key of the account that has registered it, or ""; `policy` is
    what its keepers have set."""

    name: str
    key: str
    topic: str = ""
    topic_by: str = ""
    founder: str = ""
    policy: Mapping[str, Any] = field(default_factory=dict)

    @property
    def on_demand(self) -> bool:
        """Whether it goes with the last one in it, and is kept as long as someone always on is there."""
        return bool(self.policy.get(ON_DEMAND))


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that was done to keep order: what (a command's name), by whom, about whom or what, in which room
    (by name; "" is the whole house), why, and what else there is to say.

    `number` is given by the store, and `at` too where there is none yet. `account` is of the one who did it;
    `address` of the one it is about, for moderators' eyes; `settles` is the number of the report that it closes.
    """

    what: str
    by: str
    account: str = ""
    about: str = ""
    room: str = ""
    reason: str = ""
    detail: str = ""
    address: str = ""
    settles: int = 0
    number: int = 0
    at: datetime = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that someone has put into the house: whose it is (an account's key), what its owner calls it, the media
    type as which it is sent, its size in bytes, and when that was. `id` is random: it is all that opens the file."""

    id: str
    account: str
    name: str
    type: str
    size: int
    at: datetime


class StoreError(Exception):
    """The store could not do it, and has done none of it; the text says why."""


class StoreBusy(StoreError):
    """More waits to be written than the store holds: nothing of this was taken."""


class StoreUnusable(StoreError):
    """The file cannot be used as it is, and has not been touched: the text tells the keeper what to do."""


class Taken(StoreError):
    """Another account has this name or nick, or one that looks like it; `key` is the one that clashes."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key} belongs to another account")
        self.key = key


class Occupied(StoreError):
    """Something is kept already of another room that had this name."""


class Missing(StoreError):
    """There is no such event, account or room (any more)."""
