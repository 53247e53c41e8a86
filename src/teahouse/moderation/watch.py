"""What is written down of what was done, and who is told when something needs a look. Rule: the audit log only grows;
one that cannot be written is in the log of the house, and stops nobody who keeps order.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from teahouse.errors import NotStored, TooFast
from teahouse.events import Reported
from teahouse.limits import Bucket
from teahouse.store import Act, StoreError
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.server import Server
    from teahouse.session import Session
    from teahouse.user import User

WHILE = 600.0
"""Seconds for which reports of one person are counted together."""
COUNTED = 2_000
"""People whose reports are counted, the last ones."""
CONTEXT = 2_000
"""Characters of what was said that a report takes with it."""
NOT_QUEUED = (
    "The house cannot write that down just now: of those who keep order only those who are here were told. "
    "Please try again later."
)


class Watch:
    """The audit log and the reports of a house."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._counts: dict[str, Bucket] = {}

    def now(self) -> datetime:
        """What time it is."""
        return datetime.fromtimestamp(self._server.runtime.time(), UTC)

    def staff(self) -> list[User]:
        """Those who keep the house and are here."""
        return list(self._server.roll.keepers)

    # ---- the audit log -------------------------------------------------------------------------------------

    def note(self, act: Act) -> None:
        """Write down what was done."""
        self._server.runtime.spawn(self._only_note(act))

    async def _only_note(self, act: Act) -> None:
        await self._note(act)

    async def _note(self, act: Act) -> Act | None:
        try:
            return await self._server.store.note(replace(act, at=self.now()))
        except StoreError as error:
            self._server.runtime.log.error(
                "not in the audit log: {what} of {about} by {by}: {error}",
                what=act.what,
                about=act.about,
                by=act.by,
                error=error,
            )
            return None

    # ---- reports -------------------------------------------------------------------------------------------

    async def report(
        self, session: Session, about: str, reason: str, place: str, *, detail: str = ""
    ) -> None:
        """Somebody has a look taken at someone: into the queue, and those are told who keep order. `detail`: what was
        said. Raises TooFast, and NotStored where only those know of it who are here."""
        self._count(session)
        act = self._about(about, reason, place, detail)
        by = session.user
        if not await self._report(replace(act, by=by.nick, account=by.account_key)):
            raise NotStored(NOT_QUEUED)

    def suspect(self, about: str, reason: str, place: str, *, detail: str = "") -> None:
        """The same, by a filter: what it has too much of is passed over."""
        if self._counts_on(f"about {fold(about)}"):
            self._server.runtime.spawn(self._only_report(self._about(about, reason, place, detail)))

    def _about(self, about: str, reason: str, place: str, detail: str) -> Act:
        user = self._server.users.get(fold(about))
        return Act(
            what="report",
            by=self._server.settings.house.name,
            about=about,
            room=place,
            reason=reason,
            detail=detail[:CONTEXT],
            address=" ".join(dict.fromkeys(user.addresses)) if user is not None else "",
        )

    async def _only_report(self, act: Act) -> None:
        await self._report(act)

    async def _report(self, act: Act) -> bool:
        """Whether it is in the queue."""
        noted = await self._note(act)
        number = noted.number if noted is not None else 0
        told = dict.fromkeys(self.staff())
        room = self._server.rooms.get(fold(act.room))
        if room is not None:
            told.update(dict.fromkeys(room.keepers()))
        for user in told:
            if user.key != fold(act.about):
                user.tell(Reported(act.by, act.about, act.reason, act.room, number))
        return noted is not None

    def _count(self, session: Session) -> None:
        """Another nick does not make it another person; Raises TooFast."""
        user = session.user
        if not self._counts_on(user.account_key or self._server.admission.key(session.address) or user.key):
            most = self._server.limits.reports_per_user
            raise TooFast(f"You have made {most} reports within ten minutes: please wait a little.")

    def _counts_on(self, who: str) -> bool:
        """Whether one more is not too much."""
        most, now = self._server.limits.reports_per_user, self._server.runtime.now()
        bucket = self._counts.pop(who, None) or Bucket(most, now)
        if len(self._counts) >= COUNTED:
            del self._counts[next(iter(self._counts))]
        self._counts[who] = bucket
        return bucket.take(now, most / WHILE, most)
