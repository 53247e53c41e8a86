"""What people say, as IRC. Rule: a text of several lines, or too long for one, is as many messages; the first of them
has the id by which it is found again, and together they are a batch for clients that know multiline: joined as it
says, they are the text again.
"""

from __future__ import annotations

from collections.abc import Iterator

from teahouse.events import Deleted, Edited, Emoted, Said, Whispered
from teahouse.protocols.irc.fitting import cut_text, size
from teahouse.protocols.irc.making import room_for_text, source, tags_of, texts
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.multiline import CONCAT, PIECES, pieces_of
from teahouse.protocols.irc.names import channel
from teahouse.protocols.irc.view import IrcView

REPLY = "+draft/reply"
RELAYMSG = "draft/relaymsg"
MULTILINE = "draft/multiline"
BATCHED = frozenset({MULTILINE, "batch"})
EDITS = frozenset({"draft/message-edit", "message-tags"})
LONGEST_EDIT = 1_500
"""Bytes of a correction that goes into a tag, where they may become twice as many: longer ones come as a message."""


def spoken(event: Said | Emoted | Whispered, view: IrcView) -> Iterator[Message]:
    """The messages of what was said, in a room or to one person."""
    target = event.to if isinstance(event, Whispered) else channel(event.room)
    manner = "" if isinstance(event, Emoted) else event.manner
    emote = isinstance(event, Emoted) or manner == "emote"
    lines = pieces_of(event.text, dict(event.tags).get(PIECES, "") if event.tags else "")
    more = [
        *(pair for pair in event.tags if pair[0] != PIECES),
        *([(REPLY, str(event.reply_to))] if event.reply_to else []),
    ]
    who, command = source(event, event.who), "NOTICE" if manner == "notice" else "PRIVMSG"
    tags = tags_of(event, view, more)
    if RELAYMSG in view.caps and not isinstance(event, Whispered) and event.relay:
        tags[RELAYMSG] = event.relay
    in_batch = not emote and view.caps >= BATCHED
    pieces = [piece for line in lines for piece in line]
    if in_batch and (len(pieces) > 1 or size(event.text) > room_for_text(who, command, target)):
        return _batch(f"m{event.id}", Message(command, (target,), who, tags), lines)
    return texts(who, command, target, "\n".join(pieces), ctcp="ACTION" if emote else "", tags=tags)


def corrected(event: Edited, view: IrcView) -> Iterator[Message]:
    """A line in place of one before: clients that know edits (message-edit) put it there, others mark it."""
    who, target = source(event, event.who), event.to or channel(event.room)
    if view.caps >= EDITS and size(event.text) <= LONGEST_EDIT:
        more = [("draft/target-msgid", str(event.target)), ("draft/edit-text", event.text)]
        yield Message("EDIT", (target,), who, tags_of(event, view, more))
        return
    more = [("+draft/edit", str(event.target))]
    yield from texts(who, "PRIVMSG", target, f"* {event.text}", tags=tags_of(event, view, more))


def said_again(event: Deleted, text: str, view: IrcView) -> Iterator[Message]:
    """What has happened, as a notice where it has."""
    target = event.to or channel(event.room)
    yield from texts(view.server, "NOTICE", target, text, tags=tags_of(event, view))


def _batch(reference: str, like: Message, lines: list[list[str]]) -> Iterator[Message]:
    """One text of several lines (multiline), cut where its client has cut it, as messages like this one, whose tags
    stand on the batch."""
    (target,), who = like.params, like.source
    yield Message("BATCH", (f"+{reference}", MULTILINE, target), who, like.tags)
    room = room_for_text(who, like.command, target)
    for line in lines:
        for number, piece in enumerate(each for given in line for each in cut_text(given, room)):
            joined = {CONCAT: ""} if number else {}
            yield Message(like.command, (target, piece), who, {"batch": reference, **joined})
    yield Message("BATCH", (f"-{reference}",), who)
