"""What programs say, and what they may read: as people could who are logged in with the account."""

from __future__ import annotations

import pytest

from api_peer import Program
from house import PASSWORD, House, LateStore, Peer


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


# ---- saying ------------------------------------------------------------------------------------------------


def test_a_line_from_outside(amy: Peer, bot: Program) -> None:
    event = bot.say("hello")
    assert amy.shown() == ["bot: hello"]
    assert (event["who"], event["text"], event["bot"], event["own"]) == ("bot", "hello", True, True)
    assert bot.does("GET", "/rooms/lobby/messages")["events"] == [event]
    assert [each["nick"] for each in bot.does("GET", "/rooms/lobby/members")["members"]] == ["amy"]


def test_a_line_of_one_who_is_there(house: House, amy: Peer, bot: Program) -> None:
    person = house.enter("bot", password=PASSWORD)
    person.shown()
    amy.shown()
    event = bot.say("hello")
    assert "bot" not in event
    assert (amy.shown(), person.shown()) == (["bot: hello"], ["bot: hello"])


def test_manners_and_answers(amy: Peer, bot: Program) -> None:
    first = bot.say("hello")
    assert bot.say("waves", manner="emote")["type"] == "emoted"
    assert bot.say("psst", manner="notice", reply_to=first["id"])["reply_to"] == first["id"]
    assert amy.shown() == ["bot: hello", "* bot waves", "bot: psst"]


def test_what_is_relayed_is_always_marked(amy: Peer, bot: Program) -> None:
    event = bot.say("hi", **{"from": "alice"})
    assert (event["who"], event["account"], event["bot"]) == ("alice/bot", "bot", True)
    bot.say("waves", **{"from": "amy", "manner": "emote"})
    assert amy.shown() == ["alice/bot: hi", "* amy/bot waves"]


@pytest.mark.parametrize(
    "name", ["a/b", "amy ", "a\nb", "\u202eamy", "1st", "x" * 40, "-", "a!b@c", "\x1b[1m"]
)
def test_a_name_that_nobody_could_have(bot: Program, name: str) -> None:
    assert bot.fails("POST", "/rooms/lobby/messages", {"text": "x", "from": name}) == (400, "bad-name")


def test_it_is_answered_once_it_is_stored_and_shown() -> None:
    store = LateStore()
    house = House(store=store)
    house.add_account("bot")
    amy = house.enter("amy")
    amy.shown()
    while store.waiting:
        store.commit()
    bot = Program(house, "bot")
    with pytest.raises(Exception, match=r"closed|remote"):
        bot.say("hello")  # nothing yet
    assert amy.shown() == []
    store.commit()
    house.pump()
    assert amy.shown() == ["bot: hello"]


def test_what_cannot_be_stored_is_not_said() -> None:
    store = LateStore()
    house = House(store=store)
    house.add_account("bot")
    bot = Program(house, "bot")
    amy = house.enter("amy")
    amy.shown()
    store.append = lambda events, done: done(OSError("full"))  # type: ignore[method-assign]
    assert bot.fails("POST", "/rooms/lobby/messages", {"text": "hello"}) == (503, "not-stored")
    assert amy.shown() == []


# ---- what keeps one from it --------------------------------------------------------------------------------


def keeper(house: House) -> Peer:
    house.add_account("mod", "moderator")
    mod = house.enter("mod", password=PASSWORD)
    mod.shown()
    return mod


@pytest.mark.parametrize(
    ("command", "how"),
    [
        ("/ban bot", (403, "banned")),
        ("/mute bot", (403, "cannot-talk")),
        ("/room moderated on", (403, "cannot-talk")),
        ("/room invite-only on", (403, "invite-only")),
        ("/room password sugar", (403, "wrong-room-password")),
        ("/room hidden on", (404, "no-such-room")),
        ("/filter refuse hello", (403, "cannot-talk")),
    ],
)
def test_rules_hold_for_programs(house: House, bot: Program, command: str, how: tuple[int, str]) -> None:
    mod = keeper(house)
    told = mod.say(command)
    assert bot.fails("POST", "/rooms/lobby/messages", {"text": "hello"}) == how, told
    assert bot.fails("POST", "/rooms/lobby/messages", {"text": "hello", "from": "alice"}) == how


def test_a_room_where_people_talk_slowly(house: House, bot: Program) -> None:
    told = keeper(house).say("/room slow 30")
    bot.say("one")
    got = bot.ask("POST", "/rooms/lobby/messages", {"text": "two"})
    assert (got.status, got.data["code"], got.headers["Retry-After"]) == (429, "cannot-talk", "30"), told
    house.wait(30)
    bot.say("two")


def test_rooms_that_are_not_there(bot: Program) -> None:
    for path in ("/rooms/nowhere", "/rooms/nowhere/members", "/rooms/nowhere/messages"):
        assert bot.fails("GET", path) == (404, "no-such-room")
    assert bot.fails("POST", "/rooms/nowhere/messages", {"text": "x"}) == (404, "no-such-room")
    assert bot.fails("GET", "/search?words=x&room=nowhere") == (404, "no-such-room")


def test_a_hidden_room_is_not_told_from_one_that_is_not_there(house: House, bot: Program) -> None:
    amy = house.enter("amy", password=PASSWORD)
    amy.say("/join den", "/room register", "/room hidden on", "secret tea")
    assert [each["key"] for each in bot.does("GET", "/rooms")["rooms"]] == ["lobby"]
    assert bot.fails("GET", "/rooms/den") == (404, "no-such-room")
    assert bot.fails("GET", "/rooms/den/messages") == (404, "no-such-room")
    assert bot.fails("GET", "/rooms/den/members") == (404, "no-such-room")
    assert bot.does("GET", "/search?words=secret")["events"] == []
    assert Program(house, "amy").does("GET", "/search?words=secret")["events"]


# ---- the past ----------------------------------------------------------------------------------------------


def test_pages_and_search(bot: Program, house: House) -> None:
    said = []
    for number in range(6):
        said.append(bot.say(f"line {number}"))
        house.wait(1)
    page = bot.does("GET", "/rooms/lobby/messages?count=2")
    assert ([each["text"] for each in page["events"]], page["more"]) == (["line 4", "line 5"], True)
    page = bot.does("GET", f"/rooms/lobby/messages?count=2&before={said[4]['id']}")
    assert [each["text"] for each in page["events"]] == ["line 2", "line 3"]
    page = bot.does("GET", f"/rooms/lobby/messages?after={said[3]['id']}")
    assert ([each["text"] for each in page["events"]], page["more"]) == (["line 4", "line 5"], False)
    assert [each["text"] for each in bot.does("GET", "/search?words=line+3&room=lobby")["events"]] == [
        "line 3"
    ]
    assert bot.fails("GET", "/search?words=%22") == (400, "usage")
    assert bot.fails("GET", "/rooms/lobby/messages?before=1&after=1") == (400, "usage")


def test_lines_of_one_who_is_ignored(house: House, amy: Peer, bot: Program) -> None:
    amy.say("/ignore bot")
    bot.say("hello")
    assert amy.shown() == []
    assert Program(house, "amy").does("GET", "/rooms/lobby/messages")["events"] == []


def test_nobody_is_told_addresses(house: House, bot: Program) -> None:
    house.enter("bea", address="192.0.2.99")
    for path in ("/rooms", "/rooms/lobby", "/rooms/lobby/members", "/rooms/lobby/messages", "/me"):
        assert "192.0.2.99" not in str(bot.does("GET", path))


# ---- changing it -------------------------------------------------------------------------------------------


def test_correcting_and_taking_back(amy: Peer, bot: Program) -> None:
    event = bot.say("helo", **{"from": "alice"})
    path = f"/rooms/lobby/messages/{event['id']}"
    assert bot.does("PATCH", path, {"text": "hello"})["text"] == "hello"
    assert bot.does("GET", "/rooms/lobby/messages")["events"][0]["text"] == "hello"
    assert bot.does("DELETE", path) == ""
    assert bot.does("GET", "/rooms/lobby/messages")["events"] == []
    assert bot.fails("DELETE", path) == (404, "not-found")
    assert amy.shown() == ["alice/bot: helo", "bot corrected: hello", "bot took back a line."]


def test_lines_of_others(house: House, amy: Peer, bot: Program) -> None:
    amy.say("my line")
    (line,) = bot.does("GET", "/rooms/lobby/messages")["events"]
    path = f"/rooms/lobby/messages/{line['id']}"
    assert bot.fails("PATCH", path, {"text": "yours"}) == (403, "not-allowed")
    assert bot.fails("DELETE", path) == (403, "not-allowed")
    keeper(house)
    assert Program(house, "mod", ("read", "write")).fails("DELETE", path) == (403, "scope-needed")
    assert Program(house, "mod").does("DELETE", f"{path}?reason=spam") == ""
    assert bot.does("GET", "/rooms/lobby/messages")["events"] == []


def test_reactions(amy: Peer, bot: Program) -> None:
    event = bot.say("hello")
    path = f"/rooms/lobby/messages/{event['id']}/reactions"
    found = bot.does("POST", path, {"sign": "🫖"})
    assert (found["type"], found["sign"], found["target"]) == ("reacted", "🫖", event["id"])
    assert bot.does("POST", path, {"sign": "🫖", "gone": True})["gone"]
    assert bot.fails("POST", path, {"sign": "\x07"}) == (400, "usage")
    assert bot.fails("POST", "/rooms/lobby/messages/5/reactions", {"sign": "x"}) == (404, "not-found")


# ---- in private --------------------------------------------------------------------------------------------


def test_whispers(house: House, amy: Peer, bot: Program) -> None:
    event = bot.does("POST", "/whispers", {"to": "AMY", "text": "psst"})
    assert (event["to"], event["text"], event["id"] > 0) == ("amy", "psst", True)
    assert "psst" in amy.shown()[-1]
    assert bot.does("GET", "/whispers/amy")["events"] == [event]
    assert [each["with"] for each in bot.does("GET", "/whispers")["conversations"]] == ["amy"]
    assert bot.fails("POST", "/whispers", {"to": "nobody", "text": "x"}) == (404, "no-such-nick")
    house.add_account("bea")
    assert bot.does("POST", "/whispers", {"to": "bea", "text": "later"})["to"] == "bea"
    assert Program(house, "bea").does("GET", "/whispers/bot")["events"][0]["text"] == "later"
