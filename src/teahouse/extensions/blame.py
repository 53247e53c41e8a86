"""Running code of an extension. Rule: whatever it raises is told with the file and line of the extension, and what
keeps the house waiting is named in the log.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Protocol

from teahouse.runtime import Log

SLOW = 0.5
"""Seconds: nothing else goes on in the house while code of an extension runs."""


class ExtensionError(Exception):
    """An extension could not be loaded or started; the text names its file and line.

    `key` is the setting that asked for it, if one did.
    """

    key: tuple[str, ...] = ()


def where(error: BaseException, file: str) -> str:
    """What went wrong, and on which line of which file; the extension's own line, if it was on the way."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}, line {error.lineno}: {error.msg}"
    text = f"{type(error).__name__}: {error}"
    frames = [each for each in traceback.extract_tb(error.__traceback__) if each.filename == file]
    return f"{file}, line {frames[-1].lineno}: {text}" if frames else f"{file}: {text}"


class Blamed(Protocol):
    """An extension, as far as this module has to know it."""

    @property
    def file(self) -> str: ...


@contextmanager
def blaming(extension: Blamed) -> Iterator[None]:
    """Whatever the block raises becomes an ExtensionError that names file and line."""
    try:
        yield
    except ExtensionError:
        raise
    except (Exception, SystemExit) as error:
        raise ExtensionError(where(error, extension.file)) from error


@contextmanager
def timing(log: Log, what: str) -> Iterator[None]:
    """Say so in the log when the block was slow."""
    begin = monotonic()
    try:
        yield
    finally:
        taken = monotonic() - begin
        if taken > SLOW:
            log.warn("{what} took {taken:.1f} s, and the house stood still", what=what, taken=taken)


def named(call: object) -> str:
    """A function's name and where it stands."""
    code = getattr(call, "__code__", None) or getattr(getattr(call, "__func__", None), "__code__", None)
    name = getattr(call, "__qualname__", repr(call))
    return f"{name} ({code.co_filename}, line {code.co_firstlineno})" if code is not None else name
