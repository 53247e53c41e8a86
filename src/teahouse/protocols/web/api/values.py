"""What a call takes, read off the signature of its function. Rule: one declaration: values are checked against it,
and the OpenAPI document is made from it.

    async def say(call: Call, room: RoomName, text: Text, reply_to: LineId = 0) -> Answer:
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from teahouse.errors import UsageError

KINDS: dict[type, tuple[str, str]] = {
    str: ("string", "a text"),
    int: ("integer", "a whole number"),
    bool: ("boolean", "true or false"),
}
_NUMBER = re.compile(r"\d{1,16}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Value:
    """A kind of value: what it is for, and its bounds (of a number, or of a text's length)."""

    help: str
    least: int | None = None
    most: int | None = None
    choices: tuple[str, ...] = ()
    example: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value that a call takes, by the name that clients use."""

    name: str
    argument: str
    kind: type
    value: Value
    required: bool
    default: Any = None

    @property
    def schema(self) -> dict[str, Any]:
        """As JSON Schema has it."""
        bounds = ("minimum", "maximum") if self.kind is int else ("minLength", "maxLength")
        found: dict[str, Any] = {"type": KINDS[self.kind][0]}
        found |= {
            name: most
            for name, most in zip(bounds, (self.value.least, self.value.most), strict=True)
            if most is not None
        }
        found |= {"examples": [self.value.example]} if self.value.example else {}
        return found | ({"enum": list(self.value.choices)} if self.value.choices else {})

    def check(self, value: Any) -> Any:
        """The value as the function gets it. Raises UsageError."""
        if type(value) is not self.kind:
            raise UsageError(f'"{self.name}" is {KINDS[self.kind][1]}.')
        size: Any = len(str(value)) if self.kind is str else value
        least, most = self.value.least, self.value.most
        if (least is not None and size < least) or (most is not None and size > most):
            raise UsageError(f'"{self.name}" {_bounds(self.kind, least, most)}.')
        if self.value.choices and value not in self.value.choices:
            raise UsageError(f'"{self.name}" is one of: {", ".join(filter(None, self.value.choices))}.')
        return value

    def read(self, text: str) -> Any:
        """The value that stands in a URL. Raises UsageError."""
        if self.kind is str:
            return self.check(text)
        if not _NUMBER.fullmatch(text):
            raise UsageError(f'"{self.name}" is {KINDS[self.kind][1]}.')
        return self.check(int(text))


def _bounds(kind: type, least: int | None, most: int | None) -> str:
    if kind is int:
        return f"is from {least} to {most}"
    return f"has {f'from {least} to' if least else 'at most'} {most} characters"


def parameters_of(function: Callable[..., Any]) -> list[Parameter]:
    """What a function takes, but for its first parameter, which is the call."""
    hints = get_type_hints(function, include_extras=True)
    declared = list(inspect.signature(function).parameters.values())[1:]
    return [_parameter(each, hints[each.name]) for each in declared]


def _parameter(declared: inspect.Parameter, hint: Any) -> Parameter:
    assert get_origin(hint) is Annotated, f"{declared.name} says nothing of its values"
    kind, value = get_args(hint)
    required = declared.default is inspect.Parameter.empty
    default = None if required else declared.default
    return Parameter(declared.name.rstrip("_"), declared.name, kind, value, required, default)


def bound(parameters: list[Parameter], given: Mapping[str, Any], *, texts: bool) -> dict[str, Any]:
    """The arguments for the function. `texts`: they stand in a URL. Raises UsageError."""
    known = {each.name for each in parameters}
    unknown = sorted(given.keys() - known)
    if unknown:
        takes = ", ".join(sorted(known)) or "nothing"
        raise UsageError(f'There is no "{unknown[0][:40]}" here: it takes {takes}.')
    return {each.argument: _taken(each, given, texts=texts) for each in parameters}


def _taken(parameter: Parameter, given: Mapping[str, Any], *, texts: bool) -> Any:
    if parameter.name not in given:
        if parameter.required:
            raise UsageError(f'"{parameter.name}" is missing: {KINDS[parameter.kind][1]}.')
        return parameter.default
    value = given[parameter.name]
    return parameter.read(value) if texts else parameter.check(value)


LINE_ID = (1 << 53) - 1
RoomName = Annotated[str, Value("The room's name, without #.", 1, 100, example="lobby")]
Nick = Annotated[str, Value("A nick.", 1, 100)]
LineId = Annotated[int, Value("The id of a line.", 1, LINE_ID)]
Text = Annotated[str, Value("What is said.", 1, 16_384)]
Manner = Annotated[str, Value("How it is said.", choices=("", "emote", "notice"))]
From = Annotated[str, Value("For whom it is relayed: shown as `from/account`, and as a program's.", 1, 200)]
Before = Annotated[int, Value("Only what was before the event with this id.", 1, LINE_ID)]
After = Annotated[int, Value("Only what was after the event with this id.", 1, LINE_ID)]
Count = Annotated[int, Value("How many at most.", 1, 200)]
