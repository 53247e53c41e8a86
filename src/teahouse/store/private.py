"""Who is at the other end of a private message. Rule: every store decides it here, when it keeps the message."""

from __future__ import annotations

from collections.abc import Collection

from teahouse.events import Event
from teahouse.text import fold


def peer_of(event: Event, account: str, nicks: Collection[str]) -> str:
    """The folded nick at the other end, for an account (key) that has this message: the one it is `to` if the
    account sent it, else the one who did. By `nicks`, the account's own (keys), the sender of a message is
    known that nobody signed.
    """
    who, to = (fold(str(getattr(event, name, ""))) for name in ("who", "to"))
    is_signed = bool(event.account or event.userhost or event.bot)
    is_own = fold(event.account) == account if is_signed else who in nicks
    return to if is_own and to else who
