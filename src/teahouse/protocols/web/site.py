"""The web site of a house. Rule: what is asked for stands in the table of routes; the house's own paths come first,
then what extensions offer, then the files of the client.
"""

from __future__ import annotations

from collections.abc import Awaitable
from http import HTTPStatus
from urllib.parse import unquote

from teahouse.extensions.blame import named, timing
from teahouse.extensions.hooks import Request, Resource, Response
from teahouse.protocols.web import files
from teahouse.protocols.web.api.front import Api
from teahouse.protocols.web.exchange import Answer, HttpError, HttpRequest
from teahouse.protocols.web.keeping.offers import offers
from teahouse.protocols.web.reports import Reports
from teahouse.protocols.web.routes import Route, Routes
from teahouse.protocols.web.uploads import routes as uploads
from teahouse.server import Server

NOTHING_HERE = "There is no such page here."


class Site:
    """Answers requests. `routes` is where parts of the house add what they offer."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.reports = Reports(server.runtime)
        self.routes = Routes()
        self.routes.add(self.reports.route, *Api(server).routes())
        self.routes.add(*offers(server, self.reports), *uploads.routes(server))
        self._files = Routes()
        self._files.add(*files.routes())

    def find(self, path: str) -> tuple[Route, dict[str, str]] | None:
        """What answers for a path as it came, and what stands in its places."""
        found = self.routes.find(path)
        if found is not None:
            return found
        resource = self.server.extensions.resource(unquote(path))
        if resource is not None:
            return Route(path, {"GET": lambda request: self._of_extension(resource, request)}), {}
        return self._files.find(path)

    def answer(self, route: Route | None, request: HttpRequest) -> Answer | Awaitable[Answer]:
        """What the route says to it. Raises HttpError."""
        if route is None:
            raise HttpError(HTTPStatus.NOT_FOUND, NOTHING_HERE)
        return route.handler(request.method)(request)

    def _of_extension(self, resource: Resource, request: HttpRequest) -> Response:
        """Extensions are told what is asked for, and not by whom."""
        asked = Request(request.method, request.path, request.query)
        with timing(self.server.runtime.log, named(resource)):
            found = resource(asked)
        response = found if isinstance(found, Response) else Response(found)
        if not isinstance(response.body, str | bytes):
            kind = type(response.body).__name__
            raise TypeError(f"a web resource returns text, bytes or a Response, not {kind}")
        return response
