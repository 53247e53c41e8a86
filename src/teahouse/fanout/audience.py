"""Who hears a room, on this node. Rule: sessions that would be shown the same bytes stand in one group, so that
a line is rendered and joined once for all of them; only those who differ are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from teahouse.view import Render, View

if TYPE_CHECKING:
    from teahouse.session import Session

Group = tuple[Render, View]


class Audience:
    """The sessions that hear one room, by what they would be shown."""

    __slots__ = ("_group_of", "groups", "particular", "room", "several")

    def __init__(self, room: str) -> None:
        self.room = room
        self.groups: dict[Group, dict[Session, None]] = {}
        self._group_of: dict[Session, Group] = {}
        self.particular: set[Session] = set()
        """Those whose own rules (ignored nicks, the bell for a mention) may change what a line is for them."""
        self.several: set[Session] = set()
        """Those who hear other rooms as well."""

    def __contains__(self, session: Session) -> bool:
        return session in self._group_of

    def __iter__(self) -> Iterator[Session]:
        return iter(self._group_of)

    def __len__(self) -> int:
        return len(self._group_of)

    def add(self, session: Session) -> None:
        """Let a session hear the room, or see to it that it stands in the right group after a change."""
        wanted = (session.render, session.view_in(self.room))
        current = self._group_of.get(session)
        if current != wanted:
            if current is not None:
                self._remove_from(current, session)
            self._group_of[session] = wanted
            self.groups.setdefault(wanted, {})[session] = None
        _keep(self.particular, session, wanted=session.is_particular())

    def remove(self, session: Session) -> None:
        """The session hears the room no more."""
        group = self._group_of.pop(session, None)
        if group is not None:
            self._remove_from(group, session)
        self.particular.discard(session)
        self.several.discard(session)

    def mark_several(self, session: Session, several: bool) -> None:
        """Note whether the session hears other rooms too."""
        _keep(self.several, session, wanted=several)

    def _remove_from(self, group: Group, session: Session) -> None:
        members = self.groups[group]
        del members[session]
        if not members:
            del self.groups[group]


def _keep(sessions: set[Session], session: Session, *, wanted: bool) -> None:
    if wanted:
        sessions.add(session)
    else:
        sessions.discard(session)
