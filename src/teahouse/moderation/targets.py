"""What people type when they mean someone, and for how long. Rule: a nick means whoever has it now, with all they can
come back as; a mask means what it says.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from teahouse.errors import UsageError
from teahouse.moderation.masks import ACCOUNT, canonical, is_mask
from teahouse.text import fold, parse_duration

if TYPE_CHECKING:
    from teahouse.server import Server
    from teahouse.user import User

_SPAN = re.compile(r"(?:\d+[wdhms])+", re.ASCII | re.IGNORECASE)


class Target(NamedTuple):
    """Those who are meant: masks, the nick they were named by ("" for a mask), and who that is now, if present."""

    masks: tuple[str, ...]
    about: str
    user: User | None


async def target(server: Server, text: str) -> Target:
    """Who is meant by a nick, an account's name or a mask. Raises UsageError for a mask that cannot be one."""
    user = server.users.get(fold(text))
    if user is not None:
        return Target(tuple(server.order.masks_of(user)), user.nick, user)
    if is_mask(text):
        return Target((canonical(text),), "", None)
    account = await server.accounts.owner(text)
    if account is not None and fold(text) in {each.key for each in account.own}:
        return Target((ACCOUNT + account.key,), account.name, None)
    return Target((canonical(text),), text, None)


def how_long_and_why(text: str, most: int) -> tuple[timedelta | None, str]:
    """`10m spam` is ten minutes, because of spam; no time is until it is lifted. `most`: characters in a reason.

    Raises UsageError.
    """
    word, _, rest = text.partition(" ")
    if not _SPAN.fullmatch(word):
        return None, text.strip()[:most].rstrip()
    try:
        return parse_duration(word), rest.strip()[:most].rstrip()
    except ValueError as error:
        raise UsageError(str(error)) from error
