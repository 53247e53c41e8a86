"""What is on its way to push services. Rule: a bounded queue and few at a time, every account in its turn, so
that nobody whose push service is slow holds up others; what fails for now is tried again a few times, and what a
service knows no more is forgotten.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from teahouse.push.encryption import encrypt, from_text
from teahouse.push.keys import Keys
from teahouse.push.subscriptions import Subscription
from teahouse.runtime import NO_ANSWER, Post

if TYPE_CHECKING:
    from teahouse.server import Server

QUEUE = 1_000
"""Messages that wait to be sent, or to be sent again; over it, the oldest are given up."""
SHARE = 100
"""Of one account; over it, its own oldest are given up."""
AT_ONCE = 4
"""On their way, one of each account; a name that takes its time to be found holds up no more of the reactor's
threads."""
PAUSES = (5.0, 30.0, 180.0)
"""Seconds before each of the tries after the first."""
TOO_LARGE, TOO_MANY, BROKEN = 413, 429, 500
GONE = frozenset({404, 410})
"""How a service says that a subscription has ended (RFC 8030, 7.3)."""
A_DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class PushMessage:
    """One message for one device. `topic`: it takes the place of one with the same that has not arrived yet (RFC
    8030, 5.4: at most 32 characters of base64 for addresses); `urgency` as in 5.3."""

    account: str
    subscription: Subscription
    payload: bytes
    topic: str = ""
    urgency: str = "high"


Forget = Callable[[str, str], Awaitable[None]]
"""What to do about a subscription that is gone: the account's key, and the address."""


class Sending:
    """The queue of a house. `forget` must not raise."""

    def __init__(self, server: Server, keys: Keys, post: Post, forget: Forget) -> None:
        self._server = server
        self._keys = keys
        self._post = post
        self._forget = forget
        self._waiting: dict[str, deque[tuple[PushMessage, int]]] = {}
        """By account, the next in turn first."""
        self._under_way: set[str] = set()
        self._later: Counter[str] = Counter()
        self._goes_on = False

    def __len__(self) -> int:
        """What waits, or will be tried again."""
        return sum(map(len, self._waiting.values())) + self._later.total()

    def put(self, message: PushMessage, tries: int = 0) -> None:
        """Have it sent, behind those that wait."""
        own = self._waiting.get(message.account, deque())
        same = (message.subscription.endpoint, message.topic)
        if message.topic:
            own = deque((m, n) for m, n in own if (m.subscription.endpoint, m.topic) != same)
        own.append((message, tries))
        self._waiting[message.account] = own
        if len(own) + self._later[message.account] > SHARE:
            self._give_up(message.account)
        elif len(self) > QUEUE:
            self._give_up(max(self._waiting, key=lambda account: len(self._waiting[account])))
        self._go_on()

    def _give_up(self, account: str) -> None:
        """The oldest that waits of an account."""
        self._next_of(account)
        self._count("given-up")
        self._server.runtime.log.warn("too much waits for push services: a message is given up")

    def _next_of(self, account: str) -> tuple[PushMessage, int]:
        """Take it; the others of the account are the last in turn."""
        own = self._waiting.pop(account)
        found = own.popleft()
        if own:
            self._waiting[account] = own
        return found

    async def send(self, message: PushMessage) -> int:
        """Send it now; the status of the answer. Raises ValueError where it does not fit."""
        to = message.subscription
        body = encrypt(message.payload, from_text(to.p256dh), from_text(to.auth))
        return await self._post(to.endpoint, body, self._headers(message))

    def _headers(self, message: PushMessage) -> dict[str, str]:
        endpoint, now = message.subscription.endpoint, self._server.runtime.time()
        contact = self._server.settings.push.contact
        found = {
            "Authorization": self._keys.authorization(endpoint, contact, now),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(A_DAY),
            "Urgency": message.urgency,
            "User-Agent": "Teahouse",
        }
        return found | ({"Topic": message.topic} if message.topic else {})

    def _go_on(self) -> None:
        if self._goes_on:
            return
        self._goes_on = True
        while len(self._under_way) < AT_ONCE and (account := self._in_turn()) is not None:
            self._under_way.add(account)
            self._server.runtime.spawn(self._try(*self._next_of(account)))
        self._goes_on = False

    def _in_turn(self) -> str | None:
        return next((account for account in self._waiting if account not in self._under_way), None)

    async def _try(self, message: PushMessage, tries: int) -> None:
        try:
            status = await self.send(message)
        except ValueError:
            status = TOO_LARGE
        self._under_way.discard(message.account)
        if status in GONE:
            self._count("gone")
            await self._forget(message.account, message.subscription.endpoint)
        elif status in {NO_ANSWER, TOO_MANY} or status >= BROKEN:
            self._again(message, tries)
        elif 200 <= status < 300:
            self._count("sent")
        else:
            self._count("refused")
            self._server.runtime.log.warn("a push service refuses a message: {status}", status=status)
        self._go_on()

    def _again(self, message: PushMessage, tries: int) -> None:
        if tries >= len(PAUSES) or len(self) >= QUEUE or self._later[message.account] >= SHARE:
            self._count("given-up")
            self._server.runtime.log.warn("a push service takes nothing: a message is given up")
            return
        self._later[message.account] += 1
        self._server.runtime.later(PAUSES[tries], lambda: self._back(message, tries + 1))

    def _count(self, outcome: str) -> None:
        self._server.measures.counters.pushed.add(outcome)

    def _back(self, message: PushMessage, tries: int) -> None:
        self._later -= Counter((message.account,))  # and none is kept of those with nothing
        self.put(message, tries)
