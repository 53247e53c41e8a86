"""What can be asked. Rule: a command is declared by its function's signature and docstring, and nothing else:
arguments, usage, help, completion and rights come from the declaration, and are checked before the handler runs.

    @command(role="operator", aliases=("boot",))
    def kick(self, session: Session, nick: str, reason: Rest = "") -> None:
        '''Make someone leave.'''

A `str` is one word, `Rest` the rest of the line, `int` a number, a `Literal` one of its words; a default makes
an argument optional. `Annotated[T, convert]` calls `convert(word)`, whose ValueError becomes the usage error.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin, get_type_hints, overload

from teahouse.errors import UsageError

ROLES = ("guest", "member", "voice", "operator", "owner", "moderator", "admin")
"""From least to most; who has a role has those before it too."""
_RANKS = {role: number for number, role in enumerate(ROLES)}

_REST = object()
Rest = Annotated[str, _REST]
"""The rest of the line, spaces and all."""

Handler = Callable[..., Any]
H = TypeVar("H", bound=Handler)
_MARK = "__teahouse_command__"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One declared argument: how it is shown in the usage, and how a word becomes its value."""

    name: str
    convert: Callable[[str], Any]
    rest: bool
    optional: bool
    choices: tuple[str, ...] = ()

    def __str__(self) -> str:
        shown = "|".join(self.choices) or self.name
        return f"[{shown}]" if self.optional else f"<{shown}>"


@dataclass(frozen=True, slots=True)
class Command:
    """A declared command: its names, who may use it, its arguments, its help, and the function to call."""

    name: str
    handler: Handler
    parameters: tuple[Parameter, ...]
    role: str
    aliases: tuple[str, ...]
    help: str
    rooms: tuple[type, ...] = ()
    hidden: bool = False

    @property
    def summary(self) -> str:
        """The first line of its help."""
        return self.help.partition("\n")[0]

    @property
    def usage(self) -> str:
        """`kick <nick> [reason]`"""
        return " ".join([self.name, *map(str, self.parameters)])

    def bind(self, text: str, prefix: str = "") -> list[Any]:
        """The typed arguments for the text after the command's name. Raises UsageError, which shows how it is
        used, with the prefix that commands have where it was typed."""
        usage = f"Usage: {prefix}{self.usage}"
        values = []
        for parameter in self.parameters:
            text = text.strip()
            if not text:
                if not parameter.optional:
                    raise UsageError(usage)
                break
            word, text = (text, "") if parameter.rest else _split(text)
            values.append(_value(parameter, word, usage))
        if text.strip():
            raise UsageError(f'"{text.strip()}" is too much. {usage}')
        return values


def _value(parameter: Parameter, word: str, usage: str) -> Any:
    try:
        return parameter.convert(word)
    except ValueError as error:
        raise UsageError(f"{str(error).rstrip('.')}. {usage}") from error


@overload
def command(handler: H, /) -> H: ...
@overload
def command(
    *, role: str = "guest", aliases: tuple[str, ...] = (), room: type | tuple[type, ...] = (), name: str = ""
) -> Callable[[H], H]: ...
def command(
    handler: Handler | None = None,
    /,
    *,
    role: str = "guest",
    aliases: tuple[str, ...] = (),
    room: type | tuple[type, ...] = (),
    name: str = "",
) -> Any:
    """Declare a command: on a method of a room, or with `room=` on a function of an extension.

    The function stays what it was and can be called directly. Raises TypeError for a declaration that cannot
    work: no docstring, an unknown role, an argument whose type has no meaning on a line.
    """

    def declare(function: H) -> H:
        rooms = room if isinstance(room, tuple) else (room,)
        setattr(function, _MARK, _declared(function, role, aliases, rooms, name))
        return function

    return declare if handler is None else declare(handler)


def rank(role: str) -> int:
    """How high a role stands among `ROLES`; no role at all stands lowest."""
    return _RANKS.get(role, -1)


def declared(function: object) -> Command | None:
    """The declaration on a function, if it has one."""
    return getattr(function, _MARK, None)


def _declared(
    function: Handler, role: str, aliases: tuple[str, ...], rooms: tuple[type, ...], name: str
) -> Command:
    if role not in ROLES:
        raise TypeError(f"{function.__qualname__}: there is no role {role!r}, only {', '.join(ROLES)}")
    text = inspect.getdoc(function)
    if not text:
        raise TypeError(f"{function.__qualname__} is a command and needs a docstring: it is the help")
    return Command(
        name=name or function.__name__.rstrip("_"),
        handler=function,
        parameters=_parameters(function),
        role=role,
        aliases=aliases,
        help=text,
        rooms=rooms,
    )


def _parameters(function: Handler) -> tuple[Parameter, ...]:
    wanted = list(inspect.signature(function).parameters.values())[2:]  # after (self, session)
    # Only these annotations: `Session` is often imported for type checkers alone.
    some = SimpleNamespace(__annotations__={p.name: p.annotation for p in wanted})
    module = inspect.getmodule(function)
    hints = get_type_hints(some, globalns=getattr(function, "__globals__", vars(module)), include_extras=True)
    return tuple(_parameter(function, p, hints[p.name]) for p in wanted)


def _parameter(function: Handler, declared_: inspect.Parameter, hint: Any) -> Parameter:
    name = declared_.name.rstrip("_")
    optional = declared_.default is not inspect.Parameter.empty
    if get_origin(hint) is Literal:
        choices = get_args(hint)
        return Parameter(name, _one_of(choices), rest=False, optional=optional, choices=choices)
    if hint is int:
        return Parameter(name, _number(name), rest=False, optional=optional)
    if hint is str:
        return Parameter(name, str, rest=False, optional=optional)
    if get_origin(hint) is Annotated:
        extra = get_args(hint)[1]
        return Parameter(name, str if extra is _REST else extra, rest=extra is _REST, optional=optional)
    raise TypeError(f"{function.__qualname__}: {name} is {hint!r}: use str, int, Literal, Rest or Annotated")


def _split(text: str) -> tuple[str, str]:
    word, *rest = text.split(None, 1)
    return word, "".join(rest)


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    def convert(word: str) -> str:
        if word.lower() not in choices:
            raise ValueError(f'"{word}" is none of {", ".join(choices)}')
        return word.lower()

    return convert


def _number(name: str) -> Callable[[str], int]:
    def convert(word: str) -> int:
        try:
            return int(word)
        except ValueError:
            raise ValueError(f'{name} is a number, and "{word}" is not') from None

    return convert
