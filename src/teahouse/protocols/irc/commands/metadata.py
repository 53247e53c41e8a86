"""METADATA (draft/metadata-2, draft/metadata-3). Rule: a table subcommand → handler; what goes wrong is named in the
words of the draft that the client knows.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, NamedTuple

from teahouse.commands import rank
from teahouse.errors import CannotTalk, ChatError
from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.answers import Refusal
from teahouse.protocols.irc.batches import batched
from teahouse.protocols.irc.commands.verb import Verb
from teahouse.protocols.irc.fitting import join_lists
from teahouse.protocols.irc.message import Message
from teahouse.protocols.irc.metadata import (
    ALL,
    BATCH,
    BEFORE,
    answer,
    fitting,
    is_key,
    knows_two,
    of_all,
    of_room,
    of_user,
    subscriptions,
    tell_of_room,
    tell_of_user,
)
from teahouse.protocols.irc.names import channel, is_channel, room_of
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession
    from teahouse.rooms.chat import ChatRoom
    from teahouse.user import User

METADATA = "METADATA"
KEYS_BYTES = 400
SECOND = {
    "INVALID_KEY": "KEY_INVALID",
    "INVALID_VALUE": "VALUE_INVALID",
    "INVALID_PARAMS": "SUBCOMMAND_INVALID",
}
"""The codes of the second draft, where they are others."""


class Target(NamedTuple):
    """Whom it is about: a user or a room, or (neither) oneself before one has a nick."""

    name: str
    user: User | None = None
    room: ChatRoom | None = None


class _Wrong(Exception):
    """A command that cannot be done: what the client is told."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


async def metadata(session: IrcSession, message: Message) -> None:
    """METADATA target subcommand …."""
    name = message.params[1].upper() if len(message.params) > 1 else ""
    try:
        if name not in SUBCOMMANDS:
            raise _wrong(session, "INVALID_PARAMS", _word(message.params[1:2]), text="Unknown subcommand")
        handler, least, most = SUBCOMMANDS[name]
        params = message.params[2:]
        if not least <= len(params) <= most:
            if knows_two(session):
                raise Refusal(n.ERR_NEEDMOREPARAMS, METADATA)
            raise _wrong(session, "INVALID_PARAMS", name, text="Too few or too many parameters")
        await handler(session, message.params[0], params)
    except _Wrong as wrong:
        session.send(wrong.message)


# ---- looking -------------------------------------------------------------------------------------------------


async def _get(session: IrcSession, word: str, keys: tuple[str, ...]) -> None:
    target = _target(session, word)
    known, most = _known(session, target), session.server.limits.metadata_key_bytes
    lines = [
        answer(session, target.name, key, known.get(key, ""))
        if is_key(key, most)
        else _invalid_key(session, "WARN", key)
        for key in keys
    ]
    session.send(*batched(session, BATCH, (target.name,), lines))


async def _list(session: IrcSession, word: str, _: tuple[str, ...]) -> None:
    target = _target(session, word)
    lines = [answer(session, target.name, *pair) for pair in _known(session, target).items()]
    session.send(*batched(session, BATCH, (target.name,), lines))


async def _sync(session: IrcSession, word: str, _: tuple[str, ...]) -> None:
    keys = subscriptions(session)
    if word == ALL:
        session.send(*batched(session, BATCH, (ALL,), fitting(session, of_all(session, keys))))
        return
    target = _target(session, word)
    if target.room is not None:
        if session.user not in target.room.members:
            raise _wrong(session, "INVALID_TARGET", word, text="Invalid metadata target")
        lines = list(of_room(session, target.room, keys))
    else:
        lines = list(of_user(session, target.user or session.user, keys))
    session.send(*batched(session, BATCH, (target.name,), fitting(session, lines)))


# ---- changing ------------------------------------------------------------------------------------------------


async def _set(session: IrcSession, word: str, params: tuple[str, ...]) -> None:
    key, value = params[0], params[1] if len(params) > 1 else ""
    limits, target = session.server.limits, _target(session, word)
    if not is_key(key, limits.metadata_key_bytes):
        raise _Wrong(_invalid_key(session, "FAIL", key))
    _check_right(session, target, key)
    known = dict(_known(session, target))
    if not value and key not in known and knows_two(session):
        raise _wrong(session, "KEY_NOT_SET", target.name, key, text="Key not set")
    _check_value(session, target, key, value)
    if value and key not in known and len(known) >= limits.metadata_keys:
        context = (target.name,) if knows_two(session) else ("SET", target.name, str(limits.metadata_keys))
        raise _wrong(session, "LIMIT_REACHED", *context, text="Metadata limit reached")
    if known.get(key, "") != value:
        await _keep(session, target, {key: value})
    session.send(answer(session, target.name, key, value))


async def _clear(session: IrcSession, word: str, _: tuple[str, ...]) -> None:
    target = _target(session, word)
    _check_right(session, target, "*")
    keys = list(_known(session, target))
    if keys:
        await _keep(session, target, dict.fromkeys(keys, ""))
    lines = [answer(session, target.name, key, "") for key in keys]
    session.send(*batched(session, BATCH, (target.name,), lines))


async def _keep(session: IrcSession, target: Target, changes: dict[str, str]) -> None:
    """Have it so from now on ("": not set), and let those know who want to."""
    known = {key: value for key, value in (_known(session, target) | changes).items() if value}
    if target.room is not None:
        target.room.metadata = known
        await target.room.keep()
        for key, value in changes.items():
            tell_of_room(target.room, key, value, session)
        return
    user = target.user
    if user is None:
        session.state[BEFORE] = known
        return
    user.metadata = known
    if user.account is not None:
        await session.server.accounts.change(user.account, settings={"metadata": known})
    for key, value in changes.items():
        tell_of_user(user, key, value, session)


def _check_right(session: IrcSession, target: Target, key: str) -> None:
    """Oneself, and channels that one keeps in order."""
    if target.room is not None:
        allowed = rank(target.room.role_of(session)) >= rank("operator")
    else:
        allowed = target.user in {None, session.user}
    if not allowed:
        raise _wrong(
            session, "KEY_NO_PERMISSION", target.name, key, text="You do not have permission to do that."
        )


def _check_value(session: IrcSession, target: Target, key: str, value: str) -> None:
    context = () if knows_two(session) else (key,)
    if len(value.encode("utf-8", "replace")) > session.server.limits.metadata_value_bytes:
        raise _wrong(session, "INVALID_VALUE", *context, text="The value is too long.")
    if not value or session.registration is not None:  # then it is looked at on coming in
        return
    try:
        for room in session.user.rooms.values() if target.room is None else ():
            room.check_quiet_words(session.user, value)
        session.server.order.check_words(session.user, value)
    except CannotTalk as error:
        raise _wrong(session, "INVALID_VALUE", *context, text=error.text) from error


# ---- subscribing ---------------------------------------------------------------------------------------------


async def _sub(session: IrcSession, word: str, keys: tuple[str, ...]) -> None:
    _must_be_self(session, word)
    limits, known = session.server.limits, subscriptions(session)
    done: dict[str, None] = {}
    fresh: list[str] = []
    replies: list[Message] = []
    for key in keys:
        if not is_key(key, limits.metadata_key_bytes):
            replies.append(_invalid_key(session, "WARN", key))
            continue
        if len(known) >= limits.metadata_subscriptions and (key not in known or not knows_two(session)):
            replies.append(_too_many(session, key))
            break
        if key not in known:
            fresh.append(key)
        known[key] = done[key] = None
    session.send(*_listed(session, n.RPL_METADATASUBOK, done), *replies)
    if fresh and session.registration is None and not knows_two(session):
        session.send(*batched(session, BATCH, (ALL,), fitting(session, of_all(session, fresh))))


def _too_many(session: IrcSession, key: str) -> Message:
    if knows_two(session):
        return _standard(session, "FAIL", "TOO_MANY_SUBS", key, text="Too many subscriptions!")
    most = str(session.server.limits.metadata_subscriptions)
    return _standard(session, "FAIL", "LIMIT_REACHED", "SUB", key, most, text="Too many subscriptions!")


async def _unsub(session: IrcSession, word: str, keys: tuple[str, ...]) -> None:
    _must_be_self(session, word)
    most, known = session.server.limits.metadata_key_bytes, subscriptions(session)
    valid = dict.fromkeys(key for key in keys if is_key(key, most))
    for key in valid:
        known.pop(key, None)
    wrong = [_invalid_key(session, "WARN", key) for key in keys if key not in valid]
    session.send(*_listed(session, n.RPL_METADATAUNSUBOK, valid), *wrong)


async def _subs(session: IrcSession, word: str, _: tuple[str, ...]) -> None:
    _must_be_self(session, word)
    lines = _listed(session, n.RPL_METADATASUBS, subscriptions(session))
    session.send(*batched(session, "metadata-subs", (), lines))


def _listed(session: IrcSession, code: str, keys: dict[str, None]) -> list[Message]:
    """Keys as the parameters of as many numerics as they need; few in each, for clients that count parameters."""
    return [session.made(code, *line.split(" ")) for line in join_lists(keys, KEYS_BYTES, most=12)]


# ---- whom it is about, and what goes wrong -------------------------------------------------------------------


def _target(session: IrcSession, word: str) -> Target:
    """Raises _Wrong; a channel that one may not know of is as one that is not there."""
    own = {"*", session.user.nick} - {""}
    if word in own:
        return Target(session.user.nick or "*", session.user if session.user.nick else None)
    if session.registration is None and is_channel(word):
        room = session.server.rooms.get(fold(room_of(word)))
        if room is not None and room.is_seen_by(session) and _may_know(session, room):
            return Target(channel(room.key), room=room)
    elif session.registration is None:
        user = session.server.users.get(fold(word))
        if user is not None:
            return Target(user.nick, user)
    raise _wrong(session, "INVALID_TARGET", word, text="Invalid metadata target")


def _may_know(session: IrcSession, room: ChatRoom) -> bool:
    """Whether the client may know what is known of a channel: its members, and who could come in."""
    if session.user in room.members or rank(session.user.role) >= rank("moderator"):
        return True
    try:
        room.check_entry(session)
    except ChatError:
        return False
    return True


def _known(session: IrcSession, target: Target) -> dict[str, str]:
    if target.room is not None:
        return target.room.metadata
    if target.user is not None:
        return dict(target.user.metadata)
    found: dict[str, str] = session.state.get(BEFORE, {})
    return found


def _must_be_self(session: IrcSession, word: str) -> None:
    if word not in {"*", session.user.nick}:
        raise _wrong(session, "INVALID_TARGET", word, text="Invalid metadata target")


def _invalid_key(session: IrcSession, kind: str, key: str) -> Message:
    return _standard(session, kind, "INVALID_KEY", key, text="Invalid key")


def _wrong(session: IrcSession, code: str, *context: str, text: str) -> _Wrong:
    return _Wrong(_standard(session, "FAIL", code, *context, text=text))


def _standard(session: IrcSession, kind: str, code: str, *context: str, text: str) -> Message:
    """A standard reply; the second draft knows no warnings here, and has other names for some."""
    if knows_two(session):
        kind, code = "FAIL", SECOND.get(code, code)
    return Message(kind, (METADATA, code, *(_word((each,)) for each in context), text))


def _word(words: tuple[str, ...]) -> str:
    """A word that can stand in the middle of a message."""
    word = words[0] if words else ""
    return word if word and " " not in word and word[0] != ":" else "*"


Handler = Callable[["IrcSession", str, tuple[str, ...]], Awaitable[None]]
MANY = 1_000
SUBCOMMANDS: dict[str, tuple[Handler, int, int]] = {
    "GET": (_get, 1, MANY),
    "LIST": (_list, 0, 0),
    "SET": (_set, 1, 2),
    "CLEAR": (_clear, 0, 0),
    "SUB": (_sub, 1, MANY),
    "UNSUB": (_unsub, 1, MANY),
    "SUBS": (_subs, 0, 0),
    "SYNC": (_sync, 0, 0),
}
"""How each is done, and how many parameters it has at least and at most."""
VERBS = {METADATA: Verb(metadata, before=True)}
