"""Tokens for programs: made and revoked by people, and by those who keep the house."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api_peer import Program
from house import PASSWORD, House, Peer
from test_keeper import PASSWORD as KEEPERS_PASSWORD
from test_keeper import Keeper


@pytest.fixture
def house() -> House:
    house = House()
    house.add_account("amy")
    return house


@pytest.fixture
def amy(house: House) -> Peer:
    amy = house.enter("amy", password=PASSWORD)
    amy.shown()
    return amy


def made(amy: Peer, words: str = "weather read write") -> str:
    amy.say(f"/token add {words}")
    told = amy.say(PASSWORD)
    match = re.search(r"The token for \S+, shown only now: (\S+)$", "\n".join(told))
    assert match, told
    return match[1]


def test_one_is_made_shown_once_and_revoked(house: House, amy: Peer) -> None:
    program = Program(house)
    program.token = made(amy)
    token = program.does("GET", "/me")["token"]
    assert (token["label"], token["scopes"]) == ("weather", ["read", "write"])
    listed = "\n".join(amy.say("/token"))
    assert token["id"] in listed
    assert program.token not in listed
    assert amy.say(f"/token remove {token['id']}") == ["That token opens nothing any more."]
    assert program.fails("GET", "/me") == (401, "wrong-password")
    assert "has no tokens" in amy.say("/token")[0]
    assert not [line for line in house.log.lines if program.token in line]


def test_only_its_hash_is_kept(house: House, amy: Peer) -> None:
    token = made(amy)
    account = amy.session.user.account
    assert account is not None
    assert token.partition(".")[2] not in str(account.settings)


def test_a_wrong_password_makes_none(amy: Peer) -> None:
    amy.say("/token add weather write")
    assert "do not belong together" in amy.say("wrong")[-1]
    assert "has no tokens" in amy.say("/token list")[0]


@pytest.mark.parametrize("words", ["add", "add weather", "remove", "remove a b", "remove nothing"])
def test_how_it_is_not_used(amy: Peer, words: str) -> None:
    told = amy.say(f"/token {words}")
    assert re.search("Usage|no such token", told[0]), told


def test_a_scope_that_is_none(amy: Peer) -> None:
    amy.say("/token add weather fly")
    assert amy.say(PASSWORD)[-1] == "A token is for one or more of: read, write, moderate, hooks."


def test_guests_have_none(house: House) -> None:
    assert "as a guest" in house.enter("bea").say("/token")[-1]


def test_another_password_leaves_programs_alone_and_no_devices(house: House, amy: Peer) -> None:
    program, device = Program(house, "amy", ("read",)), Program(house, "amy", ("login", "read"))
    assert device.ask("GET", "/me").status == 200
    for line in ("/password", PASSWORD, "three lumps, please", "three lumps, please"):
        amy.say(line)
    assert program.ask("GET", "/me").status == 200
    assert device.fails("GET", "/me") == (401, "wrong-password")


# ---- by keepers --------------------------------------------------------------------------------------------


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    keeper = Keeper(tmp_path / "house")
    keeper.does("account", "add", "Amy", stdin=f"{KEEPERS_PASSWORD}\n")
    return keeper


def test_keepers_make_list_and_remove_them(keeper: Keeper) -> None:
    assert keeper.fails("account", "token", "amy") == "Amy has no tokens."
    text = keeper.does("account", "token", "amy", "add", "weather", "write", "read").strip()
    assert re.fullmatch(r"[\w-]+\.[\w-]{43}", text)
    listed = keeper.does("account", "token", "amy")
    assert "read write" in listed
    assert text not in listed
    id_ = listed.splitlines()[1].split()[0]
    assert keeper.does("account", "token", "amy", "remove", id_) == "That token opens nothing any more.\n"
    assert keeper.fails("account", "token", "amy") == "Amy has no tokens."


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("amy", "add", "weather"), "A token has a label"),
        (("amy", "add", "weather", "fly"), "A token is for one or more of"),
        (("amy", "remove"), "Which token?"),
        (("amy", "remove", "x"), "There is no token x."),
        (("bea",), "There is no account bea"),
    ],
)
def test_what_keepers_get_wrong(keeper: Keeper, words: tuple[str, ...], told: str) -> None:
    assert told in keeper.fails("account", "token", *words)
