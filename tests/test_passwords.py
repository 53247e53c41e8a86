"""Passwords: what may be one, what a hash tells, and who waits for whom."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from queue import SimpleQueue
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from house import Logbook
from teahouse.accounts.passwords import NOBODYS, THREADS, WAITING, Passwords
from teahouse.errors import BadPassword, Busy
from teahouse.reactor import TwistedRuntime

GOOD = "correct horse battery"


class Post(Clock):
    """A reactor whose threads bring their answers when `fetch` waits for them."""

    def __init__(self) -> None:
        super().__init__()
        self.brought: SimpleQueue[Callable[[], object]] = SimpleQueue()

    def callFromThread(self, call: Callable[[], object]) -> None:  # noqa: N802
        self.brought.put(call)

    def fetch(self) -> None:
        self.brought.get(timeout=10)()


class Desk:
    """Passwords, and the log they write to."""

    def __init__(self, *, cheap: bool = False, shortest: int = 8) -> None:
        self.post = Post()
        self.log = Logbook()
        runtime = TwistedRuntime(self.post)
        runtime.log = self.log
        self.passwords = Passwords(runtime, shortest, cheap=cheap)

    def start(self, task: Coroutine[Any, Any, Any]) -> list[Any]:
        """Begin; the answer will stand in the list, or the error."""
        got: list[Any] = []
        deferred: Deferred[Any] = Deferred.fromCoroutine(task)
        deferred.addCallbacks(got.append, lambda failure: got.append(failure.value))
        return got

    def ask(self, task: Coroutine[Any, Any, Any]) -> Any:
        """The answer."""
        got = self.start(task)
        while not got:
            self.post.fetch()
        if isinstance(got[0], Exception):
            raise got[0]
        return got[0]


@pytest.mark.parametrize("cheap", [False, True])
def test_a_hash_fits_its_password_alone(cheap: bool) -> None:
    desk = Desk(cheap=cheap)
    stored = desk.ask(desk.passwords.hash(GOOD))
    assert stored.startswith("$argon2id$v=19$m=8," if cheap else "$argon2id$v=19$m=19456,t=2,p=1$")
    assert desk.ask(desk.passwords.verify(stored, GOOD)) is True
    assert desk.ask(desk.passwords.verify(stored, GOOD + " ")) is False
    assert desk.ask(desk.passwords.verify(None, GOOD)) is False
    desk.passwords.stop()


def test_no_account_costs_the_same_work() -> None:
    desk = Desk()
    stored = desk.ask(desk.passwords.hash(GOOD))
    taken: dict[bool, list[float]] = {True: [], False: []}
    for number in range(40):
        known = number % 2 == 0
        begun = time.process_time()  # what other programs do to the clock says nothing here
        desk.ask(desk.passwords.verify(stored if known else None, "wrong password"))
        taken[known].append(time.process_time() - begun)
    assert 0.6 < min(taken[True]) / min(taken[False]) < 1.6, "without the work it is a thousandth"
    desk.passwords.stop()


@pytest.mark.parametrize("stored", ["", "plain text", "$argon2id$v=19$broken"])
def test_an_unreadable_hash_opens_nothing_and_is_logged(stored: str) -> None:
    desk = Desk(cheap=True)
    assert desk.ask(desk.passwords.verify(stored, GOOD)) is False
    if stored:
        desk.log.claim("nobody can read")
        assert not any(stored in line for line in desk.log.lines)
    assert desk.passwords.needs_rehash(stored)


def test_a_hash_with_other_parameters_is_made_again() -> None:
    cheap, real = Desk(cheap=True), Desk()
    weak = cheap.ask(cheap.passwords.hash(GOOD))
    assert not cheap.passwords.needs_rehash(weak)
    assert real.passwords.needs_rehash(weak)
    assert real.ask(real.passwords.verify(weak, GOOD)), "but it is good until then"
    real.passwords.stop()


def test_who_comes_when_all_places_are_taken_is_told_so() -> None:
    desk = Desk()
    gate = threading.Event()
    try:
        got = [desk.start(desk.passwords._work(gate.wait)) for _ in range(THREADS + WAITING)]
        refused = desk.start(desk.passwords.verify(None, GOOD))
    finally:
        gate.set()  # else the threads outlive a failure
    assert isinstance(refused[0], Busy)
    assert desk.passwords._pool is not None
    assert len(desk.passwords._pool._threads) == THREADS
    for _ in got:
        desk.post.fetch()
    assert got == [[True]] * len(got)
    assert desk.ask(desk.passwords.verify(None, GOOD)) is False, "there is space again"
    desk.passwords.stop()


def test_what_fails_in_the_thread_is_raised_where_it_is_awaited() -> None:
    desk = Desk()
    with pytest.raises(ZeroDivisionError):
        desk.ask(desk.passwords._work(lambda: 1 // 0))
    assert desk.ask(desk.passwords.verify(None, GOOD)) is False
    desk.passwords.stop()


def test_an_answer_that_nobody_awaits_any_more_is_no_error() -> None:
    desk = Desk()
    deferred: Deferred[Any] = Deferred.fromCoroutine(desk.passwords.hash(GOOD))
    deferred.addErrback(lambda failure: None)
    deferred.cancel()
    desk.post.fetch()
    assert desk.ask(desk.passwords.verify(None, GOOD)) is False
    desk.passwords.stop()


def test_a_stopped_house_checks_nothing() -> None:
    desk = Desk()
    desk.passwords.stop()
    assert isinstance(desk.start(desk.passwords.hash(GOOD))[0], Busy)


def test_argon2_is_not_imported_before_the_first_password() -> None:
    script = "import sys, teahouse.accounts.passwords, teahouse.server; sys.exit('argon2' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)


# ---- what may be one ---------------------------------------------------------------------------------------


def test_a_house_may_want_longer_ones_or_take_shorter_ones() -> None:
    Desk(cheap=True, shortest=1).passwords.check("tea", "wilhelmina")
    with pytest.raises(BadPassword, match="A password has 12 to 300 characters, and this one 11"):
        Desk(cheap=True, shortest=12).passwords.check("eleven-long", "wilhelmina")


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", "8 to 300"),
        ("seven77", "8 to 300 characters, and this one 7"),
        ("x" * 301, "8 to 300"),
        ("tab\there and there", "no control"),
        ("password", "first guess"),
        ("Password1234", "first guess"),
        ("passwordpassword", "first guess"),
        ("ｐａｓｓｗｏｒｄ", "first guess"),
        ("12345678", "first guess"),
        ("qwertyuiop", "first guess"),
        ("aaaaaaaaaaaa", "first guess"),
        ("a" * 32, "first guess"),
        ("Wilhelmina", "first guess"),
        ("wilhelmina2026!", "first guess"),
    ],
)
def test_what_may_not_be_a_password(password: str, said: str) -> None:
    with pytest.raises(BadPassword, match=said):
        Desk(cheap=True).passwords.check(password, "wilhelmina")


@pytest.mark.parametrize(
    "password",
    [GOOD, "x1y2z3w4", "wilhelmina likes tea", "пароль долгий", "🙂🙃🙂🙁🙂🙃🙂🙄", "48151623", "é" * 100],
)
def test_what_may_be_one(password: str) -> None:
    Desk(cheap=True).passwords.check(password, "wilhelmina")
    Desk(cheap=True).passwords.check(password)


@pytest.mark.parametrize(
    ("chosen", "typed"),
    [("caf\u00e9 society", "cafe\u0301 society"), ("tea\u00a0and\u3000cake", "tea and cake")],
)
def test_the_same_password_typed_on_another_keyboard(chosen: str, typed: str) -> None:
    desk = Desk(cheap=True)
    assert desk.ask(desk.passwords.verify(desk.ask(desk.passwords.hash(chosen)), typed))


def test_wide_letters_and_case_are_told_apart() -> None:
    desk = Desk(cheap=True)
    stored = desk.ask(desk.passwords.hash("tea and cake"))
    for typed in ("Tea and cake", "ｔｅａ and cake"):
        assert not desk.ask(desk.passwords.verify(stored, typed))


@given(st.text(max_size=200))
def test_anything_typed_is_a_password_or_refused(text: str) -> None:
    desk = Desk(cheap=True)
    with suppress(BadPassword):
        desk.passwords.check(text, "amy")
    assert desk.ask(desk.passwords.verify(desk.ask(desk.passwords.hash(text)), text)) is True


def test_nobodys_hash_is_well_formed() -> None:
    import argon2  # noqa: PLC0415

    found = argon2.extract_parameters(NOBODYS.format(19_456, 2))
    assert (found.type, found.hash_len, found.salt_len) == (argon2.Type.ID, 32, 16)
