"""Names as IRC spells them. Rule: `#name` is IRC's spelling of the room `name`, here and nowhere else."""

from __future__ import annotations

CHANNEL = "#"
STATUS = {"~": "owner", "@": "operator", "+": "voice"}
"""Before a channel's name in a target: only members with that role, or a higher one."""
PREFIXES = {role: sign for sign, role in STATUS.items()}
LETTERS = {"owner": "q", "operator": "o", "voice": "v"}


def is_channel(target: str) -> bool:
    """Whether a target is a channel and not a nick."""
    return target[:1] == CHANNEL


def channel(room: str) -> str:
    """The channel that a room (by key or name) is to IRC."""
    return CHANNEL + room


def room_of(target: str) -> str:
    """The name of the room that a channel is."""
    return target.removeprefix(CHANNEL)


def split_status(target: str) -> tuple[str, str]:
    """`@#tea` is the operators in `#tea`: the least role that is meant ("" for all), and the channel."""
    if target[:1] in STATUS and target[1:2] == CHANNEL:
        return STATUS[target[0]], target[1:]
    return "", target


def prefix(role: str, *, multi: bool = False) -> str:
    """The signs before a member's nick; all of them with multi-prefix."""
    if role not in PREFIXES:
        return ""
    signs = "".join(STATUS)
    return signs[signs.index(PREFIXES[role]) :] if multi else PREFIXES[role]
