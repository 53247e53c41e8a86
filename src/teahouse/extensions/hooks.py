"""What an extension module can declare beside rooms, commands, events and bots. Rule: a mark on a function, found
when the module is loaded; the function stays what it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from teahouse.server import Server

Hook = Callable[["Server"], object]
H = TypeVar("H", bound=Callable[..., object])
_START, _STOP, _WEB = "__teahouse_start__", "__teahouse_stop__", "__teahouse_web__"


@dataclass(frozen=True, slots=True)
class Request:
    """What a web browser asks for. `query` has the last value of each name."""

    method: str
    path: str
    query: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Response:
    """What it is answered. Plain text unless the headers say otherwise."""

    body: str | bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Resource = Callable[[Request], "Response | str | bytes"]


def on_start(hook: H) -> H:
    """Call this function with the server when the extension is started: open files, read lists."""
    setattr(hook, _START, True)
    return hook


def on_stop(hook: H) -> H:
    """Call this function with the server when the extension is stopped or reloaded: let go of everything."""
    setattr(hook, _STOP, True)
    return hook


def web(path: str) -> Callable[[H], H]:
    """Answer GET requests for this path (`/…`) with what the function returns."""
    if not path.startswith("/"):
        raise TypeError(f'a web path begins with a slash: "/{path}"')

    def mark(resource: H) -> H:
        setattr(resource, _WEB, path)
        return resource

    return mark


def starts(value: object) -> bool:
    """Whether it was marked by `on_start`."""
    return getattr(value, _START, False) is True


def stops(value: object) -> bool:
    """Whether it was marked by `on_stop`."""
    return getattr(value, _STOP, False) is True


def web_path(value: object) -> str:
    """The path it was marked with by `web`; "" if it was not."""
    path = getattr(value, _WEB, "")
    return path if isinstance(path, str) else ""
