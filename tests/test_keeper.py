"""`teahouse account` and `teahouse backup`, on a house that is closed."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pexpect  # type: ignore[import-untyped]  # has no types
import pytest
from click.testing import CliRunner, Result

from processes import BIN
from teahouse.cli import main

PASSWORD = "two lumps, please"


class Keeper:
    """Someone who keeps the house in a directory, and types commands."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def types(self, *words: str, stdin: str | bytes = "") -> Result:
        """A command; how it went."""
        return CliRunner().invoke(main, [*words, "--data", str(self.directory)], input=stdin)

    def does(self, *words: str, stdin: str = "") -> str:
        """A command that works; what it says."""
        result = self.types(*words, stdin=stdin)
        assert (result.exit_code, result.stderr) == (0, ""), result.output
        return result.stdout

    def fails(self, *words: str, stdin: str | bytes = "") -> str:
        """A command that does not, for a reason that it says."""
        result = self.types(*words, stdin=stdin)
        assert result.exit_code == 1
        assert result.stderr.startswith("Error: ")
        return result.stderr.removeprefix("Error: ").rstrip("\n")

    def rows(self, *words: str) -> list[list[str]]:
        """The accounts that are listed, but for their days."""
        lines = [line.split("  ") for line in self.does("account", "list", *words).splitlines()]
        return [[part.strip() for part in line if part.strip() and part[:2] != "20"] for line in lines[1:]]


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    return Keeper(tmp_path / "house")


@pytest.fixture
def amy(keeper: Keeper) -> Keeper:
    keeper.does("account", "add", "Amy", stdin=f"{PASSWORD}\n")
    return keeper


# ---- accounts ----------------------------------------------------------------------------------------------


def test_the_life_of_an_account(keeper: Keeper) -> None:
    said = keeper.does("account", "add", "Amy", "--role", "admin", stdin=f"{PASSWORD}\r\n")
    assert said == "Amy has an account now, as admin.\n"
    assert keeper.rows() == [["Amy", "admin", "no"]]
    assert keeper.does("account", "role", "AMY", "moderator") == "Amy is a moderator now.\n"
    assert keeper.does("account", "suspend", "amy") == "Amy is suspended.\n"
    assert keeper.rows() == [["Amy", "moderator, suspended", "no"]]
    assert keeper.does("account", "resume", "amy") == "Amy may come in again.\n"
    assert keeper.does("account", "password", "amy", stdin="another one\n") == "Amy has a new password.\n"
    assert keeper.rows() == [["Amy", "moderator", "no"]]
    assert keeper.does("account", "remove", "amy", "--yes") == "Amy is removed.\n"
    assert keeper.fails("account", "list") == "There is no account."


def test_accounts_are_listed_by_pattern(amy: Keeper) -> None:
    amy.does("account", "add", "bob", stdin=PASSWORD)
    assert [row[0] for row in amy.rows()] == ["Amy", "bob"]
    assert [row[0] for row in amy.rows("A*")] == ["Amy"]
    assert [row[0] for row in amy.rows("?ob")] == ["bob"]
    assert amy.fails("account", "list", "z*") == "No account's name fits z*."


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("amy", "amy belongs to an account, or looks like one"),
        ("arny", "arny belongs to an account, or looks like one"),
        ("Admin", "Admin is kept for the house itself"),
        ("a b", "A name cannot contain a space."),
        ("x" * 33, "A name can have 32 characters at most."),
    ],
)
def test_names_that_cannot_be_had(amy: Keeper, name: str, said: str) -> None:
    assert amy.fails("account", "add", name, stdin=PASSWORD).startswith(said)
    assert len(amy.rows()) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "No password: it is the first line"),
        ("short", "A password has 8 to 300 characters, and this one 5."),
        ("zoe12345", "That would be the first guess"),
        (b"caf\xe9 au lait", "The password is not in UTF-8."),
    ],
)
def test_passwords_that_are_none(keeper: Keeper, typed: str | bytes, said: str) -> None:
    assert keeper.fails("account", "add", "zoe", stdin=typed).startswith(said)
    assert not keeper.directory.exists()


@pytest.mark.parametrize("command", ["password", "role", "remove", "suspend", "resume"])
def test_an_account_that_is_not_there(amy: Keeper, command: str) -> None:
    more = ["member"] if command == "role" else []
    said = "There is no account zoe: teahouse account list shows those that there are."
    assert amy.fails("account", command, "zoe", *more) == said


def test_removal_is_asked_about(amy: Keeper) -> None:
    assert amy.types("account", "remove", "amy", stdin="n\n").exit_code == 1
    assert amy.types("account", "remove", "amy").exit_code == 1
    assert len(amy.rows()) == 1
    assert "Remove Amy, its nicks" in amy.does("account", "remove", "amy", stdin="y\n")


def test_usage(amy: Keeper) -> None:
    for words in (["account", "role", "amy", "king"], ["account", "add"], ["backup"], ["account", "what"]):
        assert amy.types(*words).exit_code == 2


def test_a_password_is_typed_twice_and_never_shown(keeper: Keeper) -> None:
    command = ["account", "add", "amy", "--data", str(keeper.directory)]
    typist = pexpect.spawn(str(BIN / "teahouse"), command, timeout=15, encoding="utf-8")
    for prompt, line in (
        ("Password for amy: ", PASSWORD),
        ("The same again: ", "something else"),
        ("Error: .*Password for amy: ", PASSWORD),
        ("The same again: ", PASSWORD),
    ):
        typist.expect(prompt)
        typist.sendline(line)
    typist.expect("amy has an account now, as member.")
    typist.expect(pexpect.EOF)
    typist.close()
    assert typist.exitstatus == 0
    assert PASSWORD not in str(typist.before)
    assert len(keeper.rows()) == 1


# ---- which house -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", [("account", "list"), ("backup", "copy.db"), ("account", "role", "amy", "admin")]
)
def test_a_house_that_is_not_there(keeper: Keeper, words: tuple[str, ...]) -> None:
    said = f"There is no house in {keeper.directory}: name its directory with --data."
    assert keeper.fails(*words) == said
    assert not keeper.directory.exists()


def test_a_house_that_keeps_nothing() -> None:
    result = CliRunner().invoke(main, ["account", "list"], env={"TEAHOUSE_DATA": ":memory:"})
    assert result.exit_code == 1
    assert "has none outside" in result.stderr


def test_the_place_is_that_of_serve(amy: Keeper, tmp_path: Path) -> None:
    by_environment = CliRunner().invoke(main, ["account", "list"], env={"TEAHOUSE_DATA": str(amy.directory)})
    (tmp_path / "house.toml").write_text(f"[data]\ndirectory = '{amy.directory}'\n")
    by_file = CliRunner().invoke(main, ["account", "list", "--config", str(tmp_path / "house.toml")])
    assert by_environment.stdout == by_file.stdout == amy.does("account", "list")
    (tmp_path / "house.toml").write_text("[data]\ndir = ''\n")
    wrong = CliRunner().invoke(main, ["account", "list", "--config", str(tmp_path / "house.toml")])
    assert (wrong.exit_code, "there is no such key" in wrong.stderr) == (1, True)


def test_a_file_that_is_no_database_is_left_alone(keeper: Keeper) -> None:
    keeper.directory.mkdir()
    file = keeper.directory / "teahouse.db"
    file.write_bytes(b"tea leaves" * 100)
    for words in (("account", "list"), ("backup", str(keeper.directory / "copy"))):
        assert keeper.fails(*words).startswith(f"{file} is not a database")
    assert [path.name for path in keeper.directory.iterdir()] == ["teahouse.db"]
    assert file.read_bytes() == b"tea leaves" * 100


# ---- backup ------------------------------------------------------------------------------------------------


def test_a_backup_is_a_house(amy: Keeper, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert amy.does("backup", str(copy)).startswith(f"{copy} has everything that is in {amy.directory}: ")
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    other = Keeper(tmp_path / "other")
    other.directory.mkdir(mode=0o700)
    shutil.copy(copy, other.directory / "teahouse.db")
    assert other.rows() == amy.rows()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "house", "other"]


def test_a_backup_writes_over_nothing_unasked(amy: Keeper, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_text("dear")
    copy.chmod(0o644)
    assert amy.fails("backup", str(copy)) == f"{copy} is there already: --force writes over it."
    assert copy.read_text() == "dear"
    amy.does("backup", str(copy), "--force")
    assert copy.stat().st_mode & 0o777 == 0o600
    assert copy.read_bytes()[:6] == b"SQLite"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("house/teahouse.db", "is a file of the house itself"),
        ("house/teahouse.db-wal", "is a file of the house itself"),
        ("house/../house/lock", "is a file of the house itself"),
        ("link", "is a file of the house itself"),
        ("house", "is a directory"),
        ("nowhere/copy", "There is no directory"),
    ],
)
def test_where_no_backup_goes(amy: Keeper, tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "link").symlink_to(amy.directory / "teahouse.db")
    assert said in amy.fails("backup", "--force", str(tmp_path / name))
    assert len(amy.rows()) == 1


def test_a_backup_that_fails_leaves_nothing(amy: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("teahouse.store.sqlite.copying._sync", full)
    said = amy.fails("backup", str(amy.directory / "copy.db"))
    assert said == "No copy was made: No space left on device."
    assert not [path for path in amy.directory.iterdir() if path.name.startswith("copy")]
