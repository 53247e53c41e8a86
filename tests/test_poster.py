"""Addresses that people name lead into no private network, by whatever name: webhooks and push services are sent to
by the same `Poster`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorPluggableNameResolver
from twisted.internet.testing import MemoryReactorClock
from twisted.python.failure import Failure
from zope.interface import implementer

from house import Logbook
from teahouse.protocols.web.api.protocol import SECONDS, Poster
from teahouse.runtime import NO_ANSWER

PUBLIC, OTHER = "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"


class Pool:
    """Threads that are done at once."""

    def callInThreadWithCallback(self, done: Callable[..., object], call: Any, *args: Any, **kw: Any) -> None:  # noqa: N802
        try:
            result = call(*args, **kw)
        except OSError as error:
            done(False, Failure(error))  # type: ignore[no-untyped-call]
        else:
            done(True, result)


@implementer(IReactorPluggableNameResolver)
class Reactor(MemoryReactorClock):
    """Notes where one connects to. Its own resolver knows addresses only: it is an error to ask it for a name."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.nameResolver: Any = self

    def callFromThread(self, call: Any, *args: Any, **kw: Any) -> None:  # noqa: N802
        call(*args, **kw)

    def getThreadPool(self) -> Pool:  # noqa: N802
        return Pool()

    def resolveHostName(self, receiver: Any, host: str, port: int = 0, *args: Any, **kw: Any) -> Any:  # noqa: N802
        receiver.resolutionBegan(None)
        kind: Any = IPv6Address if ":" in host else IPv4Address
        assert host in {PUBLIC, OTHER, "127.0.0.1"}
        receiver.addressResolved(kind("TCP", host, port))
        receiver.resolutionComplete()


class Names:
    """Answers one after the other, as a name server that changes its mind."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, host: str, port: int, **kw: Any) -> Any:
        self.asked += 1
        if not self.answers:
            raise OSError("no such name")
        return [(None, None, None, "", (address, port)) for address in self.answers.pop(0)]


def post(url: str, names: Names, *, may: bool = False) -> tuple[list[str], list[int]]:
    """Where is connected to, and the status once nobody answers."""
    reactor, log, statuses = Reactor(), Logbook(), list[int]()
    poster = Poster(log, reactor, lambda: may, names)
    Deferred.fromCoroutine(poster.post(url, b"tea", {})).addCallback(statuses.append)
    reactor.advance(SECONDS + 1)
    hosts = [host for host, *_ in reactor.tcpClients]
    return hosts, statuses


@pytest.mark.parametrize("address", [PUBLIC, OTHER])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_it_connects_to_the_address_that_was_checked(address: str, scheme: str) -> None:
    names = Names((address,), ("127.0.0.1",))  # rebinding: another answer by the time one connects
    assert post(f"{scheme}://tea.example/a", names) == ([address], [NO_ANSWER])
    assert names.asked == 1


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
    ],
)
def test_no_connection_into_private_networks(address: str) -> None:
    assert post("https://tea.example/a", Names((address,))) == ([], [403])
    assert post("https://tea.example/a", Names((PUBLIC, address))) == ([], [403])
    assert post("https://tea.example/a", Names((address, PUBLIC))) == ([], [403])


def test_a_keeper_may_allow_it() -> None:
    assert post("http://tea.example/a", Names(("127.0.0.1",)), may=True) == (["127.0.0.1"], [NO_ANSWER])


def test_a_name_that_is_none_is_no_answer() -> None:
    assert post("https://tea.example/a", Names()) == ([], [NO_ANSWER])
