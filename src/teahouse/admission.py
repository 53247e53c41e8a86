"""Who may connect. Rule: counted when the connection is made, before anything is read or remembered of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from teahouse.limits import Limits

WINDOW = 600.0
FULL = "The house is full. Please try again later."


class PerAddress:
    """Counts connections by network (an IPv6 /64 is one): those that are there, and those of the last ten minutes."""

    def __init__(self) -> None:
        self._here: dict[str, int] = {}
        self._recent: dict[str, deque[float]] = {}

    def refusal(self, network: str, now: float, at_once: int, in_window: int) -> str:
        """Why there may be no more from there now; "" if there may. 0 is no limit. Asking is a connect."""
        if 0 < at_once <= self._here.get(network, 0):
            return "Too many connections from your address. Close one and try again."
        if in_window and self._count_recent(network, now, in_window + 1) > in_window:
            return "Too many connects from your address. Please wait ten minutes."
        return ""

    def enter(self, network: str) -> None:
        """One more; those too that are exempt, since they may not be after the next `Admission.take`."""
        if network:
            self._here[network] = self._here.get(network, 0) + 1

    def leave(self, network: str) -> None:
        """One less."""
        if network:
            self._here[network] -= 1
            if not self._here[network]:
                del self._here[network]

    def forget_old(self, now: float) -> None:
        """Let go of the connects of more than ten minutes ago."""
        for network in [each for each, times in self._recent.items() if times[-1] < now - WINDOW]:
            del self._recent[network]

    def _count_recent(self, network: str, now: float, most: int) -> int:
        times = self._recent.get(network)
        if times is None or times.maxlen != most:
            times = self._recent[network] = deque(times or (), maxlen=most)
        while times and times[0] < now - WINDOW:
            times.popleft()
        times.append(now)
        return len(times)


class Admission:
    """Counts connections: in all, and by address, where those that fetch pages (visits) are counted apart from those
    that people talk over. A browser opens six of them for a page, and one to talk.
    """

    def __init__(self, limits: Limits, gateways: Iterable[str] = (), proxies: Iterable[str] = ()) -> None:
        self._sessions, self._visits = PerAddress(), PerAddress()
        self.total = 0
        self._network = lru_cache(maxsize=4096)(network_of)
        self.key = lru_cache(maxsize=4096)(self._work_out_key)
        """What an address is counted under; "" for one that is not counted by address."""
        self.take(limits, gateways, proxies)

    def take(self, limits: Limits, gateways: Iterable[str], proxies: Iterable[str]) -> None:
        """These hold from now on; those who are here stay."""
        self._limits = limits
        self._is_exempt = within([*limits.exempt_addresses, *gateways])
        self._is_proxy = within(proxies)
        self.key.cache_clear()

    def trusts(self, address: str) -> bool:
        """Whether whoever connects from there may say for whom: a proxy of `[proxy] trusted`."""
        return self._is_proxy(address)

    def refusal(self, address: str, waiting: int, now: float) -> str:
        """Why this address may not connect now, as a sentence to tell it; "" if it may. `waiting`: how many
        have not logged in yet."""
        limits = self._limits
        if self.total >= limits.connections:
            return FULL
        if waiting >= limits.connections_waiting:
            return "Too many are at the door just now. Please try again in a minute."
        key = self.key(address)
        if not key:
            return ""
        return self._sessions.refusal(key, now, limits.connections_per_address, limits.connects_per_address)

    def visit_refusal(self, address: str, now: float) -> str:
        """The same for one who connects to fetch pages."""
        limits = self._limits
        if self.total >= limits.connections:
            return FULL
        key = self.key(address)
        if not key:
            return ""
        return self._visits.refusal(key, now, limits.visits_per_address, limits.visits_in_ten_minutes)

    def enter(self, address: str, *, visit: bool = False) -> None:
        """A connection was let in."""
        self.total += 1
        (self._visits if visit else self._sessions).enter(self._network(address))

    def leave(self, address: str, *, visit: bool = False) -> None:
        """A connection that was let in is gone."""
        self.total -= 1
        (self._visits if visit else self._sessions).leave(self._network(address))

    def forget_old(self, now: float) -> None:
        """Let go of the connects of more than ten minutes ago."""
        self._sessions.forget_old(now)
        self._visits.forget_old(now)

    def _work_out_key(self, address: str) -> str:
        return "" if self._is_exempt(address) else self._network(address)


def within(networks: Iterable[str]) -> Callable[[str], bool]:
    """Whether an address is in one of these networks."""
    known = [ip_network(each) for each in networks]

    def is_within(address: str) -> bool:
        ip = _parsed(address)
        return ip is not None and any(ip in network for network in known)

    return is_within


def network_of(address: str) -> str:
    """The network that an address is one peer with: an IPv6 /64, or the IPv4 address; "" for no address."""
    ip = _parsed(address)
    return "" if ip is None else _network(ip)


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return ip.ipv4_mapped or ip if isinstance(ip, IPv6Address) else ip


def _network(ip: IPv4Address | IPv6Address) -> str:
    return str(ip_network((ip, 64), strict=False)) if isinstance(ip, IPv6Address) else str(ip)
