"""REDACT (draft/message-redaction) and EDIT (draft/message-edit): taking back and correcting what was said. Rule:
both do what /delete, /redact and /edit do, to the message that is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse import lines
from teahouse.errors import NotAllowed, NotFound, TooLate
from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.answers import Fail, Refusal
from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.names import is_channel
from teahouse.protocols.irc.own import id_of, own_room, unknown
from teahouse.text import clean

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession

REDACT, EDIT = "REDACT", "EDIT"
MSGID, TEXT = "draft/target-msgid", "draft/edit-text"


async def redact(session: IrcSession, message: Message) -> None:
    """REDACT target msgid [:reason]."""
    target, msgid, *rest = message.params
    reason = (rest[0] if rest else "")[: session.server.limits.away_length]
    try:
        if is_channel(target):
            await lines.remove(session, own_room(session, REDACT, target), id_of(msgid), reason)
        else:
            await lines.take_back_whisper(session, target, id_of(msgid), reason)
    except NotAllowed as error:
        raise Fail(REDACT, "REDACT_FORBIDDEN", target, msgid, text=error.text) from error
    except NotFound as error:
        raise unknown(REDACT, target, msgid) from error
    except TooLate as error:
        raise _expired(session, REDACT, target, msgid, error) from error


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
    try:
        if is_channel(target):
            await lines.correct(session, own_room(session, EDIT, target), id_of(msgid), words)
        else:
            await lines.correct_whisper(session, target, id_of(msgid), words)
    except NotAllowed as error:
        text = "You are not authorised to edit this message"
        raise Fail(EDIT, "EDIT_FORBIDDEN", target, msgid, text=text) from error
    except NotFound as error:
        raise unknown(EDIT, target, msgid) from error
    except TooLate as error:
        raise _expired(session, EDIT, target, msgid, error) from error


def _expired(session: IrcSession, command: str, target: str, msgid: str, error: TooLate) -> Fail:
    """Too late: the time within which it could have been done is told in seconds."""
    window = str(60 * session.server.limits.change_minutes)
    return Fail(command, f"{command}_WINDOW_EXPIRED", target, msgid, window, text=error.text)


VERBS = {REDACT: Verb(redact, 2), EDIT: Verb(edit, 1)}
