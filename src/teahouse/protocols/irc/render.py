"""Events as IRC, for everyone who is shown the same. Rule: a pure function of the event and the view; a client that
does not know a thing is shown what it does know, or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import singledispatch

from teahouse.events import (
    AccountChanged,
    Answered,
    AwayChanged,
    Deleted,
    Edited,
    Emoted,
    Entered,
    Event,
    HostChanged,
    Invited,
    Kicked,
    Left,
    Quit,
    Reacted,
    RealnameChanged,
    Renamed,
    Replayed,
    RoleChanged,
    RoomRenamed,
    RuleLifted,
    RuleMade,
    Said,
    Signalled,
    TermsChanged,
    TopicChanged,
    Typing,
    Whispered,
)
from teahouse.events.order import Together
from teahouse.protocols.irc.answers import Answer
from teahouse.protocols.irc.making import NO_ONE, from_house, source, tags_of, texts, wire
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.modes import changes_of, lines_of
from teahouse.protocols.irc.names import LETTERS, channel
from teahouse.protocols.irc.playback import playback
from teahouse.protocols.irc.reactions import react_tags, typing_tags
from teahouse.protocols.irc.speech import corrected, said_again, spoken
from teahouse.protocols.irc.view import IrcView
from teahouse.text import fold
from teahouse.view import View


def render(event: Event, view: View) -> bytes:
    """An event in the bytes that this client is sent; b"" where it is shown nothing."""
    assert isinstance(view, IrcView)
    if type(event) is Answer:
        return b"".join([from_house(each, view.server) for each in event.messages])
    return wire(messages(event, view))


@singledispatch
def messages(event: Event, view: IrcView) -> Iterator[Message]:
    """The messages of an event. One of a kind that IRC has no word for is a notice in its room."""
    target = channel(event.room) if event.room else NO_ONE
    for line in str(event).splitlines():
        for message in texts(view.server, "NOTICE", target, line):
            yield replace(message, tags=tags_of(event, view))


# ---- what people say -----------------------------------------------------------------------------------------


@messages.register(Said)
@messages.register(Emoted)
@messages.register(Whispered)
def _spoken(event: Said | Emoted | Whispered, view: IrcView) -> Iterator[Message]:
    if is_shown_to_its_author(event, view):
        yield from spoken(event, view)


@messages.register(Reacted)
@messages.register(Typing)
@messages.register(Signalled)
def _tagged(event: Reacted | Typing | Signalled, view: IrcView) -> Iterator[Message]:
    if "message-tags" not in view.caps or not is_shown_to_its_author(event, view):
        return
    if isinstance(event, Reacted):
        more = react_tags(event)
    else:
        more = typing_tags(event) if isinstance(event, Typing) else event.tags
    target = event.to or channel(event.room)
    yield Message("TAGMSG", (target,), source(event, event.who), tags_of(event, view, more))


def is_shown_to_its_author(event: Event, view: IrcView) -> bool:
    """Whether a client shows its user's own words: not those that were typed on it, unless it asks for that; and of
    what another of the user's clients said in private only what it can tell from what others say."""
    if not view.own:
        return True
    if view.here:
        return "echo-message" in view.caps
    return not isinstance(event, Whispered) or not view.caps.isdisjoint(
        {"echo-message", "znc.in/self-message"}
    )


def is_to_oneself(event: Event) -> bool:
    """Whether someone has said it, in private, to nobody else."""
    return isinstance(event, (Whispered, Reacted, Typing, Signalled)) and fold(event.to) == fold(event.who)


@messages.register
def _edited(event: Edited, view: IrcView) -> Iterator[Message]:
    if is_shown_to_its_author(event, view):
        yield from corrected(event, view)


@messages.register
def _deleted(event: Deleted, view: IrcView) -> Iterator[Message]:
    if "draft/message-redaction" in view.caps:
        for target in event.targets:
            params = (
                event.to or channel(event.room),
                str(target),
                *((event.reason,) if event.reason else ()),
            )
            yield Message("REDACT", params, source(event, event.who), tags_of(event, view))
    elif not view.own:
        yield from said_again(event, str(event), view)


@messages.register
def _replayed(event: Replayed, view: IrcView) -> Iterator[Message]:
    yield from playback(event, view, messages)


# ---- who is where --------------------------------------------------------------------------------------------


@messages.register
def _entered(event: Entered, view: IrcView) -> Iterator[Message]:
    who, tags = source(event, event.who), tags_of(event, view)
    params: tuple[str, ...] = (channel(event.room),)
    if "extended-join" in view.caps:
        params = (*params, event.account or "*", event.realname or event.who)
    yield Message("JOIN", params, who, tags)
    if event.role in LETTERS:
        yield Message("MODE", (channel(event.room), f"+{LETTERS[event.role]}", event.who), view.server)
    if event.away and "away-notify" in view.caps and not view.own:
        yield Message("AWAY", (event.away,), who)


@messages.register
def _left(event: Left, view: IrcView) -> Iterator[Message]:
    reason = (event.reason,) if event.reason else ()
    yield Message("PART", (channel(event.room), *reason), source(event, event.who), tags_of(event, view))


@messages.register
def _invited(event: Invited, view: IrcView) -> Iterator[Message]:
    yield Message(
        "INVITE", (event.nick, channel(event.place)), source(event, event.who), tags_of(event, view)
    )


@messages.register
def _kicked(event: Kicked, view: IrcView) -> Iterator[Message]:
    params = (channel(event.room), event.nick, event.reason or event.who)
    yield Message("KICK", params, source(event, event.who), tags_of(event, view))


@messages.register
def _quit(event: Quit, view: IrcView) -> Iterator[Message]:
    if not view.own:
        yield Message("QUIT", (event.reason,), source(event, event.who), tags_of(event, view))


@messages.register
def _renamed(event: Renamed, view: IrcView) -> Iterator[Message]:
    yield Message("NICK", (event.nick,), source(event, event.who), tags_of(event, view))


@messages.register
def _away(event: AwayChanged, view: IrcView) -> Iterator[Message]:
    if "away-notify" in view.caps and not view.own:
        text = (event.text,) if event.text else ()
        yield Message("AWAY", text, source(event, event.who), tags_of(event, view))


@messages.register
def _account(event: AccountChanged, view: IrcView) -> Iterator[Message]:
    if "account-notify" in view.caps:
        yield Message("ACCOUNT", (event.name or "*",), source(event, event.who), tags_of(event, view))


@messages.register
def _host(event: HostChanged, view: IrcView) -> Iterator[Message]:
    if "chghost" in view.caps:
        yield Message("CHGHOST", (event.ident, event.host), source(event, event.who), tags_of(event, view))


@messages.register
def _realname(event: RealnameChanged, view: IrcView) -> Iterator[Message]:
    if "setname" in view.caps:
        yield Message("SETNAME", (event.realname,), source(event, event.who), tags_of(event, view))


@messages.register
def _topic(event: TopicChanged, view: IrcView) -> Iterator[Message]:
    yield Message("TOPIC", (channel(event.room), event.topic), source(event, event.who), tags_of(event, view))


@messages.register
def _room_renamed(event: RoomRenamed, view: IrcView) -> Iterator[Message]:
    """channel-rename. Other clients are told in their own way (see `commands/renaming.py`)."""
    if "draft/channel-rename" in view.caps:
        only_case = event.before_key == event.room
        after = event.name if only_case else event.room  # a channel is spelled as the key of its room
        params = (channel(event.before_key), channel(after), event.reason)
        yield Message("RENAME", params, source(event, event.who), tags_of(event, view))


# ---- what keepers do -----------------------------------------------------------------------------------------


@messages.register(RoleChanged)
@messages.register(TermsChanged)
@messages.register(RuleMade)
@messages.register(RuleLifted)
@messages.register(Together)
def _mode(
    event: RoleChanged | TermsChanged | RuleMade | RuleLifted | Together, view: IrcView
) -> Iterator[Message]:
    changes = changes_of(event, all_signs="multi-prefix" in view.caps)
    who = source(event, event.who) if event.userhost else view.server
    for params in lines_of(changes):
        yield Message("MODE", (channel(event.room), *params), who, tags_of(event, view))


@messages.register
def _nothing(event: Answered, view: IrcView) -> Iterator[Message]:
    yield from ()
