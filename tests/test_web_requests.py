"""What a browser asks, good and bad, and what it is told: the examples of docs/protocols/web.md are the measure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from house import PASSWORD, QUIET, House, settings
from teahouse.protocols.web.codec import LONGEST
from teahouse.protocols.web.requests.members import FEW
from teahouse.protocols.web.requests.table import TABLE
from teahouse.settings import RoomSettings
from web_peer import WebPeer, masked

DOCS = (Path(__file__).parent.parent / "docs" / "protocols" / "web.md").read_text("utf-8")


@pytest.fixture
def house() -> Iterator[House]:
    rooms = {
        "den": RoomSettings(hidden=True),
        "hall": RoomSettings(auditorium=True),
        "cave": RoomSettings(password="x"),
    }
    house = House(settings(rooms=rooms))
    yield house
    if house.log.failures:
        raise house.log.failures[0]


def web(house: House, nick: str = "", password: str = "", room: str = "lobby") -> WebPeer:
    """A browser that has come in."""
    peer = house.connect("web")
    assert isinstance(peer, WebPeer)
    if nick:
        peer.hello()
        peer.does("login", nick=nick, **({"password": password} if password else {}))
        if room:
            peer.does("join", room=room)
        peer.hears()
    return peer


def kinds(events: list[dict[str, Any]]) -> list[str]:
    return [each["type"] for each in events]


# ---- the docs ----------------------------------------------------------------------------------------------


def test_the_docs_list_what_there_is() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", DOCS, re.MULTILINE)
    assert sorted(listed) == sorted([*TABLE, "do"])


def test_the_example_of_the_docs(house: House) -> None:
    blocks = re.findall(r"```json\n(.*?)```", DOCS, re.DOTALL)
    lines = [json.loads(line) for block in blocks for line in block.splitlines()]
    asked = next(each for each in lines if each.get("do") == "say")
    said = next(each for each in lines if each.get("type") == "said")
    done = next(each for each in lines if each.get("type") == "done")
    failed = next(each for each in lines if each.get("type") == "failed")
    amy = web(house, "amy")
    amy.send(asked)
    found = amy.hears()
    assert [each.keys() for each in found] == [said.keys(), done.keys()]
    same = {"type", "room", "who", "text", "own", "plain"}
    assert {name: found[0][name] for name in same} == {name: said[name] for name in same}
    assert re.fullmatch(r"web@[a-z0-9.]+\.ip|web@house", found[0]["userhost"])
    assert found[0]["id"] < found[1]["id"] < 1 << 53
    assert amy.ask("say", text="", room="lobby").keys() == failed.keys()


# ---- bad forms ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "null",
        "[]",
        "7",
        '"x"',
        "{",
        "[" * 20,
        '{"do": "ping", "ref": 1.5}',
        '{"do": "ping", "ref": true}',
        '{"ref": 3}',
        '{"do": 4}',
        '{"do": ""}',
        '{"do": "nothing"}',
        '{"do": "hello"}',
        '{"do": "ping", "x": 1}',
        '{"do": "ping", "ref": "' + "x" * 65 + '"}',
        '{"do": "hello", "version": "1"}',
        '{"do": "say", "text": "\\ud800"}',
        '{"do": "settings", "set": {"a": NaN}}',
    ],
)
def test_what_is_no_request(house: House, text: str) -> None:
    peer = web(house)
    peer.send(text)
    found = peer.hears()
    if not text:
        assert not found  # an empty message says nothing
    else:
        assert kinds(found) == ["failed"]
        assert found[0]["code"] == "usage"
    assert peer.hello()["type"] == "done"


def test_hello_first_and_once(house: House) -> None:
    peer = web(house)
    assert peer.ask("login", nick="amy")["code"] == "usage"
    assert peer.ask("hello", version=2)["code"] == "version"
    hello = peer.hello()
    assert hello["house"]["name"] == "Teahouse"
    assert hello["resumed"] is False
    assert len(hello["session"]) >= 43
    assert peer.ask("hello", version=1)["code"] == "usage"


@pytest.mark.parametrize(
    "resume", [1, "x", {}, {"session": 1}, {"session": "x", "last": "y"}, {"session": "", "last": -1}]
)
def test_hello_with_a_bad_resume(house: House, resume: object) -> None:
    peer = web(house)
    assert peer.ask("hello", version=1, resume=resume)["code"] == "usage"


def test_nothing_before_login(house: House) -> None:
    peer = web(house)
    peer.hello()
    for name, request in TABLE.items():
        if request.inside:
            assert peer.ask(name)["text"] == "Log in first.", name


@pytest.mark.parametrize("name", sorted(TABLE.keys() - {"hello", "logout"}))
def test_values_of_the_wrong_kind(house: House, name: str) -> None:
    amy = web(house, "amy")
    for field, kind in TABLE[name].fields.items():
        wrongs: list[Any] = ["x", 1, 1.5, [], {"a": 1}, True]
        for wrong in wrongs:
            if type(wrong) is not kind:
                answer = amy.ask(name, **{field: wrong})
                assert (answer["type"], answer["code"]) == ("failed", "usage"), (name, field, wrong)
        house.wait(3)
    assert amy.ask(name, nonsense=1)["code"] == "usage"


def test_a_message_that_is_too_long(house: House) -> None:
    amy = web(house, "amy")
    amy.wire.put(masked(1, b" " * (LONGEST + 1)))
    amy.hears()
    assert amy.code == 1009


def test_no_utf_8(house: House) -> None:
    amy = web(house, "amy")
    amy.wire.put(masked(1, b"\xff"))
    amy.hears()
    assert amy.code == 1007


# ---- coming in ---------------------------------------------------------------------------------------------


def test_login_as_a_guest(house: House) -> None:
    amy = web(house)
    amy.hello()
    answer = amy.does("login", nick="amy")
    assert {name: answer[name] for name in ("nick", "account", "role", "rooms")} == {
        "nick": "amy",
        "account": "",
        "role": "guest",
        "rooms": [],
    }
    assert amy.ask("login", nick="bob")["code"] == "usage"
    other = web(house)
    other.hello()
    assert other.ask("login", nick="amy")["code"] == "nick-in-use"
    assert other.ask("login", nick="no nick")["code"] == "bad-name"


def test_login_with_an_account(house: House) -> None:
    house.add_account("ann", "moderator")
    ann = web(house)
    ann.hello()
    assert ann.ask("login", nick="ann", password="wrong")["code"] == "wrong-password"
    answer = ann.does("login", nick="ann", password=PASSWORD)
    assert (answer["account"], answer["role"], "token" in answer) == ("ann", "moderator", False)


def test_a_token_opens_the_account_until_logout(house: House) -> None:
    house.add_account("ann")
    ann = web(house)
    ann.hello()
    token = ann.does("login", nick="ann", password=PASSWORD, remember=True)["token"]
    phone = web(house)
    phone.hello()
    assert phone.does("login", token=token, remember=True) | {"id": 0} == {
        "id": 0,
        "type": "done",
        "ref": phone._count,
        "nick": "ann",
        "account": "ann",
        "role": "member",
        "rooms": [],
        "token": token,
    }
    account = house.server.users["ann"].account
    assert account is not None
    assert token.rpartition(".")[2] not in json.dumps(dict(account.settings))
    phone.does("logout", token=token)
    phone.hears()
    assert phone.code == 1000
    late = web(house)
    late.hello()
    assert late.ask("login", token=token)["code"] == "wrong-password"


@pytest.mark.parametrize("token", ["x", "", "YW5u.", ".", "YW5u.YW5u", "a.b.c", "\u00e9.\u00e9", "YQ.YQ"])
def test_what_is_no_token(house: House, token: str) -> None:
    house.add_account("ann")
    peer = web(house)
    peer.hello()
    answer = peer.ask("login", token=token)
    assert answer["code"] in {"wrong-password", "bad-name"}


def test_another_password_forgets_devices(house: House) -> None:
    house.add_account("ann")
    ann = web(house)
    ann.hello()
    token = ann.does("login", nick="ann", password=PASSWORD, remember=True)["token"]
    ann.does("line", text="/join lobby")
    ann.send({"do": "line", "text": "/password", "room": "lobby", "ref": "p"})
    for answer in (PASSWORD, "black tea", "black tea"):
        assert "prompt" in kinds(ann.hears())
        ann.does("answer", text=answer)
    assert [each["type"] for each in ann.hears() if each.get("ref") == "p"] == ["done"]
    phone = web(house)
    phone.hello()
    assert phone.ask("login", token=token)["code"] == "wrong-password"


def test_register(house: House) -> None:
    eve = web(house)
    eve.hello()
    assert eve.ask("register", nick="eve", password="")["code"] == "usage"
    assert eve.does("register", nick="eve", password=PASSWORD)["account"] == "eve"
    amy = web(house)
    amy.hello()
    assert amy.ask("login", nick="eve", ask=False)["code"] == "password-needed"
    assert not [each for each in amy.hears() if each["type"] == "prompt"]
    assert amy.does("login", nick="amy", ask=False)["account"] == ""
    kim, again = web(house), web(house)
    for peer in (kim, again):
        peer.hello()
    token = kim.does("register", nick="kim", password=PASSWORD, remember=True)["token"]
    assert again.does("login", token=token)["account"] == "kim"


def test_a_question_waits_and_other_requests_go_on(house: House) -> None:
    house.add_account("ann")
    ann = web(house)
    ann.hello()
    ann.send({"do": "login", "nick": "ann", "ref": "in"})
    prompt = next(each for each in ann.hears() if each["type"] == "prompt")
    assert (prompt["secret"], prompt["text"]) == (True, "Password: ")
    ann.does("ping")
    assert ann.ask("answer", text=7)["code"] == "usage"
    ann.does("answer", text=PASSWORD)
    found = ann.hears()
    assert [each["nick"] for each in found if each.get("ref") == "in"] == ["ann"]
    assert ann.ask("answer", text="x")["code"] == "usage"


# ---- rooms -------------------------------------------------------------------------------------------------


def test_join_makes_no_room_where_it_is_not_to(house: House) -> None:
    amy = web(house, "amy", room="")
    refused = amy.ask("join", room="attic", make=False)
    assert refused["code"] == "no-such-room"
    assert "attic" not in house.server.rooms
    assert amy.does("join", room="den", make=False)["room"] == "den"  # a hidden one is there


def test_join_brings_all_there_is_to_know(house: House) -> None:
    bob = house.enter("bob")
    amy = web(house, "amy", room="")
    answer = amy.does("join", room="lobby")
    assert (answer["room"], answer["topic"], answer["role"], answer["read"]) == ("lobby", "", "", 0)
    assert [each["nick"] for each in answer["members"]] == ["amy", "bob"]
    assert (answer["total"], answer["more"]) == (2, False)
    assert answer["members"][0].keys() == {"nick", "role", "away", "account", "bot"}
    assert kinds(amy.hears())[-2:] == ["entered", "roster"]
    assert "amy has entered the room." in bob.shown()
    assert amy.does("join", room="#Lobby")["room"] == "lobby"
    assert not amy.hears()
    amy.does("leave", room="lobby")
    assert kinds(amy.hears()) == ["left"]
    for request in ("members", "leave"):
        assert amy.ask(request, room="lobby")["code"] == "not-in-room"


@pytest.mark.parametrize(
    ("room", "code"),
    [
        ("", "bad-name"),
        ("a b", "bad-name"),
        ("-k", "bad-name"),
        ("a/b", "bad-name"),
        ("cave", "wrong-room-password"),
    ],
)
def test_where_one_cannot_go(house: House, room: str, code: str) -> None:
    amy = web(house, "amy")
    assert amy.ask("join", room=room)["code"] in {code, "usage"}


def test_a_room_with_a_password(house: House) -> None:
    amy = web(house, "amy")
    assert amy.does("join", room="cave", password="x")["room"] == "cave"


def test_a_hidden_room_is_not_told_of(house: House) -> None:
    amy, eve = web(house, "amy", room="den"), web(house, "eve")
    amy.does("say", room="den", text="secret plans")
    assert {each["key"] for each in eve.does("rooms")["rooms"]} == {"lobby", "hall", "cave"}
    assert {each["key"] for each in amy.does("rooms")["rooms"]} >= {"den"}
    assert eve.does("search", words="secret")["events"] == []
    nothing = eve.ask("history", room="nowhere")
    hidden = eve.ask("history", room="den")
    assert hidden["text"].replace("den", "nowhere") == nothing["text"]
    assert eve.ask("members", room="den")["code"] == "not-in-room"
    assert [each["text"] for each in amy.does("history", room="den")["events"]] == ["secret plans"]


def test_a_closed_room_does_not_tell_when_it_was_talked_in(house: House) -> None:
    amy = web(house, "amy", room="")
    amy.does("join", room="cave", password="x")
    amy.does("say", room="cave", text="hi")
    eve = web(house, "eve")
    about = {each["key"]: each for each in eve.does("rooms")["rooms"]}
    assert about["cave"]["last"] == 0
    own = {each["key"]: each for each in amy.does("rooms")["rooms"]}
    assert own["cave"]["last"] > 0


def test_an_auditorium_shows_those_with_a_voice(house: House) -> None:
    house.add_account("ann", "moderator")
    ann, amy, eve = (
        web(house, "ann", PASSWORD, "hall"),
        web(house, "amy", room="hall"),
        web(house, "eve", room="hall"),
    )
    assert [each["nick"] for each in amy.does("members", room="hall")["members"]] == ["amy", "ann"]
    assert amy.does("members", room="hall")["total"] == 2
    assert len(ann.does("members", room="hall")["members"]) == 3
    assert "entered" not in kinds(amy.hears())
    assert next(each for each in eve.does("rooms")["rooms"] if each["key"] == "hall")["people"] == 2


def test_of_a_crowd_one_asks_for_a_page(house: House) -> None:
    house.add_account("zed", "admin")
    crowd = [house.enter(f"p{number:02}") for number in range(FEW)]
    zed = web(house, "zed", PASSWORD)
    zed.does("line", room="lobby", text="/op p30")
    amy = web(house, "amy", room="")
    answer = amy.does("join", room="lobby")
    assert (answer["members"], answer["total"]) == ([], FEW + 2)
    pages: list[list[str]] = [[""]]
    while pages[-1]:
        page = amy.does("members", room="lobby", count=20, after=pages[-1][-1])
        pages.append([each["nick"] for each in page["members"]])
        if not page["more"]:
            break
    everyone = [nick for page in pages[1:] for nick in page]
    others = sorted(["amy", "zed", *(peer.session.user.nick for peer in crowd if peer is not crowd[30])])
    assert everyone == ["p30", *others]
    found = amy.does("members", room="lobby", begins="P3", count=3)
    assert [each["nick"] for each in found["members"]] == ["p30", "p31", "p32"]
    assert (found["total"], found["more"]) == (FEW + 2, True)
    assert amy.does("members", room="lobby", after="p48x")["members"][0]["nick"] == "p49"
    for count in (0, 201):
        assert amy.ask("members", room="lobby", count=count)["code"] == "usage"


def test_nobody_is_told_an_address(house: House) -> None:
    bob = house.connect("web", "10.1.2.3")
    assert isinstance(bob, WebPeer)
    bob.enter("bob")
    amy = web(house, "amy")
    bob.does("say", room="lobby", text="hi")
    seen = [*amy.hears(), amy.does("members", room="lobby"), amy.does("history", room="lobby")]
    assert "10.1.2.3" not in json.dumps(seen)


def test_commands_of_a_room(house: House) -> None:
    amy = web(house, "amy")
    found = {each["name"]: each for each in amy.does("commands", room="lobby")["commands"]}
    assert found["say"] == {
        "name": "say",
        "usage": "say <text>",
        "help": "Say something to everyone here.",
        "aliases": [],
    }
    assert "reload" not in found
    assert {each["name"] for each in amy.does("commands")["commands"]} >= {"join", "who"}


# ---- talking -----------------------------------------------------------------------------------------------


def test_say_and_emote(house: House) -> None:
    bob = house.enter("bob")
    amy = web(house, "amy")
    bob.shown()
    amy.does("say", room="lobby", text="one\ntwo", manner="notice")
    amy.does("say", room="lobby", text="waves", manner="emote")
    assert bob.shown() == ["-amy- one", "  two", "* amy waves"] or len(bob.shown()) == 0
    first, second = amy.hears()
    assert (first["manner"], first["text"], second["type"]) == ("notice", "one\ntwo", "emoted")
    amy.does("say", room="lobby", text="as I said", reply_to=first["id"])
    assert amy.hears()[0]["reply_to"] == first["id"]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"room": "lobby", "text": ""}, "usage"),
        ({"room": "lobby", "text": "\u200b"}, "usage"),
        ({"room": "lobby", "text": "x" * 4097}, "too-long"),
        ({"room": "elsewhere", "text": "x"}, "not-in-room"),
        ({"text": "x"}, "not-in-room"),
        ({"to": "nobody", "text": "x"}, "no-such-nick"),
        ({"room": "lobby", "text": "x", "manner": "shout"}, "usage"),
    ],
)
def test_what_cannot_be_said(house: House, values: dict[str, Any], code: str) -> None:
    amy = web(house, "amy")
    assert amy.ask("say", **values)["code"] == code


def test_what_would_hurt_other_protocols(house: House) -> None:
    bob, eve = house.enter("bob"), house.enter("eve", "irc")
    eve.say("JOIN #lobby")
    bob.shown()
    amy = web(house, "amy")
    for text in (
        "a\x00b",
        "a\rQUIT :x",
        "a\r\nQUIT :x",
        "a\x1b[2Jb",
        "a\x01b",
        "\u202ea",
        "a" * 4000,
        "😀" * 1000,
    ):
        amy.does("say", room="lobby", text=text)
        amy.does("say", to="eve", text=text)
        house.wait(1)
    raw = bytes(eve.wire.sent)
    assert b"\x00" not in raw
    assert b"\x1b" not in bytes(bob.wire.sent)
    assert all(line[:1] in {b":", b"P", b"", b"@"} for line in raw.split(b"\r\n")), raw
    assert b"\r" not in raw.replace(b"\r\n", b"")


def test_privately(house: House) -> None:
    amy, bob = web(house, "amy"), web(house, "bob")
    amy.hears()
    amy.does("say", to="bob", text="psst")
    (mine,), (his,) = amy.hears(), bob.hears()
    assert (mine["type"], mine["own"], mine["to"]) == ("whispered", True, "bob")
    assert "own" not in his
    bob.does("react", to="amy", target=his["id"], sign="👍")
    bob.does("typing", to="amy", state="active")
    assert kinds(amy.hears()) == ["reacted", "typing"]


def test_typing_and_signs(house: House) -> None:
    amy, bob = web(house, "amy"), web(house, "bob")
    line = amy.does("say", room="lobby", text="tea?")
    said = next(each for each in amy.hears() if each["type"] == "said")
    bob.hears()
    amy.does("typing", room="lobby", state="active")
    amy.does("react", room="lobby", target=said["id"], sign="🍵")
    amy.does("react", room="lobby", target=said["id"], sign="🍵", gone=True)
    typing, put, taken = bob.hears()
    assert (typing["state"], put["sign"], put["target"], taken["gone"]) == ("active", "🍵", said["id"], True)
    assert line["id"] > said["id"]
    for sign in ("", " ", "x" * 65, "a\x00b", "a\u202eb"):
        assert amy.ask("react", room="lobby", target=1, sign=sign)["code"] == "usage"
    assert amy.ask("react", room="lobby", target=0, sign="x")["code"] == "usage"
    assert amy.ask("typing", room="lobby", state="sleeping")["code"] == "usage"


def test_a_line_as_on_a_terminal(house: House) -> None:
    amy = web(house, "amy")
    amy.does("line", room="lobby", text="/topic cakes")
    assert kinds(amy.hears()) == ["topicchanged"]
    assert amy.ask("line", room="lobby", text="/nonsense")["code"] == "unknown-command"
    amy.does("line", text="/who")
    assert kinds(amy.hears()) == ["table"]
    amy.send({"do": "line", "text": "/quit"})
    amy.hears()
    assert amy.code == 1000


# ---- one's own words ---------------------------------------------------------------------------------------


def _say(peer: WebPeer, text: str) -> int:
    peer.does("say", room="lobby", text=text)
    return int(next(each["id"] for each in reversed(peer.hears()) if each.get("text") == text))


def test_edit_and_delete_in_private(house: House) -> None:
    for nick in ("ann", "bob"):
        house.add_account(nick)
    ann, bob, eve = web(house, "ann", PASSWORD), web(house, "bob", PASSWORD), web(house, "eve")
    first, second = (said_to(ann, "bob", text) for text in ("one", "two"))
    bob.hears()
    ann.does("edit", to="Bob", target=first, text="uno")
    ann.does("delete", to="bob", target=second)
    edited, deleted = bob.hears()
    assert (edited["target"], edited["text"], edited["to"]) == (first, "uno", "bob")
    assert (deleted["targets"], deleted["to"]) == ([second], "bob")
    for peer, other in ((ann, "bob"), (bob, "ann")):
        assert [each["text"] for each in peer.does("history", with_=other)["events"]] == ["uno"]
    assert bob.ask("edit", to="ann", target=first, text="mine")["code"] == "not-allowed"
    assert bob.ask("delete", to="ann", target=first)["code"] == "not-allowed"
    assert eve.ask("edit", to="bob", target=first, text="mine")["code"] == "not-found"
    assert ann.ask("delete", to="bob", target=second)["code"] == "not-found"
    assert ann.ask("edit", to="eve", target=first, text="x")["code"] == "not-found"
    assert ann.ask("edit", to="bob", target=first, text=" ")["code"] == "usage"
    assert eve.ask("edit", to="bob", target=0, text="x")["code"] == "not-found"


def test_a_guest_changes_private_lines_of_this_visit(house: House) -> None:
    amy, eve = web(house, "amy"), web(house, "eve")
    line = said_to(amy, "eve", "hte")
    amy.does("edit", to="eve", target=line, text="the")
    amy.does("delete", to="eve", target=line)
    assert kinds(eve.hears()) == ["whispered", "edited", "deleted"]
    assert amy.ask("delete", to="eve", target=line)["code"] == "not-found"


def said_to(peer: WebPeer, nick: str, text: str) -> int:
    peer.does("say", to=nick, text=text)
    return int(peer.hears()[-1]["id"])


def test_edit_and_delete_by_id(house: House) -> None:
    amy, bob = web(house, "amy"), web(house, "bob")
    first, second = _say(amy, "one"), _say(amy, "two")
    bob.hears()
    amy.does("edit", room="lobby", target=first, text="uno")
    amy.does("delete", room="lobby", target=second, reason="oops")
    edited, deleted = bob.hears()
    assert (edited["target"], edited["text"]) == (first, "uno")
    assert (deleted["targets"], deleted["reason"]) == ([second], "oops")
    assert [(each["text"], each["own"]) for each in amy.does("history", room="lobby")["events"]] == [
        ("uno", True)
    ]
    for do, values in (("edit", {"text": "no"}), ("delete", {})):
        assert bob.ask(do, room="lobby", target=first, **values)["code"] == "not-allowed"
        assert amy.ask(do, room="lobby", target=second, **values)["code"] == "not-found"
        assert amy.ask(do, room="lobby", target=0, **values)["code"] == "not-found"
        assert amy.ask(do, room="lobby", target=1 << 60, **values)["code"] == "not-found"
    assert amy.ask("edit", room="lobby", target=first, text=" ")["code"] == "usage"


def test_lines_of_another_room_are_not_here(house: House) -> None:
    amy = web(house, "amy")
    line = _say(amy, "one")
    amy.does("join", room="tea")
    assert amy.ask("edit", room="tea", target=line, text="x")["code"] == "not-found"


def test_keepers_remove_what_others_said(house: House) -> None:
    house.add_account("ann", "moderator")
    ann, bob = web(house, "ann", PASSWORD), web(house, "bob")
    line = _say(bob, "spam")
    mine = _say(ann, "order")
    ann.does("delete", room="lobby", target=line, reason="spam")
    assert next(each for each in bob.hears() if each["type"] == "deleted")["author"] == "bob"
    assert bob.ask("delete", room="lobby", target=mine)["code"] == "not-allowed"


def test_an_account_corrects_lines_of_an_earlier_visit(house: House) -> None:
    house.add_account("ann")
    ann = web(house, "ann", PASSWORD)
    line = _say(ann, "helo")
    ann.does("logout")
    again = web(house, "ann", PASSWORD)
    again.does("edit", room="lobby", target=line, text="hello")
    assert again.does("history", room="lobby")["events"][-1]["text"] == "hello"


# ---- the past ----------------------------------------------------------------------------------------------


def test_pages_of_the_past(house: House) -> None:
    amy = web(house, "amy")
    ids = []
    for number in range(10):
        ids.append(_say(amy, f"line {number}"))
        house.wait(1)
    page = amy.does("history", room="lobby", count=3)
    assert ([each["id"] for each in page["events"]], page["more"]) == (ids[-3:], True)
    page = amy.does("history", room="lobby", before=ids[2], count=3)
    assert ([each["id"] for each in page["events"]], page["more"]) == (ids[:2], False)
    page = amy.does("history", room="lobby", after=ids[6], count=2)
    assert ([each["id"] for each in page["events"]], page["more"]) == (ids[7:9], True)
    page = amy.does("history", room="lobby", after=ids[9])
    assert (page["events"], page["more"]) == ([], False)
    for values in ({}, {"room": "lobby", "with": "bob"}, {"room": "lobby", "before": 1, "after": 1}):
        assert amy.ask("history", **values)["code"] == "usage"
    for count in (0, -1, 201):
        assert amy.ask("history", room="lobby", count=count)["code"] == "usage"


def test_a_page_fits_into_what_may_wait(house: House) -> None:
    amy = web(house, "amy")
    for number in range(40):
        amy.does("say", room="lobby", text=f"{number}" + "x" * 4000)
        house.wait(1)
    page = amy.does("history", room="lobby", count=40)
    assert len(json.dumps(page)) < house.server.limits.output_bytes // 3
    assert page["more"]
    assert page["events"][-1]["text"].startswith("39")


def test_who_is_ignored_is_not_in_the_past(house: House) -> None:
    amy, eve = web(house, "amy"), web(house, "eve")
    _say(eve, "hello amy")
    amy.does("line", room="lobby", text="/ignore eve")
    assert amy.does("history", room="lobby")["events"] == []
    assert amy.does("search", words="hello")["events"] == []
    amy.hears()
    _say(eve, "amy?")
    assert "said" not in kinds(amy.hears())


def test_search(house: House) -> None:
    amy = web(house, "amy")
    for text in ("green tea", "black tea", "coffee"):
        _say(amy, text)
    assert [each["text"] for each in amy.does("search", words="tea")["events"]] == ["black tea", "green tea"]
    assert amy.ask("search", words="")["code"] == "usage"


def test_conversations_are_kept_for_accounts(house: House) -> None:
    house.add_account("ann")
    ann, bob = web(house, "ann", PASSWORD), web(house, "bob")
    bob.does("say", to="ann", text="psst")
    (told,) = [each for each in ann.hears() if each["type"] == "whispered"]
    assert ann.does("conversations")["conversations"] == [{"with": "bob", "last": told["id"], "read": 0}]
    assert [each["text"] for each in ann.does("history", with_="Bob")["events"]] == ["psst"]
    ann.does("read", with_="bob", id=told["id"])
    assert ann.does("conversations")["conversations"][0]["read"] == told["id"]
    (marked,) = [each for each in ann.hears() if each["type"] == "marked"]
    assert (marked["with"], marked["read"], marked["plain"]) == ("bob", told["id"], "")
    assert bob.does("conversations")["conversations"] == []
    assert bob.does("history", with_="ann")["events"] == []


def test_all_devices_are_told_what_was_read(house: House) -> None:
    house.add_account("ann")
    one, two = web(house, "ann", PASSWORD), web(house, "ann", PASSWORD)
    line = _say(one, "hi")
    two.hears()
    one.does("read", room="lobby", id=line)
    (marked,) = two.hears()
    assert (marked["type"], marked["room"], marked["read"]) == ("marked", "lobby", line)
    one.does("read", room="lobby", id=line - 1)
    assert not two.hears()
    assert one.does("join", room="lobby")["read"] == line
    assert one.ask("read", room="lobby", id=0)["code"] == "usage"
    one.does("read", room="lobby", id=(1 << 53) - 1)
    assert two.hears()[0]["read"] < 1 << 53


def test_settings(house: House) -> None:
    house.add_account("ann")
    ann, amy = web(house, "ann", PASSWORD), web(house, "amy")
    assert ann.does("settings")["settings"] == {}
    ann.does("settings", set={"theme": "dark"})
    assert ann.does("settings")["settings"] == {"theme": "dark"}
    assert ann.ask("settings", set={"x": "y" * 8192})["code"] == "too-long"
    assert amy.ask("settings", set={"a": 1})["code"] == "account-needed"
    assert amy.does("settings")["settings"] == {}


def test_answers_come_in_order_and_once(house: House) -> None:
    amy = web(house, "amy")
    amy.send(
        *(
            {"do": do, "ref": ref}
            for ref, do in enumerate(["ping", "rooms", "conversations", "nothing", "ping"])
        )
    )
    assert [each["ref"] for each in amy.hears()] == [0, 1, 2, 3, 4]
    amy.send({"do": "ping"}, {"do": "say", "room": "lobby", "text": "x"})
    assert kinds(amy.hears()) == ["said"]


def test_a_flood_is_slowed_and_then_ended(house: House) -> None:
    amy = web(house, "amy")
    amy.send(*({"do": "typing", "room": "lobby", "state": "active"} for _ in range(40)))
    assert len(amy.hears()) < 40
    house.wait(10)
    assert not amy.gone
    amy.send(*({"do": "ping", "ref": "x" * 60} for _ in range(2000)))
    amy.hears()
    assert (amy.code, amy.reason) == (1008, "You sent too much too fast.")


def test_one_begins_in_the_room_of_the_entry_and_says_lines_there() -> None:
    house = House(replace(QUIET, entry=str(Path(__file__).parents[1] / "examples" / "tea_party.py")))
    amy = house.connect("web")
    assert isinstance(amy, WebPeer)
    assert amy.hello()["house"]["lobby"] == "main"
    amy.does("login", nick="amy")
    assert amy.does("join", room="main")["room"] == "main"
    amy.does("say", room="main", text="say hello")
    assert [each["text"] for each in amy.hears() if each["type"] == "said"] == ["hello"]
    assert amy.ask("say", room="main", text="hello")["text"] == "Unknown command: hello"
    assert amy.ask("say", room="main", text="bows", manner="emote")["code"] == "cannot-talk"
    house.server.stop()
