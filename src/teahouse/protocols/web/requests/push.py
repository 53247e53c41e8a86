"""Notifications of a browser that is not looked at: subscribe, unsubscribe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.protocols.web.push import KIND
from teahouse.protocols.web.requests.request import Request
from teahouse.push.subscriptions import Subscription

if TYPE_CHECKING:
    from teahouse.protocols.web.session import WebSession


async def subscribe(session: WebSession, endpoint: str, p256dh: str, auth: str) -> None:
    """Have this browser notified from now on."""
    await session.server.push.subscribe(session.user, Subscription(endpoint, p256dh, auth, KIND))


async def unsubscribe(session: WebSession, endpoint: str) -> None:
    """Have it notified no more."""
    await session.server.push.unsubscribe(session.user, endpoint)


REQUESTS = {"subscribe": Request(subscribe), "unsubscribe": Request(unsubscribe)}
