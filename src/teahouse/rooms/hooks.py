"""Webhooks of a room. Rule: those who keep order there make them and see them, and each is in the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from teahouse.commands import Rest, command
from teahouse.errors import BadName, UsageError
from teahouse.events import Table
from teahouse.rooms.filtering import Filtering
from teahouse.text import valid_name, web_address

if TYPE_CHECKING:
    from teahouse.server import Server
    from teahouse.session import Session

IN = "/api/v1/hooks/"
USAGE = "Usage: /hook in <name>, /hook out <https://…>, /hook remove <id>"


class Hooked(Filtering):
    """The command /hook."""

    theme = "Keeping this room"

    def __init__(self, server: Server, name: str, *, history: bool = True) -> None:
        super().__init__(server, name, history=history)
        server.hooks.listen_in(self._place)

    @command(role="operator", aliases=("hooks",))
    async def hook(
        self, session: Session, what: Literal["list", "in", "out", "remove"] = "list", value: Rest = ""
    ) -> None:
        """List the webhooks of this room, make one, or remove one: /hook in weather
        In: whoever has its address talks into this room, as weather/you. Out: what is said here is sent to an
        address, signed. They hold for as long as you keep order here. See docs/api.md."""
        if what == "list":
            self._list_hooks(session)
        elif not value or " " in value:
            raise UsageError(USAGE)
        elif what == "remove":
            await self.remove_hook(session, value)
            session.tell("That webhook leads nowhere any more.")
        elif what == "in":
            _, text = await self.add_hook(session, name=value)
            session.tell(f"POST to this address talks into {self.name}, shown only now: {IN}{text}")
        else:
            _, text = await self.add_hook(session, url=value)
            session.tell(
                f"What is said here is sent there. The key of its signatures, shown only now: {text}"
            )

    def _list_hooks(self, session: Session) -> None:
        found = self.server.hooks.of_room(self.key)
        rows = tuple((each.id, each.kind, each.url or each.name, each.account) for each in found)
        none = "This room has no webhooks. /hook in <name> makes one."
        session.tell(
            Table("Webhooks here:", ("id", "way", "name or address", "made by"), rows) if rows else none
        )

    async def add_hook(self, session: Session, *, name: str = "", url: str = "") -> tuple[str, str]:
        """A new webhook: its id, and what is shown of it once. Raises ChatError."""
        self.demand(session, "operator")
        try:
            name = valid_name(name, max_length=self.server.limits.nick_length) if not url else ""
            url = web_address(url) if url else ""
        except ValueError as error:
            raise BadName(str(error)) from error
        made, text = await self.server.hooks.add(self._place, session.user, name, url)
        self.note(session, "hook", f"{made.kind} {name or url}")
        return made.id, text

    async def remove_hook(self, session: Session, id_: str) -> None:
        """It leads nowhere any more. Raises NotAllowed, NotFound."""
        self.demand(session, "operator")
        await self.server.hooks.remove(self._place, id_)
        self.note(session, "unhook", id_)
