"""One browser's session. Rule: a line is a `Request`; what it asks for stands in the table of requests, and its
answer goes through the house as everything does.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from teahouse.errors import ChatError, EndSession, UsageError
from teahouse.events import Event
from teahouse.link import Link
from teahouse.protocols.web.answers import Done, Refused
from teahouse.protocols.web.codec import Bad, Ref, Request
from teahouse.protocols.web.render import render
from teahouse.protocols.web.requests.table import find
from teahouse.protocols.web.view import WebView
from teahouse.session import Session

if TYPE_CHECKING:
    from teahouse.server import Server

VIEW = WebView()


class WebSession(Session):
    """A session whose lines are requests."""

    __slots__ = ("greeted",)

    def __init__(self, server: Server, link: Link) -> None:
        super().__init__(server, link, render, VIEW)
        self.greeted = False
        """Whether it has said `hello`."""

    def perform(self, line: Request | Bad) -> Awaitable[None] | None:
        """See `Session.perform`."""
        if isinstance(line, Bad):
            raise UsageError(line.text)
        request = find(line.do)
        if request is None:
            raise UsageError(
                f'There is nothing called "{line.do[:40]}" to do. docs/protocols/web.md lists what there is.'
            )
        if request.inside and not self.logged_in:
            raise UsageError("Log in first.")
        return self._answer(request.run(self, line), line.ref)

    def _answer(self, result: Any, ref: Ref) -> Awaitable[None] | None:
        """What a handler returns is what the answer brings; one that waits brings it later."""
        if isinstance(result, Awaitable):
            return self._answer_later(result, ref)
        self.done(ref, result)
        return None

    async def _answer_later(self, result: Awaitable[Any], ref: Ref) -> None:
        self.done(ref, await result)

    def done(self, ref: Ref, values: dict[str, Any] | None) -> None:
        """Answer a request; one without a ref wants no answer."""
        if ref is not None:
            self.tell(Done(ref, values or {}))

    def size_of(self, line: Request | Bad) -> int:
        """See `Session.size_of`."""
        return line.size + 16 if isinstance(line, Request) else 16

    def command_in(self, line: Request | Bad) -> str:
        """See `Session.command_in`."""
        return line.do if isinstance(line, Request) else ""

    def failure(self, error: ChatError, line: Request | Bad) -> Event:
        """See `Session.failure`."""
        ref = line.ref if isinstance(line, (Request, Bad)) else None
        return Refused(error.code, error.text, ref)

    def leave(self) -> None:
        """The client wants to go."""
        raise EndSession
