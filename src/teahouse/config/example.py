"""The example configuration. Rule: it is made of what `settings.py` says of each key, so that it cannot be wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, get_args, get_origin, get_type_hints

from teahouse.config.reading import key_of
from teahouse.settings import Settings

HEAD = """\
# A configuration of Teahouse, with every key at its default.  teahouse serve --config FILE
# Made by `teahouse example-config`; `teahouse check-config FILE` tells what is wrong with one.
# /reload and SIGHUP take what is written here into an open house, but for the keys that need a restart.
"""


def example() -> str:
    """A file with every key: what it is for, and its default."""
    types = get_type_hints(Settings)
    alone = [
        field for field in fields(Settings) if "help" in field.metadata
    ]  # TOML wants them before the tables
    parts = [HEAD, "\n".join(_example_keys(alone)) + "\n"]
    for section in fields(Settings):
        kind = types[section.name]
        if is_dataclass(kind):
            lines = [f"# {kind.__doc__}", f"[{section.name}]", *_example_keys(fields(kind))]
            parts.append("\n".join(lines) + "\n")
        elif get_origin(kind) is dict:
            parts.append(_example_room(get_args(kind)[1]))
    return "\n".join(parts)


def _example_keys(keys: Iterable[Field[Any]]) -> Iterator[str]:
    for field in keys:
        yield f"# {field.metadata['help']}{' Needs a restart.' * field.metadata['restart']}"
        yield f"{key_of(field)} = {_toml(_default(field))}"


def _example_room(kind: type[Any]) -> str:
    """There is no room by default, so this table is a comment as a whole."""
    keys = [line if line.startswith("#") else f"# {line}" for line in _example_keys(fields(kind))]
    return "\n".join([f"# {kind.__doc__}", "# [rooms.tea]", *keys]) + "\n"


def _default(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return _toml_text(value)
    if isinstance(value, list):
        return f"[{', '.join(_toml_text(each) for each in value)}]"
    return f"{value:_}" if isinstance(value, int) else repr(value)


def _toml_text(text: str) -> str:
    escaped = text.replace("\\", "\\\\")
    if "\n" in text:
        return f'"""\n{escaped}"""'
    return '"' + escaped.replace('"', '\\"') + '"'
