"""What was said before, shown again. Rule: a client that can tell the past from the present is given a batch, with
the times; one that cannot is given the time in the text, and nothing ever looks as if it were said now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from teahouse.events import Deleted, Edited, Event, Replayed
from teahouse.protocols.irc.making import NO_ONE, texts
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.names import channel
from teahouse.protocols.irc.view import IrcView

BATCH = "chathistory"
NEEDED = frozenset({"batch", "server-time"})
Messages = Callable[[Event, IrcView], Iterable[Message]]


def playback(event: Replayed, view: IrcView, messages: Messages) -> Iterator[Message]:
    """The messages of what happened before."""
    target = channel(event.room) if event.room else NO_ONE
    shown = replace(view, own=False, here=False)
    events = [each for each in event.events if not isinstance(each, (Edited, Deleted))]
    if view.caps >= NEEDED:
        yield from batch(events, shown, messages, target, f"h{event.id}")
        return
    for each in events:
        for message in messages(each, shown):
            yield message if "server-time" in view.caps else _with_time(message, each)


def batch(
    events: Iterable[Event], view: IrcView, messages: Messages, target: str, reference: str
) -> Iterator[Message]:
    """Events as a batch `chathistory` (its specification, "Batch types")."""
    yield Message("BATCH", (f"+{reference}", BATCH, target), view.server)
    for each in events:
        for message in messages(each, view):
            own = message.tags.get("batch")  # a batch in the batch names itself
            yield message if own else replace(message, tags={**message.tags, "batch": reference})
    yield Message("BATCH", (f"-{reference}",), view.server)


def _with_time(message: Message, event: Event) -> Message:
    if message.command not in {"PRIVMSG", "NOTICE"}:
        return message
    *head, text = message.params
    if text.startswith("\x01ACTION "):
        text = f"* {text[8:].rstrip(chr(1))}"
    return next(texts(message.source, message.command, head[0], f"[{event.at:%H:%M}] {text}"), message)
