"""What a renderer may know of the one it renders for. Rule: hashable and small, because everyone with an equal
view is sent the same bytes; what differs from line to line (own, mention) is a variant of the same view.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from teahouse.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A viewer as such; each protocol adds its own fields in a subclass."""

    own: bool = False
    """The event is the viewer's own doing."""
    here: bool = False
    """It was done on this very device."""
    elsewhere: bool = False
    """It happened in a room that the viewer is in but does not look at."""
    mention: bool = False
    """It names the viewer, who wants to be alerted to that."""
    alert: bool = False
    """Whether the viewer wants to be alerted when named."""


@lru_cache(maxsize=4096)
def variant(view: View, own: bool, elsewhere: bool, mention: bool, here: bool = False) -> View:
    """The view for one event; the same object for the same question."""
    return replace(view, own=own, elsewhere=elsewhere, mention=mention, here=here)


Render = Callable[[Event, View], bytes]
"""A protocol's pure function: an event in its wire form for one view, b"" where it is not shown."""
