"""What is told to one client, in numerics. Rule: it is put into messages at the moment it is told, so that it says
how things stood then; an event that stands here needs the session, all others are `render`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from teahouse.events import (
    Appeared,
    Event,
    Failed,
    Invited,
    LoggedIn,
    Notice,
    Prompt,
    Replayed,
    Roster,
    Table,
    TopicChanged,
    Vanished,
)
from teahouse.events.order import Forwarded, Knocked
from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.answers import Answer
from teahouse.protocols.irc.commands.markers import marker_on_join
from teahouse.protocols.irc.listing import names_of, topic_of
from teahouse.protocols.irc.making import texts
from teahouse.protocols.irc.message import Message, Ready
from teahouse.protocols.irc.metadata import on_appearing, on_join, take_over
from teahouse.protocols.irc.names import channel
from teahouse.protocols.irc.playback import ASKING
from teahouse.protocols.irc.welcome import greeting
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession


Lines = Sequence[Message | Ready]
SPEAKER = "speaker"
"""What stands in a session's state while one of the services answers: its nick."""
PLACE = "place"
"""What stands there while a room answers a line that was said in it: its channel, where the answer is looked for."""


def as_told(session: IrcSession, event: Event) -> Event:
    """The event as this client is to be told it."""
    if isinstance(event, Replayed):
        return _replayed(session, event)
    if isinstance(event, Invited):
        return _invited(session, event)
    made = _MADE.get(type(event))
    return event if made is None else Answer(tuple(made(session, event)))


def notices(session: IrcSession, text: str, room: str = "") -> list[Message]:
    """A text of the house's, as notices to this client."""
    before = f"{channel(room)}: " if room else ""
    lines = [f"{before}{line}" for line in text.splitlines()]
    who = session.state.get(SPEAKER)
    source = f"{who}!{who}@{session.server_name}" if who else session.server_name
    target = session.state.get(PLACE) or session.nick
    return [each for line in lines for each in texts(source, "NOTICE", target, line)]


def _notice(session: IrcSession, event: Notice) -> Lines:
    return notices(session, event.text, event.room)


def _table(session: IrcSession, event: Table) -> Lines:
    return notices(session, str(event))


def _failed(session: IrcSession, event: Failed) -> Lines:
    return notices(session, event.text)


def _prompt(session: IrcSession, event: Prompt) -> Lines:
    return notices(session, event.text)


def _roster(session: IrcSession, event: Roster) -> Lines:
    room = session.server.rooms.get(event.room)
    if room is None:
        return []
    names = [] if session.has("draft/no-implicit-names") else names_of(session, room)
    return [*marker_on_join(session, room.key), *names, *on_join(session, room)]


def _topic(session: IrcSession, event: TopicChanged) -> Lines:
    room = session.server.rooms.get(event.room)
    return [] if room is None or not room.topic else topic_of(session, room)


def _logged_in(session: IrcSession, event: LoggedIn) -> Lines:
    session.registration = None
    take_over(session)
    return greeting(session)


def _knocked(session: IrcSession, event: Knocked) -> Lines:
    text = f"has asked for an invite: {event.text}" if event.text else n.TEXT[n.RPL_KNOCK]
    params = (session.nick, channel(event.room), _source(session, event.who), text)
    return [Message(n.RPL_KNOCK, params)]


def _forwarded(session: IrcSession, event: Forwarded) -> Lines:
    return [session.made(n.ERR_LINKCHANNEL, channel(event.place), channel(event.to))]


def _source(session: IrcSession, nick: str) -> str:
    """`nick!ident@cloak` of someone who is here."""
    user = session.server.users.get(fold(nick))
    return f"{nick}!{user.userhost}" if user is not None else nick


def _appeared(session: IrcSession, event: Appeared) -> Lines:
    user = session.server.users.get(fold(event.who))
    known = on_appearing(session, user) if user is not None else []
    return [session.made(n.RPL_MONONLINE, f"{event.who}!{event.userhost}"), *known]


def _vanished(session: IrcSession, event: Vanished) -> Lines:
    return [session.made(n.RPL_MONOFFLINE, event.who)]


def _invited(session: IrcSession, event: Invited) -> Event:
    """An INVITE for the one who is meant and for those who ask for others' (invite-notify)."""
    if event.who == session.user.nick:
        return Answer((session.made(n.RPL_INVITING, event.nick, channel(event.place)),))
    return event if event.nick == session.user.nick or session.has("invite-notify") else Answer(())


def _replayed(session: IrcSession, event: Replayed) -> Event:
    """What nobody asked for is not for clients that ask themselves."""
    asks = any(map(session.has, ASKING)) and not event.title
    return Answer(()) if asks else event


_MADE: dict[type[Event], Callable[[Any, Any], Lines]] = {
    Appeared: _appeared,
    Failed: _failed,
    Forwarded: _forwarded,
    Knocked: _knocked,
    LoggedIn: _logged_in,
    Notice: _notice,
    Prompt: _prompt,
    Roster: _roster,
    Table: _table,
    TopicChanged: _topic,
    Vanished: _vanished,
}
