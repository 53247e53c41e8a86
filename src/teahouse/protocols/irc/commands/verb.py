"""One command of IRC, as the table has it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, NamedTuple

from teahouse.protocols.irc.message import Message

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession

Handler = Callable[["IrcSession", Message], Awaitable[None] | None]


class Verb(NamedTuple):
    """The function that answers a command, how many parameters it needs at least, and whether it may be used before
    registration is complete. The function raises ChatError."""

    handler: Handler
    least: int = 0
    before: bool = False
