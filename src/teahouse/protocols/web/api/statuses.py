"""The house's errors as HTTP has them. Rule: one table; what is not in it is the client's fault."""

from __future__ import annotations

import re
from http import HTTPStatus

from teahouse.errors import ChatError, NotStored, TooSoon
from teahouse.protocols.web.exchange import HttpError
from teahouse.store import StoreBusy, StoreError

STATUSES: dict[str, HTTPStatus] = {
    "usage": HTTPStatus.BAD_REQUEST,
    "bad-name": HTTPStatus.BAD_REQUEST,
    "too-long": HTTPStatus.BAD_REQUEST,
    "wrong-password": HTTPStatus.UNAUTHORIZED,
    "not-allowed": HTTPStatus.FORBIDDEN,
    "account-needed": HTTPStatus.FORBIDDEN,
    "banned": HTTPStatus.FORBIDDEN,
    "invite-only": HTTPStatus.FORBIDDEN,
    "wrong-room-password": HTTPStatus.FORBIDDEN,
    "room-full": HTTPStatus.FORBIDDEN,
    "cannot-talk": HTTPStatus.FORBIDDEN,
    "not-in-room": HTTPStatus.FORBIDDEN,
    "not-found": HTTPStatus.NOT_FOUND,
    "no-such-room": HTTPStatus.NOT_FOUND,
    "no-such-nick": HTTPStatus.NOT_FOUND,
    "nick-in-use": HTTPStatus.CONFLICT,
    "already-there": HTTPStatus.CONFLICT,
    "already-so": HTTPStatus.CONFLICT,
    "too-late": HTTPStatus.CONFLICT,
    "too-many": HTTPStatus.CONFLICT,
    "too-large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "wrong-kind": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "no-space": HTTPStatus.INSUFFICIENT_STORAGE,
    "too-fast": HTTPStatus.TOO_MANY_REQUESTS,
    "busy": HTTPStatus.SERVICE_UNAVAILABLE,
    "not-stored": HTTPStatus.SERVICE_UNAVAILABLE,
    "failed": HTTPStatus.SERVICE_UNAVAILABLE,
    "internal": HTTPStatus.INTERNAL_SERVER_ERROR,
}
NO_STORE = "The house cannot get at what it keeps just now. Please try again later."
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="teahouse"'}
SOON = 5
"""Seconds after which one may try again what the house was too busy for."""
_SECONDS = re.compile(r"in (\d+) seconds")


def as_http(error: ChatError | StoreError) -> HttpError:
    """What a client is told of an error of the house."""
    if isinstance(error, StoreError):
        busy = isinstance(error, StoreBusy)
        return HttpError(503, NO_STORE, code="busy" if busy else NotStored.code, headers=retry(SOON))
    if isinstance(error, TooSoon):
        return HttpError(429, error.text, code=error.code, headers=retry(error.seconds))
    status = STATUSES.get(error.code, HTTPStatus.BAD_REQUEST)
    headers: dict[str, str] = {}
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        match = _SECONDS.search(error.text)
        headers = retry(int(match[1]) if match else 1)
    elif status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers = retry(SOON)
    elif status == HTTPStatus.UNAUTHORIZED:
        headers = CHALLENGE
    return HttpError(status, error.text, code=error.code, headers=headers)


def retry(seconds: float) -> dict[str, str]:
    """When to try again."""
    return {"Retry-After": str(max(1, int(seconds)))}
