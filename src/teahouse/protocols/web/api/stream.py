"""One event stream: a device of the account that only listens. Rule: what comes before its head was written waits,
and goes out in one order with what was missed, each event once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from teahouse.events import Answered, Event, LoggedIn, Prompt, Replayed, Roster, Table
from teahouse.protocols.web.api.session import ApiSession, Desk
from teahouse.protocols.web.api.sse import HEARTBEAT, blocks, failed, render
from teahouse.view import View

if TYPE_CHECKING:
    from teahouse.protocols.web.exchange import Flow
    from teahouse.server import Server

PASSED_OVER = frozenset({Answered, LoggedIn, Prompt, Replayed, Roster, Table})
"""What people are shown on coming in, and answers to what they type."""
LOST = "connection lost"
Owner = tuple[str, str]
"""An account's key and a token's id."""


class EventStream(Desk):
    """The link of its session."""

    def __init__(self, server: Server, owner: Owner, address: str, *, secure: bool) -> None:
        super().__init__(address, secure=secure)
        self.owner = owner
        self.session = ApiSession(server, self)
        self.ended: Callable[[EventStream], None] = lambda _: None
        """Called when it has ended."""
        self._limit = server.limits.output_bytes
        self._flow: Flow | None = None
        self._waiting: dict[int, bytes] = {}
        self._size = self._beats = 0

    # ---- its beginning and its end -------------------------------------------------------------------------

    def missed(self, events: Iterable[tuple[int, bytes]]) -> None:
        """Blocks from before, by their ids: they go out before what has come since."""
        self._waiting |= dict(events)

    def start(self, flow: Flow) -> Callable[[], object]:
        """The head is written: from now on it is sent what comes."""
        self._flow = flow
        flow.write(HEARTBEAT + b"".join(self._waiting[id_] for id_ in sorted(self._waiting)))
        self._waiting.clear()
        return self.gone

    def gone(self) -> None:
        """The client has gone."""
        self._flow = None
        self.session.lost(LOST)
        self.ended(self)

    def beat(self) -> None:
        """Show that somebody is there. A stream whose client had gone before it began ends at the second time."""
        self._beats += 1
        if self._flow is not None:
            self._flow.write(HEARTBEAT)
        elif self._beats > 1:
            self.gone()

    def refuse(self, text: str) -> None:
        """It goes on no longer."""
        self._end_with(failed("ended", text))
        self.session.lost(LOST)
        self.ended(self)

    # ---- see `Link` ----------------------------------------------------------------------------------------

    def write(self, data: bytes) -> None:
        """See `Link.write`."""
        if self._flow is not None:
            self._flow.write(data)
            return
        self._waiting |= dict(blocks(data))
        self._size += len(data)
        if self._size > self._limit:
            self.gone()

    def reply(self, event: Event, view: View) -> bytes:
        """See `Link.reply`. Private messages that came while nobody was there are events as they were."""
        if isinstance(event, Replayed) and not event.room and not event.title:
            return b"".join(render(each, view) for each in event.events)
        return b"" if type(event) in PASSED_OVER else render(event, view)

    def close(self) -> None:
        """See `Link.close`."""
        self._end_with(b"")
        self.ended(self)

    def drop(self, reason: str) -> None:
        """See `Link.drop`."""
        self._end_with(failed("dropped", reason))
        self.ended(self)

    def _end_with(self, data: bytes) -> None:
        flow, self._flow = self._flow, None
        if flow is not None:
            flow.write(data)
            flow.close()
