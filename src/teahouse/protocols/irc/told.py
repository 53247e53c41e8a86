"""What is told to one client, in numerics. Rule: it is put into messages at the moment it is told, so that it says
how things stood then; an event that stands here needs the session, all others are `render`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from teahouse.events import (
    Event,
    Failed,
    Invited,
    LoggedIn,
    Notice,
    Prompt,
    Roster,
    Table,
    TopicChanged,
)
from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.answers import Answer
from teahouse.protocols.irc.listing import names_of, topic_of
from teahouse.protocols.irc.making import texts
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.names import channel
from teahouse.protocols.irc.welcome import greeting

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession


def as_told(session: IrcSession, event: Event) -> Event:
    """The event as this client is to be told it."""
    made = _MADE.get(type(event))
    return event if made is None else Answer(tuple(made(session, event)))


def notices(session: IrcSession, text: str, room: str = "") -> list[Message]:
    """A text of the house's, as notices to this client."""
    before = f"{channel(room)}: " if room else ""
    lines = [f"{before}{line}" for line in text.splitlines()]
    return [each for line in lines for each in texts(session.server_name, "NOTICE", session.nick, line)]


def _notice(session: IrcSession, event: Notice) -> list[Message]:
    return notices(session, event.text, event.room)


def _table(session: IrcSession, event: Table) -> list[Message]:
    return notices(session, str(event))


def _failed(session: IrcSession, event: Failed) -> list[Message]:
    return notices(session, event.text)


def _prompt(session: IrcSession, event: Prompt) -> list[Message]:
    return notices(session, event.text)


def _roster(session: IrcSession, event: Roster) -> list[Message]:
    room = session.server.rooms.get(event.room)
    return [] if room is None or session.has("draft/no-implicit-names") else names_of(session, room)


def _topic(session: IrcSession, event: TopicChanged) -> list[Message]:
    room = session.server.rooms.get(event.room)
    return [] if room is None or not room.topic else topic_of(session, room)


def _logged_in(session: IrcSession, event: LoggedIn) -> list[Message]:
    session.registration = None
    return greeting(session)


def _invited(session: IrcSession, event: Invited) -> list[Message]:
    who = f"{event.who}!{event.userhost}" if event.userhost else event.who
    if event.nick == session.user.nick:
        return [Message("INVITE", (event.nick, channel(event.place)), who)]
    if session.has("invite-notify"):
        return [Message("INVITE", (event.nick, channel(event.place)), who)]
    return (
        [session.made(n.RPL_INVITING, event.nick, channel(event.place))] if event.who == session.nick else []
    )


_MADE: dict[type[Event], Callable[[Any, Any], list[Message]]] = {
    Failed: _failed,
    Invited: _invited,
    LoggedIn: _logged_in,
    Notice: _notice,
    Prompt: _prompt,
    Roster: _roster,
    Table: _table,
    TopicChanged: _topic,
}
