"""Who calls: accounts that act without being in the house, and how much each token may ask for. Rule: all of it is
bounded, and what nobody has used for an hour is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from typing import TYPE_CHECKING

from teahouse.limits import Bucket
from teahouse.protocols.web.api.session import PROTOCOL, ApiSession, Desk, doing
from teahouse.user import User

if TYPE_CHECKING:
    from teahouse.server import Server
    from teahouse.store import Account

MOST = 1_000
IDLE = 3_600.0
UNLIMITED = 1e9


class Callers:
    """The users of accounts that are elsewhere, and the buckets of tokens."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._absent: dict[str, User] = {}
        self._buckets: dict[str, Bucket] = {}

    # ---- who acts ------------------------------------------------------------------------------------------

    @contextmanager
    def session(self, account: Account, address: str, *, secure: bool) -> Iterator[ApiSession]:
        """A session for one call, of the account's user: the one who is in the house, or one who is not. Raises
        Banned for those who may not come in."""
        session = ApiSession(self._server, Desk(address, secure=secure))
        self._server.order.check_login(session.user, account.name, account)
        present = self._server.user_of(account.key)
        session.user = user = present or self._absent_user(account, session)
        if present is None:
            user.sessions.append(session)
        try:
            with doing(session):
                yield session
        finally:
            if present is None:
                user.sessions.remove(session)

    def _absent_user(self, account: Account, session: ApiSession) -> User:
        """The same for all calls of an account, for rooms know from it who has just spoken."""
        now = self._server.runtime.now()
        user = self._absent.pop(account.key, None) or User(now, account.name)
        self._absent[account.key] = user
        user.account, user.role, user.is_bot = account, account.role, True
        user.ident, user.host, user.active_at = PROTOCOL, session.host, now
        ignored = account.settings.get("ignored", [])
        for each in user.ignored:
            user.unignore(each)
        user.ignore(*map(str, ignored if isinstance(ignored, list) else ()))
        self._forget_old(now)
        return user

    def _forget_old(self, now: float) -> None:
        """The longest unused come first."""
        while self._absent:
            key, user = next(iter(self._absent.items()))
            if user.sessions or (len(self._absent) <= MOST and now - user.active_at < IDLE):
                return
            del self._absent[key]
            for room in self._server.rooms.values():
                room.policy.forget(user)

    # ---- how much ------------------------------------------------------------------------------------------

    def take(self, token: str) -> tuple[bool, dict[str, str]]:
        """Whether a token may ask for something now, and what its headers say of that."""
        limits, now = self._server.limits, self._server.runtime.now()
        rate, burst = limits.flood_lines or UNLIMITED, limits.flood_burst
        bucket = self._buckets.pop(token, None) or Bucket(burst, now)
        self._buckets[token] = bucket  # at the end: the first are those unused for longest
        taken = bucket.take(now, rate, burst)
        while len(self._buckets) > MOST:
            del self._buckets[next(iter(self._buckets))]
        return taken, _headers(bucket, rate, burst)


def _headers(bucket: Bucket, rate: float, burst: int) -> dict[str, str]:
    """As in the drafts of the IETF: so many at once, so many left, all of them again in so many seconds."""
    left = int(bucket.tokens)
    return {
        "RateLimit-Limit": str(burst),
        "RateLimit-Remaining": str(left),
        "RateLimit-Reset": str(ceil((burst - bucket.tokens) / rate)),
        **({} if left else {"Retry-After": str(max(1, ceil((1 - bucket.tokens) / rate)))}),
    }
