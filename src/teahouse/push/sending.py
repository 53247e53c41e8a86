"""What is on its way to push services. Rule: one queue for the house, bounded, and few at a time; what fails for now
is tried again a few times, what a service knows no more is forgotten, and nobody waits for any of it.
"""

from __future__ import annotations

from collections import deque
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
AT_ONCE = 4
"""On their way: a name that takes its time to be found holds up no more of the reactor's threads."""
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
        self._waiting: deque[tuple[PushMessage, int]] = deque()
        self._under_way = 0
        self._later = 0

    def __len__(self) -> int:
        """What waits, or will be tried again."""
        return len(self._waiting) + self._later

    def put(self, message: PushMessage, tries: int = 0) -> None:
        """Have it sent, behind those that wait."""
        same = (message.subscription.endpoint, message.topic)
        if message.topic:
            others = ((m, n) for m, n in self._waiting if (m.subscription.endpoint, m.topic) != same)
            self._waiting = deque(others)
        if len(self) >= QUEUE and self._waiting:
            self._waiting.popleft()
            self._server.runtime.log.warn("too much waits for push services: a message is given up")
        self._waiting.append((message, tries))
        self._go_on()

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
        while self._waiting and self._under_way < AT_ONCE:
            self._under_way += 1
            self._server.runtime.spawn(self._try(*self._waiting.popleft()))

    async def _try(self, message: PushMessage, tries: int) -> None:
        try:
            status = await self.send(message)
        except ValueError:
            status = TOO_LARGE
        self._under_way -= 1
        if status in GONE:
            await self._forget(message.account, message.subscription.endpoint)
        elif status in {NO_ANSWER, TOO_MANY} or status >= BROKEN:
            self._again(message, tries)
        elif not 200 <= status < 300:
            self._server.runtime.log.warn("a push service refuses a message: {status}", status=status)
        self._go_on()

    def _again(self, message: PushMessage, tries: int) -> None:
        if tries >= len(PAUSES) or len(self) >= QUEUE:
            self._server.runtime.log.warn("a push service takes nothing: a message is given up")
            return
        self._later += 1
        self._server.runtime.later(PAUSES[tries], lambda: self._back(message, tries + 1))

    def _back(self, message: PushMessage, tries: int) -> None:
        self._later -= 1
        self.put(message, tries)
