"""Nicks that come and go. Rule: who watches a nick is told when someone has it and when nobody has it any more; who
is gone is remembered for a while, but not where they connected from.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from teahouse.events import Appeared, Event, Vanished
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.server import Server
    from teahouse.session import Session
    from teahouse.user import User


class Departure(NamedTuple):
    """Someone who went by a nick and does so no more; `at` is the time of day."""

    nick: str
    ident: str
    host: str
    realname: str
    account: str
    at: float


class Watching:
    """Which session watches which nicks, and who is gone."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._by_nick: dict[str, dict[Session, None]] = {}
        self._of: dict[Session, dict[str, str]] = {}
        self._gone: deque[Departure] = deque(maxlen=server.limits.departures)

    # ---- watching ------------------------------------------------------------------------------------------

    def watch(self, session: Session, nick: str) -> bool:
        """Tell the session of this nick from now on; False if it watches as many as it may."""
        own, key = self._of.setdefault(session, {}), fold(nick)
        if key not in own and len(own) >= self._server.limits.watched_nicks:
            return False
        own.setdefault(key, nick)
        self._by_nick.setdefault(key, {})[session] = None
        return True

    def unwatch(self, session: Session, nick: str) -> None:
        """Tell it no more."""
        key = fold(nick)
        if self._of.get(session, {}).pop(key, None) is None:
            return
        del self._by_nick[key][session]
        if not self._by_nick[key]:
            del self._by_nick[key]

    def forget(self, session: Session) -> None:
        """The session watches nobody any more."""
        for nick in self.watched(session):
            self.unwatch(session, nick)
        self._of.pop(session, None)

    def watched(self, session: Session) -> list[str]:
        """The nicks that it watches, as they were asked for."""
        return list(self._of.get(session, {}).values())

    def watchers(self, user: User) -> list[Session]:
        """Who watches the nick that someone has."""
        return list(self._by_nick.get(user.key, ()))

    # ---- what happens --------------------------------------------------------------------------------------

    def came(self, user: User) -> None:
        """Someone goes by this nick from now on."""
        for session in list(self._by_nick.get(user.key, ())):
            session.tell(Appeared(user.nick, userhost=user.userhost))

    def went(self, user: User) -> None:
        """Nobody goes by this nick any more."""
        if not user.nick:
            return
        account = user.account.name if user.account is not None else ""
        at = self._server.runtime.time()
        if not user.is_bot:  # bots come and go with every reload, and nobody asks who they were
            self._gone.append(Departure(user.nick, user.ident, user.host, user.realname, account, at))
        for session in list(self._by_nick.get(user.key, ())):
            session.tell(Vanished(user.nick))

    def follow(self, event: Event, user: User, knows: Callable[[User], bool]) -> None:
        """Something about someone has changed: those who watch them are told, but for who knows it already."""
        for session in list(self._by_nick.get(user.key, ())):
            if session.user is not user and not knows(session.user):
                session.follow(event)

    def departures(self, nick: str) -> list[Departure]:
        """Those who went by a nick, the last one first."""
        key = fold(nick)
        return [each for each in reversed(self._gone) if fold(each.nick) == key]
