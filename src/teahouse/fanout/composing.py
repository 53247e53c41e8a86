"""From a closed turn to bytes. Rule: a line is rendered once for all who have the same view; a renderer that fails is
one line's trouble.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from teahouse.events import Event, Notice, Replayed
from teahouse.fanout.audience import Group
from teahouse.fanout.turn import Delivery, Entry
from teahouse.runtime import Runtime
from teahouse.view import Render, View

if TYPE_CHECKING:
    from teahouse.session import Session

Rendered = dict[Group, dict[int, bytes]]
"""What has been rendered in this delivery, by view and event id."""


class Composer:
    """Makes of a delivery what is sent. `lost`: the ids of what could not be kept, and so is shown to nobody."""

    def __init__(self, runtime: Runtime, lost: set[int]) -> None:
        self._runtime = runtime
        self._lost = lost

    def compose(self, delivery: Delivery, write: Callable[[Session, bytes], None]) -> None:
        """Write what each session is shown of a closed turn, once."""
        done: Rendered = {}
        own = delivery.own
        for group, entries, sessions in delivery.shared:
            lines = done.setdefault(group, {})
            block = b"".join([self._render(lines, group, entry.event) for entry in entries])
            if block:
                for session in sessions:
                    if session not in own:
                        write(session, block)
        for session, entries in own.items():
            write(session, self._joined(session, entries, done))

    def _joined(self, session: Session, entries: list[Entry], done: Rendered) -> bytes:
        """What one session is shown of a turn. In a busy room most of it was said by others, and looks as it does to
        all who have the same view: about that the session is asked once."""
        group = (session.render, session.view)
        lines = done.setdefault(group, {})
        user, is_plain = session.user, session.link.many and not session.is_particular()
        parts = []
        for entry in entries:
            event, author = entry.event, entry.author
            if is_plain and author is not None and author is not user and event.room and not entry.told:
                parts.append(session.link.shown(self._render(lines, group, event), session.view))
            else:
                parts.append(self._for(session, entry, done))
        return b"".join(parts)

    def _for(self, session: Session, entry: Entry, done: Rendered) -> bytes:
        event = entry.event
        if type(event) is Replayed and self._lost:
            event = event.without(self._lost)
            if not event.events:
                return b""
        try:
            view = session.view_of(entry)
        except Exception:  # noqa: BLE001  an event whose fields are not what they should be
            self._runtime.log.failure("cannot say how to show {kind}", kind=event.kind())
            view = session.view
        if view is None:
            return b""
        if entry.told or not event.room:
            return self._reply(session, event, view)
        group = (session.render, view)
        return session.link.shown(self._render(done.setdefault(group, {}), group, event), view)

    def _render(self, lines: dict[int, bytes], group: Group, event: Event) -> bytes:
        found = lines.get(event.id)
        if found is None:
            render, view = group
            try:
                found = render(event, view)
            except Exception:  # noqa: BLE001  one broken renderer is one line's trouble
                self._runtime.log.failure("cannot render {kind}", kind=event.kind())
                found = self._plain(render, event, view)
            lines[event.id] = found
        return found

    def _reply(self, session: Session, event: Event, view: View) -> bytes:
        try:
            return session.link.reply(event, view)
        except Exception:  # noqa: BLE001  as in `_render`
            self._runtime.log.failure("cannot render {kind}", kind=event.kind())
            return self._plain(session.render, event, view)

    def _plain(self, render: Render, event: Event, view: View) -> bytes:
        """What a broken renderer or a broken `__str__` leaves: at least something went on here."""
        try:
            return render(Notice(str(event)), view)
        except Exception:  # noqa: BLE001  as in `_render`
            self._runtime.log.failure("{kind} has no plain line either", kind=event.kind())
            return b""
