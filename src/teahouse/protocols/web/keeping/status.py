"""`/status`: how the house is doing, for everyone who wants to look. Rule: looked at once a second at most, however
many ask; rooms that are hidden are not in it, and nobody's nick is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from teahouse.extensions.hooks import Response
from teahouse.measures.look import look
from teahouse.measures.measures import Minute
from teahouse.protocols.web.exchange import HttpRequest, as_json
from teahouse.protocols.web.keeping.page import page

if TYPE_CHECKING:
    from teahouse.server import Server

FRESH = 1.0
"""Seconds for which a look is good."""
ROOMS = 12
"""The fullest that are shown."""
NO_STORE = {"Cache-Control": "no-store"}
HTML = {"Content-Type": "text/html; charset=utf-8", **NO_STORE}


class Status:
    """Answers for the page and for its numbers."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._seen: dict[str, Any] = {}
        self._until = 0.0

    def page(self, request: HttpRequest) -> Response:
        """The page, with the numbers in it."""
        return Response(page(self.seen()), headers=HTML)

    def numbers(self, request: HttpRequest) -> Response:
        """The numbers, for the page and for programs."""
        return as_json(self.seen(), headers=NO_STORE)

    def seen(self) -> dict[str, Any]:
        """How it is now, or was a moment ago."""
        now = self._server.runtime.now()
        if not self._seen or now >= self._until:
            self._until = now + FRESH
            self._seen = self._look()
        return self._seen

    def _look(self) -> dict[str, Any]:
        server, measures = self._server, self._server.measures
        seen = look(server)
        rooms = sorted(self._rooms(), key=lambda room: (-room["people"], room["name"]))
        return {
            "house": server.settings.house.name,
            "at": _iso(server.runtime.time()),
            "since": _iso(server.runtime.time() - seen.uptime),
            "uptime": round(seen.uptime),
            "people": {**seen.users, "here": sum(seen.users.values()), "most": seen.most_users},
            "connections": seen.connections,
            "protocols": [{"name": name, "count": count} for name, count in seen.sessions.items()],
            "rooms": {"all": len(rooms), "shown": rooms[:ROOMS]},
            "messages": measures.counters.messages,
            "memory": seen.memory,
            "lateness": {"p50": _ms(seen.lateness[0]), "p99": _ms(seen.lateness[1])},
            "waiting": {"turns": seen.waiting_turns, "bytes": seen.waiting_bytes},
            "requests": seen.requests,
            "hour": _columns(measures.hour),
        }

    def _rooms(self) -> Iterator[dict[str, Any]]:
        for room in self._server.rooms.values():
            if not room.policy.terms.hidden:
                yield {"name": room.name, "people": len(room.members)}


def _columns(minutes: list[Minute]) -> dict[str, list[float]]:
    """What each minute had, oldest first; the last one is not over."""
    columns = {name: [getattr(each, name) for each in minutes] for name in Minute._fields}
    columns["lateness"] = [_ms(seconds) for seconds in columns["lateness"]]
    return columns


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
