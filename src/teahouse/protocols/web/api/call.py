"""One call of the API: who calls, and as whom it acts. Rule: what a call may do beyond its scope is asked here."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from teahouse.accounts.tokens import Token
from teahouse.errors import CannotTalk, NoSuchRoom
from teahouse.protocols.web.api.session import ApiSession
from teahouse.protocols.web.exchange import HttpError, HttpRequest
from teahouse.rooms.chat import ChatRoom
from teahouse.store import Account
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.protocols.web.api.callers import Callers
    from teahouse.protocols.web.api.streams import Streams
    from teahouse.server import Server
    from teahouse.user import User

SCOPE_NEEDED = "scope-needed"


@dataclass(frozen=True, slots=True)
class Call:
    """What a function of the table gets."""

    callers: Callers
    streams: Streams
    session: ApiSession
    account: Account
    token: Token
    request: HttpRequest

    @property
    def server(self) -> Server:
        """The house."""
        return self.session.server

    @property
    def user(self) -> User:
        """The one as whom it acts."""
        return self.session.user

    def need(self, scope: str) -> None:
        """Raise HttpError if the token is not for that."""
        check_scope(self.token, scope)

    def room(self, name: str) -> ChatRoom:
        """The room of that name, where someone may know of it. Raises NoSuchRoom."""
        server = self.server
        room = server.rooms.get(fold(name))
        if room is None and fold(name) == fold(server.settings.house.lobby):
            room = server.rooms.open(name)  # there as soon as somebody asks for it
        if room is None or not room.is_seen_by(self.session):
            raise NoSuchRoom(f"There is no room {name} here.")
        return room

    def open_room(self, name: str) -> ChatRoom:
        """A room that one is in, or may go into as one is. Raises ChatError."""
        room = self.room(name)
        if self.user not in room.members:
            room.check_entry(self.session)
            room.admit(self.session)
        return room

    def talking_room(self, name: str) -> ChatRoom:
        """One in which a line is a line. Raises ChatError."""
        room = self.open_room(name)
        if not room.is_talk():
            raise CannotTalk("This room makes something else of what is said: come in with a client.")
        return room


def check_scope(token: Token, scope: str) -> None:
    """Raise HttpError for a token that is not for this."""
    if scope not in token.scopes:
        raise HttpError(
            HTTPStatus.FORBIDDEN,
            f'This token is not for that: it takes the scope "{scope}".',
            code=SCOPE_NEEDED,
        )
