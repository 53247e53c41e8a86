"""One browser's session. Rule: a line is a `Request`; what it asks for stands in the table of requests, and its
answer goes through the house as everything does.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from teahouse.errors import ChatError, EndSession, TooFast, UsageError
from teahouse.events import Answered, Event, Failed, Marked
from teahouse.protocols.web.answers import Done, Refused
from teahouse.protocols.web.codec import Bad, Ref, Request
from teahouse.protocols.web.post import LEFT, TOO_MUCH, Post
from teahouse.protocols.web.render import render
from teahouse.protocols.web.requests.table import find
from teahouse.protocols.web.view import WebView
from teahouse.session import Session

if TYPE_CHECKING:
    from teahouse.server import Server

VIEW = WebView()


class WebSession(Session):
    """A session whose lines are requests, and which may lose its connection and go on."""

    __slots__ = ("greeted", "ref", "token")
    link: Post

    def __init__(self, server: Server, link: Post) -> None:
        super().__init__(server, link, render, VIEW)
        link.session = self
        self.greeted = False
        """Whether it has said `hello`."""
        self.ref: Ref = None
        """Of the request that is being run."""
        self.token = ""
        """The id of the token that its client keeps."""

    # ---- requests ------------------------------------------------------------------------------------------

    def perform(self, line: Request | Bad) -> Awaitable[None] | None:
        """See `Session.perform`. Who has left asks for nothing any more."""
        if self.ended:
            return None
        if isinstance(line, Bad):
            raise UsageError(line.text)
        request = find(line.do)
        if request is None:
            raise UsageError(
                f'There is nothing called "{line.do[:40]}" to do. docs/protocols/web.md lists what there is.'
            )
        if not self.greeted and line.do != "hello":
            raise UsageError('Say "hello" first.')
        if request.inside and not self.logged_in:
            raise UsageError("Log in first.")
        self.ref = line.ref
        result = request.run(self, line)
        if isinstance(result, Awaitable):
            return self._answer_later(result, self.ref, passing=request.reads)
        self.done(self.ref, result, passing=request.reads)
        return None

    async def _answer_later(self, result: Awaitable[Any], ref: Ref, *, passing: bool) -> None:
        self.done(ref, await result, passing=passing)

    def done(self, ref: Ref, values: dict[str, Any] | None, *, passing: bool = False) -> None:
        """Answer a request; one without a ref wants no answer. `passing`: see `Done`."""
        if ref is not None:
            self.tell(Done(ref, values or {}, passing))

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

    # ---- questions -----------------------------------------------------------------------------------------

    def receive(self, line: Request | Bad) -> None:
        """See `Session.receive`. While a question waits for its `answer` the client may ask other things, no faster
        than else; while much waits to be read, requests wait too, or it would be dropped for their answers."""
        if self.link.is_full and not self.ended:
            self.server.throttle(self)
            self._hold(line)
            return
        if self._question is None or (self._backlog is not None and not _is_answer(line)):
            super().receive(line)
            return
        limits, now = self.server.limits, self.server.runtime.now()
        self.active_at = self.user.active_at = now
        if limits.flood_lines and not self._bucket.take(now, limits.flood_lines, limits.flood_burst):
            self.tell(self.failure(TooFast("Not so fast: try that again in a second."), line))
            return
        self.handle(line)

    def drain(self, now: float) -> bool:
        """See `Session.drain`."""
        return not self.link.is_full and super().drain(now)

    def handle(self, line: Request | Bad) -> None:
        """See `Session.handle`."""
        self.attempt_line(line)

    def answer(self, text: str) -> None:
        """What the question wants that waits. Raises UsageError where there is none."""
        question, self._question = self._question, None
        if question is None:
            raise UsageError("Nothing was asked.")
        self.tell(Answered())
        self.done(self.ref, None)
        self.ref = None
        question.callback(text.replace("\n", " "))

    async def ask(self, text: str, *, secret: bool = False) -> str:
        """See `Session.ask`. One question at a time."""
        if self._question is not None:
            raise UsageError("Answer the question before this one first.")
        return await super().ask(text, secret=secret)

    # ---- what it is told -----------------------------------------------------------------------------------

    def tell(self, event: Event | str) -> None:
        """See `Session.tell`. Before `hello` nothing is told but what is wrong: who comes back is to be sent what was
        missed first."""
        if self.greeted or isinstance(event, (Refused, Failed)):
            super().tell(event)

    @property
    def tells_reading(self) -> bool:
        """See `Session.tells_reading`."""
        return True

    def marked(self, place: str, id_: int) -> None:
        """See `Session.marked`."""
        if place.startswith("@"):
            self.tell(Marked(id_, place[1:]))
        elif place:
            self.tell(Marked(id_, room=place))

    # ---- its connection ------------------------------------------------------------------------------------

    def lost(self, reason: str) -> None:
        """See `Session.lost`. Who is in the house is waited for."""
        if self.ended or not self.logged_in:
            self.leave_lost(reason)
        else:
            self.link.detach()

    def finish(self) -> None:
        """See `Session.finish`. A browser closes its connections when it likes; who wants to leave says `logout`."""
        connection = self.link.connection
        self.lost("")
        if connection is not None:
            connection.hang_up(LEFT)

    def too_slow(self, reason: str) -> None:
        """See `Session.too_slow`: it may come back and read on."""
        if self.ended or not self.logged_in:
            self.drop(reason or "Your side reads too slowly.")
        else:
            self.server.measures.counters.drops.add("slow")
            self.link.detach(TOO_MUCH)

    def leave_lost(self, reason: str) -> None:
        """Nobody comes back to this one."""
        self.link.returning.forget(self.link)
        super().lost(reason)


def _is_answer(line: Request | Bad) -> bool:
    return isinstance(line, Request) and line.do == "answer"
