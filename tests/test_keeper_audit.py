"""`teahouse audit`, and what no command does to a house that is open in an older version."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contracts.store_rig import Rig
from processes import BIN, Process
from teahouse.keeper import audit
from teahouse.running.data import Claim
from teahouse.store import Act
from teahouse.store.sqlite.store import SqliteStore
from test_keeper import Keeper
from test_sqlite_first_form import first_form

NOW = datetime.now(UTC)
ACTS = [
    Act(what="ban", by="amy", account="amy", about="*!*@10.0.0.1", reason="noise", address="10.0.0.1"),
    Act(what="report", by="bob", about="eve", room="Tea", reason="rude", detail="eve: \x1b[31mred"),
    Act(what="kick", by="Pot", account="amy", about="茶", room="Tea", reason="see there", settles=2),
]


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    """A house in which one thing was done a day."""
    keeper = Keeper(tmp_path / "house")
    note(keeper, ACTS)
    return keeper


def note(keeper: Keeper, acts: Sequence[Act]) -> None:
    rig = Rig()
    store = SqliteStore(keeper.directory / "teahouse.db", rig, durability="process")
    for age, act in zip(range(len(acts) - 1, -1, -1), acts, strict=True):
        rig.time = lambda at=NOW - timedelta(days=age, minutes=1): at.timestamp()  # type: ignore[misc]
        rig.wait(store.note(act))
    store.close()


def numbers(keeper: Keeper, *words: str) -> list[str]:
    return [line.split()[0] for line in keeper.does("audit", *words).splitlines()[1:]]


def test_all_that_was_done(keeper: Keeper) -> None:
    days = [f"{NOW - timedelta(days=age, minutes=1):%Y-%m-%d %H:%M:%S}" for age in (2, 1, 0)]
    assert keeper.does("audit").splitlines() == [
        "number  when (UTC)           by         what    about         room  from      reason",
        f"1       {days[0]}  amy        ban     *!*@10.0.0.1        10.0.0.1  noise",
        f"2       {days[1]}  bob        report  eve           Tea             rude eve: [31mred",
        f"3       {days[2]}  Pot (amy)  kick    茶            Tea             see there (report 2)",
    ]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["--what", "BAN"], ["1"]),
        (["--by", "Amy"], ["1"]),
        (["--about", "EVE"], ["2"]),
        (["--room", "tea"], ["2", "3"]),
        (["--room", "#tea", "--what", "kick"], ["3"]),
        (["--since", "36h"], ["2", "3"]),
        (["--since", "2020-01-01"], ["1", "2", "3"]),
        (["--count", "2"], ["2", "3"]),
        (["--since", "36h", "--count", "1"], ["3"]),
    ],
)
def test_some_of_it(keeper: Keeper, words: list[str], found: list[str]) -> None:
    assert numbers(keeper, *words) == found


def test_page_by_page(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "AT_ONCE", 1)
    assert numbers(keeper) == ["1", "2", "3"]
    assert numbers(keeper, "--count", "2") == ["2", "3"]


def test_as_json(keeper: Keeper) -> None:
    lines = keeper.does("audit", "--json").splitlines()
    acts = [json.loads(line) for line in lines]
    assert [act["number"] for act in acts] == [1, 2, 3]
    assert (acts[0]["address"], acts[1]["detail"], acts[2]["about"]) == ("10.0.0.1", ACTS[1].detail, "茶")
    assert datetime.fromisoformat(acts[2]["at"]) == NOW - timedelta(minutes=1)
    assert all(line.isascii() and line.isprintable() for line in lines)


def test_nothing_like_that(keeper: Keeper) -> None:
    for more in ([], ["--json"]):
        result = keeper.types("audit", "--by", "nobody", *more)
        assert (result.exit_code, result.stdout) == (0, "")
    assert keeper.types("audit", "--by", "nobody").stderr == "Nothing like that was done.\n"


@pytest.mark.parametrize("words", [["--since", "yesterdayish"], ["--count", "0"], ["--what"]])
def test_usage(keeper: Keeper, words: list[str]) -> None:
    assert keeper.types("audit", *words).exit_code == 2


def test_what_the_keeper_of_the_machine_does_stands_there_too(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path / "house")
    keeper.does("account", "add", "amy", "--role", "admin", stdin="three lumps, please\n")
    keeper.does("account", "add", "bob", stdin="three lumps, please\n")
    for words in ("role bob moderator", "suspend bob", "resume bob", "token bob add weather read"):
        keeper.does("account", *words.split())
    keeper.does("account", "password", "bob", stdin="two lumps, please\n")
    keeper.does("account", "remove", "bob", "--yes")
    acts = [json.loads(line) for line in keeper.does("audit", "--json").splitlines()]
    assert {act["by"] for act in acts} == {"(machine)"}
    assert [(act["what"], act["about"], act["reason"]) for act in acts] == [
        ("role", "amy", "member → admin"),
        ("role", "bob", "member → moderator"),
        ("suspend", "bob", ""),
        ("resume", "bob", ""),
        ("token", "bob", ""),
        ("password", "bob", ""),
        ("remove account", "bob", ""),
    ]


def test_beside_a_house_that_runs(keeper: Keeper) -> None:
    with Process(BIN / "teahouse", "serve", "--line", "0", "--data", str(keeper.directory)) as house:
        assert numbers(keeper) == ["1", "2", "3"]
        note(keeper, [Act(what="kick", by="zoe")])
        assert numbers(keeper, "--by", "zoe") == ["4"]
        house.signal()
        assert house.status() == 0


def test_a_house_that_is_open_in_an_older_version(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path / "house")
    keeper.directory.mkdir(mode=0o700)
    path = first_form(keeper.directory / "teahouse.db")
    before = path.read_bytes()
    claim = Claim(keeper.directory)
    try:
        assert keeper.fails("account", "list").startswith("The house that is open is of an older version")
        keeper.does("backup", str(tmp_path / "copy.db"))
        assert path.read_bytes() == before
    finally:
        claim.release()
    assert keeper.does("account", "list").count("\n") == 3
