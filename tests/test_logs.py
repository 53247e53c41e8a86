"""The log: one event is one line, whatever is in it."""

from __future__ import annotations

import io
import json
import os
import re
import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.logger import Logger, LogLevel, LogPublisher
from twisted.python import log as legacy_log

from teahouse import settings
from teahouse.running import logs

EVIL = "amy\n2026-11-20 12:00:00 info  forged\r\x1b[2J\x9b1m\u202e\u2028\x85\x00 {x} %s"


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


class Book:
    """A log of our own to write to, and what is in it."""

    def __init__(self, form: str = "text", level: str = "info", *, colour: bool = False) -> None:
        self.stream = io.StringIO()
        self.publisher = LogPublisher()
        self.publisher.addObserver(logs.LineObserver(self.stream, form, level, colour=colour))  # type: ignore[arg-type]
        self.log = Logger("teahouse.test", observer=self.publisher)  # type: ignore[arg-type]

    @property
    def lines(self) -> list[str]:
        return self.stream.getvalue().split("\n")[:-1]


def test_a_line_for_people() -> None:
    book = Book()
    book.log.warn("dropped {nick}: {reason}", nick="amy", reason="too slow")
    (line,) = book.lines
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d warn  dropped amy: too slow", line)


def test_an_object_for_programs() -> None:
    book = Book("json")
    book.log.info("in: {nick}", nick="amy", count=3, share=0.5, good=True, none=None, what=[1])
    (line,) = book.lines
    record = json.loads(line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", record.pop("time"))
    assert record == {
        "level": "info",
        "namespace": "teahouse.test",
        "message": "in: amy",
        "nick": "amy",
        "count": 3,
        "share": 0.5,
        "good": True,
        "none": None,
        "what": "[1]",
    }


def test_a_value_cannot_stand_in_for_what_the_log_says_itself() -> None:
    book = Book("json")
    book.log.info("x", time="forged", message="forged", namespace="forged", traceback="theirs")
    record = json.loads(book.lines[0])
    assert (record["level"], record["message"], record["namespace"]) == ("info", "x", "teahouse.test")


@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_in_a_value_makes_another_line_or_a_control_character(form: str) -> None:
    book = Book(form)
    book.log.info("hello {nick}", nick=EVIL)
    (line,) = book.lines
    assert line.isprintable()
    if form == "json":
        assert json.loads(line)["nick"] == EVIL
        assert json.loads(line)["message"] == f"hello {EVIL}"
    else:
        assert line.endswith(
            r"hello amy\n2026-11-20 12:00:00 info  forged\r\x1b[2J\x9b1m\u202e\u2028\x85\x00 {x} %s"
        )


@given(st.text(), st.sampled_from(["text", "json"]), st.booleans())
def test_any_value_stays_on_its_line(value: str, form: str, colour: bool) -> None:
    book = Book(form, colour=colour and form == "text")
    book.log.info("{value}", value=value)
    (line,) = book.lines
    assert re.sub(r"\x1b\[[0-9;]*m", "", line, count=4).isprintable()


def test_values_are_not_formats() -> None:
    book = Book()
    book.log.info("{a} {b}", a="{b}", b="{a.__class__} %(a)s")
    assert book.lines[0].endswith("{b} {a.__class__} %(a)s")


def test_a_traceback_is_indented_and_its_lines_cannot_be_forged() -> None:
    book = Book()
    try:
        raise ValueError(EVIL)
    except ValueError:
        book.log.failure("a task failed")
    first, *others = book.lines
    assert first.endswith("critical a task failed")
    assert others
    assert all(line.startswith("    ") and line.isprintable() for line in others)
    assert any("ValueError: amy" in line for line in others)


def test_a_traceback_is_one_value_for_programs() -> None:
    book = Book("json")
    try:
        raise ValueError("tea")
    except ValueError:
        book.log.failure("a task failed")
    (line,) = book.lines
    assert json.loads(line)["traceback"].rstrip().endswith("ValueError: tea")


def test_values_in_local_variables_do_not_appear_in_tracebacks() -> None:
    book = Book()
    try:
        password = "canary-" + "7391"  # noqa: F841  that it is not found is the test
        raise ValueError("no")
    except ValueError:
        book.log.failure("a login failed")
    assert "canary-7391" not in book.stream.getvalue()


class Broken:
    def __str__(self) -> str:
        raise RuntimeError("no text")

    __repr__ = __str__


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_value_without_a_text_does_not_lose_the_line(form: str) -> None:
    book = Book(form)
    book.log.info("hello {who}", who=Broken())
    assert len(book.lines) == 1


def test_long_values_are_cut_for_programs() -> None:
    book = Book("json")
    book.log.info("x", value="a" * 5_000, number=float("nan"))
    record = json.loads(book.lines[0])
    assert len(record["value"]) == logs.VALUE_LENGTH + 1
    assert record["number"] == "nan"


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("debug", ["debug", "info", "warn", "error", "critical"]),
        ("info", ["info", "warn", "error", "critical"]),
        ("warn", ["warn", "error", "critical"]),
        ("error", ["error", "critical"]),
    ],
)
def test_levels(level: str, expected: list[str]) -> None:
    book = Book(level=level)
    for each in LogLevel.iterconstants():
        book.log.emit(each, "x")
    assert [line.split()[2] for line in book.lines] == expected


def test_what_twisted_says_of_itself_is_no_news() -> None:
    heard: list[str] = []
    for level in ("debug", "info"):
        book = Book(level=level)
        Logger("twisted.internet.tcp", observer=book.publisher).info("starting on 4242")  # type: ignore[arg-type]
        Logger("twisted.internet.tcp", observer=book.publisher).error("trouble")  # type: ignore[arg-type]
        publisher = legacy_log.LogPublisher(publishPublisher=book.publisher)  # type: ignore[no-untyped-call]
        publisher.msg("(TCP Port 4242 Closed)")  # type: ignore[no-untyped-call]
        heard.append(" ".join(line.split()[2] for line in book.lines))
    assert heard == ["debug error debug", "error"]


def test_colours_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def written(to: io.StringIO, **more: str) -> str:
        publisher: Any = LogPublisher()
        publisher.addObserver(logs.observer(settings.Log(**more), to))
        Logger("teahouse", observer=publisher).warn("tea")
        return to.getvalue()

    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[33mwarn \x1b[0m tea" in written(Screen())
    assert "\x1b" not in written(io.StringIO())
    assert "\x1b" not in written(Screen(), format="json")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in written(Screen())


def test_the_file_is_appended_to_and_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "tea.log"
    before = os.umask(0)
    try:
        for text in ("one", "two"):
            publisher: Any = LogPublisher()
            publisher.addObserver(logs.observer(settings.Log(file=str(path))))
            Logger("teahouse", observer=publisher).info("{text} \udc80 ☕", text=text)
            publisher._observers[0]._stream.close()
    finally:
        os.umask(before)
    assert [line[-10:] for line in path.read_text().splitlines()] == [r"e \udc80 ☕", r"o \udc80 ☕"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_cannot_be_written_is_told_plainly(tmp_path: Path) -> None:
    with pytest.raises(logs.LogError, match=r"the log cannot be written to .*/nowhere/x: No such file"):
        logs.observer(settings.Log(file=str(tmp_path / "nowhere" / "x")))


def test_a_full_disk_is_not_the_end_of_the_house() -> None:
    class Full(io.StringIO):
        def write(self, text: str, /) -> int:
            raise OSError(28, "No space left on device")

    logs.LineObserver(Full())({"log_format": "x", "log_level": LogLevel.info})


def test_a_log_that_was_moved_away_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "log"
    observer = logs.observer(settings.Log(file=str(path)))
    observer({"log_format": "first", "log_level": LogLevel.info})
    path.rename(tmp_path / "log.1")
    observer.reopen()
    observer({"log_format": "second", "log_level": LogLevel.info})
    assert "first" in (tmp_path / "log.1").read_text()
    assert [line[20:] for line in path.read_text().splitlines()] == ["info  second"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.unlink()
    path.mkdir()
    with pytest.raises(logs.LogError):
        observer.reopen()
    observer({"log_format": "third", "log_level": LogLevel.info})  # where the second stands
    observer.close()


def test_lines_from_several_threads_do_not_mix(tmp_path: Path) -> None:
    stream = logs.open_file(str(tmp_path / "log"))
    observer = logs.LineObserver(stream)

    def write() -> None:
        for _ in range(200):
            observer({"log_format": "x" * 300, "log_level": LogLevel.info})

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    stream.close()
    assert {line[20:] for line in (tmp_path / "log").read_text().splitlines()} == {"info  " + "x" * 300}
