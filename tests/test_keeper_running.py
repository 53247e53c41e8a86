"""What keepers do while the house is open: it holds for those who are in it."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace
from pathlib import Path

import pytest

from house import House, Peer, settings
from processes import BIN, Guest, Process
from teahouse.store import Account, StoreError
from teahouse.store.memory import MemoryStore
from teahouse.store.ready import Ready
from test_keeper import PASSWORD, Keeper

TEAHOUSE = BIN / "teahouse"


class Shared(MemoryStore):
    """A store that keepers get at from outside."""

    def __init__(self) -> None:
        super().__init__()
        self.changed = self.broken = False

    def changed_elsewhere(self) -> Awaitable[bool]:
        def answer() -> bool:
            if self.broken:
                raise StoreError("the disk is gone")
            changed, self.changed = self.changed, False
            return changed

        return Ready(answer)


class Keepers:
    """A house in which amy has an account."""

    def __init__(self, **sections: dict[str, object]) -> None:
        self.store = Shared()
        self.house = House(settings(**sections), store=self.store)
        self.amy = self.house.connect()
        self.amy.say("register amy green tea")
        self.bob = self.house.enter("bob")
        self.say_nothing_more()

    def say_nothing_more(self) -> None:
        self.amy.shown()
        self.bob.shown()

    @property
    def account(self) -> Account:
        return self.store._accounts["amy"]

    def change(self, **values: object) -> None:
        """From outside."""
        self.store._accounts["amy"] = replace(self.account, **values)  # type: ignore[arg-type]
        self.store.changed = True
        self.house.wait(4)

    def remove(self) -> None:
        del self.store._accounts["amy"]
        self.store.changed = True
        self.house.wait(4)


def comes_in(house: House, *words: str) -> Peer:
    peer = house.connect()
    peer.say("login amy green tea", *words)
    return peer


@pytest.fixture
def keepers() -> Keepers:
    return Keepers()


# ---- what is changed reaches who is there -------------------------------------------------------------------


def test_a_role_holds_at_once(keepers: Keepers) -> None:
    keepers.change(role="admin")
    assert keepers.amy.shown() == ["Your role is admin now."]
    assert keepers.amy.session.user.role == "admin"
    assert keepers.bob.shown() == []


def test_what_is_kept_later_keeps_what_keepers_have_changed(keepers: Keepers) -> None:
    """Also before the house has looked."""
    keepers.store._accounts["amy"] = replace(keepers.account, role="moderator")
    keepers.amy.say("/reserve tea", "/release tea", "/reserve cup")
    assert (keepers.account.role, [nick.nick for nick in keepers.account.nicks]) == ("moderator", ["cup"])


def test_who_is_suspended_is_put_out(keepers: Keepers) -> None:
    keepers.change(suspended=True)
    assert keepers.amy.shown() == ["Your account is suspended."]
    assert keepers.amy.gone
    assert keepers.bob.shown() == ["amy has left the house. (suspended)"]
    assert "do not belong together" in comes_in(keepers.house).text
    keepers.change(suspended=False)
    assert "You are amy." in comes_in(keepers.house).text


@pytest.mark.parametrize("is_there", [True, False])
def test_who_is_suspended_is_not_always_on(keepers: Keepers, is_there: bool) -> None:
    keepers.amy.say("/alwayson on")
    if not is_there:
        keepers.amy.wire.end()
        keepers.house.wait(1)
    keepers.change(suspended=True)
    assert keepers.bob.shown() == ["amy has left the house. (suspended)"]
    assert keepers.house.server.user_of("amy") is None
    assert list(keepers.house.server.users) == ["bob"]


def test_whose_account_is_removed_is_a_guest(keepers: Keepers) -> None:
    keepers.remove()
    said = "Your account was removed by those who keep the house. You are here as a guest now."
    assert keepers.amy.shown() == [said]
    assert keepers.amy.session.user.role == "guest"
    assert keepers.amy.say("/account") == [
        "You are here as a guest: /register makes an account of your nick."
    ]


def test_in_a_house_without_guests_one_leaves(keepers: Keepers) -> None:
    house = keepers.house
    house.server.settings = settings(house={"guests": False})
    keepers.remove()
    assert keepers.amy.shown() == ["Your account was removed by those who keep the house."]
    assert keepers.amy.gone


def test_another_account_of_that_name_is_not_the_same(keepers: Keepers) -> None:
    keepers.change(created=keepers.account.created.replace(year=2000), role="admin")
    assert keepers.amy.session.user.role == "guest"


def test_nothing_is_read_where_nothing_has_changed(keepers: Keepers) -> None:
    keepers.store._accounts["amy"] = replace(keepers.account, role="admin")
    keepers.house.wait(10)
    assert keepers.amy.session.user.role == "member"


def test_a_store_in_trouble_is_looked_at_again(keepers: Keepers) -> None:
    keepers.store.broken = True
    keepers.change(role="admin")
    keepers.house.log.claim("cannot see what keepers have changed: the disk is gone")
    keepers.store.broken = False
    keepers.store.changed = False
    keepers.house.wait(4)
    assert keepers.amy.session.user.role == "admin"


# ---- coming in ----------------------------------------------------------------------------------------------


def test_who_cannot_be_written_down_comes_in_all_the_same(
    keepers: Keepers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a full disk too, and the keeper first of all."""

    def full(account: Account) -> Awaitable[None]:
        def fail() -> None:
            raise StoreError("full")

        return Ready(fail)

    monkeypatch.setattr(keepers.store, "save_account", full)
    assert "You are amy." in comes_in(keepers.house).text
    keepers.house.log.claim("amy: The house cannot write that down just now.")


# ---- a real house --------------------------------------------------------------------------------------------


def test_commands_beside_a_house_that_runs(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path / "house")
    with Process(TEAHOUSE, "serve", "--line", "0", "--data", str(keeper.directory)) as house:
        keeper.does("account", "add", "amy", stdin=PASSWORD)
        with Guest(house.ports[0]) as amy, Guest(house.ports[0], "bob") as bob:
            amy.say(f"login amy {PASSWORD}")
            amy.wait_for("You are amy.")
            keeper.does("account", "role", "amy", "admin")
            amy.wait_for("Your role is admin now.")
            bob.say("before the copy")
            amy.wait_for("bob: before the copy")
            keeper.does("backup", str(tmp_path / "copy.db"))
            keeper.does("account", "password", "amy", stdin="something else")
            keeper.does("account", "suspend", "amy")
            assert amy.rest().endswith("Your account is suspended.\r\n")
            bob.wait_for(r"amy has left the house\. \(suspended\)")
            keeper.does("account", "remove", "amy", "--yes")
            assert "Teahouse is open" in house.out.text
            house.signal()
            assert house.status() == 0
        assert "Traceback" not in house.err.rest()
    copy = Keeper(tmp_path / "other")
    copy.directory.mkdir(mode=0o700)
    (tmp_path / "copy.db").rename(copy.directory / "teahouse.db")
    assert copy.rows() == [["amy", "admin", "no"]]
