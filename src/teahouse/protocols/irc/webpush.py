"""An event as the one message that a push notification of an IRC client brings. Rule: as that client would have been
sent it, by the capabilities it had when it subscribed; tags are left out where they do not fit, but never the id.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from teahouse.events import Event, Invited, Marked
from teahouse.protocols.irc.commands.markers import CAPABILITY as READ_MARKER
from teahouse.protocols.irc.commands.markers import MARKREAD
from teahouse.protocols.irc.making import source, tags_of
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.names import channel
from teahouse.protocols.irc.render import messages
from teahouse.protocols.irc.selectors import time_of
from teahouse.protocols.irc.view import SHAPING, IrcView
from teahouse.push.encryption import MOST
from teahouse.push.subscriptions import Subscription
from teahouse.text import mentions

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession
    from teahouse.server import Server

KIND = "irc"
_KEPT = (SHAPING | {READ_MARKER}) - {"batch", "draft/multiline"}
"""Of the capabilities: those that change one message."""
WORKS = Message("NOTE", ("WEBPUSH", "REGISTERED", "You are notified here from now on."))


def capabilities_of(session: IrcSession) -> tuple[str, ...]:
    """What is to be remembered of a client that subscribes."""
    return tuple(sorted(session.caps & _KEPT))


def payload(server: Server, to: Subscription, nick: str, event: Event | None) -> bytes:
    """See `teahouse.push.push.Payload`."""
    view = IrcView(caps=frozenset(to.caps), server=server.settings.irc.server)
    message = WORKS if event is None else _message(server, view, nick, event)
    if message is None:
        return b""
    if not message.source:
        message = replace(message, source=view.server)
    return _fitting(message)


def _message(server: Server, view: IrcView, nick: str, event: Event) -> Message | None:
    if isinstance(event, Marked):
        return _marker(server, event) if READ_MARKER in view.caps else None
    if isinstance(event, Invited):
        params = (event.nick, channel(event.place))
        return Message("INVITE", params, source(event, event.who), tags_of(event, view))
    lines = list(messages(event, view))
    named = (each for each in lines if mentions(each.params[-1], nick))
    return next(named, lines[0] if lines else None)


def _marker(server: Server, event: Marked) -> Message:
    peer = server.users.get(event.peer)
    name = channel(event.room) if event.room else peer.nick if peer is not None else event.peer
    return Message(MARKREAD, (name, f"timestamp={time_of(event.read)}"))


def _fitting(message: Message) -> bytes:
    data = str(message).encode("utf-8", "replace")
    if len(data) <= MOST:
        return data
    kept = {name: value for name, value in message.tags.items() if name == "msgid"}
    return str(replace(message, tags=kept)).encode("utf-8", "replace")
