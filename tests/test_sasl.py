"""SASL as protocols use it: the mechanisms there are, PLAIN, EXTERNAL, and what holds for all of them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sasl_client import ELSEWHERE, GOOD, HOME, Front
from teahouse import sasl
from teahouse.errors import ChatError, NotAllowed, NotFound, TooFast, TooLong, UsageError, WrongPassword
from teahouse.sasl.mechanisms import MECHANISMS
from teahouse.store import Account

SHOWN = "ab" * 32
WAYS: dict[str, Callable[[Front, str, bool], Account]] = {
    "login": lambda front, name, right: front.ask(
        front.accounts.authenticate(name, GOOD if right else "a wrong guess", ELSEWHERE)
    ),
    "PLAIN": lambda front, name, right: front.plain(name, GOOD if right else "a wrong guess"),
    "EXTERNAL": lambda front, name, right: front.external(SHOWN if right else "cd" * 32, name),
    "SCRAM-SHA-256": lambda front, name, right: front.scram(
        "SCRAM-SHA-256", name, GOOD if right else "a wrong guess"
    ),
    "SCRAM-SHA-512": lambda front, name, right: front.scram(
        "SCRAM-SHA-512", name, GOOD if right else "a wrong guess"
    ),
}


@pytest.fixture
def front() -> Front:
    """A house with an account that has a certificate."""
    made = Front()
    made.ask(made.accounts.add_certificate(made.register(), SHOWN))
    return made


def test_what_is_offered() -> None:
    assert sasl.offered() == ("SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN")
    assert sasl.offered(SHOWN) == ("EXTERNAL", *sasl.offered())
    assert sasl.offered(SHOWN) == tuple(MECHANISMS)


@pytest.mark.parametrize("name", ["", "SCRAM-SHA-1", "SCRAM-SHA-256-PLUS", "PLAIN "])
def test_what_is_not_known(front: Front, name: str) -> None:
    with pytest.raises(NotFound, match="SCRAM-SHA-512, SCRAM-SHA-256, PLAIN"):
        front.begin(name)


# ---- all of them -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
def test_the_right_one_comes_in(front: Front, way: str) -> None:
    assert WAYS[way](front, "AMY", True).name == "amy"
    assert front.kept().seen > front.kept().created


@pytest.mark.parametrize("way", WAYS)
def test_by_every_nick_of_the_account(front: Front, way: str) -> None:
    front.ask(front.accounts.reserve(front.kept(), "amelia"))
    assert WAYS[way](front, "amelia", True).name == "amy"


@pytest.mark.parametrize("way", WAYS)
def test_the_wrong_one_is_told_the_same_as_for_nobody(front: Front, way: str) -> None:
    with pytest.raises(WrongPassword) as wrong:
        WAYS[way](front, "amy", False)
    with pytest.raises(WrongPassword) as unknown:
        WAYS[way](front, "nobody", False)
    assert wrong.value.text == unknown.value.text


@pytest.mark.parametrize("way", WAYS)
def test_the_suspended_stay_out_by_each(front: Front, way: str) -> None:
    front.save(replace(front.kept(), suspended=True))
    with pytest.raises(WrongPassword) as suspended:
        WAYS[way](front, "amy", True)
    with pytest.raises(WrongPassword) as unknown:
        WAYS[way](front, "nobody", True)
    assert suspended.value.text == unknown.value.text


@pytest.mark.parametrize("way", WAYS)
def test_wrong_tries_count_over_all_of_them(front: Front, way: str) -> None:
    front.accounts.forget(front.kept())  # else the owner's own address would be counted apart
    for other in [name for name in WAYS if name != way][:3]:
        with pytest.raises(WrongPassword):
            WAYS[other](front, "amy", False)
    with pytest.raises(TooFast):
        WAYS[way](front, "amy", True)
    front.house.wait(2)
    assert WAYS[way](front, "amy", True).name == "amy"


@given(mechanism=st.sampled_from(list(MECHANISMS)), said=st.lists(st.binary(max_size=40), max_size=4))
def test_garbage_opens_nothing(mechanism: str, said: list[bytes]) -> None:
    front = Front()
    exchange = front.begin(mechanism, certificate=SHOWN)
    for data in said:
        with suppress(ChatError):
            assert isinstance(front.ask(exchange.step(data)), sasl.Challenge)


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_no_message_is_endless(front: Front, mechanism: str) -> None:
    with pytest.raises(TooLong):
        front.say(front.begin(mechanism, certificate=SHOWN), b"x" * 2_049)


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_what_is_not_in_utf8_is_refused(front: Front, mechanism: str) -> None:
    with pytest.raises(UsageError, match="UTF-8"):
        front.say(front.begin(mechanism, certificate=SHOWN), b"n,,n=\xff,r=x")


def test_other_identities_than_ones_own(front: Front) -> None:
    """RFC 4422 section 3.4.1: nobody acts for somebody else here."""
    front.register("bob", "green tea at five")
    assert front.plain("amy", GOOD, identity="AMY").name == "amy"
    with pytest.raises(NotAllowed):
        front.plain("amy", GOOD, identity="bob")


# ---- PLAIN -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said", ["", "amy", "amy\0amy", "\0\0", "\0amy\0", f"\0\0{GOOD}", f"\0amy\0{GOOD}\0", f"amy\0{GOOD}"]
)
def test_plain_has_three_parts(front: Front, said: str) -> None:
    with pytest.raises(UsageError, match="RFC 4616"):
        front.end(front.begin("PLAIN"), said)


@pytest.mark.parametrize(
    "said", [f"{'a' * 256}\0amy\0{GOOD}", f"\0{'a' * 256}\0{GOOD}", f"\0amy\0{'a' * 1_537}"]
)
def test_parts_of_plain_are_bounded(front: Front, said: str) -> None:
    with pytest.raises(TooLong):
        front.end(front.begin("PLAIN"), said)


def test_the_longest_password_fits(front: Front) -> None:
    longest = "🫖" * 100 + "e\u0301" * 100 + "🍵" * 100
    front.register("zoe", longest)
    assert front.plain("zoe", longest).name == "zoe"


def test_an_exchange_is_good_for_one_try(front: Front) -> None:
    exchange = front.begin("PLAIN")
    with pytest.raises(WrongPassword):
        front.end(exchange, "\0amy\0a wrong guess")
    with pytest.raises(UsageError, match="begin a new one"):
        front.end(exchange, f"\0amy\0{GOOD}")


# ---- EXTERNAL ----------------------------------------------------------------------------------------------


def test_external_wants_a_certificate(front: Front) -> None:
    with pytest.raises(NotAllowed, match="no certificate"):
        front.external("", "amy")


def test_external_without_a_name_finds_the_only_account(front: Front) -> None:
    assert front.external(SHOWN).name == "amy"
    assert front.external(SHOWN, nick="amy_").name == "amy"
    front.ask(front.accounts.add_certificate(front.kept(), "cd" * 32))
    assert front.external("cd" * 32).name == "amy"


def test_external_takes_the_account_of_the_nick_before_others(front: Front) -> None:
    bob = front.register("bob", "green tea at five")
    front.ask(front.accounts.add_certificate(bob, SHOWN))
    assert front.external(SHOWN, nick="bob").name == "bob"
    assert front.external(SHOWN, nick="amy").name == "amy"
    assert front.external(SHOWN, "bob", nick="amy").name == "bob"
    with pytest.raises(WrongPassword):
        front.external(SHOWN, nick="carol")


def test_a_certificate_that_was_removed_opens_nothing(front: Front) -> None:
    assert front.external(SHOWN).name == "amy"
    front.ask(front.accounts.remove_certificate(front.kept(), SHOWN.upper()))
    for name in ("amy", ""):
        with pytest.raises(WrongPassword):
            front.external(SHOWN, name)


def test_a_certificate_goes_with_its_account(front: Front) -> None:
    assert front.external(SHOWN).name == "amy"
    front.ask(front.accounts.remove(front.kept()))
    front.register("amy", "quite another password")
    with pytest.raises(WrongPassword):
        front.external(SHOWN)


def test_certificates_that_nobody_has_are_counted(front: Front) -> None:
    for _ in range(3):
        with pytest.raises(WrongPassword):
            front.external("ef" * 32, address=ELSEWHERE)
    with pytest.raises(TooFast):
        front.external("ef" * 32, address=HOME)
