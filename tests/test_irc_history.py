"""CHATHISTORY, MARKREAD, REDACT and SEARCH, held against a list of what was said."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as limits_of
from hypothesis import strategies as st

from house import PASSWORD, START, House, Peer, settings
from irc_client import BATCHES, client, member, msgids, texts
from teahouse.moderation.terms import Terms
from teahouse.protocols.irc import selectors
from teahouse.store import StoreError
from teahouse.store.memory import MemoryStore
from teahouse.store.ready import Ready

OFF = settings(limits={"flood_lines": 0, "history_messages": 10})
HISTORY = (*BATCHES, "draft/chathistory")
LINES = 12
MOST = 10


def stamp(seconds: float) -> str:
    """A timestamp so many seconds after the house has opened."""
    at = datetime.fromtimestamp(START, UTC) + timedelta(seconds=seconds)
    return f"timestamp={at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


@pytest.fixture(scope="module")
def past() -> tuple[Peer, list[str]]:
    """A client in a room where something was said every second, from the first on, and the ids of that."""
    house = House(OFF)
    reader = member(house, "ann", *HISTORY)
    tom = house.enter("tom")
    reader.shown()
    for number in range(1, LINES + 1):
        house.wait(1)
        tom.say(f"{number}")
    return reader, msgids(reader.shown())


def asked(
    past: tuple[Peer, list[str]], command: str, where: list[int], by_id: list[bool], count: int
) -> list[int]:
    """The numbers of the lines that an answer has; `where` are numbers of lines, by their ids or their times."""
    reader, ids = past
    words = [
        f"msgid={ids[n - 1]}" if named and 1 <= n <= LINES else stamp(n)
        for n, named in zip(where, by_id, strict=False)
    ]
    lines = reader.say(f"CHATHISTORY {command} #lobby {' '.join(words) or '*'} {count}")
    assert lines[0].startswith("BATCH +")
    assert lines[-1].startswith("BATCH -")
    return [int(text) for text in texts(lines)]


ALL = list(range(1, LINES + 1))
WHERE = st.integers(0, LINES + 2)
NAMED = st.booleans()
COUNT = st.integers(1, LINES + 3)


@given(WHERE, NAMED, COUNT)
def test_before(past: tuple[Peer, list[str]], where: int, named: bool, count: int) -> None:
    wanted = [n for n in ALL if n < where][-min(count, MOST) :]
    assert asked(past, "BEFORE", [where], [named], count) == wanted


@given(WHERE, NAMED, COUNT)
def test_after(past: tuple[Peer, list[str]], where: int, named: bool, count: int) -> None:
    wanted = [n for n in ALL if n > where][: min(count, MOST)]
    assert asked(past, "AFTER", [where], [named], count) == wanted


@given(st.one_of(st.none(), WHERE), NAMED, COUNT)
def test_latest(past: tuple[Peer, list[str]], where: int | None, named: bool, count: int) -> None:
    given_ = [] if where is None else [where]
    wanted = [n for n in ALL if where is None or n > where][-min(count, MOST) :]
    assert asked(past, "LATEST", given_, [named], count) == wanted


@given(WHERE, WHERE, st.tuples(NAMED, NAMED), COUNT)
def test_between(past: tuple[Peer, list[str]], a: int, b: int, named: tuple[bool, bool], count: int) -> None:
    inside = [n for n in ALL if min(a, b) < n < max(a, b)]
    wanted = inside[: min(count, MOST)] if a <= b else inside[-min(count, MOST) :]
    assert asked(past, "BETWEEN", [a, b], list(named), count) == wanted


@given(st.integers(1, LINES), NAMED, COUNT)
def test_around(past: tuple[Peer, list[str]], where: int, named: bool, count: int) -> None:
    found = asked(past, "AROUND", [where], [named], count)
    assert len(found) <= min(count, MOST)
    assert where in found
    assert found == list(range(found[0], found[-1] + 1))


WRONG = {
    "CHATHISTORY": "INVALID_PARAMS * :Unknown command",
    "CHATHISTORY SNEEZE #lobby * 10": "INVALID_PARAMS SNEEZE :Unknown command",
    "CHATHISTORY LATEST": "INVALID_PARAMS LATEST :Insufficient parameters",
    "CHATHISTORY BEFORE #lobby 10": "INVALID_PARAMS BEFORE :Insufficient parameters",
    "CHATHISTORY LATEST #lobby * 10 10": "INVALID_PARAMS LATEST :Too many parameters",
    "CHATHISTORY LATEST #lobby * 0": "INVALID_PARAMS LATEST 0 :Invalid limit",
    "CHATHISTORY LATEST #lobby * -1": "INVALID_PARAMS LATEST -1 :Invalid limit",
    "CHATHISTORY LATEST #lobby * many": "INVALID_PARAMS LATEST many :Invalid limit",
    "CHATHISTORY BEFORE #lobby timestamp=yesterday 5": "INVALID_PARAMS BEFORE timestamp=yesterday :Invalid timestamp",
    "CHATHISTORY BEFORE #lobby timestamp=2026-13-45T00:00:00.000Z 5": (
        "INVALID_PARAMS BEFORE timestamp=2026-13-45T00:00:00.000Z :Invalid timestamp"
    ),
    "CHATHISTORY BEFORE #lobby msgid=abc 5": "INVALID_PARAMS BEFORE msgid=abc :Invalid message ID",
    "CHATHISTORY BEFORE #lobby * 5": (
        "INVALID_MSGREFTYPE BEFORE #lobby * :There are only timestamp= and msgid= references."
    ),
    "CHATHISTORY AFTER #lobby nick=tom 5": (
        "INVALID_MSGREFTYPE AFTER #lobby nick=tom :There are only timestamp= and msgid= references."
    ),
    "CHATHISTORY LATEST #nowhere * 5": "INVALID_TARGET LATEST #nowhere :Messages could not be retrieved",
    "CHATHISTORY TARGETS msgid=5 msgid=6 5": "INVALID_PARAMS TARGETS msgid=5 msgid=6 :Invalid timestamp",
}


@pytest.mark.parametrize(("line", "answer"), WRONG.items())
def test_what_is_wrong_is_named(past: tuple[Peer, list[str]], line: str, answer: str) -> None:
    assert past[0].say(line) == [f"FAIL CHATHISTORY {answer}"]


def test_whoever_may_not_read_is_told_the_same_as_if_there_were_nothing() -> None:
    house = House(OFF)
    house.add_account("mod", "moderator")
    tom = house.enter("tom")
    tom.say("/join den", "/set-room", "a secret")
    house.server.rooms["den"].policy.terms = Terms(hidden=True)
    eve = client(house, "eve", *HISTORY)
    there = eve.say("CHATHISTORY LATEST #den * 5")
    assert [line.replace("#den", "#nil") for line in there] == eve.say("CHATHISTORY LATEST #nil * 5")
    assert len(eve.say("SEARCH text=secret;in=#den")) == 2
    mod = client(house, "mod", *HISTORY, password=PASSWORD)
    mod.say("JOIN #den")
    assert texts(mod.say("CHATHISTORY LATEST #den * 5")) == ["a secret"]


def test_the_ignored_are_passed_over_and_others_come_in_their_place() -> None:
    house = House(OFF)
    ann = member(house, "ann", *HISTORY)
    tom, eve = house.enter("tom"), house.enter("eve")
    tom.say("one", "two")
    eve.say(*("noise" for _ in range(8)))
    ann.session.user.ignore("eve")
    ann.shown()
    assert texts(ann.say("CHATHISTORY LATEST #lobby * 2")) == ["one", "two"]


def test_without_event_playback_only_what_people_said_is_there_and_is_counted() -> None:
    house = House(OFF)
    ann, bob = member(house, "ann", *HISTORY), member(house, "bob", *HISTORY, "draft/event-playback")
    tom = house.enter("tom")
    ann.shown()
    tom.say("tea?")
    (id_,) = msgids(ann.shown())
    bob.say(f"@+draft/reply={id_};+draft/react=yes TAGMSG #lobby", "TOPIC #lobby :tea")
    ann.shown()
    assert len(ann.say("CHATHISTORY LATEST #lobby * 1")) == 3
    kinds = [line.split(" ")[2] for line in bob.say("CHATHISTORY LATEST #lobby * 5")[1:-1]]
    assert kinds == ["PRIVMSG", "TAGMSG", "TOPIC"]


def test_a_conversation_is_for_its_account() -> None:
    house = House(OFF)
    house.add_account("ann")
    ann = client(house, "ann", *HISTORY, password=PASSWORD)
    bob = client(house, "bob", *HISTORY)
    ann.say("PRIVMSG bob :one")
    bob.say("PRIVMSG ann :two")
    assert texts(ann.say("CHATHISTORY LATEST BOB * 5"))[-2:] == ["one", "two"]
    assert bob.say("CHATHISTORY LATEST ann * 5")[-2:] == ["BATCH +b1 chathistory ann", "BATCH -b1"]


def test_targets_are_in_the_order_of_time() -> None:
    house = House(OFF)
    house.add_account("ann")
    ann = member(house, "ann", *HISTORY, password=PASSWORD)
    ann.say("JOIN #tea")
    tom = house.enter("tom")
    for who, line in ((tom, "hi"), (ann, "PRIVMSG #tea :hi"), (tom, "/msg ann psst")):
        house.wait(1)
        who.say(line)
    ann.shown()
    names = [line.split(" ")[3] for line in ann.say(f"CHATHISTORY TARGETS {stamp(0)} {stamp(99)} 5")[1:-1]]
    assert names == ["#lobby", "#tea", "tom"]
    names = [line.split(" ")[3] for line in ann.say(f"CHATHISTORY TARGETS {stamp(99)} {stamp(0)} 2")[1:-1]]
    assert names == ["#tea", "tom"]
    assert len(ann.say(f"CHATHISTORY TARGETS {stamp(1)} {stamp(3)} 5")) == 3


def test_what_was_said_in_the_same_turn_is_there() -> None:
    house = House(OFF)
    ann = member(house, "ann", *HISTORY)
    assert texts(ann.say("PRIVMSG #lobby :now", "CHATHISTORY LATEST #lobby * 5")) == ["now"]


def test_more_than_fits_is_cut_at_the_far_end() -> None:
    house = House(settings(limits={"flood_lines": 0, "output_bytes": 8_000}))
    ann, tom = member(house, "ann", *HISTORY), house.enter("tom")
    for number in range(30):
        tom.say(f"{number} {'x' * 200}")
        ann.shown()
    latest = texts(ann.say("CHATHISTORY LATEST #lobby * 30"))
    assert 1 < len(latest) < 15
    assert latest[-1].startswith("29 ")
    assert texts(ann.say(f"CHATHISTORY AFTER #lobby {stamp(-1)} 30"))[0].startswith("0 ")


def test_who_asks_for_much_and_reads_slowly_waits_and_is_not_dropped() -> None:
    house = House(settings(limits={"flood_lines": 0, "output_bytes": 12_000, "history_messages": 50}))
    ann, tom = member(house, "ann", *HISTORY), house.enter("tom")
    for number in range(12):
        tom.say(f"{number} {'x' * 200}")
        tom.shown()
    ann.shown()
    ann.wire.space = 0
    assert ann.say(*["CHATHISTORY LATEST #lobby * 50"] * 20) == []
    house.wait(20)
    assert not ann.gone
    ann.wire.space = None
    house.wait(20)
    assert sum(line.startswith("BATCH -") for line in ann.shown()) == 20


def test_a_store_that_fails_is_a_message_error() -> None:
    class NoStore(MemoryStore):
        def _fail(self, *args: Any, **values: Any) -> Any:
            def fail() -> None:
                raise StoreError("the disk is gone")

            return Ready(fail)

        history = _fail

    house = House(OFF, store=NoStore())
    ann = member(house, "ann", *HISTORY)
    assert ann.say("CHATHISTORY LATEST #lobby * 5") == [
        "FAIL CHATHISTORY MESSAGE_ERROR * #lobby :Messages could not be retrieved"
    ]
    house.log.claim("the disk is gone")


# ---- read markers ----------------------------------------------------------------------------------------------


def test_a_marker_is_known_to_all_devices_and_never_goes_back() -> None:
    house = House(OFF)
    house.add_account("ann")
    one = member(house, "ann", *HISTORY, "draft/read-marker", password=PASSWORD)
    two = client(house, "ann", *HISTORY, "draft/read-marker", password=PASSWORD)
    house.wait(3)
    one.shown()
    told = f"MARKREAD #lobby {stamp(2)}"
    assert one.say(told) == [told]
    assert two.shown()[-1] == told
    assert two.say(f"MARKREAD #lobby {stamp(1)}") == [told]
    assert one.shown() == []
    assert two.say("MARKREAD bob") == ["MARKREAD bob *"]
    assert two.say(f"MARKREAD bob {stamp(2)}") == [f"MARKREAD bob {stamp(2)}"]


def test_leaving_marks_nothing_as_read_for_a_client_that_tells_itself() -> None:
    house = House(OFF)
    house.add_account("ann")
    ann = member(house, "ann", "draft/read-marker", password=PASSWORD)
    house.wait(2)
    ann.say(f"MARKREAD #lobby {stamp(1)}", "QUIT")
    again = member(house, "ann", "draft/read-marker", password=PASSWORD)
    assert f"MARKREAD #lobby {stamp(1)}" in again.text.split("\r\n")


def test_a_marker_in_the_future_is_of_now() -> None:
    house = House(OFF)
    ann = member(house, "ann", "draft/read-marker")
    (line,) = ann.say(f"MARKREAD #lobby {stamp(9999)}")
    assert line <= f"MARKREAD #lobby {stamp(1)}"


@pytest.mark.parametrize(
    "line", ["MARKREAD #lobby *", "MARKREAD #lobby now", "MARKREAD #lobby timestamp=now"]
)
def test_a_marker_that_cannot_be_read(line: str) -> None:
    house = House(OFF)
    ann = member(house, "ann", "draft/read-marker", "standard-replies")
    assert ann.say(line) == [f"FAIL MARKREAD INVALID_PARAMS {line.split(' ')[2]} :Invalid parameters"]
    assert ann.say("MARKREAD") == ["FAIL MARKREAD NEED_MORE_PARAMS :Missing parameters"]


# ---- redaction and correction ----------------------------------------------------------------------------------

REDACT = (*HISTORY, "draft/message-redaction", "echo-message")


def redacting() -> tuple[House, Peer, Peer, str]:
    """A house, one who has said something, another one, and the id of what was said."""
    house = House(OFF)
    tom = member(house, "tom", *REDACT)
    eve = member(house, "eve", *REDACT)
    (id_,) = msgids(tom.say("PRIVMSG #lobby :oops")[-1:])
    eve.shown()
    return house, tom, eve, id_


def test_one_takes_back_ones_own() -> None:
    _, tom, eve, id_ = redacting()
    assert tom.say(f"REDACT #lobby {id_} :a slip")[0].endswith(f":tom REDACT #lobby {id_} :a slip")
    assert eve.shown()[0].endswith(f":tom REDACT #lobby {id_} :a slip")
    assert texts(eve.say("CHATHISTORY LATEST #lobby * 5")) == []
    unknown = f"FAIL REDACT UNKNOWN_MSGID #lobby {id_} :This message does not exist or is too old"
    assert tom.say(f"REDACT #lobby {id_}") == [unknown]


def test_others_cannot_take_it_back_unless_they_keep_order() -> None:
    house, _, eve, id_ = redacting()
    (answer,) = eve.say(f"REDACT #lobby {id_}")
    assert answer.startswith(f"FAIL REDACT REDACT_FORBIDDEN #lobby {id_} :")
    house.server.rooms["lobby"].policy.grant(eve.session.user, "operator")
    assert eve.say(f"REDACT #lobby {id_}")[0].endswith(f":eve REDACT #lobby {id_}")


def test_nothing_is_told_of_rooms_that_one_is_not_in() -> None:
    house, tom, _, id_ = redacting()
    stranger = client(house, "max", *REDACT)
    assert stranger.say(f"REDACT #lobby {id_}") == [
        "FAIL REDACT INVALID_TARGET #lobby :That cannot be done in #lobby."
    ]
    tom.say("JOIN #tea")
    assert tom.say(f"REDACT #tea {id_}")[0].startswith("FAIL REDACT UNKNOWN_MSGID")


def test_one_takes_back_what_one_said_in_private() -> None:
    house = House(OFF)
    for name in ("ann", "bob"):
        house.add_account(name)
    ann, bob = (client(house, name, *REDACT, password=PASSWORD) for name in ("ann", "bob"))
    (id_,) = msgids(ann.say("PRIVMSG bob :oops"))
    bob.shown()
    assert bob.say(f"REDACT ann {id_}")[0].startswith(f"FAIL REDACT REDACT_FORBIDDEN ann {id_}")
    assert ann.say(f"REDACT bob {id_}")[0].endswith(f":ann REDACT bob {id_}")
    assert bob.shown()[0].endswith(f":ann REDACT bob {id_}")
    assert texts(bob.say("CHATHISTORY LATEST ann * 5")) == []
    assert ann.say(f"REDACT bob {id_}")[0].startswith(f"FAIL REDACT UNKNOWN_MSGID bob {id_}")


def test_a_guest_corrects_what_it_said_in_private() -> None:
    house = House(OFF)
    house.add_account("ann")
    ann = client(house, "ann", *REDACT, "draft/message-edit", password=PASSWORD)
    tom, eve = (client(house, nick, *REDACT, "draft/message-edit") for nick in ("tom", "eve"))
    (id_,) = msgids(tom.say("PRIVMSG ann :hte cat"))
    ann.shown()
    assert eve.say(f"EDIT ann {id_} :mine")[0].startswith(f"FAIL EDIT UNKNOWN_MSGID ann {id_}")
    assert ann.say(f"EDIT tom {id_} :mine")[0].startswith(f"FAIL EDIT EDIT_FORBIDDEN tom {id_}")
    tom.say(f"EDIT ann {id_} :the cat")
    assert f"draft/target-msgid={id_};draft/edit-text=the\\scat :tom EDIT ann" in ann.shown()[0]
    assert texts(ann.say("CHATHISTORY LATEST tom * 5")) == ["the cat"]
    (to_guest,) = msgids(tom.say("PRIVMSG eve :psst"))
    eve.shown()
    assert tom.say(f"REDACT eve {to_guest}")[0].endswith(f":tom REDACT eve {to_guest}")
    assert eve.shown()[0].endswith(f":tom REDACT eve {to_guest}")


@pytest.mark.parametrize(
    "line",
    [
        "@draft/target-msgid={};draft/edit-text=better\\swords EDIT #lobby",
        "EDIT #lobby {} :better words",
        "@+draft/edit={} PRIVMSG #lobby :better words",
    ],
)
def test_one_corrects_ones_own(line: str) -> None:
    house, tom, eve, id_ = redacting()
    ann = member(house, "ann", *HISTORY, "draft/message-edit")
    ann.shown()
    tom.say(line.format(id_))
    assert f"draft/target-msgid={id_};draft/edit-text=better\\swords :tom EDIT #lobby" in ann.shown()[0]
    assert "* better words" in texts(eve.shown())
    assert texts(eve.say("CHATHISTORY LATEST #lobby * 5")) == ["better words"]
    (answer,) = eve.say(f"EDIT #lobby {id_} :mine")
    assert answer.startswith(f"FAIL EDIT EDIT_FORBIDDEN #lobby {id_} :")


# ---- search ----------------------------------------------------------------------------------------------------


def found(peer: Peer, attributes: str) -> list[str]:
    lines = peer.say(f"SEARCH {attributes}")
    assert lines[0].endswith("search")
    return texts(lines)


def test_search() -> None:
    house = House(OFF)
    ann = member(house, "ann", *BATCHES, "draft/search", "soju.im/search")
    tom, eve = house.enter("tom"), house.enter("eve")
    for who, text in ((tom, "Green tea"), (eve, "black tea"), (tom, "coffee")):
        house.wait(1)
        who.say(text)
    ann.shown()
    moment = stamp(2).removeprefix("timestamp=")
    assert found(ann, "text=tea") == ["Green tea", "black tea"]
    assert found(ann, "text=tea\\sgreen") == ["Green tea"]
    assert found(ann, "from=TOM;in=#lobby") == ["Green tea", "coffee"]
    assert found(ann, "from=tom;limit=1") == ["coffee"]
    assert found(ann, f"after={moment}") == ["black tea", "coffee"]
    assert found(ann, f"before={moment}") == ["Green tea", "black tea"]
    assert found(ann, "in=#nowhere;text=tea") == []
    for wrong in ("", "colour=green", "limit=none", "after=now"):
        assert ann.say(f"SEARCH :{wrong}")[0].startswith("FAIL SEARCH INVALID_PARAMS")


def test_search_in_a_conversation() -> None:
    house = House(OFF)
    house.add_account("ann")
    ann = client(house, "ann", *BATCHES, "draft/search", password=PASSWORD)
    tom = house.enter("tom")
    tom.say("/msg ann green tea", "/msg ann coffee")
    ann.shown()
    assert found(ann, "in=tom;text=TEA") == ["green tea"]


# ---- selectors -------------------------------------------------------------------------------------------------


@limits_of(max_examples=200)
@given(st.text(max_size=40))
def test_no_selector_does_harm(word: str) -> None:
    def at(_: datetime) -> int:
        return 5

    functions: list[Callable[[], object]] = [
        lambda: selectors.place(word, at),
        lambda: selectors.place(f"timestamp={word}", at),
        lambda: selectors.place(f"msgid={word}", at),
        lambda: selectors.limit(word, 10),
    ]
    for call in functions:
        with suppress(ValueError):
            call()


def test_the_past_of_a_channel_is_for_those_who_are_in() -> None:
    house = House(OFF)
    house.enter("tom").say("/join tea", "hi")
    eve = client(house, "eve", *HISTORY)
    refused = "FAIL CHATHISTORY INVALID_TARGET LATEST #tea :Messages could not be retrieved"
    assert eve.say("CHATHISTORY LATEST #tea * 5") == [refused]
    eve.say("JOIN #tea")
    assert texts(eve.say("CHATHISTORY LATEST #tea * 5")) == ["hi"]


def test_an_answer_names_its_target_as_it_was_asked_for() -> None:
    ann = member(House(OFF), "ann", *HISTORY)
    lines = ann.say("CHATHISTORY LATEST #LOBBY * 5")
    assert lines[0].endswith(" chathistory #LOBBY")


def test_the_banned_find_nothing_from_outside() -> None:
    house = House(OFF)
    tom = house.enter("tom")
    tom.say("/join tea", "hi")
    eve = client(house, "eve", *HISTORY)
    assert texts(eve.say("SEARCH in=#tea;text=hi")) == ["hi"]
    tom.say("/ban eve")
    assert texts(eve.say("SEARCH in=#tea;text=hi")) == []
