"""The PROXY protocol on Twisted. Rule: only those who are trusted are listened to at all, and nothing behind this
knows of the connection before it is clear whose it is. (Twisted's own `haproxy:` believes everyone, opens the
connection before the header has come, and drops a header that comes in pieces.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Factory, Protocol
from twisted.python.failure import Failure

from teahouse.protocols import peer
from teahouse.protocols.proxied.header import NoHeader, Reader
from teahouse.runtime import Runtime, Timer

HEADER_SECONDS = 5.0
"""For the whole header, however it is cut."""


class ProxiedLink(Protocol):
    """A connection of which the header has not come yet."""

    factory: ProxiedFactory
    transport: Any
    _deadline: Timer | None = None

    def connectionMade(self) -> None:  # noqa: N802  Twisted's name
        """Listen, if it is a proxy that is trusted. A socket that is a file is for those who may open the file."""
        address = getattr(self.transport.getPeer(), "host", None)
        if address is not None and not self.factory.trusts(address):
            self.factory.runtime.log.warn("{address} is no proxy of this house", address=address)
            self.transport.abortConnection()
            return
        self._reader = Reader()
        self.factory.waiting.add(self)
        self._deadline = self.factory.runtime.later(HEADER_SECONDS, self._too_late)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802  Twisted's name
        """The header, and perhaps what comes behind it."""
        if self not in self.factory.waiting:
            return
        try:
            header = self._reader.feed(data)
        except NoHeader as error:
            self.factory.runtime.log.warn("no PROXY header: {error}", error=error)
            self.transport.abortConnection()
            return
        if header is None:
            return
        self._forget()
        link = self.factory.wrapped.buildProtocol(None)
        link.came_from = header.peer
        peer.hand_over(self.transport, link)
        if header.rest and not self.transport.disconnecting:
            link.dataReceived(header.rest)

    def connectionLost(self, reason: Failure = Protocol.connectionLost.__defaults__[0]) -> None:  # type: ignore[index]  # noqa: N802
        """The proxy has given up."""
        self._forget()

    def _forget(self) -> None:
        self.factory.waiting.discard(self)
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_late(self) -> None:
        self._deadline = None
        self.transport.abortConnection()


class ProxiedFactory(Factory):
    """Stands before a protocol's factory."""

    noisy = False

    def __init__(self, wrapped: Any, trusts: Callable[[str], bool], runtime: Runtime) -> None:
        self.wrapped = wrapped
        self.trusts = trusts
        self.runtime = runtime
        self.waiting: set[ProxiedLink] = set()

    def buildProtocol(self, addr: IAddress | None) -> Any:  # noqa: N802  Twisted's name
        """One more connection."""
        link = ProxiedLink()
        link.factory = self
        return link

    def stopFactory(self) -> None:  # noqa: N802  Twisted's name
        """The house closes: nobody is waited for."""
        self.wrapped.stopFactory()
        for link in list(self.waiting):
            link.transport.abortConnection()
