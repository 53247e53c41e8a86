"""Running a command for someone who is at a page. Rule: it is the command that the rooms have, with its rights, its
errors and its line in the audit log; what it says is the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.events import Event, Table
from teahouse.protocols.web.api.session import ApiSession, Desk, doing
from teahouse.user import User

if TYPE_CHECKING:
    from teahouse.server import Server
    from teahouse.store import Account


class DeskSession(ApiSession):
    """A session for one command of one account, which is not in the house by it."""

    __slots__ = ("said",)

    def __init__(self, server: Server, account: Account, address: str, *, secure: bool) -> None:
        super().__init__(server, Desk(address, secure=secure))
        self.said: list[str] = []
        self.user = user = User(server.runtime.now(), account.name)
        user.sessions.append(self)  # a rule about where they are is about them
        user.account, user.role, user.host = account, account.role, self.host

    def tell(self, event: Event | str) -> None:
        """See `Session.tell`: kept for the answer."""
        self.said.append(event.title if isinstance(event, Table) else str(event))

    async def run_command(self, name: str, text: str) -> list[str]:
        """Run it where nobody is; what it said. Raises ChatError, EndSession, StoreError."""
        with doing(self):
            waiting = self.room.run(self, name, text)
            if waiting is not None:
                await waiting
        return self.said
