"""Invariant 3: nobody waits for a slow reader, nobody's memory grows for one, and nothing is lost or put out of order
while there is hope for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis.strategies import integers, lists, none, one_of

from house import House, Peer, settings

LIMIT = 4_000
SMALL = settings(limits={"output_bytes": LIMIT, "flood_lines": 0, "line_bytes": 10_000})
both = pytest.mark.parametrize("push", [False, True], ids=["direct", "push"])


def amy_in(push: bool) -> Peer:
    (amy,) = House(SMALL, push=push).crowd("amy")
    amy.wire.sent.clear()
    amy._read = 0
    return amy


@both
@pytest.mark.parametrize("most", [1, 7, 100])
def test_partial_sends_lose_nothing(push: bool, most: int) -> None:
    """The socket takes a few bytes at a time."""
    amy = amy_in(push)
    amy.wire.most = most
    amy.type("one " * 50, "two")
    assert amy.say("three") == [f"amy: {'one ' * 50}", "amy: two", "amy: three"]
    assert amy.link.queued == 0


@both
def test_what_waited_goes_before_what_comes_later(push: bool) -> None:
    """Slow, then fast again: in order, and directly as before."""
    amy = amy_in(push)
    amy.wire.space = 5
    amy.say("one")
    amy.say("two")
    amy.wire.space = 12
    amy.say("three")
    amy.wire.space = None
    amy.say("four")
    assert amy.text == "amy: one\r\namy: two\r\namy: three\r\namy: four\r\n"
    assert amy.link._queue is None
    assert not amy.house.server._stalled


@given(lists(one_of(none(), integers(0, 40)), min_size=1, max_size=40))
def test_any_reader_is_sent_all_in_order(spaces: list[int | None]) -> None:
    """A number: the reader takes so many bytes more; None: something is said."""
    for push in (False, True):
        amy = amy_in(push)
        amy.wire.space = 0
        expected = b""
        for number, space in enumerate(spaces):
            if space is None:
                amy.link.write(b"line %d\r\n" % number)
                expected += b"line %d\r\n" % number
            else:
                amy.wire.space += space
            amy.house.pump()
            assert expected.startswith(amy.wire.sent)
        amy.wire.space = None
        amy.house.pump()
        assert bytes(amy.wire.sent) == expected


@both
def test_queue_has_a_bound(push: bool) -> None:
    """Who passes it is dropped, with a line in the log, and is held no more."""
    amy = amy_in(push)
    eve = amy.house.enter("eve")
    eve.wire.space = 0
    most = 0
    for _ in range(20):
        amy.say("x" * 1_000)
        most = max(most, eve.link.queued)
    assert most <= LIMIT
    assert eve.gone
    assert amy.say("still here")[-1] == "amy: still here"
    amy.house.log.claim(f"more than {LIMIT:,} bytes were waiting")


@both
def test_goodbye_waits_for_what_was_written_before(push: bool) -> None:
    """Closing loses nothing that the peer still takes."""
    amy = amy_in(push)
    amy.wire.space = 3
    amy.say("one", "/quit")
    assert not amy.gone
    amy.wire.space = None
    amy.house.pump()
    assert amy.gone
    assert amy.text == "amy: one\r\nGoodbye.\r\n"


@both
@pytest.mark.parametrize("space", [0, 3])
def test_goodbye_does_not_wait_for_ever(push: bool, space: int) -> None:
    """A peer that reads nothing of it is dropped after `output_seconds`."""
    amy = amy_in(push)
    amy.wire.space = space
    amy.say("one", "/quit")
    amy.house.wait(59)
    assert not amy.gone
    amy.house.wait(4)
    assert amy.gone
    assert not amy.house.server._stalled
    assert amy.house.server.admission.total == 0


@both
def test_output_of_a_lost_connection_is_forgotten(push: bool) -> None:
    amy = amy_in(push)
    amy.wire.space = 0
    amy.say("x" * 3_000)
    amy.say("y" * 900)
    amy.wire.end()
    amy.house.pump()
    assert amy.gone
    assert amy.link.queued == 0
    assert not amy.house.server._stalled


def test_socket_that_fails_is_left_to_the_reactor() -> None:
    """A write never raises: the end of a connection is learnt by reading."""
    amy = amy_in(push=False)
    amy.wire.closed = True
    amy.link.write(b"into the void")
    amy.wire.end()
    amy.house.pump()
    assert not amy.house.server.users


def test_forgetting_output_keeps_the_block_that_is_half_sent() -> None:
    """Telnet's AO throws away what waits, but no line is torn."""
    amy = amy_in(push=False)
    amy.wire.space = 4
    amy.link.write(b"first\r\n")
    amy.link.write(b"second\r\n")
    amy.link.forget_output()
    amy.wire.space = None
    amy.link.write(b"third\r\n")
    amy.house.pump()
    assert bytes(amy.wire.sent) == b"first\r\nthird\r\n"
