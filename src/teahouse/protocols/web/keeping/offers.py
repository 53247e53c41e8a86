"""Which paths there are for those who keep the house. Rule: a table; what is switched off is not there at all."""

from __future__ import annotations

from collections.abc import Iterator

from teahouse.protocols.web.keeping.admin import Admin
from teahouse.protocols.web.keeping.health import Health
from teahouse.protocols.web.keeping.metrics import Metrics
from teahouse.protocols.web.keeping.status import Status
from teahouse.protocols.web.reports import Reports
from teahouse.protocols.web.routes import Route
from teahouse.server import Server


def offers(server: Server, reports: Reports) -> Iterator[Route]:
    """On the main site."""
    web = server.settings.web
    yield Route("/healthz", {"GET": Health(server).answer})
    if web.metrics:
        yield Route("/metrics", {"GET": Metrics(server, reports, open_to_all=False).answer})
    if web.status:
        status = Status(server)
        yield Route("/status", {"GET": status.page})
        yield Route("/status.json", {"GET": status.numbers})
    if web.admin:
        yield from Admin(server).routes()


def watched(server: Server, reports: Reports) -> Iterator[Route]:
    """On a listener of its own."""
    yield Route("/healthz", {"GET": Health(server).answer})
    yield Route("/metrics", {"GET": Metrics(server, reports, open_to_all=True).answer})
