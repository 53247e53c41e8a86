"""Path → what answers there. Rule: a table, looked up whole; no path is ever put together with another, so that none
leads anywhere else.

    routes.add(Route("/api/v1/rooms/{room}/messages", {"POST": post}, body=16_384))
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from teahouse.protocols.web.exchange import Handler, HttpError

STREAMED = frozenset({"POST", "PUT"})


@dataclass(frozen=True, slots=True)
class Route:
    """What answers for a path; a part of it in braces stands for any one part, which the handler finds in `places`.

    GET answers HEAD too. `body` is how many bytes a request may bring; 0: none is read. With `seconds` the handlers
    of POST and PUT are asked as soon as the head is there, and read the body as it comes, within that time. `socket`
    makes links of a protocol over WebSocket there (a `LinkFactory` of a `WebSocketLink`), and no handler is asked.
    """

    path: str
    handlers: Mapping[str, Handler] = field(default_factory=dict)
    body: int = 0
    seconds: float = 0.0
    socket: Any = None

    def reads(self, method: str) -> bool:
        """Whether the body of such a request is read as it comes."""
        return bool(self.seconds) and method in STREAMED and method in self.handlers

    @property
    def allowed(self) -> str:
        """The methods that it knows, as in `Allow`."""
        methods = dict.fromkeys(each for name in self.handlers for each in _with_head(name))
        return ", ".join(methods) or "GET"

    def handler(self, method: str) -> Handler:
        """What answers that method. Raises HttpError."""
        found = self.handlers.get("GET" if method == "HEAD" else method)
        if found is None:
            text = f"Only {' and '.join(self.allowed.split(', '))} are answered here."
            raise HttpError(HTTPStatus.METHOD_NOT_ALLOWED, text, headers={"Allow": self.allowed})
        return found


class Routes:
    """The table of a site. Paths are as they came, still quoted; places are unquoted after they were found."""

    def __init__(self) -> None:
        self._exact: dict[str, Route] = {}
        self._patterns: list[tuple[list[str], Route]] = []

    def add(self, *routes: Route) -> None:
        """Some more; of two for the same path the last one counts."""
        for route in routes:
            if "{" in route.path:
                self._patterns.insert(0, (route.path.split("/"), route))
            else:
                self._exact[route.path] = route

    def find(self, path: str) -> tuple[Route, dict[str, str]] | None:
        """What answers for a path, and what stands in its places."""
        exact = self._exact.get(unquote(path))
        if exact is not None:
            return exact, {}
        parts = path.split("/")
        for pattern, route in self._patterns:
            places = _places(pattern, parts)
            if places is not None:
                return route, places
        return None


def _places(pattern: list[str], parts: list[str]) -> dict[str, str] | None:
    if len(pattern) != len(parts):
        return None
    places = {}
    for wanted, part in zip(pattern, parts, strict=True):
        if wanted[:1] == "{" and part:
            places[wanted[1:-1]] = unquote(part)
        elif wanted != unquote(part):
            return None
    return places


def _with_head(method: str) -> tuple[str, ...]:
    return ("GET", "HEAD") if method == "GET" else (method,)
