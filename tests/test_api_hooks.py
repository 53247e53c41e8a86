"""Webhooks: programs that talk into a room by an address, and addresses that are told what is said."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

import pytest

from api_peer import Program
from house import PASSWORD, House, Peer, settings
from teahouse.protocols.web.api.outgoing import PAUSES, QUEUE, TRIES, Outgoing
from teahouse.settings import RoomSettings
from teahouse.text import is_public, web_address
from teahouse.webhooks import Hook

URL = "https://tea.example/hook"


class Outside:
    """What is at the other end: notes what is sent, and answers as the test says."""

    def __init__(self) -> None:
        self.got: list[tuple[str, bytes, Mapping[str, str]]] = []
        self.answers: list[int] = []

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        self.got.append((url, body, headers))
        return self.answers.pop(0) if self.answers else 204

    @property
    def texts(self) -> list[str]:
        return [json.loads(body)["event"].get("text") for _, body, _ in self.got]


@pytest.fixture
def house() -> House:
    house = House(replace(settings(), rooms={"tea": RoomSettings(operators=["amy"])}))
    for name in ("amy", "bea"):
        house.add_account(name)
    return house


@pytest.fixture
def amy(house: House) -> Peer:
    amy = house.enter("amy", password=PASSWORD)
    amy.say("/join tea")
    return amy


@pytest.fixture
def outside(house: House) -> Outside:
    outside = Outside()
    house.server.hooks.send = Outgoing(house.server, outside.post).send
    return outside


def secret_in(lines: list[str]) -> str:
    match = re.search(r"only now: (?:/api/v1/hooks/)?(\S{43})$", "\n".join(lines))
    assert match, lines
    return match[1]


# ---- in ----------------------------------------------------------------------------------------------------


def test_talking_into_a_room(house: House, amy: Peer) -> None:
    path = f"/hooks/{secret_in(amy.say('/hook in weather'))}"
    nobody = Program(house)
    event = nobody.does("POST", path, {"text": "rain"})
    assert (event["who"], event["room"], event["account"], event["bot"]) == (
        "weather/amy",
        "tea",
        "amy",
        True,
    )
    nobody.does("POST", path, {"text": "sun", "from": "radar"})
    assert amy.shown() == ["weather/amy: rain", "radar/amy: sun"]
    assert nobody.fails("POST", path, {"text": "x", "from": "a/b"}) == (400, "bad-name")
    assert nobody.fails("POST", "/hooks/nothing", {"text": "x"}) == (404, "not-found")
    assert nobody.fails("GET", path)[0] == 405


def test_what_is_kept_opens_nothing(house: House, amy: Peer) -> None:
    secret = secret_in(amy.say("/hook in weather"))
    (hook,) = house.server.hooks.of_room("tea")
    assert secret not in str(house.store.document("webhooks"))
    assert Program(house).fails("POST", f"/hooks/{hook.secret}", {"text": "x"}) == (404, "not-found")
    assert not [line for line in house.log.lines if secret in line]


def test_it_has_a_rate(house: House, amy: Peer) -> None:
    path = f"/hooks/{secret_in(amy.say('/hook in weather'))}"
    nobody = Program(house)
    found = [nobody.ask("POST", path, {"text": "x"}).status for _ in range(21)]
    assert found == [201] * 20 + [429]


def test_it_holds_while_its_maker_keeps_order(house: House, amy: Peer) -> None:
    path = f"/hooks/{secret_in(amy.say('/hook in weather'))}"
    house.server.rooms["tea"].policy.roles.pop("amy")
    assert Program(house).fails("POST", path, {"text": "x"}) == (404, "not-found")


def test_it_is_removed(house: House, amy: Peer) -> None:
    path = f"/hooks/{secret_in(amy.say('/hook in weather'))}"
    (hook,) = house.server.hooks.of_room("tea")
    assert hook.id in "\n".join(amy.say("/hook"))
    assert amy.say(f"/hook remove {hook.id}") == ["That webhook leads nowhere any more."]
    assert Program(house).fails("POST", path, {"text": "x"}) == (404, "not-found")
    assert "no such webhook" in amy.say(f"/hook remove {hook.id}")[0]


def test_they_go_when_their_room_is_given_up_and_with_their_account(house: House) -> None:
    bea = house.enter("bea", password=PASSWORD)
    bea.say("/join pot", "/room register")
    path = f"/hooks/{secret_in(bea.say('/hook in weather'))}"
    bea.say("/room release", "/room register")
    assert Program(house).fails("POST", path, {"text": "x"}) == (404, "not-found")
    assert bea.say("/hook") == ["This room has no webhooks. /hook in <name> makes one."]
    bea.say("/hook in weather")
    bea.say("/unregister", PASSWORD)
    assert house.server.hooks.of_room("pot") == []


def test_who_may_make_them(house: House, amy: Peer) -> None:
    bea = house.enter("bea", password=PASSWORD)
    bea.say("/join tea")
    assert "Only operators" in bea.say("/hook in x")[-1]
    bea.say("/join hers")
    assert "goes with the last one" in bea.say("/hook in x")[-1]
    limit = house.server.limits.hooks_per_room
    for number in range(limit):
        secret_in(amy.say(f"/hook in x{number}"))
        house.wait(1)
    assert f"has {limit} webhooks" in amy.say("/hook in more")[-1]


def test_over_the_api(house: House, amy: Peer) -> None:
    program = Program(house, "amy")
    made = program.does("POST", "/rooms/tea/hooks", {"kind": "in", "name": "weather"})
    Program(house).does("POST", made["path"].removeprefix("/api/v1"), {"text": "rain"})
    assert amy.shown()[-1] == "weather/amy: rain"
    (hook,) = program.does("GET", "/rooms/tea/hooks")["hooks"]
    assert hook == {"id": made["id"], "kind": "in", "name": "weather", "url": "", "account": "amy"}
    assert program.does("DELETE", f"/rooms/tea/hooks/{made['id']}") == ""
    assert program.fails("DELETE", f"/rooms/tea/hooks/{made['id']}") == (404, "not-found")
    assert program.fails("POST", "/rooms/tea/hooks", {"kind": "in"}) == (400, "usage")
    assert program.fails("POST", "/rooms/tea/hooks", {"kind": "out", "url": "ftp://x"}) == (400, "bad-name")
    assert Program(house, "amy", ("read", "write")).fails("GET", "/rooms/tea/hooks") == (403, "scope-needed")
    assert Program(house, "bea").fails("GET", "/rooms/tea/hooks") == (403, "not-allowed")


# ---- out ---------------------------------------------------------------------------------------------------


def test_what_is_said_is_sent_signed(house: House, amy: Peer, outside: Outside) -> None:
    key = secret_in(amy.say(f"/hook out {URL}"))
    amy.say("hello", "/me waves")
    assert outside.texts == ["hello", "waves"]
    url, body, headers = outside.got[0]
    signature = hmac.new(key.encode(), body, sha256).hexdigest()
    assert (url, headers["X-Teahouse-Signature"]) == (URL, f"sha256={signature}")
    event = json.loads(body)["event"]
    assert (event["who"], event["room"], event["type"]) == ("amy", "tea", "said")
    assert "address" not in event


def test_what_comes_in_by_a_webhook_does_not_go_out_by_one(house: House, amy: Peer, outside: Outside) -> None:
    path = f"/hooks/{secret_in(amy.say('/hook in weather'))}"
    amy.say(f"/hook out {URL}")
    Program(house).does("POST", path, {"text": "rain"})
    assert outside.got == []


def test_what_fails_is_tried_again_and_the_rest_waits(house: House, amy: Peer, outside: Outside) -> None:
    amy.say(f"/hook out {URL}")
    outside.answers = [0, 503]
    amy.say("one", "two")
    assert outside.texts == ["one"]
    house.wait(PAUSES[0])
    assert outside.texts == ["one", "one"]
    house.wait(PAUSES[1])
    assert outside.texts == ["one", "one", "one", "two"]


def test_after_five_tries_it_is_given_up(house: House, amy: Peer, outside: Outside) -> None:
    amy.say(f"/hook out {URL}")
    outside.answers = [0] * TRIES
    amy.say("one", "two")
    house.wait(sum(PAUSES))
    assert outside.texts == ["one"] * TRIES + ["two"]
    assert "given up" in house.log.lines[-1]


@pytest.mark.parametrize("status", [301, 302, 400, 403, 404])
def test_what_is_refused_is_not_tried_again(house: House, amy: Peer, outside: Outside, status: int) -> None:
    amy.say(f"/hook out {URL}")
    outside.answers = [status]
    amy.say("one")
    house.wait(200)
    assert outside.texts == ["one"]


def test_a_queue_has_a_bound(house: House, amy: Peer, outside: Outside) -> None:
    amy.say(f"/hook out {URL}")
    outside.answers = [0] * 4 + [204]
    for number in range(QUEUE + 10):
        house.server.rooms["tea"].run(amy.session, "say", str(number))
    house.wait(200)
    assert len(outside.got) == QUEUE + 4
    assert outside.texts[4:6] == ["0", "11"]


def test_one_that_is_removed_while_things_wait(house: House, amy: Peer, outside: Outside) -> None:
    amy.say(f"/hook out {URL}")
    outside.answers = [0]
    amy.say("one")
    (hook,) = house.server.hooks.of_room("tea")
    amy.say(f"/hook remove {hook.id}", "two")
    house.wait(200)
    assert outside.texts == ["one"]


def test_they_are_there_again_when_the_house_opens(house: House, amy: Peer) -> None:
    amy.say(f"/hook out {URL}")
    again = House(house.server.settings, store=house.store)
    outside = Outside()
    again.server.hooks.send = Outgoing(again.server, outside.post).send
    bea = again.enter("bea", password=PASSWORD)
    bea.say("/join tea", "hello")
    assert outside.texts == ["hello"]


def test_a_key_is_in_no_log() -> None:
    hook = Hook(id="1", room="tea", account="amy", name="", secret="sugar", url=URL)
    assert "sugar" not in repr(hook)


# ---- where it may lead -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "192.0.2.1", "2001:db8::1", "tea",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_addresses_that_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "text",
    ["", "tea", "ftp://tea.example", "https://", "https://a@b", "https://a:b@c/", "http://a b", "http://a\\b",
     "http://a\n", "http://a:0/", "http://a:99999/", "http://é", "http://" + "a" * 2_000, "file:///etc/passwd"],
)  # fmt: skip
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        web_address(text)
