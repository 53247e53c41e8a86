"""A look at the house: all its numbers at one moment. Rule: plain values, of which none is anyone's nick or address;
it goes once through the sessions and the users, so it is taken no more often than it is asked for.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from teahouse.measures.memory import resident_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from teahouse.server import Server

GUEST, ACCOUNT, BOT = "guest", "account", "bot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is so now; what is counted since the house was opened stands in `Counters`."""

    uptime: float
    sessions: Mapping[str, int]
    """Connections that belong to someone in the house, by protocol."""
    at_the_door: int
    connections: int
    users: Mapping[str, int]
    """People in the house: guests, those with an account, bots."""
    most_users: int
    rooms: int
    waiting_turns: int
    waiting_bytes: int
    lateness: tuple[float, float]
    """How late the house was at most in half of the last seconds, and in 99 of 100."""
    memory: int
    requests: int


def look(server: Server) -> Look:
    """Look now."""
    sessions = Counter(each.link.protocol for each in server.sessions if each.logged_in)
    users = Counter(
        BOT if user.listener is not None or user.is_bot else GUEST if user.account is None else ACCOUNT
        for user in server.users.values()
    )
    measures = server.measures
    return Look(
        uptime=measures.uptime,
        sessions=dict(sorted(sessions.items())),
        at_the_door=len(server.arrivals),
        connections=server.admission.total,
        users={kind: users[kind] for kind in (GUEST, ACCOUNT, BOT)},
        most_users=server.most_users,
        rooms=len(server.rooms),
        waiting_turns=server.fanout.waiting,
        waiting_bytes=measures.waiting_bytes,
        lateness=(measures.lateness.quantile(0.5), measures.lateness.quantile(0.99)),
        memory=resident_bytes(),
        requests=server.requests_served,
    )
