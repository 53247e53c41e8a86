"""`/healthz`: whether the house does what it is there for. Rule: the store is asked when somebody asks, one question
at a time; what is wrong is said in a word, and the reasons of it stand in the log.
"""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from teahouse.extensions.hooks import Response
from teahouse.protocols.web.exchange import HttpRequest, as_json

if TYPE_CHECKING:
    from teahouse.runtime import Timer, Waiter
    from teahouse.server import Server

PATIENCE = 2.0
"""Seconds that the store has to answer."""
STILL = 10.0
"""Seconds without a tick of the clock after which something is wrong with it."""
LATELY = 60.0
"""Seconds for which it counts that the store could not keep something."""
SILENT = "the store does not answer"
FAILS = "the store cannot keep what is said"
STOPPED = "the clock stands still"
FRESH = {"Cache-Control": "no-store"}


class Health:
    """Asks the house how it is."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._is_asked = False
        self._refused = False
        self._waiting: dict[Waiter[bool], Timer] = {}

    async def answer(self, request: HttpRequest) -> Response:
        """200 where all is well; else 503, and what is wrong."""
        wrong = await self.wrong()
        status = HTTPStatus.SERVICE_UNAVAILABLE if wrong else HTTPStatus.OK
        if request.wants_json:
            return as_json({"status": "unwell" if wrong else "ok", "reasons": wrong}, status, FRESH)
        return Response(f"{'; '.join(wrong) or 'ok'}\n", status, FRESH)

    async def wrong(self) -> list[str]:
        """What is wrong; nothing where all is well."""
        measures, now = self._server.measures, self._server.runtime.now()
        since = measures.started if measures.lateness.last is None else measures.lateness.last
        found = [STOPPED] if now - since > STILL else []
        failed_at = measures.counters.store_failed_at
        answers = await self._store_answers()
        if not answers:
            found.append(SILENT)
        elif self._refused or (failed_at is not None and now - failed_at < LATELY):
            found.append(FAILS)
        return found

    # ---- the store -----------------------------------------------------------------------------------------

    async def _store_answers(self) -> bool:
        """Whether it does in time. Whoever asks meanwhile waits for the same answer."""
        if not self._is_asked:
            self._ask()
        if not self._is_asked:
            return True
        waiter: Waiter[bool] = self._server.runtime.waiter()
        timer = self._server.runtime.later(PATIENCE, partial(self._give_up, waiter))
        self._waiting[waiter] = timer
        return await waiter

    def _ask(self) -> None:
        self._is_asked = True
        try:
            self._server.store.erase(
                (), self._answered
            )  # goes the way of all that is written, and writes nothing
        except Exception as error:  # noqa: BLE001  whatever a store raises, it is no answer
            self._server.runtime.log.failure("the store failed")
            self._answered(error)

    def _answered(self, error: Exception | None) -> None:
        self._is_asked, self._refused = False, error is not None
        waiting, self._waiting = self._waiting, {}
        for waiter, timer in waiting.items():
            timer.cancel()
            waiter.callback(True)

    def _give_up(self, waiter: Waiter[bool]) -> None:
        del self._waiting[waiter]
        waiter.callback(False)
