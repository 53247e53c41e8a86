"""REDACT (draft/message-redaction) and EDIT (draft/message-edit): taking back and correcting what was said. Rule:
both do what /delete, /redact and /edit do, to the message that is named.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from teahouse.errors import NotAllowed
from teahouse.events import Deleted, Edited, Event
from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.answers import Fail, Refusal
from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.own import Line, is_own, is_text, named
from teahouse.rooms.commands import removal
from teahouse.rooms.past import have_done
from teahouse.text import clean, fold

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession

REDACT, EDIT = "REDACT", "EDIT"
MSGID, TEXT = "draft/target-msgid", "draft/edit-text"


async def redact(session: IrcSession, message: Message) -> None:
    """REDACT target msgid [:reason]."""
    target, msgid, *rest = message.params
    reason = (rest[0] if rest else "")[: session.server.limits.away_length]
    line = await named(session, REDACT, target, msgid)
    own = is_own(session.user, line)
    try:
        if line.room is not None and own:
            reason = line.room.shown_reason(session.user, reason)
            await line.room.take_back(session.user, line.event.id, reason)
        elif line.room is not None:
            await _take_out(session, line, reason)
        elif own:
            await _take_back_privately(session, target, line.event, reason)
        else:
            raise NotAllowed("You are not authorised to delete this message")
    except NotAllowed as error:
        raise Fail(REDACT, "REDACT_FORBIDDEN", target, msgid, text=error.text) from error


async def _take_out(session: IrcSession, line: Line, reason: str) -> None:
    """What another one said: for those who keep order, if they stand above that one."""
    room, who = line.room, str(getattr(line.event, "who", ""))
    assert room is not None
    room.demand(session, "operator")
    await removal.author_of(room, session, who)
    await removal.take_out(room, session, [line.event], removal.Cause("redact", who, reason))


async def _take_back_privately(session: IrcSession, target: str, event: Event, reason: str) -> None:
    if not session.server.order.may_say(session.user, reason):
        reason = ""
    await have_done(session.server, partial(session.server.store.erase, (event.id,)))
    _tell_both(session, Deleted(session.user.nick, (event.id,), reason=reason, to=target))


def _tell_both(session: IrcSession, event: Deleted | Edited) -> None:
    """The one to whom it was said, and all devices of the one who said it."""
    server, user = session.server, session.user
    other = server.users.get(fold(event.to))
    told = {user} if other is None else {user, other}
    server.fanout.whisper(replace(event, to=other.nick) if other else event, told, ())


# ---- other words ---------------------------------------------------------------------------------------------


async def edit(session: IrcSession, message: Message) -> None:
    """EDIT target, with the id and the words in tags; or EDIT target msgid :words."""
    target, *rest = message.params
    msgid = message.tags.get(MSGID, "") or (rest[0] if rest else "")
    words = message.tags.get(TEXT, "") or (rest[1] if len(rest) > 1 else "")
    if not msgid:
        raise Refusal(n.ERR_NEEDMOREPARAMS, EDIT)
    await correct(session, target, msgid, words)


async def correct(session: IrcSession, target: str, msgid: str, words: str) -> None:
    """Put other words in the place of one's own. Raises ChatError."""
    if not clean(words).strip():
        raise Fail(EDIT, "INVALID_EDIT", target, msgid, text="Invalid edit text")
    line = await named(session, EDIT, target, msgid)
    if not (is_own(session.user, line) and is_text(line.event)):
        text = "You are not authorised to edit this message"
        raise Fail(EDIT, "EDIT_FORBIDDEN", target, msgid, text=text)
    if line.room is not None:
        await line.room.correct(session.user, line.event.id, words)
        return
    session.server.order.check_whisper(session.user, words)
    await have_done(session.server, partial(session.server.store.change, line.event.id, words))
    _tell_both(session, Edited(session.user.nick, line.event.id, words, to=target))


VERBS = {REDACT: Verb(redact, 2), EDIT: Verb(edit, 1)}
