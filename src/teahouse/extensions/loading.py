"""An extension: a Python module that adds to the house. Rule: it is what it declares; loading it changes nothing yet,
and a module that cannot be loaded leaves everything as it was.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from types import CodeType, ModuleType

from teahouse import events
from teahouse.commands import Command, declared
from teahouse.extensions.blame import ExtensionError, where
from teahouse.extensions.bot import Bot
from teahouse.extensions.hooks import Hook, Resource, starts, stops, web_path
from teahouse.rooms.base import Room

GROUP = "teahouse.extensions"


@dataclass(frozen=True, slots=True)
class Extension:
    """What a module declares, in the order in which it does."""

    source: str
    """What it was loaded by: a module's name, or a file's path."""
    name: str
    file: str
    rooms: tuple[type[Room], ...]
    commands: tuple[Command, ...]
    bots: tuple[type[Bot], ...]
    on_start: tuple[Hook, ...]
    on_stop: tuple[Hook, ...]
    resources: dict[str, Resource]


def installed() -> list[str]:
    """The modules that installed packages offer by the entry point group `teahouse.extensions`."""
    return sorted({point.value for point in entry_points(group=GROUP)})


def name_of(source: str) -> str:
    """The module name of what is loaded by a name, or by a path that ends in .py."""
    return Path(source).stem if source.endswith(".py") else source


def load(source: str) -> Extension:
    """Load a module by name, or a file by path, afresh. Raises ExtensionError."""
    name = name_of(source)
    file = ""
    try:
        spec = _find(source, name)
        file = spec.origin or ""
        with for_good(name):
            forget(name)
            return _declarations(source, file, _execute(name, spec))
    except ExtensionError:
        raise
    except (Exception, SystemExit) as error:
        raise ExtensionError(where(error, file or source)) from error


@contextmanager
def for_good(name: str) -> Iterator[None]:
    """If this block raises, the module of that name, its parts and its events are again what they were before."""
    before = {each: sys.modules[each] for each in _parts(name)}
    kinds = events.kinds_of(name)
    try:
        yield
    except BaseException:
        forget(name)
        sys.modules.update(before)
        events.register(kinds)
        raise


def forget(name: str) -> None:
    """Take the module, its parts and its events out of Python's and the house's lists."""
    for each in _parts(name):
        del sys.modules[each]
    events.unregister(events.kinds_of(name))


def _parts(name: str) -> list[str]:
    return [each for each in sys.modules if each == name or each.startswith(name + ".")]


# ---- finding and running it -----------------------------------------------------------------------------------


class _Fresh(importlib.machinery.SourceFileLoader):
    """Compiles the source each time: the cache compares whole seconds, and a reload may come within one."""

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


def _find(source: str, name: str) -> importlib.machinery.ModuleSpec:
    found = _find_file(source, name) if source.endswith(".py") else _find_module(name)
    if found is None or found.loader is None:
        raise ExtensionError(f"there is no module {name}: is it installed, or in the current directory?")
    return found


def _find_file(source: str, name: str) -> importlib.machinery.ModuleSpec | None:
    path = Path(source).resolve()
    if not path.is_file():
        raise ExtensionError(f"there is no file {source}")
    there = getattr(sys.modules.get(name), "__file__", "")
    if name in sys.stdlib_module_names or there not in {"", str(path)}:
        raise ExtensionError(f"{source}: {name} is the name of another module: give the file another name")
    return importlib.util.spec_from_file_location(name, path, loader=_Fresh(name, str(path)))


def _find_module(name: str) -> importlib.machinery.ModuleSpec | None:
    importlib.invalidate_caches()
    before = sys.modules.pop(name, None)  # else its old place is the answer
    try:
        found = importlib.util.find_spec(name)
    finally:
        if before is not None:
            sys.modules[name] = before
    if found is not None and isinstance(found.loader, importlib.machinery.SourceFileLoader):
        found.loader = _Fresh(name, found.loader.path)
    return found


def _execute(name: str, spec: importlib.machinery.ModuleSpec) -> ModuleType:
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # before it runs: dataclasses look their own module up
    assert spec.loader is not None
    spec.loader.exec_module(module)
    return module


# ---- what it declares -----------------------------------------------------------------------------------------


def _declarations(source: str, file: str, module: ModuleType) -> Extension:
    own = list(_own(module))
    commands = [found for value in own if (found := declared(value)) is not None and found.rooms]
    return Extension(
        source=source,
        name=module.__name__,
        file=file,
        rooms=tuple(v for v in own if isinstance(v, type) and issubclass(v, Room)),
        commands=tuple(commands),
        bots=tuple(v for v in own if isinstance(v, type) and issubclass(v, Bot)),
        on_start=tuple(v for v in own if callable(v) and starts(v)),
        on_stop=tuple(v for v in own if callable(v) and stops(v)),
        resources={web_path(v): v for v in own if callable(v) and web_path(v)},
    )


def _own(module: ModuleType) -> Iterator[object]:
    """What the module, or a part of it, defines; private names left out."""
    name = module.__name__
    for key, value in vars(module).items():
        home = getattr(value, "__module__", None) or ""
        if not key.startswith("_") and (home == name or home.startswith(name + ".")):
            yield value
