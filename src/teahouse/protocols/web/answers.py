"""What is said to one browser and to no other protocol. Rule: it goes through the house as an event, so that no
answer overtakes what happened before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from teahouse.events import Event
from teahouse.protocols.web.codec import Ref


@dataclass(frozen=True, slots=True)
class Done(Event):
    """A request has been done; what it brings."""

    ref: Ref = None
    values: Mapping[str, Any] = field(default_factory=dict)

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
