"""Who may act on whom, and who gives which role. Rule: roles alone decide, and they do so here.

Nobody acts on someone of a higher role, nor of the same, but for two: operators may put each other out of a room, as
on IRC, and the founder of a room is above its other owners. Moderators of the house stand above all of a room's own
roles. Operators give and take voices; owners (and moderators) make operators and owners. In a room without an owner,
operators make operators.
"""

from __future__ import annotations

from typing import NamedTuple

from teahouse.commands import rank
from teahouse.errors import NotAllowed


class Standing(NamedTuple):
    """Someone's nick and role in a room, and whether the room was registered by them."""

    nick: str
    role: str
    is_founder: bool = False


def stands_above(one: Standing, other: Standing) -> bool:
    """Whether one of them is higher."""
    return (rank(one.role), one.is_founder) > (rank(other.role), other.is_founder)


def check_kick(by: Standing, whom: Standing) -> None:
    """Raise NotAllowed if someone may not put the other out."""
    if not (stands_above(by, whom) or by.role == whom.role == "operator"):
        raise NotAllowed(f"{whom.nick} is {a(whom.role)} here: you cannot do that to them.")


def check_grant(by: Standing, whom: Standing, role: str, *, owned: bool) -> None:
    """Raise NotAllowed if someone may not give the other this role ("" takes what there is). `owned`: whether the
    room has an owner."""
    if whom.is_founder:
        raise NotAllowed(f"{whom.nick} has registered this room, and stays its owner until /room release.")
    if by.nick == whom.nick and rank(role) < rank(whom.role):
        return  # everyone may give up what they have
    given = max(role, whom.role, key=rank)
    least = given if rank(given) > rank("operator") else "operator"
    if given == "operator" and owned:
        least = "owner"
    if rank(by.role) < rank(least):
        raise NotAllowed(f"Only {least}s and those above them decide that here.")
    if whom.role == "owner" and whom.nick != by.nick and not stands_above(by, whom):
        raise NotAllowed(f"{whom.nick} is an owner of this room, as you are.")


def a(role: str) -> str:
    """`an operator`, `a voice`."""
    return f"{'an' if role[:1] in 'aeiou' else 'a'} {role}"
