"""Webhooks: ways for other programs to talk into a room, and to be told what is said there. Rule: a hook holds for as
long as the account that has made it keeps order in its room; and what opens it is shown once.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from secrets import token_bytes, token_hex
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from teahouse.accounts.records import NO_STORE
from teahouse.commands import rank
from teahouse.errors import AccountNeeded, ChatError, NotAllowed, NotFound, TooMany
from teahouse.events import Deleted, Edited, Emoted, Event, Reacted, Said, TopicChanged
from teahouse.store import StoreError
from teahouse.user import User

if TYPE_CHECKING:
    from teahouse.rooms.chat import ChatRoom
    from teahouse.server import Server

DOCUMENT = "webhooks"
TOLD = (Said, Emoted, Edited, Deleted, Reacted, TopicChanged)
"""What is told to those outside."""
IN, OUT = "in", "out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """One way, into a room or (where it has a `url`) out of it. `secret`: the hash of what opens it; or, for the way
    out, which has to sign with it, the secret itself."""

    id: str
    room: str
    account: str
    name: str
    secret: str = field(repr=False)
    url: str = ""

    def shown_to(self, account: str) -> str:
        """Its name, or where it leads: to others than who has made it (an account's key) no more than the site, for
        what opens something there may stand in the rest of the address."""
        parts = urlsplit(self.url)
        return self.name or (self.url if account == self.account else f"{parts.scheme}://{parts.netloc}")

    @property
    def kind(self) -> str:
        """The way that it leads."""
        return OUT if self.url else IN


class Hooks:
    """All of a house. `send` is what delivers, where there is something that can."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.send: Callable[[Hook, Event], object] | None = None
        kept = server.store.document(DOCUMENT)
        self._hooks = {each["id"]: Hook(**each) for each in kept} if isinstance(kept, list) else {}
        self._ear = User(server.runtime.now())
        self._ear.listener = self

    def listen_in(self, room: ChatRoom) -> None:
        """A room is there, from which something may be told."""
        if any(each.room == room.key and each.url for each in self._hooks.values()):
            room.bots = (*room.bots, self._ear)

    # ---- making and finding them ---------------------------------------------------------------------------

    def of_room(self, room: str) -> list[Hook]:
        """Those of a room (by key), the oldest first."""
        return [each for each in self._hooks.values() if each.room == room]

    def find(self, secret: str) -> Hook:
        """The way in that this opens. Raises NotFound."""
        hashed = _hash(secret)
        found = next((each for each in self._hooks.values() if each.secret == hashed and not each.url), None)
        if found is None or not self.holds(found):
            raise NotFound("There is no such webhook.")
        return found

    def holds(self, hook: Hook) -> bool:
        """Whether its maker keeps order in its room still, and the room stays."""
        room = self._server.rooms.get(hook.room)
        return room is not None and self._server.rooms.lasts(room) and _keeps(room, hook.account)

    async def add(self, room: ChatRoom, user: User, name: str, url: str = "") -> tuple[Hook, str]:
        """A new one, and what is shown of it once: what opens it, or by what its signature is known. Raises
        ChatError."""
        self._check(room, user)
        text = urlsafe_b64encode(token_bytes(32)).decode().rstrip("=")
        made = Hook(
            id=token_hex(4),
            room=room.key,
            account=user.account_key,
            name=name,
            secret=text if url else _hash(text),
            url=url,
        )
        await self._keep({**self._hooks, made.id: made})
        if url and self._ear not in room.bots:
            room.bots = (*room.bots, self._ear)
        return made, text

    def _check(self, room: ChatRoom, user: User) -> None:
        if user.account is None:
            raise AccountNeeded("A webhook belongs to an account: /register makes one of your nick.")
        if not self._server.rooms.lasts(room):
            raise NotAllowed("This room goes with the last one in it: /room register makes it stay.")
        if not _keeps(room, user.account_key):
            raise NotAllowed("Webhooks are made by those whose account this room has made an operator.")
        most = self._server.limits.hooks_per_room
        if len(self.of_room(room.key)) >= most:
            raise TooMany(f"This room has {most} webhooks, and no more fit: remove one first.")

    async def remove(self, room: ChatRoom, id_: str) -> None:
        """It leads nowhere any more. Raises NotFound."""
        found = self._hooks.get(id_)
        if found is None or found.room != room.key:
            raise NotFound("This room has no such webhook.")
        await self._keep({key: each for key, each in self._hooks.items() if key != id_})

    async def remove_all(self, room: str, account: str = "") -> None:
        """Those of a room (by key), or of an account in it, lead nowhere any more: whoever has the name next has
        others."""
        left = {
            key: each
            for key, each in self._hooks.items()
            if each.room != room or (account and each.account != account)
        }
        if left != self._hooks:
            await self._keep(left)

    def follow_room(self, before: str, after: str) -> dict[str, Any]:
        """A room (by key) has another key from now on: the document that says so, for the store; none if it has no
        webhooks."""
        moved = {
            key: replace(each, room=after) if each.room == before else each
            for key, each in self._hooks.items()
        }
        if moved == self._hooks:
            return {}
        self._hooks = moved
        return {DOCUMENT: _described(moved)}

    async def _keep(self, hooks: dict[str, Hook]) -> None:
        self._hooks = hooks
        try:
            await self._server.store.save_document(DOCUMENT, _described(hooks))
        except StoreError as error:
            raise ChatError(NO_STORE) from error

    # ---- what is told outside ------------------------------------------------------------------------------

    def told(self, event: Event) -> None:
        """See `Listener.told`: nobody says anything to it alone."""

    def heard(self, event: Event) -> None:
        """See `Listener.heard`."""
        if not isinstance(event, TOLD) or self.send is None:
            return
        for each in self.of_room(self._server.renaming.now(event.room)):
            if each.url and self.holds(each):
                self.send(each, event)


def _described(hooks: dict[str, Hook]) -> list[dict[str, Any]]:
    return [asdict(each) for each in hooks.values()]


def _keeps(room: ChatRoom, account: str) -> bool:
    """Whether the room itself has given an account that role: what the house gives is not the room's."""
    role = "owner" if account == room.policy.founder else room.policy.roles.get(account, "")
    return bool(account and role) and rank(role) >= rank("operator")


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()
