"""CHATHISTORY (draft/chathistory): what was said, by time or by message. Rule: what is asked for wrongly, and what
this client may not read, is a FAIL; where nothing was said there is an empty batch.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import chain
from typing import TYPE_CHECKING

from teahouse.events import Event
from teahouse.protocols.irc import selectors
from teahouse.protocols.irc.answers import Fail
from teahouse.protocols.irc.batches import batched
from teahouse.protocols.irc.commands.targets import targets
from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.playback import BATCH
from teahouse.protocols.irc.reading import Buffer, buffer, lines_of, ready_to_read
from teahouse.protocols.irc.selectors import BadReference, Place
from teahouse.store import StoreError

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession

CHATHISTORY = "CHATHISTORY"
TARGETS = "TARGETS"
Read = Callable[[Buffer, list[Place], int], Awaitable[list[Event]]]


async def chathistory(session: IrcSession, message: Message) -> None:
    """CHATHISTORY subcommand target selector [selector] limit; CHATHISTORY TARGETS selector selector limit."""
    name = message.params[0].upper() if message.params else ""
    if name == TARGETS:
        await _targets(session, message.params[1:])
        return
    if name not in SUBCOMMANDS:
        raise _fail("INVALID_PARAMS", message.params[0] if message.params else "*", text="Unknown command")
    read, selectors_, from_the_end = SUBCOMMANDS[name]
    params = _counted(name, message.params[1:], selectors_ + 2)
    where = [_place(session, name, params[0], word) for word in params[1:-1]]
    limit = _limit(session, name, params[-1])
    found = buffer(session, params[0])
    if found is None or not found.is_open:
        raise _fail("INVALID_TARGET", name, params[0], text="Messages could not be retrieved")
    events = await _read(session, read, found, where, limit)
    last = from_the_end or (name == "BETWEEN" and where[0].before > where[1].before)
    lines = chain.from_iterable(lines_of(session, events, last=last))
    session.send(*batched(session, BATCH, (params[0],), lines))


async def _read(
    session: IrcSession, read: Read, found: Buffer, where: list[Place], limit: int
) -> list[Event]:
    try:
        await ready_to_read(session)
        return await read(found, where, limit)
    except StoreError as error:
        session.server.runtime.log.error("the store cannot: {error}", error=error)
        raise _fail("MESSAGE_ERROR", "*", found.target, text="Messages could not be retrieved") from error


# ---- what is asked for ---------------------------------------------------------------------------------------


async def _before(found: Buffer, where: list[Place], limit: int) -> list[Event]:
    return await found.read(limit, before=where[0].before)


async def _after(found: Buffer, where: list[Place], limit: int) -> list[Event]:
    return await found.read(limit, after=where[0].after)


async def _latest(found: Buffer, where: list[Place], limit: int) -> list[Event]:
    return await found.read(limit, after=where[0].after, latest=True)


async def _around(found: Buffer, where: list[Place], limit: int) -> list[Event]:
    """The one that is meant counts to what comes after it."""
    before = await found.read(limit // 2, before=where[0].before)
    return before + await found.read(limit - len(before), after=where[0].before - 1)


async def _between(found: Buffer, where: list[Place], limit: int) -> list[Event]:
    """Counted from the first selector, also backwards."""
    first, second = where
    if first.before > second.before:
        return await found.read(limit, before=first.before, after=second.after, latest=True)
    return await found.read(limit, before=second.before, after=first.after)


async def _targets(session: IrcSession, given: tuple[str, ...]) -> None:
    """TARGETS: the buffers in which something was said last between two times."""
    params = _counted(TARGETS, given, 3)
    where = [_place(session, TARGETS, "*", word) for word in params[:2]]
    if any(not word.startswith("timestamp=") for word in params[:2]):
        raise _fail("INVALID_PARAMS", TARGETS, *params[:2], text="Invalid timestamp")
    limit = _limit(session, TARGETS, params[2])
    try:
        await ready_to_read(session)
        found = await targets(session, where[0], where[1], limit)
    except StoreError as error:
        session.server.runtime.log.error("the store cannot: {error}", error=error)
        raise _fail("MESSAGE_ERROR", TARGETS, "*", text="Targets could not be retrieved") from error
    lines = [Message(CHATHISTORY, (TARGETS, name, selectors.time_of(id_))) for name, id_ in found]
    session.send(*batched(session, "draft/chathistory-targets", (), lines))


# ---- how it is written ---------------------------------------------------------------------------------------


def _counted(name: str, params: tuple[str, ...], count: int) -> tuple[str, ...]:
    if len(params) != count or not params[0]:
        text = "Too many parameters" if len(params) > count else "Insufficient parameters"
        raise _fail("INVALID_PARAMS", name, text=text)
    return params


def _place(session: IrcSession, name: str, target: str, word: str) -> Place:
    if word == "*" and name == "LATEST":
        return Place(selectors.FIRST, selectors.FIRST)
    try:
        return selectors.place(word, session.server.fanout.id_at)
    except BadReference as error:
        text = "There are only timestamp= and msgid= references."
        raise _fail("INVALID_MSGREFTYPE", name, target, word, text=text) from error
    except ValueError as error:
        what = "timestamp" if word.startswith("timestamp=") else "message ID"
        raise _fail("INVALID_PARAMS", name, word, text=f"Invalid {what}") from error


def _limit(session: IrcSession, name: str, word: str) -> int:
    try:
        return selectors.limit(word, session.server.limits.history_messages)
    except ValueError as error:
        raise _fail("INVALID_PARAMS", name, word, text="Invalid limit") from error


def _fail(code: str, *context: str, text: str) -> Fail:
    return Fail(CHATHISTORY, code, *context, text=text)


SUBCOMMANDS: dict[str, tuple[Read, int, bool]] = {
    "BEFORE": (_before, 1, True),
    "AFTER": (_after, 1, False),
    "LATEST": (_latest, 1, True),
    "AROUND": (_around, 1, False),
    "BETWEEN": (_between, 2, False),
}
"""How it is read, how many selectors there are, and whether what does not fit is left out at the beginning."""
VERBS = {CHATHISTORY: Verb(chathistory)}
