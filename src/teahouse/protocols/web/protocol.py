"""The web site on Twisted: its connections, and what it listens with."""

# mypy: disallow-untyped-calls=False
# (twisted.web has no types)
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Factory
from twisted.web import http

from teahouse.protocols.link import LinkFactory
from teahouse.protocols.web.http_connection import WebChannel
from teahouse.protocols.web.link import WebLink, WebLinks
from teahouse.protocols.web.routes import Route
from teahouse.protocols.web.site import Site
from teahouse.protocols.websocket.protocol import WebSocketLink
from teahouse.server import Server

SOCKETS: Mapping[str, type[WebSocketLink]] = {"/ws": WebLink}
"""The protocols over WebSocket that every site has, by their paths."""


class WebFactory(Factory):
    """Makes the connections of the web site. `sockets`: other protocols over WebSocket, by their paths."""

    noisy = False

    def __init__(self, server: Server, sockets: Mapping[str, type[WebSocketLink]] | None = None) -> None:
        self.server = server
        self.site = Site(server)
        self.links: set[Any] = set()
        for path, link in {**SOCKETS, **(sockets or {})}.items():
            factory = WebLinks(server, link) if issubclass(link, WebLink) else LinkFactory(server, link)
            factory.links = self.links  # whoever closes the house waits for all of them
            self.site.routes.add(Route(path, socket=factory))
        self.trusts = server.admission.trusts

    def buildProtocol(self, addr: IAddress | None) -> Any:  # noqa: N802  Twisted's name
        """One more connection."""
        channel = WebChannel()
        channel.factory = self
        return channel

    def log(self, request: http.Request) -> None:
        """Twisted tells of each request; nothing is written down of them."""

    def stopFactory(self) -> None:  # noqa: N802  Twisted's name
        """The house closes: whoever has not asked yet is not waited for."""
        for channel in list(self.links):
            if isinstance(channel, WebChannel):
                channel.loseConnection()
