"""Sending to addresses that people have named (webhooks, push services), on Twisted. Rule: a name is resolved once,
every address that it has is checked, and the connection goes to an address that was checked; nobody is followed
anywhere else, and no answer is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from socket import SOCK_STREAM, getaddrinfo
from typing import Any
from urllib.parse import urlsplit

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.endpoints import HostnameEndpoint, wrapClientTLS
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.internet.protocol import Protocol
from twisted.internet.ssl import optionsForClientTLS
from twisted.internet.threads import deferToThreadPool
from twisted.web.client import URI, Agent
from twisted.web.http_headers import Headers
from twisted.web.iweb import IAgentEndpointFactory, IBodyProducer
from zope.interface import implementer

from teahouse.runtime import NO_ANSWER, Log
from teahouse.text import is_public

SECONDS = 10.0
"""For all of it, from the name to the head of the answer."""
_AGENT: Any = Agent  # has no types


class Forbidden(Exception):
    """It leads where nothing may be sent."""


class Poster:
    """Posts to addresses; into private networks only while `may` says so. `resolve`: as `socket.getaddrinfo`."""

    def __init__(
        self, log: Log, reactor: Any, may: Callable[[], bool], resolve: Callable[..., Any] = getaddrinfo
    ) -> None:
        self._log = log
        self._reactor = reactor
        self._may = may
        self._resolve = resolve

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """See `Post`."""
        try:
            sent: Deferred[int] = Deferred.fromCoroutine(self._post(url, body, headers))
            return await sent.addTimeout(SECONDS, self._reactor)
        except Forbidden:
            self._log.warn("an address leads into a private network: nothing is sent there")
            return 403
        except (Exception, CancelledError) as error:  # noqa: BLE001  whatever goes wrong on the way
            self._log.debug("an address cannot be reached: {error}", error=repr(error))
            return NO_ANSWER

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        address = await self._address(parts.hostname or "", port)
        agent: Any = _AGENT.usingEndpointFactory(self._reactor, _Fixed(self._reactor, address))
        given = Headers({name: [value] for name, value in headers.items()})
        response = await agent.request(b"POST", url.encode("ascii"), given, _Body(body))
        response.deliverBody(_Unread())
        return int(response.code)

    async def _address(self, host: str, port: int) -> str:
        """One that the name has, if all that it has may be connected to. Raises Forbidden."""
        pool = self._reactor.getThreadPool()
        found = await deferToThreadPool(self._reactor, pool, self._resolve, host, port, type=SOCK_STREAM)
        addresses = [str(each[4][0]) for each in found]
        if not self._may() and not all(map(is_public, addresses)):
            raise Forbidden
        return addresses[0]


@implementer(IAgentEndpointFactory)
class _Fixed:
    """Connects to this address, whatever the name says by then; the certificate has to be the name's all the same."""

    def __init__(self, reactor: Any, address: str) -> None:
        self._reactor = reactor
        self._address = address

    def endpointForURI(self, uri: URI) -> IStreamClientEndpoint:  # noqa: N802  IAgentEndpointFactory
        """Where a request goes."""
        there: Any = HostnameEndpoint(self._reactor, self._address, uri.port)
        if uri.scheme == b"https":
            there = wrapClientTLS(optionsForClientTLS(uri.host.decode("ascii")), there)
        found: IStreamClientEndpoint = there
        return found


class _Unread(Protocol):
    """Takes an answer that nobody wants to read."""

    def connectionMade(self) -> None:  # noqa: N802  Twisted's name
        """Nothing of it."""
        transport: Any = self.transport
        transport.loseConnection()


@implementer(IBodyProducer)
class _Body:
    """The bytes of a request."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self.length = len(body)

    def startProducing(self, consumer: Any) -> Deferred[None]:  # noqa: N802  IBodyProducer
        """All at once."""
        consumer.write(self._body)
        done: Deferred[None] = Deferred()
        done.callback(None)
        return done

    def pauseProducing(self) -> None:  # noqa: N802  IBodyProducer
        """It is sent already."""

    def resumeProducing(self) -> None:  # noqa: N802  IBodyProducer
        """As above."""

    def stopProducing(self) -> None:  # noqa: N802  IBodyProducer
        """As above."""
