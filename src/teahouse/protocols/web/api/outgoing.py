"""What is sent to webhooks. Rule: each way out has one queue, bounded, and sends one thing at a time; what fails is
tried five times, and then given up.
"""

from __future__ import annotations

import hmac
import json
from collections import deque
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

from teahouse.events import Event
from teahouse.protocols.web.ids import shown
from teahouse.protocols.web.render import described
from teahouse.runtime import NO_ANSWER, Post

if TYPE_CHECKING:
    from teahouse.server import Server
    from teahouse.webhooks import Hook

TRIES = 5
PAUSES = (1.0, 5.0, 25.0, 125.0)
"""Seconds before each of the tries after the first."""
QUEUE = 100
"""Events that wait for one address; over it, the oldest are given up."""
TOO_MANY, BROKEN = 429, 500


class Outgoing:
    """The queues of all webhooks of a house."""

    def __init__(self, server: Server, post: Post) -> None:
        self._server = server
        self._post = post
        self._queues: dict[str, deque[tuple[Hook, int, bytes]]] = {}

    def send(self, hook: Hook, event: Event) -> None:
        """Have an event sent, behind those that wait."""
        data = {"hook": hook.id, "event": described(event)}
        body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        waiting = self._queues.get(hook.id)
        if waiting is not None:
            waiting.append((hook, shown(event.id), body))
            if len(waiting) > QUEUE:
                del waiting[1]  # the first is on its way
                self._server.runtime.log.warn(
                    "webhook {hook} is too slow: an event is given up", hook=hook.id
                )
            return
        self._queues[hook.id] = deque([(hook, shown(event.id), body)])
        self._server.runtime.spawn(self._try(hook.id, 0))

    async def _try(self, id_: str, tries: int) -> None:
        hook, event, body = self._queues[id_][0]
        status = await self._post(hook.url, body, headers(hook, event, body)) if self._holds(hook) else 410
        again = status in {NO_ANSWER, TOO_MANY} or status >= BROKEN
        if again and tries + 1 < TRIES:
            self._later(PAUSES[tries], id_, tries + 1)
            return
        if not 200 <= status < 300:
            log = self._server.runtime.log
            log.warn("webhook {hook}: an event is given up, status {status}", hook=id_, status=status)
        self._queues[id_].popleft()
        if self._queues[id_]:
            self._later(0.0, id_, 0)
        else:
            del self._queues[id_]

    def _holds(self, hook: Hook) -> bool:
        hooks = self._server.hooks
        return hook in hooks.of_room(hook.room) and hooks.holds(hook)

    def _later(self, seconds: float, id_: str, tries: int) -> None:
        runtime = self._server.runtime
        runtime.later(seconds, lambda: runtime.spawn(partial(self._try, id_, tries)()))


def headers(hook: Hook, event: int, body: bytes) -> dict[str, str]:
    """By which the other side knows whose it is, and that it has had it already."""
    signature = hmac.new(hook.secret.encode(), body, sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "User-Agent": "Teahouse",
        "X-Teahouse-Delivery": f"{hook.id}-{event}",
        "X-Teahouse-Signature": f"sha256={signature}",
    }
