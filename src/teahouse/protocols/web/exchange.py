"""One request over HTTP, and what it is answered. Rule: plain values; nothing here knows the engine or the house.

A handler is a function `(HttpRequest) -> Response | Stream`, or an awaitable of that. It raises `HttpError` for what
the client has done wrong.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Protocol, TypeAlias

from teahouse.extensions.hooks import Request, Response

TEXT = "text/plain; charset=utf-8"
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class HttpRequest(Request):
    """What a handler of the house's own is told beside what extensions are: `headers` by name in lower case (the last
    value of each), the `body`, what stands in the `{places}` of the route, and where it comes from."""

    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    places: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    secure: bool = False
    incoming: Incoming | None = None
    """In place of `body`, for a route that reads it as it comes."""

    @property
    def wants_json(self) -> bool:
        """Whether the client is a program, which wants JSON; a browser asks for pages."""
        accepted = self.headers.get("accept", "")
        return self.path.startswith("/api/") or ("json" in accepted and "text/html" not in accepted)


class Incoming(Protocol):
    """A body while it is coming: its pieces, one after the other."""

    @property
    def length(self) -> int | None:
        """How many bytes it will have; None where the client has not said."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    async def __anext__(self) -> bytes:
        """Some more of it. Raises HttpError where it takes too long, and `Gone` where the client is gone."""


class Flow(Protocol):
    """Where a `Stream` is written to."""

    def write(self, data: bytes) -> None:
        """Send; never waits. A client that does not read is dropped at the output limit."""

    def drained(self) -> Awaitable[bool]:
        """Wait until what was written is on its way; whether the client is still there. One that does not read for
        too long is dropped."""

    def close(self) -> None:
        """The end of the answer."""

    def break_off(self) -> None:
        """There will be no more of it, and the client is to see that."""


@dataclass(frozen=True, slots=True)
class Stream:
    """An answer that goes on: `start` is called with the flow once the head is written, and what it returns is called
    once when the client is gone."""

    start: Callable[[Flow], Callable[[], object]]
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


Answer: TypeAlias = "Response | Stream"
Handler = Callable[[HttpRequest], "Answer | Awaitable[Answer]"]


class HttpError(Exception):
    """The request is answered with this instead: a code for programs, a sentence for people."""

    def __init__(
        self, status: int, text: str, *, code: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.code = code or HTTPStatus(status).phrase.lower().replace(" ", "-")
        self.headers = headers or {}


def as_json(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Values as an answer."""
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return Response(body, status, {"Content-Type": JSON, **(headers or {})})


def as_error(error: HttpError, request: HttpRequest | None) -> Response:
    """An error in the form that the client asks for; an answer to a request that was never whole is text."""
    if request is not None and request.wants_json:
        return as_json({"code": error.code, "text": error.text}, error.status, error.headers)
    return Response(f"{error.text}\n", error.status, {"Content-Type": TEXT, **error.headers})
