"""`/metrics`, for Prometheus. Rule: a scrape takes one look at the house; on the site it is for those networks alone
that `[web] metrics_to` names, and a proxy that nobody trusts speaks for none of them.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from teahouse.admission import within
from teahouse.extensions.hooks import Response
from teahouse.protocols.peer import Peer
from teahouse.protocols.web.exchange import HttpError, HttpRequest
from teahouse.protocols.web.forwarded import client_of
from teahouse.protocols.web.reports import Reports

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

    from teahouse.server import Server

NOT_FOR_ALL = "The numbers of this house are not for everyone: [web] metrics_to says for whom."


class Metrics:
    """Answers scrapes. `open_to_all`: on a listener of its own, where it listens says for whom it is."""

    def __init__(self, server: Server, reports: Reports, *, open_to_all: bool) -> None:
        self._server = server
        self._reports = reports
        self._open_to_all = open_to_all
        self._registry: CollectorRegistry | None = None

    def answer(self, request: HttpRequest) -> Response:
        """All of them. Raises HttpError."""
        if not self._open_to_all:
            self._check(request)
        from prometheus_client import exposition  # noqa: PLC0415  takes as long as much else that starts

        body = exposition.generate_latest(self._made())
        return Response(body, headers={"Content-Type": exposition.CONTENT_TYPE_PLAIN_0_0_4})

    def _check(self, request: HttpRequest) -> None:
        said = [value] if (value := request.headers.get("x-forwarded-for")) else []
        speaks_for = client_of(
            Peer(request.address),
            lambda name: said * (name == "X-Forwarded-For"),
            self._server.admission.trusts,
        )
        may_see = within(self._server.settings.web.metrics_to)
        if not (may_see(request.address) and may_see(speaks_for.address)):
            raise HttpError(HTTPStatus.FORBIDDEN, NOT_FOR_ALL)

    def _made(self) -> CollectorRegistry:
        if self._registry is None:
            from prometheus_client import CollectorRegistry  # noqa: PLC0415  as above

            from teahouse.protocols.web.keeping.collector import Collector  # noqa: PLC0415  as above

            self._registry = CollectorRegistry()
            self._registry.register(Collector(self._server, self._reports))
        return self._registry
