"""Signs on what was said, and who is writing, as client-only tags. Rule: what the house has a word for travels as
that; other tags of clients are handed on as they are.
"""

from __future__ import annotations

from collections.abc import Mapping

from teahouse.events import Reacted, Typing
from teahouse.protocols.irc.multiline import PIECES

REACT, UNREACT = "+draft/react", "+draft/unreact"
REPLY = "+draft/reply"
EDIT = "+draft/edit"
TYPING = "+typing"
Pairs = tuple[tuple[str, str], ...]


def react_tags(event: Reacted) -> Pairs:
    """The tags of a reaction."""
    return ((UNREACT if event.gone else REACT, event.sign), (REPLY, str(event.target)))


def typing_tags(event: Typing) -> Pairs:
    """The tags of someone who writes."""
    return ((TYPING, event.state),)


def client_tags(tags: Mapping[str, str]) -> Pairs:
    """The tags that are from client to client, and how a client has cut its text."""
    return tuple((name, value) for name, value in tags.items() if name[:1] == "+" or name == PIECES)


def reply_of(tags: Mapping[str, str]) -> int:
    """The id of what is answered; 0 for nothing that the house could know."""
    value = tags.get(REPLY) or tags.get("+reply") or ""
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 20 else 0
