"""Brute force: how many guesses get through, who is locked out by them, and what they cost in memory."""

from __future__ import annotations

import pytest

from teahouse.accounts.guard import (
    AT_ONCE,
    FADES,
    KNOWN_ACCOUNTS,
    KNOWN_ADDRESSES,
    LONGEST_DELAY,
    Failures,
    Guard,
)
from teahouse.admission import Admission
from teahouse.errors import TooFast
from teahouse.limits import Limits

HOUR = 3600.0
HOME, ELSEWHERE = "192.0.2.1", "198.51.100.7"


class Door:
    """A guard, a clock, and passwords that are right or wrong."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.guard = Guard(lambda: self.now)

    def tries(self, account: str, address: str, right: bool = False) -> bool:
        """One try; whether the password was checked at all."""
        try:
            self.guard.check(account, address)
        except TooFast:
            return False
        (self.guard.succeeded if right else self.guard.failed)(account, address)
        return True

    def refusal(self, account: str, address: str) -> str:
        with pytest.raises(TooFast) as caught:
            self.guard.check(account, address)
        return caught.value.text


@pytest.fixture
def door() -> Door:
    return Door()


def address(number: int) -> str:
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def test_the_delay_doubles_after_three_tries(door: Door) -> None:
    waits = []
    for _ in range(14):
        assert door.tries("amy", ELSEWHERE)
        begun = door.now
        while door.guard.accounts.wait("amy", door.now):
            door.now += 0.5
        waits.append(door.now - begun)
    assert waits[:8] == [0, 0, 1, 2, 4, 8, 16, 32]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_DELAY


def test_it_says_in_how_many_seconds(door: Door) -> None:
    for _ in range(3):
        door.tries("amy", ELSEWHERE)
    assert door.refusal("amy", ELSEWHERE).endswith("Please try again in a second.")
    door.now += 1
    door.tries("amy", ELSEWHERE)
    door.now += 0.5
    assert door.refusal("amy", ELSEWHERE).endswith("Please try again in 2 seconds.")


def test_asking_while_locked_out_makes_it_no_longer(door: Door) -> None:
    for _ in range(3):
        door.tries("amy", ELSEWHERE)
    for _ in range(1000):
        door.refusal("amy", ELSEWHERE)
    door.now += 1
    assert door.tries("amy", ELSEWHERE, right=True)


def test_ten_thousand_guesses_from_one_address_at_one_account(door: Door) -> None:
    checked = 0
    for _ in range(10_000):
        checked += door.tries("amy", ELSEWHERE)
        door.now += 2 * HOUR / 10_000
    assert checked <= 10 + 2 * HOUR / 300


def test_ten_thousand_names_from_one_address(door: Door) -> None:
    checked = sum(door.tries(f"name{number}", ELSEWHERE) for number in range(10_000))
    assert checked == 3
    assert len(door.guard.accounts) == 3
    assert len(door.guard.addresses) == 1


def test_a_thousand_addresses_at_one_account(door: Door) -> None:
    checked = []
    while door.now < 1000 + 4 * HOUR:
        checked += [door.now for number in range(1000) if door.tries("amy", address(number))]
        door.now += 20 if door.now < 1600 else 100
    assert len(checked) <= 10 + 4 * HOUR / 300
    for begun in range(2000, int(1000 + 4 * HOUR)):  # after the first burst
        assert sum(begun <= at < begun + 300 for at in checked) <= 5


def test_ipv6_addresses_of_one_network_are_one(door: Door) -> None:
    checked = sum(door.tries(f"name{n}", f"2001:db8::{n:x}") for n in range(100))
    assert checked == 3
    assert door.tries("name", "2001:db8:0:1::1")


def test_the_same_for_names_that_are_no_accounts(door: Door) -> None:
    def course(account: str, right: bool) -> list[bool]:
        one = Door()
        if right:
            one.tries(account, HOME, right=True)
        seen = []
        for _ in range(500):
            seen.append(one.tries(account, ELSEWHERE))
            one.now += 1
        return seen

    assert course("amy", right=True) == course("nobody", right=False)


# ---- the owner ---------------------------------------------------------------------------------------------


def attack(door: Door, account: str) -> None:
    for number in range(1000):
        door.tries(account, address(number))
        door.now += 1


def test_the_owner_gets_in_where_she_has_been_lately(door: Door) -> None:
    assert door.tries("amy", HOME, right=True)
    attack(door, "amy")
    assert door.refusal("amy", ELSEWHERE)
    assert door.tries("amy", HOME, right=True)
    assert door.tries("amy", HOME), "and may mistype"
    assert door.tries("amy", HOME, right=True)


def test_an_attack_from_her_own_address_on_others_does_not_keep_her_out(door: Door) -> None:
    assert door.tries("amy", HOME, right=True)
    for number in range(1000):
        door.tries(f"name{number}", HOME)
    assert door.refusal("bob", HOME)
    assert door.tries("amy", HOME, right=True)


def test_guesses_from_her_own_address_are_counted_too(door: Door) -> None:
    assert door.tries("amy", HOME, right=True)
    checked = sum(door.tries("amy", HOME) for _ in range(1000))
    assert checked == 3
    assert door.refusal("amy", HOME)
    door.now += 1
    assert door.tries("amy", HOME, right=True)


def test_right_passwords_hide_no_guesses(door: Door) -> None:
    checked = 0
    for minute in range(300):
        door.tries("mallory", ELSEWHERE, right=True)
        door.tries("amy", HOME, right=True)
        checked += sum(door.tries("amy", ELSEWHERE) for _ in range(10))
        checked += sum(door.tries("amy", HOME) for _ in range(10))
        door.now = 1000 + minute * 60
    assert checked <= 2 * (10 + 300 / 5)


def test_an_address_of_long_ago_is_like_any_other(door: Door) -> None:
    door.tries("amy", HOME, right=True)
    door.now += 31 * 86_400
    attack(door, "amy")
    assert door.refusal("amy", HOME)


def test_a_known_address_can_be_forgotten(door: Door) -> None:
    door.tries("amy", HOME, right=True)
    door.guard.forget("amy")
    attack(door, "amy")
    assert door.refusal("amy", HOME)


def test_many_come_back_at_once_after_a_restart(door: Door) -> None:
    for number in range(2 * AT_ONCE):
        door.guard.check(f"name{number}", HOME)
    for number in range(2 * AT_ONCE):
        door.guard.succeeded(f"name{number}", HOME)
    assert not len(door.guard.accounts)
    assert not len(door.guard.addresses)


# ---- tries that are being checked --------------------------------------------------------------------------


def test_tries_made_at_once_are_bounded(door: Door) -> None:
    begun = []
    for number in range(1000):
        try:
            door.guard.check("amy", address(number))
            begun.append(number)
        except TooFast:
            pass
    assert len(begun) == AT_ONCE
    for number in begun:
        door.guard.failed("amy", address(number))
    door.now += 2 ** (AT_ONCE - 3)
    door.guard.check("amy", HOME)
    assert door.refusal("amy", ELSEWHERE), "one at a time by now"


def test_a_try_that_was_not_checked_does_not_count(door: Door) -> None:
    for _ in range(100):
        door.guard.check("amy", HOME)
        door.guard.undone("amy", HOME)
    assert not len(door.guard.accounts)
    assert door.tries("amy", HOME, right=True)


def test_a_try_without_an_end_blocks_only_for_a_while(door: Door) -> None:
    for _ in range(AT_ONCE):
        door.guard.check("amy", HOME)
    for _ in range(31):
        door.refusal("amy", HOME)
        door.now += 1
    assert door.tries("amy", HOME)


# ---- memory ------------------------------------------------------------------------------------------------


def test_everything_fades(door: Door) -> None:
    attack(door, "amy")
    door.now += 13 * FADES
    assert [door.tries("amy", ELSEWHERE) for _ in range(4)] == [True, True, True, False]


def test_names_are_bounded_and_a_flood_does_not_free_the_attacked() -> None:
    failures = Failures(most=1000)
    for _ in range(12):
        failures.begin("amy", 0)
        failures.end("amy", 0, failed=True)
    for number in range(20_000):
        failures.begin(f"name{number}", number / 200)
        failures.end(f"name{number}", number / 200, failed=True)
    assert len(failures) == 1000
    assert failures.wait("amy", 100) == 200


def test_long_names_cost_no_more(door: Door) -> None:
    door.tries("x" * 100_000, ELSEWHERE)
    assert max(len(str(key)) for key in door.guard.accounts._counts) <= 80


def test_known_addresses_are_bounded_and_not_flushed_by_failures(door: Door) -> None:
    for number in range(100):
        door.tries("amy", address(number), right=True)
    assert len(door.guard._known["amy"]) == KNOWN_ADDRESSES
    for number in range(20_000):
        door.tries(f"name{number}", address(number))
    assert door.guard._known.keys() == {"amy"}
    for number in range(KNOWN_ACCOUNTS + 5):
        door.guard.succeeded(f"name{number}", HOME)
    assert len(door.guard._known) == KNOWN_ACCOUNTS


def test_addresses_that_limits_do_not_apply_to_are_counted_by_account_alone() -> None:
    now = 1000.0
    guard = Guard(lambda: now, Admission(Limits()).key)
    for number in range(100):
        guard.check(f"name{number}", "127.0.0.1")
        guard.failed(f"name{number}", "127.0.0.1")
    assert not len(guard.addresses)
    for _ in range(3):
        guard.check("amy", "127.0.0.1")
        guard.failed("amy", "127.0.0.1")
    with pytest.raises(TooFast):
        guard.check("amy", "127.0.0.1")
