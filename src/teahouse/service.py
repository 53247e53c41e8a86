"""The house put together. Rule: the only place that knows which store, which bus and which protocols there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from twisted.application.service import Service
from twisted.internet.defer import Deferred, gatherResults, maybeDeferred
from twisted.internet.task import deferLater
from twisted.logger import Logger
from twisted.python.failure import Failure

from teahouse.bus.local import LocalBus
from teahouse.config.choosing import places
from teahouse.extensions.blame import ExtensionError
from teahouse.extensions.loading import installed
from teahouse.protocols.irc import webpush as irc_push
from teahouse.protocols.irc.protocol import IrcLink
from teahouse.protocols.irc.websocket import IrcWebLink
from teahouse.protocols.link import LinkFactory, StreamLink
from teahouse.protocols.proxied.protocol import ProxiedFactory
from teahouse.protocols.telnet.protocol import LineLink, TelnetLink
from teahouse.protocols.web import push as web_push
from teahouse.protocols.web.api.outgoing import Outgoing
from teahouse.protocols.web.api.protocol import Poster
from teahouse.protocols.web.keeping.listener import MetricsFactory
from teahouse.protocols.web.protocol import WebFactory
from teahouse.protocols.websocket.protocol import WebSocketLink
from teahouse.push.push import Payload
from teahouse.reactor import TwistedRuntime
from teahouse.running.certificates import renewable
from teahouse.running.data import Claim, file_in
from teahouse.running.listening import (
    ENCRYPTED,
    PAGES,
    PROXIED,
    CannotOpen,
    listen,
    local_site,
    make_endpoint,
    way_in,
)
from teahouse.running.logs import LogError
from teahouse.server import Server
from teahouse.settings import Data, Settings
from teahouse.store import Store, StoreUnusable
from teahouse.store.memory import MemoryStore
from teahouse.store.sqlite.store import Durability, SqliteStore

TROUBLE = (CannotOpen, ExtensionError, LogError, StoreUnusable)
"""What can be wrong with a house that opens, and is not a bug: the text says it all."""
PROTOCOLS: dict[str, type[StreamLink]] = {"telnet": TelnetLink, "irc": IrcLink, "line": LineLink}
"""Those over which people come in, by their links."""
SOCKETS: dict[str, type[WebSocketLink]] = {"/irc": IrcWebLink}
"""Those on WebSockets, by their paths on the web site."""
PAYLOADS: dict[str, Payload] = {each.KIND: each.payload for each in (irc_push, web_push)}
"""What push notifications bring, by the protocols whose clients subscribe."""
TEST_MODE = (
    "test_mode is on: passwords are hashed with next to no work. This house is for tests, and not for people."
)
CLOSING = "The house is closing."
GRACE = 5.0
"""Seconds that a slow reader has to take the last of its output when the house closes."""
LOOK = 0.02

log = Logger(namespace="teahouse.service")


class TeahouseService(Service):
    """Opens the house, and closes it in good order.

    It listens in `privilegedStartService`, as ports below 1024 need, and says how people come in (`announce`) once
    the reactor runs.
    """

    name = "teahouse"

    def __init__(
        self, settings: Settings, reactor: Any, announce: Callable[[str], object] | None = None
    ) -> None:
        self._reactor = reactor
        self._announce = announce or _log_open
        self.settings = settings = self.with_installed(settings)
        runtime = TwistedRuntime(reactor)
        self.claim, self.store = open_store(settings.data, runtime)
        self.bus = LocalBus()
        self.server = Server(runtime, settings, self.store, self.bus)
        if self.claim is not None:
            self.server.accounts.secret = self.claim.secret()
            self.server.uploads.directory = self.claim.directory / "uploads"
        self.factories: dict[str, LinkFactory | WebFactory] = {
            **{name: LinkFactory(self.server, link) for name, link in PROTOCOLS.items()},
            "web": WebFactory(self.server, SOCKETS),
            "metrics": MetricsFactory(self.server),
        }
        self._open_ways_out(runtime)
        # Made now and not when it opens: certificates and plug-ins may be out of reach by then (chroot).
        self._places = [(name, text, self._place(name, text)) for name, text in places(settings.listen)]
        self.certificates = [
            (name, text, certificates)
            for name, text, place in self._places
            if (certificates := renewable(text, place)) is not None
        ]
        """What shows itself to those who connect over TLS: protocol, endpoint, and its certificates."""
        self.ports: list[tuple[str, Any]] = []
        self.problem: BaseException | None = None
        self._opened = False

    @staticmethod
    def with_installed(settings: Settings) -> Settings:
        """With the extensions that installed packages bring."""
        return replace(settings, extensions=[*installed(), *settings.extensions])

    def _open_ways_out(self, runtime: TwistedRuntime) -> None:
        """What the house sends to addresses that people have named, if it may."""
        server = self.server
        hooks = Poster(runtime.log, self._reactor, lambda: server.settings.web.hooks_to_private)
        server.hooks.send = Outgoing(server, hooks.post).send
        if self.claim is not None:  # the key, and who has subscribed, have to be known next time
            push = Poster(runtime.log, self._reactor, lambda: server.settings.push.to_private)
            server.push.open(push.post, PAYLOADS)

    def _place(self, protocol: str, text: str) -> Any:
        if protocol not in self.factories:
            raise CannotOpen(protocol, text, ValueError("this house has no such protocol"))
        if text.startswith(PROXIED) and not (self.settings.proxy.trusted or "unix:" in text):
            raise CannotOpen(protocol, text, ValueError("no proxy is named in [proxy] trusted"))
        try:
            return make_endpoint(self._reactor, text)
        except ValueError as error:
            raise CannotOpen(protocol, text, error) from None

    # ---- opening -------------------------------------------------------------------------------------------

    def privilegedStartService(self) -> None:  # noqa: N802  Twisted's name
        """Listen. Raises CannotOpen; an endpoint that takes its time and then fails stops the reactor."""
        super().privilegedStartService()  # type: ignore[no-untyped-call]  # Twisted's gap
        self._opened = True
        Deferred.fromCoroutine(self.listen()).addErrback(self._not_opened)
        if self.problem is not None:
            raise self.problem

    def startService(self) -> None:  # noqa: N802  Twisted's name
        """Load what extends the house, with no more rights than needed, and let people in.

        Raises ExtensionError, and CannotOpen if nobody has told it to listen before.
        """
        if not self._opened:
            self.privilegedStartService()
        if self.settings.test_mode:
            log.warn("{warning}", warning=TEST_MODE)
        self.server.start()
        super().startService()  # type: ignore[no-untyped-call]  # Twisted's gap

    async def listen(self) -> None:
        """Listen everywhere. Raises CannotOpen."""
        for name, text, place in self._places:
            port = await listen(self._reactor, name, text, place, self._factory(name, text))
            self.ports.append((name, port))
            way = way_in(name, text, port)
            if text.startswith(ENCRYPTED) and name not in PAGES:
                self.server.encrypted_ways.append(way)
            if name == "web":
                self.server.uploads.local_site = self.server.uploads.local_site or local_site(text, port)
            self._reactor.callWhenRunning(self._announce, way)

    def _factory(self, protocol: str, text: str) -> Any:
        factory = self.factories[protocol]
        if not text.startswith(PROXIED):
            return factory
        return ProxiedFactory(factory, self.server.admission.trusts, self.server.runtime)

    async def open(self) -> list[tuple[str, Any]]:
        """All of it, for a house inside another program; what listens, by protocol."""
        self._opened = True
        await self.listen()
        self.startService()
        return self.ports

    def _not_opened(self, failure: Failure) -> None:
        self.problem = failure.value
        if self.running:
            log.critical("{problem}", problem=self.problem)
            self._reactor.callWhenRunning(self._reactor.stop)

    # ---- closing -------------------------------------------------------------------------------------------

    def stopService(self) -> Deferred[None]:  # noqa: N802  Twisted's name
        """Close the house; fires when the last one is out and all is written."""
        super().stopService()  # type: ignore[no-untyped-call]  # Twisted's gap
        return Deferred.fromCoroutine(self.close())

    async def close(self) -> None:
        """Stop listening, tell people, give them what is queued, then close store and bus."""
        ports, self.ports = self.ports, []
        stopped = gatherResults([maybeDeferred(port.stopListening) for _, port in ports])
        dismiss(self.server)
        await self._until_all_are_gone()
        await stopped
        await self.server.presence.settle()
        self.server.stop()
        self.bus.close()
        self.store.close()
        if self.claim is not None:
            self.claim.release()
        log.info("closed")

    async def _until_all_are_gone(self) -> None:
        deadline = self._reactor.seconds() + GRACE
        while self._links() and self._reactor.seconds() < deadline:
            await deferLater(self._reactor, LOOK)
        for link in self._links():
            link.transport.abortConnection()

    def _links(self) -> list[Any]:
        return [link for factory in self.factories.values() for link in factory.links]


def open_store(data: Data, runtime: TwistedRuntime) -> tuple[Claim | None, Store]:
    """The store that the settings name, and the claim on its directory. Raises StoreUnusable."""
    path = file_in(data.directory)
    if path is None:
        return None, MemoryStore()
    claim = Claim(path.parent)
    return claim, SqliteStore(path, runtime, durability=cast("Durability", data.durability))


def dismiss(server: Server) -> None:
    """Tell everyone that the house closes, and close their connections behind what they have been sent.

    They do not leave one by one: nobody is told of a thousand others leaving.
    """
    for user in list(server.users.values()):
        server.presence.note_leaving(user)
    for session in list(server.sessions):
        session.tell(CLOSING)
        session.look_at(server.logout)
        server.fanout.end(session)
        session.ended = True
    server.fanout.flush()


def _log_open(way: str) -> None:
    log.info("Teahouse is open: {way}", way=way)
