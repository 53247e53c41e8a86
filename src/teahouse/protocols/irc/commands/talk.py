"""Saying something: PRIVMSG NOTICE TAGMSG. Rule: most lines of all come this way: one look at the target, and on to
the room.
"""

from __future__ import annotations

from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from teahouse.commands import rank
from teahouse.errors import ChatError
from teahouse.events import Emoted, Event, Notice, Reacted, Said, Signalled, Typing, Whispered, sign, words_of
from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc import services, znc
from teahouse.protocols.irc.answers import Refusal
from teahouse.protocols.irc.commands.redact import correct
from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.isupport import TARGETS
from teahouse.protocols.irc.making import CTCP
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.names import PREFIXES, channel, is_channel, room_of, split_status
from teahouse.protocols.irc.reactions import EDIT, REACT, TYPING, UNREACT, client_tags, reply_of
from teahouse.protocols.irc.told import PLACE
from teahouse.rooms.chat import ChatRoom
from teahouse.rooms.commands import people
from teahouse.text import fold
from teahouse.user import User

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession

ACTION = f"{CTCP}ACTION"
HOUSE = __name__.partition(".")[0]
Result = Awaitable[None] | None


def privmsg(session: IrcSession, message: Message) -> Result:
    """PRIVMSG target,target :text."""
    return _to_each(session, message, "")


def notice(session: IrcSession, message: Message) -> Result:
    """NOTICE target,target :text; nothing that goes wrong is told (RFC 2812 section 3.3.2)."""
    return _silently(session, message)


async def _silently(session: IrcSession, message: Message) -> None:
    with suppress(ChatError):
        waiting = _to_each(session, message, "notice")
        if waiting is not None:
            await waiting


def tagmsg(session: IrcSession, message: Message) -> Result:
    """TAGMSG target (message-tags): tags without a text."""
    for target in message.params[0].split(",")[:TARGETS]:
        session.attempt(message, _signal, session, target, message)
    return None


def _to_each(session: IrcSession, message: Message, manner: str) -> Result:
    params = message.params
    if not params or not params[0]:
        raise Refusal(n.ERR_NORECIPIENT, text=f"No recipient given ({message.command})")
    if len(params) < 2 or not params[1]:
        raise Refusal(n.ERR_NOTEXTTOSEND)
    if "," not in params[0]:
        return say(session, params[0], params[1], message, manner)
    targets = list(dict.fromkeys(params[0].split(",")))
    if len(targets) > TARGETS:
        raise Refusal(n.ERR_TOOMANYTARGETS, params[0].split(",")[TARGETS])
    return _to_several(session, targets, message, manner)


async def _to_several(session: IrcSession, targets: list[str], message: Message, manner: str) -> None:
    for target in targets:
        try:
            waiting = say(session, target, message.params[1], message, manner)
            if waiting is not None:
                await waiting
        except ChatError as error:
            if not manner:
                session.tell(session.failure(error, replace(message, params=(target, *message.params[1:]))))


def say(session: IrcSession, target: str, text: str, message: Message, manner: str) -> Result:
    """Say it, in a room or to one person. Raises ChatError."""
    role, name = split_status(target)
    if not is_channel(name):
        service = services.find(target)
        if service is not None:
            return services.address(session, service, text)
        if target.casefold() == znc.NAME:
            return znc.playback_command(session, text)
        if EDIT in message.tags:
            return correct(session, name, message.tags[EDIT], text)
        return whisper(session, target, text, message, manner)
    room = room_to_talk_in(session, name)
    if session.user in room.members:
        session.room = room  # a verb that IRC does not know is meant for it
    if room.policy.terms.no_ctcp and text[:1] == CTCP and not text.startswith(ACTION):
        raise Refusal(n.ERR_CANNOTSENDTOCHAN, name, text="CTCP is not taken here.")
    if role:
        return _to_some(session, room, role, text, manner)
    return _in_room(session, room, text, message, manner)


def room_to_talk_in(session: IrcSession, name: str) -> ChatRoom:
    """The room, if one may say something into it. Raises Refusal."""
    room = session.server.rooms.get(fold(room_of(name)))
    if room is None:
        raise Refusal(n.ERR_NOSUCHCHANNEL, name)
    if session.user not in room.members and not room.policy.terms.open_to_outside:
        raise Refusal(n.ERR_CANNOTSENDTOCHAN, name)
    return room


def _in_room(session: IrcSession, room: ChatRoom, text: str, message: Message, manner: str) -> Result:
    if text[:1] == "!" and not manner and _is_of_an_extension(room, text[1:].partition(" ")[0]):
        name, _, rest = text[1:].partition(" ")
        return room.run(session, name, rest)
    is_action = text.startswith(ACTION)
    if not (room.is_talk() or manner or is_action):
        return _interpreted(session, room, text)
    if manner or is_action:
        room.check_manner(manner or "emote")
    if EDIT in message.tags:
        return correct(session, f"#{room.key}", message.tags[EDIT], text)
    nick, tags = session.user.nick, client_tags(message.tags) if message.tags else ()
    reply = reply_of(message.tags) if message.tags else 0
    event: Event
    if is_action:
        event = Emoted(nick, text[len(ACTION) :].strip(CTCP).strip(), reply, tags)
    else:
        event = Said(nick, text, manner, reply, tags)
    room.speak(session.user, event)
    return None


async def _interpreted(session: IrcSession, room: ChatRoom, text: str) -> None:
    """Whatever the room answers, it answers in the channel."""
    session.state[PLACE] = channel(room.key)
    try:
        waiting = room.interpret(session, text)
        if waiting is not None:
            await waiting
    finally:
        session.state.pop(PLACE, None)


def _is_of_an_extension(room: ChatRoom, name: str) -> bool:
    """Whether a word is a command here, and not one of the house's own: those have a verb, and `!kick` is talk."""
    found = room.find(name) if name else None
    return found is not None and found.handler.__module__.partition(".")[0] != HOUSE


def _to_some(session: IrcSession, room: ChatRoom, role: str, text: str, manner: str) -> Result:
    """To those alone who have at least a role (STATUSMSG); nothing of it is kept."""
    me = session.user
    try:
        room.check_words(Said(me.nick, text, manner), me)
    except ChatError as error:
        raise Refusal(n.ERR_CANNOTSENDTOCHAN, channel(room.key), text=error.text) from error
    account = me.account.name if me.account is not None else ""
    event = Whispered(me.nick, PREFIXES[role] + channel(room.key), text, manner)
    sign(event, account, me.userhost, bot=me.is_bot)
    plain = Notice(f"{me.nick} to all {role}s in {room.name}: {text}")  # for those who know no such targets
    some = [user for user in room.members if rank(room.role_of_user(user)) >= rank(role)]
    for user in dict.fromkeys([*some, me]):
        for each in user.sessions if user.hears(me.nick, account) else ():
            each.tell(event if each.link.protocol == "irc" else plain)
    return None


def whisper(session: IrcSession, nick: str, text: str, message: Message, manner: str) -> Result:
    """To one person. Raises NoSuchNick."""
    if text.startswith(ACTION):
        text, manner = text[len(ACTION) :].strip(CTCP).strip(), "emote"
    tags = client_tags(message.tags) if message.tags else ()
    reply = reply_of(message.tags) if message.tags else 0
    event = Whispered(session.user.nick, nick, text, manner, reply, tags)
    return _whisper(session, event)


async def _whisper(session: IrcSession, event: Whispered) -> None:
    other = await people.whisper(session.server.foyer, session, event)
    if isinstance(other, User) and other.away and event.manner != "notice":
        session.numeric(n.RPL_AWAY, other.nick, other.away)


def _signal(session: IrcSession, target: str, message: Message) -> None:
    tags = client_tags(message.tags)
    role, name = split_status(target)
    if not tags or services.find(target):  # clients tell that someone is typing to a service, too
        return
    event = _signal_event(session.user.nick, message, tags)
    user, server = session.user, session.server
    if is_channel(name):
        room = room_to_talk_in(session, name)
        if not role:
            room.broadcast(event, user)
            return
        room.check_words(event, user)
        some = {each for each in room.members if rank(room.role_of_user(each)) >= rank(role)}
        server.fanout.whisper(replace(event, to=f"{target[0]}#{room.key}"), some | {user}, ())
        return
    other = server.present(target)
    people.check_taken(server.foyer, user, other)
    server.order.check_whisper(user, words_of(event))
    accounts = (each.account_key for each in (other, user))
    owners = tuple(dict.fromkeys(filter(None, accounts))) if event.kept else ()
    server.fanout.whisper(replace(event, to=other.nick), {other, user}, owners)


def _signal_event(
    nick: str, message: Message, tags: tuple[tuple[str, str], ...]
) -> Reacted | Typing | Signalled:
    """The event that the house has for these tags."""
    named = message.tags
    target = reply_of(named)
    for name, gone in ((REACT, False), (UNREACT, True)):
        if target and named.get(name):
            return Reacted(nick, target, named[name][:64], gone)
    if named.get(TYPING) in {"active", "paused", "done"} and len(tags) == 1:
        return Typing(nick, named[TYPING])
    return Signalled(nick, tags)


VERBS = {
    "PRIVMSG": Verb(privmsg),
    "NOTICE": Verb(notice),
    "TAGMSG": Verb(tagmsg, 1),
}
