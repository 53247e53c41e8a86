"""Every bound of the house, in one place. Rule: what can grow has a number here, and a test that reaches it.

Sizes are bytes, times are seconds; 0 switches a limit off where its line says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


def key(default: Any, help_: str, *, restart: bool = False) -> Any:
    """A settings field with the sentence that stands above it in the example configuration; `restart`: an open house
    does not take another value (see `Reconfiguring`)."""
    metadata = {"help": help_, "restart": restart}
    if isinstance(default, (list, dict)):
        return field(default_factory=lambda: type(default)(default), metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of anything one person, one address, or all of them together may use."""

    line_bytes: int = key(4096, "Longest line anyone may send; the rest of a longer one is thrown away.")
    output_bytes: int = key(262_144, "What may wait for a slow reader before the connection is dropped.")
    output_seconds: int = key(60, "How long anything may wait for a slow reader before it is dropped.")
    flood_lines: float = key(4.0, "Lines a second that one session may go on sending; 0: no limit.")
    flood_burst: int = key(20, "Lines that one session may send at once before it is slowed down.")
    flood_bytes: int = key(32_768, "Input of a slowed-down session that may wait; over it, it is dropped.")
    login_seconds: int = key(
        30, "Time to log in, on telnet from the last line typed (ten times that at most); 0: no limit."
    )
    keepalive_seconds: int = key(60, "Silence after which a connection is probed; 0: never.")
    connections: int = key(10_000, "Connections to the house, logged in or not.")
    connections_waiting: int = key(1_000, "Connections that have not logged in yet.")
    connections_per_address: int = key(
        16, "Connections at once from one IPv4 address or IPv6 /64; 0: no limit."
    )
    connects_per_address: int = key(64, "Connects within ten minutes from one address; 0: no limit.")
    visits_per_address: int = key(
        64, "HTTP connections at once from one address; a browser has six or seven. 0: no limit."
    )
    visits_in_ten_minutes: int = key(1_000, "HTTP connects within ten minutes from one address; 0: no limit.")
    exempt_addresses: list[str] = key(
        ["127.0.0.0/8", "::1/128"], "Networks to which the limits per address do not apply."
    )
    rooms: int = key(1_000, "Rooms in the house, those made on demand included.")
    rooms_made: int = key(
        50, "Rooms made on demand by one account, or from one address, that are open at once; 0: no limit."
    )
    rooms_per_user: int = key(50, "Rooms that one user may be in.")
    ignores_per_user: int = key(100, "Nicks that one user may ignore.")
    nicks_per_account: int = key(5, "Nicks that an account may reserve besides its own.")
    rooms_per_account: int = key(10, "Rooms that one account may register.")
    rename_seconds: int = key(60, "Time from one renaming of a room to its next one; 0: no limit.")
    rules_per_room: int = key(
        200, "Bans in one room; and mutes, exemptions, invitations, people with a role."
    )
    filters_per_room: int = key(100, "Word filters in one room.")
    rules_of_house: int = key(2_000, "Bans from the house, and shuns.")
    filters_of_house: int = key(500, "Word filters of the whole house.")
    reports_per_user: int = key(5, "Reports that one person may make within ten minutes.")
    detached_hours: int = key(
        24, "How long someone who has detached stays in the house without a connection."
    )
    resume_seconds: int = key(60, "How long a browser whose connection is lost may come back unnoticed.")
    resumable: int = key(1_000, "Browsers without a connection that are waited for; the oldest goes first.")
    api_streams: int = key(4, "Event streams of the API that one token may have open at once.")
    hooks_per_room: int = key(10, "Webhooks of one room, into it and out of it.")
    push_subscriptions: int = key(
        10, "Devices of one account that are notified; the one that came first goes first."
    )
    history_messages: int = key(100, "Messages that an IRC client is given at once when it asks for history.")
    change_minutes: int = key(
        0, "Minutes for which people may correct or take back what they said; 0: while it is kept."
    )
    multiline_bytes: int = key(4096, "Bytes of one message of several lines (IRC).")
    multiline_lines: int = key(100, "Lines of one message of several lines (IRC).")
    metadata_keys: int = key(20, "Keys of metadata that one person, or one room, has (IRC).")
    metadata_key_bytes: int = key(64, "Bytes of such a key.")
    metadata_value_bytes: int = key(300, "Bytes of the value of such a key.")
    metadata_subscriptions: int = key(50, "Keys of metadata that one IRC client is told of.")
    topic_length: int = key(390, "Characters in a topic.")
    away_length: int = key(200, "Characters in an away message or a reason for leaving.")
    nick_length: int = key(32, "Characters in a nick.")
    shortest_password: int = key(8, "Characters that the password of an account has at least.")
    room_length: int = key(50, "Characters in a room's name.")
    roster_nicks: int = key(50, "Nicks that a newcomer is shown; the others are counted.")
    private_messages: int = key(
        10_000, "Private messages kept for one account; the oldest are forgotten; 0: all."
    )
    markers_per_user: int = key(
        500,
        "Rooms and conversations of which the house knows how far one user has read; the oldest are forgotten.",
    )
    watched_nicks: int = key(100, "Nicks that one connection may watch (MONITOR on IRC).")
    departures: int = key(1_000, "People of whom the house remembers that they have left (WHOWAS on IRC).")
    answer_rows: int = key(2_000, "Rows of one answer on IRC; its bytes: a quarter of output_bytes at most.")
    announce_members: int = key(100, "In a fuller room, terminals are not told who comes and goes.")


class Bucket:
    """A token bucket: `burst` at once, then `rate` a second. Holds no timer; the caller brings the time."""

    __slots__ = ("at", "tokens")

    def __init__(self, burst: float, now: float) -> None:
        self.tokens = burst
        self.at = now

    def take(self, now: float, rate: float, burst: float) -> bool:
        """Use one token if there is one."""
        tokens = min(burst, self.tokens + (now - self.at) * rate)
        self.at = now
        if tokens < 1:
            self.tokens = tokens
            return False
        self.tokens = tokens - 1
        return True
