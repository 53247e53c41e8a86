"""SEARCH (draft/search; soju.im/search). Rule: it finds what the client could read by CHATHISTORY, and nothing else;
a room that may not be read is not told from one in which nothing was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING

from teahouse.events import Event
from teahouse.lines import may_read
from teahouse.protocols.irc import selectors
from teahouse.protocols.irc.answers import Fail
from teahouse.protocols.irc.batches import batched
from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.message import Message, parse_tags
from teahouse.protocols.irc.names import is_channel
from teahouse.protocols.irc.reading import EVENTS, buffer, lines_of, ready_to_read
from teahouse.store import MOST, StoreError
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession

SEARCH = "SEARCH"
KNOWN = {"in", "from", "after", "before", "text", "limit"}
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is searched for; all of it must fit."""

    words: tuple[str, ...]
    where: str
    who: str
    since: datetime | None
    before: datetime | None
    limit: int

    def fits(self, event: Event) -> bool:
        """Whether a private message is what is searched for."""
        text = fold(str(getattr(event, "text", "")))
        return (
            hasattr(event, "text")
            and (not self.who or fold(str(getattr(event, "who", ""))) == fold(self.who))
            and (self.since is None or event.at >= self.since)
            and (self.before is None or event.at < self.before)
            and all(fold(word) in text for word in self.words)
        )


async def search(session: IrcSession, message: Message) -> None:
    """SEARCH attributes, written as tags are: from=jackie;in=#chan;text=fast."""
    asked = _asked(session, message.params[0] if message.params else "")
    try:
        await ready_to_read(session)
        found = await _find(session, asked)
    except StoreError as error:
        session.server.runtime.log.error("the store cannot: {error}", error=error)
        raise Fail(SEARCH, "INTERNAL_ERROR", text="The search could not be run") from error
    shown = [each for each in session.user.wants_of(found) if not isinstance(each, EVENTS)]
    kind = "search" if session.has("draft/search") else "soju.im/search"
    session.send(*batched(session, kind, (), chain.from_iterable(lines_of(session, shown))))


async def _find(session: IrcSession, asked: Asked) -> list[Event]:
    """What fits, oldest first."""
    if asked.where and not is_channel(asked.where):
        private = buffer(session, asked.where)
        past = await private.read(MOST) if private is not None else []
        return [each for each in past if asked.fits(each)][-asked.limit :]
    found = await session.server.store.search(
        asked.words,
        rooms=_rooms(session, asked.where),
        who=asked.who,
        since=asked.since,
        before=asked.before,
        count=asked.limit,
    )
    return found[::-1]


def _rooms(session: IrcSession, where: str) -> list[str]:
    if where:
        found = buffer(session, where)
        return [found.room.key] if found is not None and found.room is not None else []
    return [
        key for key, room in session.server.rooms.items() if room.keeps_history and may_read(session, room)
    ]


def _asked(session: IrcSession, text: str) -> Asked:
    attributes = {key: value for key, value in parse_tags(text).items() if key in KNOWN}
    if not attributes:
        raise Fail(SEARCH, "INVALID_PARAMS", text="Invalid parameters")
    before = _moment(attributes, "before")
    return Asked(
        tuple(attributes.get("text", "").split()),
        attributes.get("in", ""),
        attributes.get("from", ""),
        _moment(attributes, "after"),
        before + _MILLISECOND if before is not None else None,  # "at or before"
        _limit(session, attributes),
    )


def _moment(attributes: dict[str, str], name: str) -> datetime | None:
    if name not in attributes:
        return None
    try:
        return selectors.moment(attributes[name])
    except ValueError as error:
        raise Fail(SEARCH, "INVALID_PARAMS", name, text="Invalid timestamp") from error


def _limit(session: IrcSession, attributes: dict[str, str]) -> int:
    most = session.server.limits.history_messages
    try:
        return selectors.limit(attributes.get("limit", str(most)), most)
    except ValueError as error:
        raise Fail(SEARCH, "INVALID_PARAMS", "limit", text="Invalid limit") from error


VERBS = {SEARCH: Verb(search)}
