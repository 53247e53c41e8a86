"""What a client reads again: the past of a channel, or of its user's conversation with one person. Rule: who may not
read a channel is told what they would be told if there were none; what ignored people said is passed over.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from teahouse.errors import EndSession
from teahouse.events import Event, Reacted, TopicChanged, kept_kinds
from teahouse.lines import may_read
from teahouse.protocols.irc.making import wire
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.names import channel, is_channel, room_of
from teahouse.protocols.irc.render import messages
from teahouse.protocols.irc.view import IrcView
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession
    from teahouse.rooms.chat import ChatRoom
    from teahouse.runtime import Waiter

PLAYBACK = "draft/event-playback"
EVENTS = (Reacted, TopicChanged)
"""Kinds that are neither PRIVMSG nor NOTICE: for clients with event-playback."""
PAGES = 5
"""How often more is fetched in the place of what is passed over."""
PAUSE = 0.25
"""Seconds between two looks whether a slow client has read on."""
SHARE = 4
"""The part of what may wait for a client that one answer may be."""


@dataclass(frozen=True, slots=True)
class Buffer:
    """A channel, by its room, or a conversation, by the folded nick of the other one. `target` is its name as the
    client is told it."""

    session: IrcSession
    target: str
    room: ChatRoom | None = None
    peer: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it stands open at this client: a channel that one is in, or a conversation."""
        return self.room is None or self.session.user in self.room.members

    async def read(
        self, count: int, *, before: int | None = None, after: int | None = None, latest: bool = False
    ) -> list[Event]:
        """As `Lines.history`, and as far as it is for this client. Raises StoreError."""
        forwards = after is not None and not latest
        found: list[Event] = []
        for _ in range(PAGES if count > 0 else 0):
            page = await self._page(count, before, after, latest)
            wanted = [*filter(self._is_shown, self.session.user.wants_of(page))]
            found = found + wanted if forwards else wanted + found
            if len(page) < count or len(found) >= count:
                break
            before, after = (before, page[-1].id) if forwards else (page[0].id, after)
        return found[:count] if forwards else found[-count:]

    async def _page(self, count: int, before: int | None, after: int | None, latest: bool) -> list[Event]:
        store, user = self.session.server.store, self.session.user
        if self.room is not None:
            kinds = self._kinds()
            return await store.history(
                self.room.key, count, before=before, after=after, latest=latest, kinds=kinds
            )
        if user.account is None:  # a guest's messages are kept for nobody
            return []
        key = user.account.key
        return await store.conversation(key, self.peer, count, before=before, after=after, latest=latest)

    def _kinds(self) -> Collection[str]:
        if self.session.has(PLAYBACK):
            return ()
        return kept_kinds() - {each.kind() for each in EVENTS}

    def _is_shown(self, event: Event) -> bool:
        return self.session.has(PLAYBACK) or not isinstance(event, EVENTS)


async def ready_to_read(session: IrcSession) -> None:
    """Wait until all that was said can be found, and the client has taken most of what it was sent before: who asks
    for much and reads slowly waits, and is not dropped for the answers. Raises EndSession."""
    server = session.server
    while getattr(session.link, "queued", 0) > server.limits.output_bytes // SHARE:
        waiter: Waiter[None] = server.runtime.waiter()
        server.runtime.later(PAUSE, partial(waiter.callback, None))
        await waiter
        if session.ended:
            raise EndSession
    await server.fanout.stored()


def buffer(session: IrcSession, target: str) -> Buffer | None:
    """The buffer that a target is; None for a channel that this client may not read."""
    if not is_channel(target):
        other = session.server.users.get(fold(target))
        return Buffer(session, other.nick if other else target, peer=fold(target))
    room = session.server.rooms.get(fold(room_of(target)))
    if room is None or not may_read(session, room):
        return None
    return Buffer(session, channel(room.key), room)


def lines_of(session: IrcSession, events: list[Event], *, last: bool = True) -> list[list[Message]]:
    """The messages of each event, of as many of the last (or the first) as one answer has space for: it must not drop
    the one who asked."""
    view = session.view
    assert isinstance(view, IrcView)
    as_past = replace(view, own=False, here=False)
    space = session.server.limits.output_bytes // SHARE
    found: list[list[Message]] = []
    for event in reversed(events) if last else events:
        lines = list(messages(event, as_past))
        space -= len(wire(lines))
        if space < 0 and found:
            break
        found.append(lines)
    return found[::-1] if last else found
