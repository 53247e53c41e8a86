"""Passwords, as argon2id hashes. Rule: the reactor never hashes, and no answer and no time it takes tells whether an
account exists.

Two threads do the work and 32 more jobs may wait; who comes then is told that the house is busy. Passwords are
compared as RFC 8265 section 4.2 (OpaqueString) says: every kind of space is a space, in NFC, case and all.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeVar

from teahouse.errors import BadPassword, Busy
from teahouse.runtime import Runtime, Waiter
from teahouse.sasl import keys
from teahouse.text import fold

if TYPE_CHECKING:
    from argon2 import PasswordHasher

    from teahouse.store import Account

T = TypeVar("T")
LONGEST = 300
"""Characters: draft/account-registration's "safe reasonable limit", so that it fits into one line to NickServ."""
DULL = 32
"""Up to so many characters, one key held down is the first guess; how long it was held beyond that is not."""
THREADS = 2
WAITING = 32
TIMES, KIBIBYTES, LANES = 2, 19_456, 1  # OWASP's: 19 ms here, and 19 MiB for each thread
NOBODYS = f"$argon2id$v=19$m={{}},t={{}},p={LANES}${'A' * 22}${'A' * 43}"
"""The hash that belongs to no account: nobody knows a password for it."""
BUSY = "The house is busy checking passwords. Please try again in a moment."
EASY = (
    "That would be the first guess: choose a password that has nothing to do with your nick or the keyboard."
)
_ROWS = (
    "01234567890123456789",
    "98765432109876543210",
    "qwertyuiopasdfghjklzxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
)


class Passwords:
    """Hashes and verifies. `shortest`: characters that a chosen one has at least (`limits.shortest_password`).
    `cheap`: with next to no work and at once, on the thread of the caller; for tests.
    """

    def __init__(self, runtime: Runtime, shortest: int, *, cheap: bool = False) -> None:
        self._runtime = runtime
        self._shortest = shortest
        self.cheap = cheap
        self._times, self._size = (1, 8) if cheap else (TIMES, KIBIBYTES)
        self._nobodys = NOBODYS.format(self._size, self._times)
        self._pool: ThreadPoolExecutor | None = None
        self._pending = 0
        self._stopped = False

    def check(self, password: str, nick: str = "") -> None:
        """Raise BadPassword, which says what is wanted, for one that may not be chosen."""
        text = _prepared(password)
        if not self._shortest <= len(text) <= LONGEST:
            wanted = f"{self._shortest} to {LONGEST}"
            raise BadPassword(f"A password has {wanted} characters, and this one {len(text)}.")
        if any(unicodedata.category(each) == "Cc" for each in text):
            raise BadPassword("A password has letters, digits, signs and spaces, but no control characters.")
        if _is_easy(fold(text), fold(nick)):
            raise BadPassword(EASY)

    async def hash(self, password: str) -> str:
        """What to store of a password. Raises Busy."""
        data = _encoded(password)
        return await self._work(lambda: self._hasher.hash(data))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether it is the right password; None stands for no account, and takes as long. Raises Busy."""
        data = _encoded(password)
        right = await self._work(lambda: self._verify(stored or self._nobodys, data))
        if right is None:
            self._runtime.log.error("the password of an account is stored in a form that nobody can read")
        return bool(right) and stored is not None

    async def keys(self, password: str, hashed: str) -> dict[str, str]:
        """What to keep for SCRAM beside this hash of the password (`sasl.keys`). Raises Busy."""
        return await self._work(partial(keys.made, password, hashed, cheap=self.cheap))

    def needs_keys(self, account: Account) -> bool:
        """Whether an account has no such keys as those of today for its password."""
        return not keys.are_kept(account, cheap=self.cheap)

    def needs_rehash(self, stored: str) -> bool:
        """Whether a hash was made with other parameters than those of today."""
        from argon2.exceptions import InvalidHashError  # noqa: PLC0415

        try:
            return self._hasher.check_needs_rehash(stored)
        except InvalidHashError:
            return True

    def stop(self) -> None:
        """Let the threads go. What waits for an answer never gets one."""
        self._stopped = True
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    # ---- the work ------------------------------------------------------------------------------------------

    async def _work(self, job: Callable[[], T]) -> T:
        if self.cheap:
            return job()
        if self._stopped or self._pending >= THREADS + WAITING:
            raise Busy(BUSY)
        if self._pool is None:
            self._pool = ThreadPoolExecutor(THREADS, "teahouse-passwords")
        self._pending += 1
        waiter: Waiter[T] = self._runtime.waiter()
        self._pool.submit(self._run, job, waiter)
        return await waiter

    def _run(self, job: Callable[[], T], waiter: Waiter[T]) -> None:
        """In one of the threads: do it, and have the answer brought by the reactor's."""
        answer: Callable[[], None]
        try:
            answer = partial(waiter.callback, job())
        except Exception as error:  # noqa: BLE001  it is raised where the answer is awaited
            answer = partial(waiter.errback, error)
        self._runtime.from_thread(partial(self._bring, answer))

    def _bring(self, answer: Callable[[], None]) -> None:
        self._pending -= 1
        answer()

    @cached_property
    def _hasher(self) -> PasswordHasher:
        from argon2 import PasswordHasher  # noqa: PLC0415  not before the first password: the house opens sooner

        return PasswordHasher(self._times, self._size, LANES)

    def _verify(self, stored: str, data: bytes) -> bool | None:
        """None if it is no hash at all; that takes as long too."""
        from argon2 import exceptions  # noqa: PLC0415

        try:
            return self._hasher.verify(stored, data)
        except exceptions.VerifyMismatchError:
            return False
        except (exceptions.InvalidHashError, exceptions.VerificationError):
            self._verify(self._nobodys, data)
            return None


def _prepared(password: str) -> str:
    spaced = "".join(" " if unicodedata.category(each) == "Zs" else each for each in password)
    return unicodedata.normalize("NFC", spaced)


def _encoded(password: str) -> bytes:
    return _prepared(password).encode("utf-8", "surrogatepass")


def _is_easy(text: str, nick: str) -> bool:
    """The nick or "password", with digits or not; a run of keys; hardly more than one character, in a short one."""
    if (len(set(text)) < 3 and len(text) <= DULL) or any(text in row for row in _ROWS):
        return True
    words = text.strip("0123456789!. ")
    return text == nick or any(word and words and not words.replace(word, "") for word in (nick, "password"))
