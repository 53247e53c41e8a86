"""One request of the table: what answers it, and which values it takes. Rule: the handler's signature declares them,
and they are checked against it before it runs, as commands are.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from teahouse.errors import NotInRoom, TooLong, UsageError
from teahouse.protocols.web.codec import Request as Asked
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.rooms.chat import ChatRoom
    from teahouse.session import Session

KINDS: dict[str, type] = {"str": str, "int": int, "bool": bool, "dict[str, Any] | None": dict}
WORDS = {str: "a text", int: "a whole number", bool: "true or false", dict: "an object"}


class Request:
    """A function of the session and, by name, the values of the request. It returns what the answer brings (a dict,
    or None), or an awaitable of that, and raises ChatError."""

    def __init__(self, handler: Callable[..., Any], *, inside: bool = True, reads: bool = False) -> None:
        self.handler = handler
        self.reads = reads
        """Whether it changes nothing, so that it can as well be asked again as answered later."""
        self.inside = inside
        """Whether only those who have logged in may ask it."""

    def run(self, session: Session, asked: Asked) -> Any:
        """Check the values and call the function. Raises UsageError, TooLong."""
        most = session.server.limits.line_bytes
        unknown = asked.values.keys() - self._fields.keys()
        if unknown:
            takes = ", ".join(self._fields) or "nothing"
            raise UsageError(f'"{asked.do}" knows no "{min(unknown)[:40]}": it takes {takes}.')
        return self.handler(
            session, **{each.name: self._value(asked, name, most) for name, each in self._fields.items()}
        )

    @property
    def fields(self) -> dict[str, type]:
        """The values that it takes, and of which kind they are."""
        return {name: KINDS[str(each.annotation)] for name, each in self._fields.items()}

    @cached_property
    def _fields(self) -> Mapping[str, inspect.Parameter]:
        parameters = list(inspect.signature(self.handler).parameters.values())[1:]
        return {each.name.rstrip("_"): each for each in parameters}

    def _value(self, asked: Asked, name: str, most: int) -> Any:
        kind, default = KINDS[str(self._fields[name].annotation)], self._fields[name].default
        value = asked.values.get(name)
        if value is None:
            if default is inspect.Parameter.empty:
                raise UsageError(f'"{asked.do}" needs "{name}", {WORDS[kind]}.')
            return default
        if type(value) is not kind:
            raise UsageError(f'"{name}" of "{asked.do}" is {WORDS[kind]}.')
        if isinstance(value, str) and len(value) > most:
            raise TooLong(f'"{name}" of "{asked.do}" has at most {most:,} bytes.')
        return value


def own_room(session: Session, name: str) -> ChatRoom:
    """The room of that name that one is in. Raises NotInRoom."""
    room = session.user.rooms.get(fold(name))
    if room is None:
        raise NotInRoom(f"You are not in {name or 'a room of no name'}.")
    return room
