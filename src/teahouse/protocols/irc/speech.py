"""What people say, as IRC. Rule: a text of several lines, or too long for one, is as many messages; the first of them
has the id by which it is found again, and together they are a batch for clients that know multiline.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from teahouse.events import Edited, Emoted, Event, Said, Whispered
from teahouse.protocols.irc.making import source, tags_of, texts
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.names import channel
from teahouse.protocols.irc.view import IrcView

REPLY = "+draft/reply"
MULTILINE = "draft/multiline"
CONCAT = "draft/multiline-concat"


def spoken(event: Said | Emoted | Whispered, view: IrcView) -> Iterator[Message]:
    """The messages of what was said, in a room or to one person."""
    target = event.to if isinstance(event, Whispered) else channel(event.room)
    manner = "" if isinstance(event, Emoted) else event.manner
    emote = isinstance(event, Emoted) or manner == "emote"
    more = [*event.tags, *([(REPLY, str(event.reply_to))] if event.reply_to else [])]
    who, command = source(event, event.who), "NOTICE" if manner == "notice" else "PRIVMSG"
    tags = tags_of(event, view, more)
    if not emote and {MULTILINE, "batch"} <= view.caps and "\n" in event.text:
        yield from _batch(event, who, command, target, tags)
        return
    yield from _each(texts(who, command, target, event.text, ctcp="ACTION" if emote else ""), tags)


def corrected(event: Edited, view: IrcView) -> Iterator[Message]:
    """A line in place of one before: clients that know edits put it there, others show it with a mark."""
    more = [("+draft/edit", str(event.target))]
    who = source(event, event.who)
    yield from _each(
        texts(who, "PRIVMSG", channel(event.room), f"* {event.text}"), tags_of(event, view, more)
    )


def said_again(event: Event, text: str, view: IrcView) -> Iterator[Message]:
    """What has happened, as a notice in its room."""
    yield from _each(texts(view.server, "NOTICE", channel(event.room), text), tags_of(event, view))


def _each(messages: Iterator[Message], tags: dict[str, str]) -> Iterator[Message]:
    for number, message in enumerate(messages):
        if not number:
            yield replace(message, tags=tags)
        else:  # an id is of one message, and so is an answer to it
            yield replace(message, tags={k: v for k, v in tags.items() if k != "msgid" and k[:1] != "+"})


def _batch(
    event: Said | Emoted | Whispered, who: str, command: str, target: str, tags: dict[str, str]
) -> Iterator[Message]:
    """One text of several lines (multiline): its tags stand on the batch."""
    reference = f"m{event.id}"
    yield Message("BATCH", (f"+{reference}", MULTILINE, target), who, tags)
    for line in event.text.split("\n"):
        pieces = list(texts(who, command, target, line)) or [Message(command, (target, ""), who)]
        for number, piece in enumerate(pieces):
            joined = {CONCAT: ""} if number else {}
            yield replace(piece, tags={"batch": reference, **joined})
    yield Message("BATCH", (f"-{reference}",), who)
