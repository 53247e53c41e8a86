"""Buckets, the wheel and the door: what counts, and when it counts again."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis.strategies import floats, lists

from teahouse.admission import Admission
from teahouse.limits import Bucket, Limits
from teahouse.wheel import Wheel


@given(lists(floats(0, 5), min_size=1, max_size=200))
def test_bucket_lets_no_more_through_than_burst_and_rate(pauses: list[float]) -> None:
    bucket, now, taken = Bucket(5, 0.0), 0.0, 0
    for pause in pauses:
        now += pause
        taken += bucket.take(now, 2.0, 5)
        assert taken <= 5 + 2.0 * now + 1e-6


def test_bucket_fills_up_to_the_burst_only() -> None:
    bucket = Bucket(2, 0.0)
    assert [bucket.take(1_000.0, 1.0, 2) for _ in range(3)] == [True, True, False]


@given(lists(floats(0, 300), min_size=1, max_size=50), lists(floats(0.1, 90), min_size=1, max_size=50))
def test_wheel_returns_each_once_and_never_early(times: list[float], steps: list[float]) -> None:
    wheel, now, found = Wheel(0.0), 0.0, set()
    for number, at in enumerate(times):
        standing: Any = (number, at)  # the wheel keeps whatever it is given
        wheel.add(standing, at)
    for step in [*steps, 400.0]:
        now += step
        for each in wheel.due(now):
            number, at = each  # type: ignore[misc]  # as above
            assert at <= now
            assert number not in found
            found.add(number)
    assert len(found) == len(times)
    assert not wheel._due


def refusals(limits: Limits, address: str, count: int) -> list[str]:
    """What so many connections from an address are told; "" for those let in."""
    admission, told = Admission(limits), []
    for _ in range(count):
        told.append(admission.refusal(address, 0, 0.0))
        if not told[-1]:
            admission.enter(address)
    return told


@pytest.mark.parametrize("address", ["10.0.0.1", "2001:db8::1", "::ffff:10.0.0.1"])
def test_one_address_has_so_many_connections(address: str) -> None:
    told = refusals(Limits(connections_per_address=2), address, 4)
    assert told[:2] == ["", ""]
    assert all("from your address" in text for text in told[2:])


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "", "no address"])
def test_some_are_not_counted_by_address(address: str) -> None:
    assert refusals(Limits(connections_per_address=2), address, 4) == [""] * 4


def test_v6_network_counts_as_one_address() -> None:
    admission = Admission(Limits(connections_per_address=1))
    admission.enter("2001:db8:0:1::1")
    assert admission.refusal("2001:db8:0:1:ffff::2%eth0", 0, 0.0)
    assert not admission.refusal("2001:db8:0:2::1", 0, 0.0)


def test_connects_are_forgotten_after_ten_minutes() -> None:
    admission = Admission(Limits(connects_per_address=2))
    told = [admission.refusal("10.0.0.1", 0, now) for now in (0.0, 1.0, 2.0, 300.0, 1_000.0)]
    assert [bool(text) for text in told] == [False, False, True, True, False]
    admission.forget_old(5_000.0)
    assert not admission._sessions._recent


def test_who_fetches_pages_is_counted_apart() -> None:
    admission = Admission(Limits(connections_per_address=1, visits_per_address=2, connections=4))
    for _ in range(2):
        assert not admission.visit_refusal("10.0.0.1", 0.0)
        admission.enter("10.0.0.1", visit=True)
    assert "from your address" in admission.visit_refusal("10.0.0.1", 0.0)
    assert not admission.refusal("10.0.0.1", 0, 0.0)
    admission.enter("10.0.0.1")
    assert "from your address" in admission.refusal("10.0.0.1", 0, 0.0)
    admission.enter("10.0.0.2", visit=True)
    assert "full" in admission.visit_refusal("10.0.0.3", 0.0)  # all of them are connections
    admission.leave("10.0.0.1", visit=True)
    assert not admission.visit_refusal("10.0.0.1", 0.0)


def test_house_and_door_have_bounds() -> None:
    admission = Admission(Limits(connections=1, connections_waiting=3))
    assert "at the door" in admission.refusal("10.0.0.1", 3, 0.0)
    admission.enter("10.0.0.1")
    assert "full" in admission.refusal("10.0.0.2", 0, 0.0)
    admission.leave("10.0.0.1")
    assert not admission.refusal("10.0.0.2", 0, 0.0)
    assert not admission._sessions._here
