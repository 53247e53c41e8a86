"""Saying something, and changing it. Rule: what is answered has been stored and shown; and a name for which something
is relayed never stands without the account that relays it.
"""

from __future__ import annotations

from typing import Annotated, Any

from teahouse import lines
from teahouse.errors import BadName, UsageError
from teahouse.events import Emoted, Event, Reacted, Said, Whispered
from teahouse.protocols.web.api.call import Call
from teahouse.protocols.web.api.endpoint import Table, declare
from teahouse.protocols.web.api.values import From, LineId, Manner, Nick, RoomName, Text, Value
from teahouse.protocols.web.ids import meant
from teahouse.protocols.web.render import described
from teahouse.protocols.web.requests.changing import check_sign
from teahouse.protocols.web.requests.past import row_of
from teahouse.protocols.web.requests.talk import check_length
from teahouse.rooms.chat import ChatRoom
from teahouse.rooms.commands import people
from teahouse.text import clean, fold, valid_name

TABLE: Table = []
endpoint = declare(TABLE, "messages")
Sign = Annotated[str, Value("An emoji, or a short word.", 1, 64)]
Gone = Annotated[bool, Value("Whether it is taken away again.")]
Reason = Annotated[str, Value("Why somebody's line is removed.", most=200)]


@endpoint("POST", "/rooms/{room}/messages", scope="write", status=201, brings="Event")
async def say(  # noqa: PLR0913, PLR0917  as many as a line has
    call: Call, room: RoomName, text: Text, manner: Manner = "", reply_to: LineId = 0, from_: From = ""
) -> dict[str, Any]:
    """Say something in a room that the account is in, or that it may go into as it is: then it speaks from outside.
    With `from` it is relayed for someone elsewhere, and shown as from/account."""
    check_text(call, text)
    return await speak(
        call, call.talking_room(room), _line(call.user.nick, relayed(call, from_), text, manner, reply_to)
    )


def _line(by: str, who: tuple[str, bool], text: str, manner: str, reply_to: int) -> Said | Emoted:
    nick, bot = who
    if manner == "emote":
        return Emoted(nick, text, meant(reply_to), bot=bot, relay=by if bot else "")
    return Said(nick, text, manner, meant(reply_to), bot=bot, relay=by if bot else "")


async def speak(call: Call, place: ChatRoom, event: Said | Emoted) -> dict[str, Any]:
    """Have it said; the event, once it was stored and shown."""
    place.speak(call.user, event)
    await call.server.fanout.shown(event)
    return described(event, own=True)


def relayed(call: Call, name: str) -> tuple[str, bool]:
    """Under which nick something is said, and whether it is marked as a program's. Raises BadName, CannotTalk.

    No nick has a slash in it, so that one with a slash is nobody's."""
    if not name:
        return call.user.nick, False
    try:
        name = valid_name(name, max_length=call.server.limits.nick_length)
    except ValueError as error:
        raise BadName(str(error)) from error
    call.server.order.check_words(call.user, name)
    return f"{name}/{call.account.name}", True


def check_text(call: Call, text: str) -> None:
    """Raise UsageError, TooLong for what nobody could say."""
    if not clean(text).strip():
        raise UsageError("There is nothing in it that anyone could see.")
    check_length(call.session, text)


@endpoint("PATCH", "/rooms/{room}/messages/{id}", scope="write", brings="Event")
async def edit(call: Call, room: RoomName, id_: LineId, text: Text) -> dict[str, Any]:
    """Correct a line of the account's own."""
    check_length(call.session, text)
    place = call.open_room(room)
    await lines.correct(call.session, place, meant(id_), text)
    await call.server.fanout.shown()
    return row_of(call.session, await lines.find(call.session, place, meant(id_)))


@endpoint("DELETE", "/rooms/{room}/messages/{id}", scope="write", status=204)
async def delete(call: Call, room: RoomName, id_: LineId, reason: Reason = "") -> None:
    """Take back a line of the account's own; or, with the scope moderate, remove somebody's where it may."""
    place = call.open_room(room)
    event = await lines.find(call.session, place, meant(id_))
    if not lines.is_own(call.user, event):
        call.need("moderate")
    await lines.remove(call.session, place, meant(id_), reason)
    await call.server.fanout.shown()


@endpoint("POST", "/rooms/{room}/messages/{id}/reactions", scope="write", status=201, brings="Event")
async def react(call: Call, room: RoomName, id_: LineId, sign: Sign, gone: Gone = False) -> dict[str, Any]:
    """Put a sign to a line, or take it away."""
    check_sign(sign)
    place = call.open_room(room)
    await lines.find(call.session, place, meant(id_))
    event = Reacted(call.user.nick, meant(id_), sign, gone)
    place.broadcast(event, call.user)
    return await _told(call, event)


@endpoint("POST", "/whispers", scope="write", status=201, brings="Event")
async def whisper(
    call: Call, to: Nick, text: Text, manner: Manner = "", reply_to: LineId = 0
) -> dict[str, Any]:
    """Say something to one person; kept for those with an account who are not here."""
    check_text(call, text)
    event = Whispered(call.user.nick, await _named(call, to), text, manner, meant(reply_to))
    await people.whisper(call.server.foyer, call.session, event)
    return await _told(call, event)


async def _named(call: Call, nick: str) -> str:
    """The nick as its owner writes it."""
    user = call.server.users.get(fold(nick))
    if user is not None:
        return user.nick
    account = await call.server.store.account_of_nick(fold(nick))
    return account.name if account is not None else nick


async def _told(call: Call, event: Event) -> dict[str, Any]:
    await call.server.fanout.shown(event)
    return described(event, own=True)
