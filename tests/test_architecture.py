"""Invariants 5, 6 and 8, and the layout of section 4, read off the sources themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import teahouse

ROOT = Path(teahouse.__file__).parent
# From the ground up; what is not named here belongs to the house itself.
LAYERS = [
    {"errors", "events", "limits", "runtime", "text", "view"},
    {"bus", "commands", "moderation", "settings", "store"},
    {"rooms"},
    {"the house"},
    {"protocols"},
    {"cli", "client", "config", "keeper", "reactor", "running", "service", "tap", "testing"},
]
ENGINE = {"protocol.py", "link.py", "outlet.py", "reactor.py", "service.py", "listening.py", "logs.py"}
ENGINE |= {"certificates.py", "http_request.py", "http_connection.py", "process.py", "foreground.py"}
ENGINE |= {"tap.py", "cli.py", "testing.py"}
COMMON_GROUND = {"terminal", "websocket"}  # what several protocols stand on
HOUSES = ("service.py", "testing.py", "keeper/opening.py")
IMPLEMENTATIONS = ("bus.local", "store.memory", "store.sqlite")
ROOMS_MAY_ASK_A_LINK = {"address", "certificate", "is_led", "many", "port", "protocol", "secure"}
ROOMS_MAY_ASK_A_LINK |= {"prefer", "preferences"}

FILES = {str(path.relative_to(ROOT)): path for path in sorted(ROOT.rglob("*.py"))}
CODECS = [
    name for name in FILES if name.startswith("protocols/") and name.endswith(("/codec.py", "/lines.py"))
]
PROTOCOLS = sorted({name.split("/")[1] for name in FILES if name.count("/") == 2 and name[:9] == "protocols"})


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(FILES[name].read_text("utf-8"))


@cache
def imports(name: str) -> list[str]:
    """The full names of the modules that a file imports when it runs."""
    return [module for module in _imports(tree(name)) if module]


def _imports(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    for child in ast.iter_child_nodes(node):
        yield from _imports(child)


def ours(name: str) -> list[str]:
    """What a file imports of the house, as `rooms.base.Room`."""
    return [each.removeprefix("teahouse.") for each in imports(name) if each.startswith("teahouse.")]


def layer(path: str) -> int:
    top = path.replace("/", ".").removesuffix(".py").split(".")[0]
    return next((number for number, names in enumerate(LAYERS) if top in names), 3)


@pytest.mark.parametrize("name", [name for name in FILES if name != "__init__.py"])
def test_imports_point_one_way(name: str) -> None:
    """Invariant 5, and section 4: no file imports what stands above it."""
    above = [each for each in ours(name) if each[0].islower() and layer(each) > layer(name)]
    assert not above


@pytest.mark.parametrize("name", FILES)
def test_twisted_is_known_at_the_rim_only(name: str) -> None:
    """Invariant 5: rooms, commands, events, stores and codecs know no engine."""
    if Path(name).name not in ENGINE:
        assert not [each for each in imports(name) if each.split(".")[0] in {"twisted", "zope"}]


@pytest.mark.parametrize("name", CODECS)
def test_codecs_know_nothing_but_their_own_folder(name: str) -> None:
    """Invariant 5: with all that they use, they stand on the standard library."""
    folder = name.rpartition("/")[0]
    todo, seen = [name], set()
    while todo:
        seen.add(each := todo.pop())
        for used in ours(each):
            assert used.startswith(folder.replace("/", ".")), f"{each} imports {used}"
            found = [f"{folder}/{part}.py" for part in used.split(".")[2:4]]
            todo += [file for file in found if file in FILES and file not in seen]


@pytest.mark.parametrize("name", [name for name in FILES if name not in HOUSES])
def test_only_a_whole_house_knows_implementations(name: str) -> None:
    """Section 4: stores and buses are chosen in service.py, and in what opens a house in its place."""
    own = name.partition("/")[0]
    assert not [e for e in ours(name) if e.startswith(IMPLEMENTATIONS) and not e.startswith(f"{own}.")]


@pytest.mark.parametrize("protocol", sorted(set(PROTOCOLS) - COMMON_GROUND))
def test_protocol_can_be_deleted(protocol: str) -> None:
    """Invariant 8: nothing but whole houses, and the client that speaks it, imports a protocol's folder."""
    users = [name for name in FILES for each in ours(name) if each.startswith(f"protocols.{protocol}.")]
    own = (f"protocols/{protocol}/", "client/", *HOUSES)
    assert not [name for name in users if not name.startswith(own)]


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("rooms/")])
def test_rooms_reach_people_by_events_only(name: str) -> None:
    """Invariant 6: a room touches neither sockets nor what sessions, users and servers keep to themselves."""
    for node in ast.walk(tree(name)):
        if not isinstance(node, ast.Attribute):
            continue
        of = ast.unparse(node.value)
        if of == "link" or of.endswith(".link"):
            assert node.attr in ROOMS_MAY_ASK_A_LINK, ast.unparse(node)
        assert node.attr not in {"transport", "write", "writeSequence", "sendall"}, ast.unparse(node)
        private = node.attr.startswith("_") and not node.attr.startswith("__")
        assert not private or of in {"self", "cls", "super()"}, ast.unparse(node)


@pytest.mark.parametrize("name", FILES)
def test_files_and_functions_stay_small(name: str) -> None:
    """Section 4: a file has outgrown itself at 400 lines, a function at 60."""
    assert len(FILES[name].read_text("utf-8").splitlines()) <= 400
    for node in ast.walk(tree(name)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert (node.end_lineno or 0) - node.lineno + 1 < 60, node.name
