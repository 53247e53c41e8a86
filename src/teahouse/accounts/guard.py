"""Against guessing passwords, over all protocols together. Rule: it counts for every name in the same way, whether
there is such an account or not, and what it remembers is bounded and fades.

Wrong passwords are counted by account and by address. After three of them comes a delay that doubles, up to five
minutes, so that an account is guessed at no more often than once in five minutes in the long run, from however many
addresses. Where the account has logged in lately, only what was wrong for this account from this address counts:
others cannot lock its owner out. A right password clears nothing, for then guesses could be hidden between the
log-ins of a busy owner; one failure is forgotten every ten minutes.

Tries that are still being checked count too, else a thousand could be made at once. Two threads check some 100
passwords a second, and a single failure fades in 600 s: about as many names as fit. When they do not, the weakest of
the oldest goes, so that a name under attack is not flushed out by a flood of others; and what an account is known
by is kept apart, where only right passwords write.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from itertools import islice
from math import ceil

from teahouse.admission import network_of
from teahouse.errors import TooFast

FREE = 3
LONGEST_DELAY = 300.0
MOST_FAILURES = 12.0  # 2 ** (12 - FREE) is over the longest delay
FADES = 600.0
AT_ONCE = 8
ANSWER_WITHIN = 30.0  # a try that nobody ended by then has been given up
NAMES = 65_536
SAMPLE = 16
NAME_LENGTH = 80
LATELY = 30 * 86_400.0
KNOWN_ACCOUNTS, KNOWN_ADDRESSES = 20_000, 8

Key = Hashable
Place = tuple["Failures", Key]


class Guard:
    """Asked before a password is checked (`check`), and told afterwards: `failed`, `succeeded` or `undone`.

    `network` says under which name an address is counted; "" for one that is not counted by address.
    """

    def __init__(self, now: Callable[[], float], network: Callable[[str], str] = network_of) -> None:
        self._now = now
        self._network = network
        self.accounts = Failures()
        self.addresses = Failures(at_once=2 * AT_ONCE)
        self.pairs = Failures()
        self._known: dict[str, dict[str, float]] = {}
        self.wrong = self.delayed = 0
        """Tries that failed, and those that came too early."""

    def check(self, account_key: str, address: str) -> None:
        """Raise TooFast if no password may be tried now; else this is a try, until its end is told."""
        now = self._now()
        places = self._places(account_key, address)
        wait = max(failures.wait(key, now) for failures, key in places)
        if wait > 0:
            self.delayed += 1
            seconds = f"{ceil(wait)} seconds" if wait > 1 else "a second"
            raise TooFast(f"There were too many wrong passwords. Please try again in {seconds}.")
        for failures, key in places:
            failures.begin(key, now)

    def failed(self, account_key: str, address: str) -> None:
        """The password was wrong, or there is no such account."""
        self.wrong += 1
        for failures, key in self._places(account_key, address):
            failures.end(key, self._now(), failed=True)

    def undone(self, account_key: str, address: str) -> None:
        """The password was not checked after all, as when the house was busy."""
        for failures, key in self._places(account_key, address):
            failures.end(key, self._now(), failed=False)

    def succeeded(self, account_key: str, address: str) -> None:
        """The password was right: from now on the account is known to be at this address."""
        self.undone(account_key, address)
        account = account_key[:NAME_LENGTH]
        addresses = self._known.pop(account, {})
        addresses.pop(self._network(address), None)
        addresses[self._network(address)] = self._now()
        self._known[account] = addresses
        if len(addresses) > KNOWN_ADDRESSES:
            del addresses[next(iter(addresses))]
        if len(self._known) > KNOWN_ACCOUNTS:
            del self._known[next(iter(self._known))]

    def forget(self, account_key: str) -> None:
        """The account is no more, or has a new password: it is known nowhere."""
        self._known.pop(account_key[:NAME_LENGTH], None)

    def _places(self, account_key: str, address: str) -> list[Place]:
        """Where a try is counted."""
        account, network = account_key[:NAME_LENGTH], self._network(address)
        since = self._known.get(account, {}).get(network)
        if since is not None and self._now() - since < LATELY:
            return [(self.pairs, (account, network))]
        places: list[Place] = [(self.accounts, account)]
        return [*places, (self.addresses, network)] if network else places


class _Count:
    """Failures at a moment, tries that are being checked, and when the next one may be made."""

    __slots__ = ("at", "began", "failures", "flying", "until")

    def __init__(self, now: float) -> None:
        self.failures = 0.0
        self.flying = 0
        self.at = self.began = self.until = now

    @property
    def weight(self) -> int:
        """Failures, where one that has begun to fade is still one."""
        return ceil(self.failures)

    def settle(self, now: float) -> None:
        """Forget what has faded by now."""
        self.failures = max(0.0, self.failures - (now - self.at) / FADES)
        if now - self.began > ANSWER_WITHIN:
            self.flying = 0
        self.at = now


class Failures:
    """Counts by key; of more than `most` the weakest go."""

    def __init__(self, at_once: int = AT_ONCE, most: int = NAMES) -> None:
        self._at_once = at_once
        self._most = most
        self._counts: dict[Key, _Count] = {}

    def __len__(self) -> int:
        return len(self._counts)

    def wait(self, key: Key, now: float) -> float:
        """Seconds until the next try may be made."""
        count = self._counts.get(key)
        if count is None:
            return 0.0
        count.settle(now)
        if now < count.until:
            return count.until - now
        return 1.0 if count.flying >= (1 if count.weight >= FREE else self._at_once) else 0.0

    def begin(self, key: Key, now: float) -> None:
        """A try is being checked."""
        count = self._touch(key, now)
        count.flying += 1
        count.began = now

    def end(self, key: Key, now: float, *, failed: bool) -> None:
        """It has been checked."""
        count = self._touch(key, now)
        count.flying = max(0, count.flying - 1)
        if failed:
            count.failures = min(MOST_FAILURES, count.failures + 1)
            if count.weight >= FREE:
                count.until = now + min(LONGEST_DELAY, 2.0 ** (count.weight - FREE))
        elif not (count.failures or count.flying):
            del self._counts[key]

    def _touch(self, key: Key, now: float) -> _Count:
        count = self._counts.pop(key, None)  # and in again at the end: the dict is in the order of last use
        if count is None:
            if len(self._counts) >= self._most:
                self._drop_weakest(now)
            count = _Count(now)
        self._counts[key] = count
        count.settle(now)
        return count

    def _drop_weakest(self, now: float) -> None:
        def strength(key: Key) -> tuple[float, float]:
            count = self._counts[key]
            count.settle(now)
            return count.failures, count.until

        del self._counts[min(islice(self._counts, SAMPLE), key=strength)]
