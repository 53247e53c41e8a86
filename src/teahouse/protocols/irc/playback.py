"""What was said before, shown again by the house itself. Rule: a client that can tell the past from the present is
given a batch, with the times; one that cannot is given the time in the text, and nothing ever looks as if it were
said now. A client that asks for the past itself is shown none (chathistory, "Implementation"; znc.in/playback).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from teahouse.events import Deleted, Edited, Event, Reacted, Replayed, TopicChanged
from teahouse.protocols.irc.batches import enclosed
from teahouse.protocols.irc.making import NO_ONE, texts
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.names import channel
from teahouse.protocols.irc.view import IrcView

BATCH = "chathistory"
NEEDED = frozenset({"batch", "server-time"})
ASKING = ("draft/chathistory", "znc.in/playback")
"""A client with one of these asks for what it has missed."""
Messages = Callable[[Event, IrcView], Iterable[Message]]
_CHANGES = (Edited, Deleted)
_EVENTS = (Reacted, TopicChanged)


def playback(event: Replayed, view: IrcView, messages: Messages) -> Iterator[Message]:
    """The messages of what happened before."""
    shown = replace(view, own=False, here=False)
    hidden = _CHANGES if "draft/event-playback" in view.caps else (*_CHANGES, *_EVENTS)
    events = [each for each in event.events if not isinstance(each, hidden)]
    if view.caps >= NEEDED:
        yield from _batches(event, events, shown, messages)
        return
    for each in events:
        for message in messages(each, shown):
            yield message if "server-time" in view.caps else _with_time(message, each)


def _batches(event: Replayed, events: list[Event], view: IrcView, messages: Messages) -> Iterator[Message]:
    """One batch for each buffer in which it happened."""
    order = {target: place for place, target in enumerate(dict.fromkeys(map(_target, events)))}
    by_target = groupby(sorted(events, key=lambda each: order[_target(each)]), _target)
    for number, (target, some) in enumerate(by_target):
        inside = [message for each in some for message in messages(each, view)]
        yield from enclosed(f"h{event.id}-{number}", BATCH, (target,), inside, view.server)


def _target(event: Event) -> str:
    """Where a client shows it: a private message, which is somebody else's here, under that one's nick."""
    return channel(event.room) if event.room else str(getattr(event, "who", "")) or NO_ONE


def _with_time(message: Message, event: Event) -> Message:
    if message.command not in {"PRIVMSG", "NOTICE"}:
        return message
    *head, text = message.params
    if text.startswith("\x01ACTION "):
        text = f"* {text[8:].rstrip(chr(1))}"
    return next(texts(message.source, message.command, head[0], f"[{event.at:%H:%M}] {text}"), message)
