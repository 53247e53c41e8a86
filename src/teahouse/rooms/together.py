"""Several changes that someone asks for as one. Rule: each is checked, made and kept by itself as ever; only how
everyone is told waits until all are made, and is one event.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from teahouse.events import Event, RoleChanged, RuleLifted, RuleMade, TermsChanged
from teahouse.events.order import Together

if TYPE_CHECKING:
    from teahouse.rooms.gathering import Gathering
    from teahouse.user import User

CHANGES = frozenset({RoleChanged, RuleLifted, RuleMade, TermsChanged})
"""What may be told together."""
_HELD: ContextVar[list[Event] | None] = ContextVar("_HELD", default=None)


def hold(event: Event) -> bool:
    """Whether an event waits to be told together with others."""
    held = _HELD.get()
    if held is None or type(event) not in CHANGES:
        return False
    held.append(event)
    return True


@contextmanager
def together(room: Gathering, user: User) -> Iterator[None]:
    """Tell what this user changes in the room within this as one."""
    held: list[Event] = []
    token = _HELD.set(held)
    try:
        yield
    finally:
        _HELD.reset(token)
        if held:
            room.broadcast(held[0] if len(held) == 1 else Together(user.nick, tuple(held)), user)
