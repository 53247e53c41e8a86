"""Where files are on the site. Rule: a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from teahouse.protocols.web.exchange import Handler
from teahouse.protocols.web.routes import Route
from teahouse.protocols.web.uploads.receiving import Receiving
from teahouse.protocols.web.uploads.sending import Sending
from teahouse.uploads.uploads import PATH

if TYPE_CHECKING:
    from teahouse.server import Server


def routes(server: Server) -> Iterator[Route]:
    """All of them; `curl -T file …/uploads/` puts the name behind the last slash."""
    receiving, seconds = Receiving(server), server.settings.uploads.seconds
    post: dict[str, Handler] = {"POST": receiving.receive, "OPTIONS": receiving.options}
    put: dict[str, Handler] = {"PUT": receiving.receive, "OPTIONS": receiving.options}
    yield Route(PATH, post, seconds=seconds)
    yield Route(f"{PATH}/", post, seconds=seconds)
    yield Route(f"{PATH}/{{name}}", put, seconds=seconds)
    yield Route(f"{PATH}/{{id}}/{{name}}", {"GET": Sending(server).send})
