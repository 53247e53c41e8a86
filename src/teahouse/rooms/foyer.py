"""Logged in, and in no room. Rule: what a chat room can do beside talking, it has from here."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, ClassVar

from teahouse.rooms.base import Room
from teahouse.rooms.commands import (
    account,
    audit,
    houserules,
    ignoring,
    people,
    places,
    reports,
    stewards,
    tokens,
    uploads,
)
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.session import Session
    from teahouse.store import Act


class Foyer(Room):
    """Where one is who is in no room; the commands that are everywhere in the house are declared for it."""

    themes: ClassVar[tuple[ModuleType, ...]] = (
        places,
        people,
        ignoring,
        account,
        tokens,
        uploads,
        reports,
        audit,
        houserules,
        stewards,
    )

    def add(self, session: Session) -> None:
        """Say where one can go from here."""
        session.tell("You are in no room. /rooms lists them, /join <room> goes into one.")

    def is_for_keepers(self, act: Act, session: Session) -> bool:
        """Whether those who keep this room see an act: not what was done in another room of that name before, and
        not who has reported the one who looks."""
        return not (act.what == "report" and fold(act.about) == session.user.key)
