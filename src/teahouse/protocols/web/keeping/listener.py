"""A listener of its own for what watches the house. Rule: nothing is there but `/metrics` and `/healthz`, and no file
or extension; whoever reaches it may ask.
"""

from __future__ import annotations

from teahouse.protocols.web.keeping.offers import watched
from teahouse.protocols.web.protocol import WebFactory
from teahouse.protocols.web.routes import Route
from teahouse.protocols.web.site import Site
from teahouse.server import Server


class MetricsSite(Site):
    """A site with two paths."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self._watched = {route.path: route for route in watched(server, self.reports)}

    def find(self, path: str) -> tuple[Route, dict[str, str]] | None:
        """See `Site.find`."""
        found = self._watched.get(path)
        return (found, {}) if found is not None else None


class MetricsFactory(WebFactory):
    """Makes its connections."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.site = MetricsSite(server)
