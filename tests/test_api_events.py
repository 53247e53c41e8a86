"""The stream of events: a device of the account that listens, loses nothing, and harms nobody when it is deaf."""

from __future__ import annotations

from typing import Any

import pytest

from api_peer import Connection, Program
from house import PASSWORD, House, Peer, settings
from teahouse.service import dismiss


@pytest.fixture
def house() -> House:
    house = House()
    for name in ("amy", "bot"):
        house.add_account(name)
    return house


@pytest.fixture
def amy(house: House) -> Peer:
    amy = house.enter("amy", password=PASSWORD)
    amy.shown()
    return amy


@pytest.fixture
def bot(house: House) -> Program:
    return Program(house, "bot")


def texts(stream: Connection) -> list[str]:
    """What was said, as the stream tells it."""
    return [each["text"] for each in stream.events() if "text" in each and each["type"] != "notice"]


def head(stream: Connection) -> str:
    return bytes(stream.wire.sent).partition(b"\r\n\r\n")[0].decode()


def test_what_happens_in_its_rooms(house: House, amy: Peer, bot: Program) -> None:
    stream = bot.listen("?rooms=lobby")
    assert "HTTP/1.1 200 OK" in head(stream)
    assert "Content-Type: text/event-stream" in head(stream)
    assert amy.shown() == ["bot has entered the room."]
    amy.say("hello", "/msg bot psst")
    bot.say("hi")
    assert texts(stream) == ["hello", "psst", "hi"]
    own = stream.events()[-1]
    assert (own["who"], own["own"], own["bot"]) == ("bot", True, True)
    stream.wire.end()
    house.pump()
    assert amy.shown()[-1] == "bot has left the house. (connection lost)"


def test_it_is_one_more_device_of_one_who_is_there(house: House, amy: Peer) -> None:
    stream = Program(house, "amy").listen()
    amy.say("hello")
    assert texts(stream) == ["hello"]
    stream.wire.end()
    house.pump()
    assert amy.say("still here") == ["amy: still here"]


def test_ids_stand_in_the_stream_and_heartbeats_between(house: House, amy: Peer, bot: Program) -> None:
    stream = bot.listen("?rooms=lobby")
    amy.say("hello")
    last = stream.events()[-1]
    assert f"id: {last['id']}\ndata: ".encode() in stream.body
    before = stream.body.count(b": still here\n\n")
    house.wait(31)
    assert stream.body.count(b": still here\n\n") == before + 2


def test_what_was_missed_comes_first_once_and_in_order(house: House, amy: Peer, bot: Program) -> None:
    stream = bot.listen("?rooms=lobby,den")
    amy.say("/join -k den", "one")
    last = stream.events()[-1]["id"]
    stream.wire.end()
    house.pump()
    amy.say("two", "/msg bot three")
    amy.say("/join -k lobby", "four", "/me five")
    amy.say("/ignore nobody")
    again = bot.listen("?rooms=lobby,den", Last_Event_ID=str(last))
    amy.say("six")
    found = [each for each in again.events() if each["type"] in {"said", "emoted", "whispered"}]
    assert [each["text"] for each in found] == ["two", "three", "four", "five", "six"]
    ids = [each["id"] for each in again.events()]
    assert ids == sorted(set(ids))
    by_query = bot.listen(f"?last={found[3]['id']}")
    assert texts(by_query) == ["six"]


def test_more_was_missed_than_is_sent_again(
    house: House, amy: Peer, bot: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("teahouse.protocols.web.api.streaming.MISSED", 2)
    first = bot.say("zero")
    for text in ("one", "two", "three"):
        bot.say(text)
    stream = bot.listen("?rooms=lobby", Last_Event_ID=str(first["id"]))
    assert texts(stream) == ["one", "two"]
    (gap,) = [each for each in stream.events() if each["type"] == "gap"]
    rest = bot.does("GET", f"/rooms/{gap['room']}/messages?after={gap['after']}")
    assert [each["text"] for each in rest["events"]] == ["three"]


def test_private_messages_of_the_time_before(amy: Peer, bot: Program) -> None:
    amy.say("/msg bot psst")
    assert texts(bot.listen()) == ["psst"]


@pytest.mark.parametrize(
    ("query", "more", "how"),
    [
        ("?last=x", {}, (400, "usage")),
        ("", {"Last_Event_ID": "x"}, (400, "usage")),
        ("?rooms=a%20b", {}, (400, "usage")),
        ("?rooms=%2Fx", {}, (400, "bad-name")),
    ],
)
def test_what_is_wrong(house: House, bot: Program, query: str, more: dict[str, str], how: Any) -> None:
    assert bot.fails("GET", f"/events{query}", **more) == how
    assert not house.server.sessions
    assert "bot" not in house.server.users


def test_a_room_that_one_may_not_enter(house: House, amy: Peer, bot: Program) -> None:
    amy.say("/join den", "/room invite-only on")
    assert bot.fails("GET", "/events?rooms=den") == (403, "invite-only")
    assert "bot" not in house.server.users


def test_head_makes_nobody_come_in(house: House, bot: Program) -> None:
    assert bot.ask("HEAD", "/events").status == 200
    assert "bot" not in house.server.users


def test_so_many_streams_for_one_token(house: House, bot: Program) -> None:
    streams = [bot.listen() for _ in range(house.server.limits.api_streams)]
    assert bot.fails("GET", "/events") == (409, "too-many")
    streams[0].wire.end()
    house.pump()
    assert "200 OK" in head(bot.listen())
    assert "200 OK" in head(Program(house, "bot").listen())


def test_a_deaf_reader_is_dropped_and_the_rest_notice_nothing() -> None:
    house = House(settings(limits={"output_bytes": 20_000, "flood_lines": 0.0}))
    house.add_account("bot")
    amy = house.enter("amy")
    stream = Program(house, "bot").listen("?rooms=lobby")
    stream.wire.space = 0
    for _ in range(200):
        amy.say("x" * 1_000)
    assert stream.wire.closed
    assert "bot" not in house.server.users
    assert amy.say("fine")[-1] == "amy: fine"


def test_a_token_that_is_revoked_ends_its_streams(house: House, bot: Program) -> None:
    stream = bot.listen()
    token = bot.does("GET", "/me")["token"]["id"]

    async def revoke() -> None:
        account = await house.server.store.account("bot")
        assert account is not None
        await house.server.accounts.remove_token(account, token)

    house.server.runtime.spawn(revoke())
    house.wait(16)
    assert stream.events()[-1]["code"] == "ended"
    assert "bot" not in house.server.users


def test_the_house_closes(house: House, bot: Program) -> None:
    stream = bot.listen("?rooms=lobby")
    dismiss(house.server)
    house.pump()
    assert bytes(stream.wire.sent).endswith(b"0\r\n\r\n")
