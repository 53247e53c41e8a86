"""Who may call the API, how often, and what is wrong with a call: before anything is asked of the house."""

from __future__ import annotations

from typing import Any

import pytest

from api_peer import Program
from house import PASSWORD, House, settings
from teahouse.limits import Limits


@pytest.fixture
def house() -> House:
    house = House()
    house.add_account("amy")
    house.add_account("bot")
    return house


@pytest.fixture
def bot(house: House) -> Program:
    return Program(house, "bot")


def test_who_one_is(house: House, bot: Program) -> None:
    me = bot.does("GET", "/me")
    assert (me["account"], me["nick"], me["present"], me["rooms"]) == ("bot", "bot", False, [])
    assert me["token"]["scopes"] == ["read", "write", "moderate", "hooks"]
    house.enter("bot", password=PASSWORD)
    me = bot.does("GET", "/me")
    assert me["present"]
    assert [each["key"] for each in me["rooms"]] == ["lobby"]


@pytest.mark.parametrize("authorization", ["", "Basic YW15OnRlYQ==", "Bearer", "Bearer "])
def test_without_a_token(house: House, authorization: str) -> None:
    nobody = Program(house)
    got = nobody.ask("GET", "/me", Authorization=authorization)
    assert (got.status, got.data["code"]) == (401, "token-needed")
    assert got.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("token", ["x", "a.b", "YW15.YW15", ".", "YW15.\u00e9", "." * 99])
def test_with_a_wrong_token(house: House, token: str) -> None:
    got = Program(house).ask("GET", "/me", Authorization=f"Bearer {token}")
    assert (got.status, got.data["code"]) == (401, "wrong-password")
    assert "WWW-Authenticate" in got.headers


def test_wrong_tokens_are_counted_by_address_and_a_right_one_is_not(house: House) -> None:
    far = Program(house, "bot", address="192.0.2.7")
    for _ in range(20):
        assert far.ask("GET", "/me").status == 200
    far.token += "x"
    found = [far.ask("GET", "/me") for _ in range(5)]
    assert [each.status for each in found] == [401, 401, 401, 429, 429]
    assert int(found[-1].headers["Retry-After"]) >= 1
    assert Program(house, "bot", address="198.51.100.1").ask("GET", "/me").status == 200


def test_scopes(house: House) -> None:
    reader = Program(house, "bot", ("read",))
    assert reader.ask("GET", "/rooms").status == 200
    assert reader.fails("POST", "/rooms/lobby/messages", {"text": "hi"}) == (403, "scope-needed")
    device = Program(house, "bot", ("login",))
    assert device.fails("GET", "/me") == (403, "scope-needed")


def test_a_token_of_an_account_that_is_suspended_or_gone(house: House, bot: Program) -> None:
    async def suspend() -> None:
        account = await house.server.store.account("bot")
        assert account is not None
        await house.server.accounts.change(account, suspended=True)

    house.server.runtime.spawn(suspend())
    house.pump()
    assert bot.fails("GET", "/me") == (401, "wrong-password")
    amy = Program(house, "amy")
    house.server.runtime.spawn(_removed(house, "amy"))
    house.pump()
    assert amy.fails("GET", "/me") == (401, "wrong-password")


async def _removed(house: House, name: str) -> None:
    account = await house.server.store.account(name)
    assert account is not None
    await house.server.accounts.remove(account)


def test_so_much_at_once_and_then_so_much_a_second(house: House, bot: Program) -> None:
    limits = Limits()
    for left in reversed(range(limits.flood_burst)):
        got = bot.ask("GET", "/me")
        assert (got.status, got.headers["RateLimit-Remaining"]) == (200, str(left))
        assert "Retry-After" not in got.headers
    got = bot.ask("GET", "/me")
    assert (got.status, got.data["code"], got.headers["Retry-After"]) == (429, "too-fast", "1")
    assert Program(house, "bot").ask("GET", "/me").status == 200  # another token has its own
    house.wait(1)
    assert [bot.ask("GET", "/me").status for _ in range(5)] == [200] * 4 + [429]


def test_tokens_are_in_no_log(house: House, bot: Program) -> None:
    bot.say("hello")
    bot.ask("GET", f"/{bot.token}")
    bot.token += "x"
    bot.ask("GET", "/me")
    assert not [line for line in house.log.lines if bot.token[:-1] in line]


def test_someone_who_is_banned_from_the_house(house: House, bot: Program) -> None:
    house.add_account("mod", "moderator")
    house.enter("mod", password=PASSWORD).say("/houseban bot")
    assert bot.fails("GET", "/me") == (403, "banned")
    assert bot.fails("POST", "/rooms/lobby/messages", {"text": "hi"}) == (403, "banned")


MESSAGES = "/rooms/lobby/messages"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"text": "x", "more": 1}, 400),
        ({}, 400),
        ({"text": 5}, 400),
        ({"text": ""}, 400),
        ({"text": None}, 400),
        ({"text": "x", "reply_to": "1"}, 400),
        ({"text": "x", "reply_to": True}, 400),
        ({"text": "x", "reply_to": 1.5}, 400),
        ({"text": "x", "reply_to": 0}, 400),
        ({"text": "x", "manner": "shouted"}, 400),
        ({"text": "\u200b"}, 400),
        ({"text": "x" * 5_000}, 400),
        ([], 400),
        ("text", 400),
        (b"{", 400),
        (b"\xff", 400),
        (b"", 400),
        (b"[" * 10_000, 400),
        (b'{"text": "\\ud800"}', 400),
        (b'{"text": "' + b"x" * 70_000 + b'"}', 413),
    ],
)
def test_a_body_that_is_none(bot: Program, body: Any, status: int) -> None:
    assert bot.fails("POST", MESSAGES, body)[0] == status


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_what_a_page_of_another_site_could_send(bot: Program, kind: str) -> None:
    got = bot.ask("POST", MESSAGES, {"text": "x"}, Content_Type=kind)
    assert got.status == 415
    assert not [name for name in got.headers if name.lower().startswith("access-control")]


def test_a_type_with_a_charset(bot: Program) -> None:
    assert (
        bot.ask("POST", MESSAGES, {"text": "x"}, Content_Type="application/json; charset=utf-8").status == 201
    )


def test_other_methods_and_paths(bot: Program) -> None:
    got = bot.ask("PUT", MESSAGES, {"text": "x"})
    assert (got.status, got.headers["Allow"]) == (405, "POST, GET, HEAD")
    assert bot.fails("GET", "/nothing") == (404, "not-found")
    assert bot.fails("GET", f"{MESSAGES}?nothing=1") == (400, "usage")
    assert bot.fails("GET", f"{MESSAGES}?count=201") == (400, "usage")
    assert bot.fails("GET", f"{MESSAGES}?count=ten") == (400, "usage")
    assert bot.fails("POST", f"{MESSAGES}?text=hi", {"text": "hi"}) == (400, "usage")
    assert bot.fails("PATCH", f"{MESSAGES}/x", {"text": "hi"}) == (400, "usage")
    assert bot.ask("HEAD", "/me").status == 200


def test_a_house_without_a_flood_limit() -> None:
    house = House(settings(limits={"flood_lines": 0.0}))
    house.add_account("bot")
    bot = Program(house, "bot")
    assert {bot.ask("GET", "/me").status for _ in range(19)} == {200}
