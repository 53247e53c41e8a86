"""What is said to one browser and to no other protocol. Rule: it goes through the house as an event, so that no
answer overtakes what happened before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from teahouse.events import Event
from teahouse.protocols.web.codec import Ref, write

if TYPE_CHECKING:
    from teahouse.session import Session

SHARE = 4
"""The part of what may wait for a client that one answer may be."""


@dataclass(frozen=True, slots=True)
class Done(Event):
    """A request has been done; what it brings."""

    ref: Ref = None
    values: Mapping[str, Any] = field(default_factory=dict)
    passing: bool = False
    """Whether it is not kept for one who comes back, who can ask again."""

    def __str__(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Refused(Event):
    """A request could not be done."""

    code: str
    text: str
    ref: Ref = None

    def __str__(self) -> str:
        return self.text


def fitting(session: Session, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """As many of the first as one answer has space for: it must not drop the one who asked."""
    space = session.server.limits.output_bytes // SHARE
    found: list[dict[str, Any]] = []
    for row in rows:
        space -= len(write(row))
        if space < 0 and found:
            break
        found.append(row)
    return found
