"""Playback as ZNC's module of that name has it (znc.in/playback): a client tells *playback what it has seen last.
Rule: it is shown as playback is; the house has no buffers of its own to clear.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING

from teahouse.errors import ChatError
from teahouse.events import Event, Replayed
from teahouse.protocols.irc.batches import batched
from teahouse.protocols.irc.making import texts
from teahouse.protocols.irc.names import channel
from teahouse.protocols.irc.playback import BATCH
from teahouse.protocols.irc.reading import Buffer, buffer, lines_of, ready_to_read
from teahouse.store import MOST, StoreError

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession

NAME = "*playback"
ASKED = "playback"
"""The title of what was asked for: it is shown to clients that ask themselves."""
LONGEST = 20
"""Characters of a time, in seconds."""


async def playback_command(session: IrcSession, text: str) -> None:
    """PLAY buffer,buffer [from] [to]; LIST [buffer,buffer]; CLEAR means nothing here. A buffer may be `*`, all."""
    words = text.split()
    command, rest = words[0].upper() if words else "", words[1:]
    if command not in {"PLAY", "LIST", "CLEAR"}:
        _say(session, "There is PLAY <buffers> [from] [to], and LIST [buffers].")
    elif command != "CLEAR":
        times = [_seconds(word) for word in rest[1:3]]
        for each in await _buffers(session, rest[0] if rest else "*"):
            await ready_to_read(session)
            await _do(session, command, each, *times)


async def _do(session: IrcSession, command: str, found: Buffer, since: float = 0, until: float = 0) -> None:
    id_at = session.server.fanout.id_at
    after = id_at(datetime.fromtimestamp(since, UTC)) if since else 0
    before = id_at(datetime.fromtimestamp(until, UTC)) if until else None
    try:
        if command == "LIST":
            await _list(session, found)
        else:
            limit = session.server.limits.history_messages
            _play(session, found, await found.read(limit, after=after, before=before, latest=True))
    except StoreError as error:
        raise ChatError("The house cannot get at what it keeps just now. Please try again later.") from error


def _play(session: IrcSession, found: Buffer, events: list[Event]) -> None:
    if session.has("batch") and session.has("server-time"):
        lines = chain.from_iterable(lines_of(session, events))
        session.send(*batched(session, BATCH, (found.target,), lines))
    elif events:
        session.tell(Replayed(tuple(events), ASKED, room=events[0].room))


async def _list(session: IrcSession, found: Buffer) -> None:
    first = await found.read(1, after=0)
    last = await found.read(1)
    if first and last:
        _say(session, f"{found.target} {first[0].at.timestamp():.3f} {last[0].at.timestamp():.3f}")


async def _buffers(session: IrcSession, names: str) -> list[Buffer]:
    """The buffers that are named, as far as there are any."""
    if names != "*":
        found = [buffer(session, name) for name in names.split(",") if name]
        return [each for each in found if each is not None]
    rooms = [Buffer(session, channel(key), room) for key, room in session.user.rooms.items()]
    account = session.user.account
    if account is None:
        return rooms
    peers = await session.server.store.conversations(account.key, count=MOST)
    people = [buffer(session, peer) for peer, _ in peers[-session.server.limits.rooms_per_user :]]
    return [*rooms, *(each for each in people if each is not None)]


def _seconds(word: str) -> float:
    """Seconds since 1970, with a fraction."""
    if len(word) <= LONGEST and word.replace(".", "", 1).isascii() and word.replace(".", "", 1).isdecimal():
        seconds = float(word)
        return seconds if seconds < 1e10 else 0
    return 0


def _say(session: IrcSession, text: str) -> None:
    who = f"{NAME}!{ASKED}@{session.server_name}"
    session.send(*texts(who, "PRIVMSG", session.nick, text))
