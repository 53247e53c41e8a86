"""Rooms that scripts use: each misbehaves, or waits, in one way."""

from __future__ import annotations

from teahouse.commands import Rest, command
from teahouse.rooms.chat import ChatRoom
from teahouse.runtime import Waiter
from teahouse.session import Session


class Broken(ChatRoom):
    """Has commands that raise what no command should."""

    @command
    def crash(self, session: Session) -> None:
        """Divide by nothing."""
        self.broadcast_count = 1 // 0

    @command
    def misfit(self, session: Session) -> None:
        """Raise a TypeError, which is not "unknown command"."""
        raise TypeError("misfit() takes 1 positional argument")

    @command
    async def slow_crash(self, session: Session) -> None:
        """Wait a second, then fail."""
        await _seconds(session, 1)
        raise LookupError("nothing there")


class Slow(ChatRoom):
    """Has commands that wait."""

    @command
    async def wait(self, session: Session, text: Rest = "") -> None:
        """Say something after a second."""
        await _seconds(session, 1)
        self.on_text(session, text or "done waiting")

    @command
    async def order(self, session: Session) -> None:
        """Ask what tea it shall be, and whether with milk."""
        tea = await session.ask("Which tea? ")
        milk = await session.ask("Milk? ")
        session.tell(f"{tea} with milk: {milk}")

    @command
    async def think(self, session: Session) -> None:
        """Wait a second before asking."""
        await _seconds(session, 1)
        answer = await session.ask("And? ")
        session.tell(f"You answered {answer}")


class Closed(ChatRoom):
    """Only those who are in it may read what was said."""

    def may_read(self, session: Session) -> bool:
        return False


async def _seconds(session: Session, seconds: float) -> None:
    waiter: Waiter[None] = session.server.runtime.waiter()
    session.server.runtime.later(seconds, lambda: waiter.callback(None))
    await waiter


KINDS: dict[str, type[ChatRoom]] = {"Broken": Broken, "Closed": Closed, "Slow": Slow}
