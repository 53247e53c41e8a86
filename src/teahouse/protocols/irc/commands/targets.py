"""Where something was said: CHATHISTORY TARGETS. Rule: channels that the user is in, and people with whom the user's
account has messages; by the time of the last of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.protocols.irc.names import channel
from teahouse.protocols.irc.selectors import Place
from teahouse.store import MOST

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession

Found = list[tuple[str, int]]


async def targets(session: IrcSession, first: Place, second: Place, limit: int) -> Found:
    """The names of the buffers, each with the id of its last message, between two places in time: counted from the
    first of them, in the order of time. Raises StoreError."""
    backwards = first.before > second.before
    early, late = (second, first) if backwards else (first, second)
    found = await _channels(session) + await _people(session, early, late)
    between = sorted(
        ((id_, name) for name, id_ in found if early.after < id_ < late.before),
    )
    some = between[-limit:] if backwards else between[:limit]
    return [(name, id_) for id_, name in some]


async def _channels(session: IrcSession) -> Found:
    rooms = [key for key, room in session.user.rooms.items() if room.keeps_history]
    newest = await session.server.store.newest(rooms)
    return [(channel(key), id_) for key, id_ in newest.items()]


async def _people(session: IrcSession, early: Place, late: Place) -> Found:
    user, users = session.user, session.server.users
    if user.account is None:
        return []
    found = await session.server.store.conversations(
        user.account.key, after=early.after, before=late.before, count=MOST
    )
    return [(users[peer].nick if peer in users else peer, id_) for peer, id_ in found if user.hears(peer)]
