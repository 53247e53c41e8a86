"""`teahouse export` and `teahouse import`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pexpect  # type: ignore[import-untyped]  # has no types
import pytest

from contracts.store_rig import Rig, said
from processes import BIN, Guest, Process, run
from teahouse.events import Emoted, Event, TopicChanged, Unknown, stamp
from teahouse.keeper import carrying
from teahouse.keeper.described import BadLine, event_in, line_of
from teahouse.store import StoreError
from teahouse.store.sqlite.store import SqliteStore
from test_keeper import Keeper

TEAHOUSE = BIN / "teahouse"


def stamped(event: Event, number: int, room: str = "lobby") -> Event:
    stamp(event, room, number << 20, said(number).at)
    return event


EVENTS = [
    said(1, "tea, \u2028 or “çay”?"),
    stamped(Emoted("amy", "waves"), 2),
    stamped(TopicChanged("amy", "kettles"), 3),
    said(4, room="garden"),
    stamped(Unknown("dice", {"type": "rolled", "plain": "amy rolls 6", "dice": [6]}), 5),
]


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    return Keeper(tmp_path / "house")


@pytest.fixture
def other(tmp_path: Path) -> Keeper:
    return Keeper(tmp_path / "other")


def put(keeper: Keeper, *events: Event) -> None:
    rig = Rig()
    store = SqliteStore(keeper.directory / "teahouse.db", rig, durability="process")
    assert rig.append(store, events) is None
    store.close()


def described(**more: Any) -> str:
    """A line, with some of it changed; None takes it away."""
    data = json.loads(line_of(said(1))) | more
    return json.dumps({name: value for name, value in data.items() if value is not None})


# ---- there and back ----------------------------------------------------------------------------------------


def test_what_is_exported_can_be_imported(keeper: Keeper, other: Keeper, tmp_path: Path) -> None:
    put(keeper, *EVENTS)
    file = tmp_path / "all.jsonl"
    result = keeper.types("export", "--all", "--output", str(file))
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "Exported: 5 events of 2 rooms.\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(file.read_bytes().splitlines()) == 5
    assert other.does("import", str(file)) == "Imported: 5 events.\n"
    assert other.does("import", str(file)) == "Imported: 0 events; already there: 5.\n"
    assert other.types("export", "--all").stdout == file.read_text("utf-8")
    rig = Rig()
    store = SqliteStore(other.directory / "teahouse.db", rig)
    assert store.recent("lobby", 9)[:3] == EVENTS[:3]
    assert rig.wait(store.search(["or", "çay"], rooms=["lobby"])) == EVENTS[:1]
    store.close()


def test_more_than_a_page(keeper: Keeper, other: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "MOST", 7)
    monkeypatch.setattr(carrying, "AT_ONCE", 4)
    put(keeper, *(said(n) for n in range(1, 50)))
    out = keeper.types("export", "Lobby").stdout
    assert [json.loads(line)["id"] >> 20 for line in out.splitlines()] == list(range(1, 50))
    put(other, said(7), said(8), said(99))
    assert other.types("import", "-", stdin=out).stdout == "Imported: 47 events; already there: 2.\n"
    assert other.types("export", "lobby").stdout.startswith(out)


def test_which_rooms(keeper: Keeper) -> None:
    put(keeper, *EVENTS)
    assert len(keeper.types("export", "garden").stdout.splitlines()) == 1
    assert keeper.fails("export", "lobby", "attic") == "Nothing is kept of a room attic."
    for words in ([], ["--all", "lobby"]):
        assert keeper.types("export", *words).exit_code == 2


def test_a_file_is_not_written_over_unasked(keeper: Keeper, tmp_path: Path) -> None:
    put(keeper, *EVENTS)
    file = tmp_path / "dear"
    file.write_text("dear")
    assert keeper.fails("export", "lobby", "--output", str(file)).endswith("--force writes over it.")
    assert file.read_text() == "dear"
    assert keeper.types("export", "lobby", "--output", str(file), "--force").exit_code == 0
    assert len(file.read_bytes().splitlines()) == 4
    assert "is a file of the house" in keeper.fails(
        "export", "lobby", "--force", "--output", str(keeper.directory / "teahouse.db")
    )


@pytest.mark.parametrize("command", ["export", "import"])
def test_how_far_it_is_on_a_terminal(keeper: Keeper, tmp_path: Path, command: str) -> None:
    put(keeper, *EVENTS)
    file = tmp_path / "lines"
    words = ["--all", "--output"] if command == "export" else []
    file.write_bytes(line_of(EVENTS[0]) if command == "import" else b"")
    terminal = pexpect.spawn(
        str(TEAHOUSE),
        [command, *words, str(file), "--data", str(keeper.directory), *(["--force"] if words else [])],
        timeout=15,
        encoding="utf-8",
    )
    terminal.expect("100%")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0


# ---- broken files ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "said_so"),
    [
        ("tea", "it is not JSON"),
        ("[1]", "it is not a JSON object"),
        ("[" * 100_000, "it is not JSON"),
        ('{"type": "said", "x": NaN}', "it is not JSON"),
        (described(type=None), 'it has no "type"'),
        (described(type="said", who=None), "it describes no event: not a said event"),
        (described(room=""), '"room": A room name cannot be empty.'),
        (described(room="Lobby"), '"room" is not as rooms are kept: "lobby"'),
        (described(room="a b"), '"room": A room name cannot contain a space.'),
        (described(id="7"), 'it has no "id", or one that is no whole number'),
        (described(id=True), 'it has no "id"'),
        (described(id=0), '"id" is not between 1 and 2**63'),
        (described(id=1 << 63), '"id" is not between'),
        (described(at="yesterday"), "it describes no event: Invalid isoformat"),
        (described(at="2026-11-20T12:00:00"), '"at" is not in UTC'),
        (described(text=5), '"text" is no text'),
        (described(who=["amy"]), '"who" is no text'),
        (described(text="half \ud83d"), "it has half a character"),
        (described(text="x" * (1 << 20)), "it has more than 1,048,576 bytes"),
    ],
)
def test_lines_that_describe_nothing(line: str, said_so: str) -> None:
    with pytest.raises(BadLine) as raised:
        event_in(line.encode("utf-8", "surrogatepass"))
    assert str(raised.value).startswith(said_so)


def test_a_broken_line_keeps_the_whole_file_out(keeper: Keeper, tmp_path: Path) -> None:
    file = tmp_path / "lines"
    lines = [line_of(said(n)) for n in range(1, 2_000)]
    file.write_bytes(b"".join([*lines, b"\r\n", b"\xff\n", *lines]))
    assert keeper.fails("import", str(file)) == "Line 2,001: it is not in UTF-8. Nothing is imported."
    assert not keeper.directory.exists()
    assert keeper.fails("import", str(tmp_path / "none")).endswith(
        "cannot be read: No such file or directory."
    )
    assert keeper.fails("import", str(tmp_path)).endswith("cannot be read: Is a directory.")


def test_a_disk_that_fills_up_meanwhile(
    keeper: Keeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "lines"
    file.write_bytes(b"".join(line_of(said(n)) for n in range(1, 11)))
    monkeypatch.setattr(carrying, "AT_ONCE", 4)
    restore = SqliteStore.restore

    def until_full(self: SqliteStore, events: list[Event]) -> Any:
        if any(event.id >> 20 == 5 for event in events):
            raise StoreError("The house cannot write that down: database or disk is full.")
        return restore(self, events)

    monkeypatch.setattr(SqliteStore, "restore", until_full)
    assert keeper.fails("import", str(file)) == (
        "The house cannot write that down: database or disk is full. 4 of 10 events are in the house now. "
        "Import the file again when that is mended: what is in stays as it is."
    )
    monkeypatch.setattr(SqliteStore, "restore", restore)
    assert keeper.does("import", str(file)) == "Imported: 6 events; already there: 4.\n"


# ---- beside a house that runs --------------------------------------------------------------------------------


def test_import_into_a_house_where_people_talk(keeper: Keeper, tmp_path: Path) -> None:
    file = tmp_path / "lines"
    file.write_bytes(b"".join(line_of(said(n, f"old {n}")) for n in range(1, 3_001)))
    with (
        Process(TEAHOUSE, "serve", "--line", "0", "--data", str(keeper.directory)) as house,
        Guest(house.ports[0], "amy") as amy,
    ):
        amy.say("before")
        amy.wait_for("amy: before")
        assert run(TEAHOUSE, "import", file, "--data", keeper.directory) == (
            0,
            "Imported: 3,000 events.\n",
            "",
        )
        amy.say("after")
        amy.wait_for("amy: after")
        amy.say("/search old 2999")
        amy.wait_for("amy: old 2999")
        status, out, err = run(TEAHOUSE, "export", "lobby", "--data", keeper.directory)
        assert (status, err) == (0, "Exported: 3,002 events of 1 room.\n")
        assert [json.loads(out.splitlines()[n])["text"] for n in (0, -2, -1)] == ["old 1", "before", "after"]
