"""What is written down of the running of the house. Rule: one event is one line (a traceback's lines are indented),
and nothing in a value can make it look like another, or like none: control characters are escaped.
"""

from __future__ import annotations

import json
import math
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Protocol, cast

from twisted.logger import ILogObserver, LogEvent, LogLevel, formatEvent, globalLogBeginner
from zope.interface import implementer

from teahouse import settings

LEVELS = {name: n for n, name in enumerate(("debug", "info", "warn", "error", "critical"))}
COLOURS = {"debug": "2", "info": "32", "warn": "33", "error": "31", "critical": "1;31"}
VALUE_LENGTH = 1_000
OTHERS = ("twisted", "log_legacy")
"""Namespaces of Twisted's own remarks (a port starts, a factory stops): no news, so at level debug."""
LEGACY = {"time", "system", "format", "isError"}


class Stream(Protocol):
    """What lines are written to."""

    def write(self, text: str, /) -> object: ...
    def flush(self) -> object: ...
    def close(self) -> object: ...


class LogError(Exception):
    """The log file cannot be written."""


@implementer(ILogObserver)
class LineObserver:
    """Writes events of a level and above as lines. `path`: of the file that the stream is, if it is one."""

    def __init__(
        self, stream: Stream, form: str = "text", level: str = "info", *, colour: bool = False, path: str = ""
    ) -> None:
        self._stream = stream
        self._path = str(Path(path).absolute()) if path else ""  # a daemon stands elsewhere later
        self._least = LEVELS[level]
        self._line = json_line if form == "json" else coloured_line if colour else text_line

    def set_level(self, level: str) -> None:
        """Write down events of this level and above from now on."""
        self._least = LEVELS[level]

    def reopen(self) -> None:
        """Go on in a new file if the old one was moved away. Raises LogError, and then it goes on in the old one."""
        if self._path:
            before, self._stream = self._stream, open_file(self._path)
            before.close()

    def close(self) -> None:
        """Write no more."""
        self._stream.close()

    def __call__(self, event: LogEvent) -> None:
        """Write it. Whatever happens to the log (its disk is full, its reader has gone) is not the house's end."""
        if LEVELS[level_of(event)] < self._least:
            return
        try:
            self._stream.write(self._line(event) + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            pass


def level_of(event: LogEvent) -> str:
    """Its level's name."""
    level = event.get("log_level", LogLevel.info)
    if level is LogLevel.info and str(event.get("log_namespace", "")).startswith(OTHERS):
        return "debug"
    return str(level.name)


# ---- forms ----------------------------------------------------------------------------------------------------


def text_line(event: LogEvent) -> str:
    """For people: `2026-11-20 12:34:56 info  message`, in local time."""
    at = datetime.fromtimestamp(event.get("log_time", 0.0))
    return f"{at:%Y-%m-%d %H:%M:%S} {level_of(event):5} {escape(formatEvent(event))}{_indented(event)}"


def coloured_line(event: LogEvent) -> str:
    """For people at a terminal."""
    level = level_of(event)
    date, time, rest = text_line(event).split(" ", 2)
    return f"\x1b[2m{date} {time}\x1b[0m \x1b[{COLOURS[level]}m{rest[:5]}\x1b[0m{rest[5:]}"


def json_line(event: LogEvent) -> str:
    """For programs: an object with time, level, namespace, message, perhaps a traceback, and the values."""
    record = {key: _plain(value) for key, value in event.items() if key not in LEGACY and key[:4] != "log_"}
    at = datetime.fromtimestamp(event.get("log_time", 0.0), UTC)
    record.update(
        time=at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        level=level_of(event),
        namespace=str(event.get("log_namespace", "")),
        message=formatEvent(event),
    )
    if "log_failure" in event:
        record["traceback"] = _traceback(event)
    first = ("time", "level", "namespace", "message")
    return json.dumps({**{key: record[key] for key in first}, **record})


def escape(text: str) -> str:
    """With what is not printable (line ends, escapes, marks of direction) as `\\n`, `\\x1b`, `\\u202e`."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _indented(event: LogEvent) -> str:
    if "log_failure" not in event:
        return ""
    return "".join(f"\n    {escape(line)}" for line in _traceback(event).split("\n") if line)


def _traceback(event: LogEvent) -> str:
    try:
        return str(event["log_failure"].getTraceback())
    except Exception:  # noqa: BLE001  an exception whose text raises
        return "a traceback that cannot be shown"


def _plain(value: Any) -> Any:
    """As JSON has it; anything else by its text."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    try:
        text = str(value)
    except Exception:  # noqa: BLE001  a value whose text raises
        text = f"a {type(value).__name__} that cannot be shown"
    return text if len(text) <= VALUE_LENGTH else f"{text[:VALUE_LENGTH]}…"


# ---- where to -------------------------------------------------------------------------------------------------


def observer(log: settings.Log, otherwise: IO[str] | None = None) -> LineObserver:
    """What the settings ask for; without a file, to standard error or another stream. Raises LogError."""
    stream = open_file(log.file) if log.file else otherwise or sys.stderr
    colour = stream.isatty() and not os.environ.get("NO_COLOR")
    return LineObserver(stream, log.format, log.level, colour=colour, path=log.file)


def open_file(path: str) -> IO[str]:
    """A file to append lines to, which only its owner may read. Raises LogError."""
    try:
        return open(path, "a", encoding="utf-8", errors="backslashreplace", opener=_private)
    except OSError as error:
        raise LogError(f"the log cannot be written to {path}: {error.strerror}.") from None


def begin(observer: LineObserver) -> None:
    """Write down everything from here on, and what Twisted has kept so far."""
    globalLogBeginner.beginLoggingTo([cast(ILogObserver, observer)], redirectStandardIO=False)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
