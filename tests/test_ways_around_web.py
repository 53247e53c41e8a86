"""Roads around a rule over the web: the API, webhooks, the moderators' page, numbers, tokens and WebSockets, each
tried as someone would who wants to get past it.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from api_peer import ALL, Connection, Program, make_token
from house import PASSWORD, House, settings
from teahouse.protocols.web.api.table import TABLE
from teahouse.protocols.web.protocol import WebFactory
from teahouse.service import SOCKETS
from teahouse.text.addresses import is_public
from test_status import Site
from test_ways_around import Shelf
from test_web_resume import back, loses, stranger, web

FREE = {"flood_lines": 0}
PLACES = {
    "{room}": "lobby",
    "{id}": "5",
    "{nick}": "amy",
    "{hook}": "x" * 43,
}
ODD = [
    b"",
    b"[]",
    b"null",
    b'"text"',
    b"{",
    b"[" * 60_000,
    b'{"text": ' + b"[" * 30_000 + b"]" * 30_000 + b"}",
    b'{"text": NaN}',
    b'{"text": ' + b"9" * 5_000 + b"}",
    b'{"text": "\\ud800"}',
    b'{"text": "\xff"}',
    b'{"text": "\\u0000\\r\\nQUIT"}' + b" " * 100,
    b'{"text": 1e999, "from": {}}',
    b'{"text": "a", "text": "b", "__class__": "c"}',
    b'{"text": true}',
]
NUMBERS = ["-1", "0", "1e3", "9" * 16, "9" * 17, "9" * 5_000, "%EF%BC%91", "0x10", "5%00", "٣", "", " 5"]


def house_with(*members: str, **sections: Any) -> House:
    house = House(settings(**{"limits": FREE, **sections}))
    for name in members:
        house.add_account(name)
    return house


def paths() -> list[tuple[str, str, str]]:
    found = []
    for each in TABLE:
        path = each.path
        for place, value in PLACES.items():
            path = path.replace(place, value)
        found.append((each.method, path, each.scope))
    return found


# ---- every route of the API ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "path", "scope"), paths())
def test_every_route_wants_a_token_that_is_for_it(method: str, path: str, scope: str) -> None:
    house = house_with("amy")
    body: dict[str, Any] | None = {} if method in {"POST", "PATCH"} else None
    nobody = Program(house)
    if not scope:
        assert nobody.fails(method, path, {"text": "hello"}) == (404, "not-found")
        return
    assert nobody.fails(method, path, body) == (401, "token-needed")
    others = tuple(each for each in (*ALL, "login") if each != scope)
    assert Program(house, "amy", others).fails(method, path, body) == (403, "scope-needed")


@pytest.mark.parametrize(
    ("method", "path", "scope"), [each for each in paths() if each[0] in {"POST", "PATCH"}]
)
def test_no_body_breaks_a_route(method: str, path: str, scope: str) -> None:
    house = house_with("amy", limits={**FREE, "flood_burst": 1_000})
    program = Program(house, "amy")
    for body in ODD:
        got = program.ask(method, path, body)
        assert 400 <= got.status < 500 or got.status == 201, (body[:40], got)
    assert not house.log.failures


@pytest.mark.parametrize("name", ["before", "after", "count", "last"])
@pytest.mark.parametrize("number", NUMBERS)
def test_no_number_breaks_a_page(name: str, number: str) -> None:
    house = house_with("amy")
    program = Program(house, "amy")
    for path in ("/rooms/lobby/messages", "/whispers/amy", "/events", "/rooms/lobby/members", "/search"):
        connection = Connection(house, program.factory)
        connection.send(
            "HEAD", f"/api/v1{path}?{name}={number}", {"Authorization": f"Bearer {program.token}"}
        )
        if connection.wire.sent:
            assert b" 500 " not in connection.wire.sent[:20]
    for last in (number, "9" * 16, "x"):
        got = program.listen("", Last_Event_ID=last.encode("ascii", "ignore").decode() or "x")
        assert b" 500 " not in bytes(got.wire.sent)[:20]
        got.wire.end()
        house.pump()
    assert not house.log.failures


def test_ids_of_others_and_of_other_rooms() -> None:
    house = house_with("amy", "bob", "eve")
    amy = house.enter("amy", password=PASSWORD)
    amy.say("/join tea", "/room register", "/room hidden on", "/webhook add news")
    line = Program(house, "amy").say("mine", "tea")["id"]
    eve = Program(house, "eve")
    for method, body in (("PATCH", {"text": "yours"}), ("DELETE", None)):
        assert eve.ask(method, f"/rooms/lobby/messages/{line}", body).status in {403, 404}
        assert eve.ask(method, f"/rooms/tea/messages/{line}", body).status in {403, 404}
    assert eve.fails("GET", "/rooms/tea/hooks")[0] == 404
    assert eve.fails("DELETE", "/rooms/tea/hooks/00000000")[0] == 404
    assert eve.fails("POST", f"/rooms/tea/messages/{line}/reactions", {"sign": "!"})[0] == 404
    assert eve.does("GET", "/search?words=mine")["events"] == []


# ---- tokens --------------------------------------------------------------------------------------------------


def test_the_token_of_an_account_that_is_gone_does_not_open_the_next_of_that_name() -> None:
    store = Shelf()
    house = House(settings(limits=FREE), store=store)
    house.add_account("amy")
    program = Program(house, "amy")
    assert program.ask("GET", "/me").status == 200
    store.remove(house, "amy")
    house.add_account("amy")
    assert program.fails("GET", "/me")[0] == 401


def test_a_device_that_is_remembered_is_no_program_and_the_other_way_round() -> None:
    house = house_with("amy")
    amy = stranger(house)
    amy.hello()
    given = amy.does("login", nick="amy", password=PASSWORD, remember=True)
    token = given["token"]
    program = Program(house)
    program.token = token
    assert program.fails("GET", "/me") == (403, "scope-needed")
    site = Site(house)
    assert site.ask("/admin.json", token=token).status == 403
    other = stranger(house)
    other.hello()
    assert other.ask("login", nick="amy", token=make_token(house, "amy"))["code"] == "wrong-password"


def test_one_account_does_not_talk_faster_by_more_tokens() -> None:
    house = house_with("amy", limits={"flood_lines": 1.0, "flood_burst": 5})
    programs = [Program(house, "amy") for _ in range(4)]
    for each in programs:
        each.factory = programs[0].factory  # one site
    told = [program.ask("POST", "/rooms/lobby/messages", {"text": "x"}).status for program in programs * 5]
    assert told.count(201) <= 5, told


# ---- coming back ---------------------------------------------------------------------------------------------


def test_a_lost_browser_of_an_account_that_is_suspended_does_not_come_back() -> None:
    store = Shelf()
    house = House(settings(limits=FREE), store=store)
    house.add_account("amy")
    amy = web(house, "amy", PASSWORD)
    loses(amy)

    async def suspend() -> None:
        account = await store.account("amy")
        assert account is not None
        await store.save_account(replace(account, suspended=True))

    house.server.runtime.spawn(suspend())
    store.written = True
    house.wait(5)
    _, hello = back(house, amy)
    assert not hello["resumed"]


def test_a_secret_of_another_and_guesses() -> None:
    house = house_with("amy")
    amy = web(house, "amy", PASSWORD)
    loses(amy)
    for guess in (
        "",
        "x" * 43,
        amy.secret[:-1],
        amy.secret + "x",
        amy.secret.swapcase(),
        "\x00",
        "x" * 60_000,
    ):
        eve = stranger(house)
        hello = eve.ask("hello", version=1, resume={"session": guess, "last": 0})
        assert hello["type"] == "failed" or not hello["resumed"]
    _, hello = back(house, amy)
    assert hello["resumed"]


# ---- webhooks ------------------------------------------------------------------------------------------------


def test_what_opens_something_elsewhere_is_shown_to_its_maker_alone() -> None:
    """The path of an address may be a secret, and nothing is ever taken out of the audit log."""
    house = house_with("amy", "bob")
    amy, bob = house.enter("amy", password=PASSWORD), house.enter("bob", password=PASSWORD)
    amy.say("/join tea", "/room register", "/hook out https://chat.example:8443/services/T00/sesame?key=1")
    bob.say("/join tea")
    amy.say("/op bob")
    bob.shown()
    seen = " ".join(bob.say("/audit", "/hooks"))
    assert "https://chat.example:8443" in seen
    assert "sesame" not in seen
    assert "sesame" in " ".join(amy.say("/hooks"))
    assert "sesame" not in " ".join(amy.say("/audit"))
    urls = [
        Program(house, name).does("GET", "/rooms/tea/hooks")["hooks"][0]["url"] for name in ("amy", "bob")
    ]
    assert ["sesame" in url for url in urls] == [True, False]


@pytest.mark.parametrize(
    "address",
    [
        "::127.0.0.1",
        "64:ff9b:1::7f00:1",
        "fec0::1",
        "5f00::1",
        "::ffff:0:7f00:1",
        "3fff::1",
        "2001:0:7f00:1::",
        "100::1",
    ],
)
def test_other_ways_of_writing_an_address_within(address: str) -> None:
    assert not is_public(address)


# ---- pages of other sites ------------------------------------------------------------------------------------


def opened(path: str, host: str, origin: str, address: str, **web_settings: Any) -> int:
    house = House(settings(web=web_settings))
    connection = Connection(house, WebFactory(house.server, SOCKETS), address)
    headers = {
        "Origin": origin,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", *(f"{k}: {v}" for k, v in headers.items())]
    connection.wire.put("\r\n".join([*lines, "", ""]).encode())
    house.pump()
    return int(bytes(connection.wire.sent).split(b" ", 2)[1])


@pytest.mark.parametrize("path", ["/ws", "/irc"])
def test_a_page_whose_name_leads_to_this_machine_by_now_does_not_connect(path: str) -> None:
    """DNS rebinding: for the browser it is the page's own site."""
    page = "http://evil.example:8080"
    assert opened(path, "evil.example:8080", page, "127.0.0.1") == 403
    assert opened(path, "evil.example:8080", page, "127.0.0.1", origins=[page]) == 101
    for own in ("localhost:8080", "127.0.0.1:8080", "[::1]:8080", "tea.localhost"):
        assert opened(path, own, f"http://{own}", "127.0.0.1") == 101
    assert opened(path, "tea.example", "https://tea.example", "192.0.2.1") == 101


# ---- the moderators' page, and numbers ------------------------------------------------------------------------


@pytest.fixture
def site() -> Site:
    house = house_with("bob")
    house.add_account("ann", "moderator")
    return Site(house)


def test_no_page_may_be_framed_and_no_cookie_is_ever_set(site: Site) -> None:
    token = site.sign_in("ann")
    for path in ("/", "/admin", "/status", "/admin.json", "/healthz", "/metrics", "/nothing", "/api/v1/me"):
        got = site.ask(path, token=token)
        assert "frame-ancestors 'none'" in got.headers["content-security-policy"], path
        assert "set-cookie" not in got.headers
        assert "access-control-allow-origin" not in got.headers
        assert got.headers["x-content-type-options"] == "nosniff"


def test_a_page_of_another_site_does_nothing_here(site: Site) -> None:
    token = site.sign_in("ann")
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        got = site.ask(
            "/admin/do.json", {"command": "lockdown", "text": "on"}, token=token, Content_Type=kind
        )
        assert got.status == 415
    got = site.ask("/admin/do.json", {"command": "lockdown", "text": "on"}, Cookie=f"token={token}")
    assert got.status == 401
    assert site.ask(f"/admin.json?token={token}").status == 401
    assert not site.house.server.order.lockdown


def test_whoever_signs_in_gets_another_token_each_time(site: Site) -> None:
    assert site.sign_in("ann") != site.sign_in("ann")
    one = site.sign_in("ann")
    got = site.ask("/admin/login.json", {"name": "ann", "password": PASSWORD, "token": one}, token=one)
    assert got.json["token"] != one


@pytest.mark.parametrize("body", ODD)
def test_no_body_breaks_the_page(site: Site, body: bytes) -> None:
    token = site.sign_in("ann")
    for path in ("/admin/login.json", "/admin/do.json"):
        connection = Connection(site.house, site.factory)
        headers = {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "Authorization": f"Bearer {token}",
            "Connection": "close",
        }
        connection.send("POST", path, headers, body)
        assert 400 <= connection.got("POST").status < 500
    assert not site.house.log.failures


def test_numbers_have_neither_nicks_nor_addresses_nor_rooms(site: Site) -> None:
    peers = [site.house.enter(f"secret{n}", address=f"192.0.2.{n + 1}") for n in range(3)]
    peers[0].say("/join hideaway", "/nick hushhush", "/msg secret1 psst")
    text = site.ask("/metrics").body + site.ask("/healthz").body
    for word in ("secret", "hideaway", "hushhush", "192.0.2", "psst"):
        assert word not in text


# ---- requests over a WebSocket -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [
        {"before": 10**18},
        {"before": -1},
        {"after": 10**400},
        {"count": 10**9},
        {"before": True},
        {"before": 1.5},
        {"room": "\u0000"},
        {"with": "x" * 60_000},
    ],
)
def test_no_value_breaks_a_question(values: dict[str, Any]) -> None:
    house = house_with("amy")
    amy = web(house, "amy", PASSWORD)
    for do in ("history", "read", "edit", "delete", "react", "members", "search", "settings"):
        amy.send(json.dumps({"do": do, "ref": 1, "room": "lobby", **values}))
        assert [each for each in amy.hears() if each.get("ref") == 1]
    assert not house.log.failures
