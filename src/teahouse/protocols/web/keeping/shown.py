"""What moderators are shown, as plain values. Rule: all of it is for those who keep the house, addresses too; the
page sets each of them as text.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from teahouse.moderation.filters import Filters
from teahouse.moderation.house import SETTINGS
from teahouse.moderation.rules import Rules
from teahouse.text import clean

if TYPE_CHECKING:
    from teahouse.rooms.chat import ChatRoom
    from teahouse.server import Server
    from teahouse.store import Account, Act

MOST = 500
"""Rules, and rooms, that are shown: the newest, and the fullest."""


def overview(server: Server, account: Account) -> dict[str, Any]:
    """Who looks, and how the house is."""
    return {
        "house": server.settings.house.name,
        "me": {"name": account.name, "role": account.role},
        "lockdown": server.order.lockdown,
        "people": len(server.users),
    }


def act(found: Act) -> dict[str, Any]:
    """A line of the audit log."""
    return {
        "number": found.number,
        "at": _iso(found.at),
        "by": clean(found.by),
        "what": found.what,
        "about": clean(found.about),
        "room": clean(found.room),
        "reason": clean(found.reason),
        "address": found.address,
        "settles": found.settles,
    }


def report(found: Act) -> dict[str, Any]:
    """A report, with what was said."""
    said = [clean(line) for line in found.detail.split("\n") if line]
    return {**act(found), "said": said}


def rules(found: Rules, now: datetime) -> list[dict[str, Any]]:
    """Bans or shuns that hold, the newest first."""
    return [
        {
            "mask": clean(each.mask),
            "about": clean(each.about),
            "by": clean(each.by),
            "at": _iso(each.at),
            "until": _iso(each.until) if each.until else "",
            "reason": clean(each.reason),
        }
        for each in reversed(found.holding(now)[-MOST:])
    ]


def filters(found: Filters) -> list[dict[str, Any]]:
    """Words that are not wanted; those of the settings come back when the house opens."""
    return [
        {"pattern": each.pattern, "action": each.action, "by": clean(each.by), "lasts": each.by == SETTINGS}
        for each in found
    ]


def rooms(found: Iterable[ChatRoom]) -> list[dict[str, Any]]:
    """Rooms, the fullest first."""
    ordered = sorted(found, key=lambda room: (-len(room.members), room.key))
    return [
        {
            "name": room.name,
            "people": len(room.members),
            "topic": clean(room.topic),
            "hidden": room.policy.terms.hidden,
        }
        for room in ordered[:MOST]
    ]


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
