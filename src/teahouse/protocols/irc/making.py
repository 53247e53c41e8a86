"""Making the lines of an event. Rule: pure; what people said is put into messages here and nowhere else, and each
message is one line that fits, whatever was in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType

from teahouse.events import Event
from teahouse.protocols.irc.fitting import size, split_text
from teahouse.protocols.irc.message import Message, Ready, encode, middle
from teahouse.protocols.irc.numerics import TEXT
from teahouse.protocols.irc.view import IrcView

LINE = 512
"""Bytes of a line without its tags, CR LF included."""
CTCP = "\x01"
NO_ONE = "*"
NO_TAGS: Mapping[str, str] = MappingProxyType({})
OF_ONE = frozenset({"msgid", "+reply", "+draft/reply", "+draft/edit"})
"""The tags that are of one message alone."""
_SURELY_FITS = 90
"""Characters, of four bytes each."""


def source(event: Event, nick: str) -> str:
    """`nick!ident@cloak` of the one whose doing an event is."""
    return f"{nick}!{event.userhost}" if event.userhost else nick


def tags_of(event: Event, view: IrcView, more: Iterable[tuple[str, str]] = ()) -> dict[str, str]:
    """The tags that this client wants on an event."""
    caps = view.caps
    tags: dict[str, str] = {}
    if "server-time" in caps:
        tags["time"] = time_tag(event.at)
    if "message-tags" in caps:
        if event.id:
            tags["msgid"] = str(event.id)
        if event.bot:
            tags["bot"] = ""
        tags.update(more)
    if "account-tag" in caps and event.account:
        tags["account"] = event.account
    return tags


@lru_cache(64)  # whatever happens in one turn of the house has one time
def time_tag(at: datetime) -> str:
    """When something happened (server-time)."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def wire(messages: Iterable[Message]) -> bytes:
    """Messages as bytes."""
    return b"".join(map(encode, messages))


def numeric(server: str, nick: str, code: str, *params: str) -> Message:
    """A numeric for the client of that nick. One without parameters of its own has the text that belongs to it."""
    text = TEXT.get(code)
    if text is not None:
        params = (*params, text)
    return cut(Message(code, (nick, *map(middle, params[:-1]), *params[-1:])), server)


def from_house(message: Message | Ready, server: str) -> bytes:
    """A message as bytes, the house being its source where it names none."""
    if type(message) is Ready:
        return message.data
    assert isinstance(message, Message)
    if not message.source:
        message = Message(message.command, message.params, server, message.tags)
    return encode(message)


def cut(message: Message, server: str) -> Message:
    """The message of the house's, with as much of its last parameter as fits into a line."""
    if sum(map(len, message.params)) < _SURELY_FITS:
        return message
    over = len(encode(message)) + len(server) + 2 - LINE
    if over <= 0:
        return message
    *most, last = message.params
    data = last.encode("utf-8", "replace")
    return replace(message, params=(*most, data[: max(0, len(data) - over)].decode("utf-8", "ignore")))


def room_for_text(who: str, command: str, target: str) -> int:
    """Bytes of text that fit into one such message."""
    return max(LINE - size(f":{who} {command} {target} :\r\n"), 32)


def texts(  # noqa: PLR0913  what a message has, and what is around its text
    who: str, command: str, target: str, text: str, *, ctcp: str = "", tags: Mapping[str, str] = NO_TAGS
) -> Iterator[Message]:
    """PRIVMSGs or NOTICEs with a text that may be too long for one, or have several lines. The first has all of the
    tags: an id is of one message, and so are an answer to it and a correction."""
    around = len(ctcp) + 3 if ctcp else 0
    for number, piece in enumerate(split_text(text, room_for_text(who, command, target) - around)):
        if number == 1:
            tags = {key: value for key, value in tags.items() if key not in OF_ONE}
        said = f"{CTCP}{ctcp} {piece}{CTCP}" if ctcp else piece
        yield Message(command, (target, said), who, tags)
