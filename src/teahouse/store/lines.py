"""What was said: keeping it, reading it again, and forgetting it. Rule: events are found by id, never by their
place in a list; what was said in private belongs to accounts and is in no room's history.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from typing import Protocol

from teahouse.events import Event

Done = Callable[[Exception | None], None]
MOST = 1_000
"""Events that one question is answered with, however many are asked for."""


class Lines(Protocol):
    """Keeps events in the order in which they happened."""

    def append(self, events: Sequence[Event], done: Done) -> None:
        """Keep these. `done(None)` once they are safe, `done(error)` if none of them is; on the reactor's
        thread, in the order of the calls, perhaps before this returns.

        A callback, not an awaitable: this is once a turn on the hot path, and answered from another thread.
        """

    def append_private(self, event: Event, owners: Collection[str], done: Done) -> None:
        """Keep a private message, one copy for each of these accounts (keys); nobody else ever finds it.
        In one order with `append`. An account that is not there gets none."""

    def recent(self, room: str, count: int, *, kinds: Collection[str] = ()) -> list[Event]:
        """The last `count` events of a room, oldest first, at once. Only what has been reported done.

        `kinds`: only events of these kinds (`Event.kind()`), as far as they are among the last `MOST` of any.
        """

    def event(self, id_: int) -> Awaitable[Event | None]:
        """One event of a room, by its id."""

    def history(  # noqa: PLR0913  as many as people may name
        self,
        room: str,
        count: int,
        *,
        before: int | None = None,
        after: int | None = None,
        latest: bool = False,
        kinds: Collection[str] = (),
    ) -> Awaitable[list[Event]]:
        """Events of a room with ids between `after` and `before` (neither is included), oldest first: with
        `after` the first `count` of them, without it, or if the `latest` are asked for, the last; `MOST` at most.

        `kinds`: only events of these kinds (`Event.kind()`); none named: of all.
        """

    def newest(self, rooms: Collection[str]) -> Awaitable[dict[str, int]]:
        """The id of the last event of each of these rooms that has one."""

    def rooms_with_lines(self) -> Awaitable[list[str]]:
        """The keys of all rooms that events are kept of, open or not; perhaps of some that have none any more."""

    def inbox(self, account: str, *, after: int = 0, count: int = 100) -> Awaitable[list[Event]]:
        """The first `count` private messages to and from an account since one that it has seen, oldest first."""

    def conversation(  # noqa: PLR0913  as `history`
        self,
        account: str,
        peer: str,
        count: int,
        *,
        before: int | None = None,
        after: int | None = None,
        latest: bool = False,
    ) -> Awaitable[list[Event]]:
        """Private messages between an account (key) and a nick (folded), as `history` has those of a room.

        The peer of a message is the one to whom the account sent it, or who sent it (see `peer_of`); under
        another nick the same person is another peer.
        """

    def conversations(
        self, account: str, *, after: int = 0, before: int | None = None, count: int = 100
    ) -> Awaitable[list[tuple[str, int]]]:
        """With whom an account has private messages: peer and id of the last one, where that is between `after`
        and `before`; the newest `count` conversations (`MOST` at most), newest last."""

    def search(  # noqa: PLR0913  as many as people may name
        self,
        words: Sequence[str],
        *,
        rooms: Collection[str],
        who: str = "",
        since: datetime | None = None,
        before: datetime | None = None,
        count: int = 20,
    ) -> Awaitable[list[Event]]:
        """The newest events of these rooms in whose text all the words occur, in any case, newest first.

        A word is any text, found inside longer words too; nothing in it has a meaning of its own. No words:
        all of them. `who` is a nick in any case.
        """

    def change(self, id_: int, text: str, done: Done) -> None:
        """Put another text in an event's place, for everyone who has it; `done(Missing)` if nobody has."""

    def erase(self, ids: Collection[int], done: Done) -> None:
        """Forget these events, private ones too: gone from history, search and disk. Unknown ids are no error."""

    def forget_before(
        self, room: str, *, id_: int | None = None, at: datetime | None = None, keep: int | None = None
    ) -> Awaitable[int]:
        """Forget what a room has from before an event or a time, or all but its last `keep` events; how many
        that were."""

    def restore(self, events: Sequence[Event]) -> Awaitable[int]:
        """Keep events that happened before, each with the room, id and time that it has; how many were new.
        Those whose id is there already are left as they are. All of them are kept, or none."""
