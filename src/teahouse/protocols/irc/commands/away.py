"""What one says of oneself: AWAY and SETNAME. Rule: it is of the user, on all devices; what is the same as before is
told to nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.accounts.presence import NOT_CONNECTED
from teahouse.errors import ChatError
from teahouse.events import RealnameChanged
from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.answers import Fail, Refusal
from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.message import Message
from teahouse.rooms.commands import people

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession

NOBODY_THERE = "*"


def away(session: IrcSession, message: Message) -> None:
    """AWAY :text, AWAY; with draft/pre-away also before registration, and `AWAY *` says that nobody sits there."""
    text = message.params[0] if message.params else ""
    text = text[: session.server.limits.away_length]
    said = session.registration
    if said is not None:
        if not session.has("draft/pre-away"):
            raise Refusal(n.ERR_NOTREGISTERED)
        said.away = text
        session.attends = text != NOBODY_THERE
    elif text == NOBODY_THERE and session.has("draft/pre-away"):
        session.attends = False
        session.server.presence.attend(session.user)
    else:
        session.attends = True
        _set(session, text)
    session.numeric(n.RPL_NOWAWAY if text else n.RPL_UNAWAY)


def _set(session: IrcSession, text: str) -> None:
    """Raises ChatError for words that are not taken."""
    before, foyer = session.user.away, session.server.foyer
    if before == NOT_CONNECTED:
        session.server.presence.attend(session.user)
        before = ""
    if text == before:
        return
    if text:
        people.away(foyer, session, text)
    else:
        people.back(foyer, session)


def bring_in(session: IrcSession, text: str | None) -> None:
    """One who was away before registration is so now; None where nothing was said of it, "" for one who is back."""
    if text == NOBODY_THERE:
        session.server.presence.attend(session.user)
    elif text is not None:
        try:
            _set(session, text)
        except ChatError as error:
            session.tell(error.text)


def setname(session: IrcSession, message: Message) -> None:
    """SETNAME :real name (setname)."""
    name = message.params[0] if message.params else ""
    user, server = session.user, session.server
    if not name.strip() or len(name) > server.limits.away_length:
        text = f"A name has 1 to {server.limits.away_length} characters."
        raise Fail("SETNAME", "INVALID_REALNAME", text=text)
    try:
        for room in user.rooms.values():
            room.check_quiet_words(user, name)
        server.order.check_words(user, name)
    except ChatError as error:
        raise Fail("SETNAME", "CANNOT_CHANGE_REALNAME", text=error.text) from error
    user.realname = name
    server.spread(RealnameChanged(user.nick, name), user)


VERBS = {"AWAY": Verb(away, before=True), "SETNAME": Verb(setname)}
