"""The configuration file: TOML into `settings.py`'s dataclasses. Rule: a file is good as a whole or not at all, and
who wrote it is told everything that is wrong with it at once: file, line, key, and what is allowed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import Field, fields, is_dataclass
from pathlib import Path
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

from teahouse.config.lines import Lines
from teahouse.config.rules import check_value, checked_rooms
from teahouse.settings import Listen, Settings
from teahouse.text import nearest

WORDS = {bool: "true or false", int: "a whole number", float: "a number", str: 'a text in quotes, "…"'}
WHERE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


SYNTAX = {
    "Illegal character '\\n'": "a text lacks its closing quote",
    "Invalid value": "a value is missing, or a text without quotes",
    "Invalid statement": "a line is key = value, [table] or # comment",
    "Cannot overwrite a value": "this key is there twice",
    "Expected newline or end of document": "there is something after the value; texts stand in quotes",
}
"""What `tomllib` says, for those who have not written a parser."""


class ConfigError(Exception):
    """What is wrong with a configuration file: a line for each fault."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Problem(NamedTuple):
    """A fault: the key it is about, and a sentence."""

    path: tuple[str, ...]
    text: str


def load(path: str | Path) -> Settings:
    """Read a file. Raises ConfigError."""
    return parse(_read(path), str(path))


def parse(text: str, name: str) -> Settings:
    """Read a file's text; the name is for the messages. Raises ConfigError."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([_syntax(str(error), text, name)]) from None
    if isinstance(listen := table.get("listen"), dict):  # what is not named there is closed
        table["listen"] = {field.name: [] for field in fields(Listen)} | listen
    problems: list[Problem] = []
    settings: Settings = _build(Settings, table, (), problems)
    problems += [Problem(where, text) for where, text in checked_rooms(settings)]
    if problems:
        lines = Lines(text)
        placed = sorted((lines.find(*each.path), n, each) for n, each in enumerate(problems))
        raise ConfigError([f"{name}, line {line}: {_show(each)}" for line, _, each in placed])
    return settings


def place_of(path: str | Path, *key: str) -> str:
    """Where a key of a file stands, for a message about it that comes later."""
    return f"{path}, line {Lines(_read(path)).find(*key)}"


def _show(problem: Problem) -> str:
    return f"{'.'.join(problem.path)}: {problem.text}" if problem.path else problem.text


def _read(path: str | Path) -> str:
    try:
        return Path(path).read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError([f"{path}: this is not UTF-8 text (byte {error.start})."]) from None
    except OSError as error:
        raise ConfigError([f"{path}: cannot be read: {error.strerror or error}."]) from None


def _syntax(message: str, text: str, name: str) -> str:
    where = WHERE.search(message)
    line, column = text.count("\n") + 1, len(text.rpartition("\n")[2]) + 1
    if where and where[1]:
        line, column = int(where[1]), int(where[2])
    said = WHERE.sub("", message)
    plain = next((plain for start, plain in SYNTAX.items() if said.startswith(start)), "")
    return f"{name}, line {line}, column {column}: this is not TOML: {plain or said}."


# ---- tables into dataclasses ----------------------------------------------------------------------------------


def _build(kind: type[Any], table: dict[str, Any], path: tuple[str, ...], problems: list[Problem]) -> Any:
    """An instance of a settings class; what is wrong is added to the problems and left at its default."""
    types = get_type_hints(kind)
    known = {key_of(field): field.name for field in fields(kind)}
    values = {}
    for key, value in table.items():
        here = (*path, key)
        name = known.get(key)
        found = [_unknown(key, known)] if name is None else list(_faults(types[name], value, here))
        problems += [Problem(here, text) for text in found]
        if name is not None and not found:
            values[name] = _value(types[name], value, here, problems)
    return kind(**values)


def key_of(field: Field[Any]) -> str:
    """A field's key in the file: `class` is `class_` in Python."""
    return field.name.removesuffix("_")


def _unknown(key: str, known: Iterable[str]) -> str:
    meant = nearest(key, known)
    hint = f"did you mean {meant}?" if meant else f"there are: {', '.join(sorted(known))}."
    return f"there is no such key; {hint}"


def _faults(kind: Any, value: Any, path: tuple[str, ...]) -> Iterator[str]:
    """What is wrong with one value: its type, then what it says."""
    if is_dataclass(kind) or get_origin(kind) is dict:
        if not isinstance(value, dict):
            yield f"must be a table: write [{'.'.join(path)}]."
    elif get_origin(kind) is list:
        if not isinstance(value, list) or not all(type(each) is str for each in value):
            yield f'must be a list of texts, ["…", "…"], not {_shown(value)}.'
        else:
            yield from check_value(path, value)
    elif type(value) is not kind and (kind, type(value)) != (float, int):
        yield f"must be {WORDS[kind]}, not {_shown(value)}."
    else:
        yield from check_value(path, value)


def _value(kind: Any, value: Any, path: tuple[str, ...], problems: list[Problem]) -> Any:
    if is_dataclass(kind):
        return _build(kind, value, path, problems)  # type: ignore[arg-type]  # is_dataclass knows instances too
    if get_origin(kind) is dict:
        inner = get_args(kind)[1]
        for name, table in value.items():
            problems += [Problem((*path, name), text) for text in _faults(inner, table, (*path, name))]
        return {
            name: _build(inner, table, (*path, name), problems)
            for name, table in value.items()
            if isinstance(table, dict)
        }
    return float(value) if kind is float else value


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
