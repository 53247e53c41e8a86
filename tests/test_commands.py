"""Commands are declared by signature and docstring."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis.strategies import text

from teahouse.commands import Command, Rest, command, declared
from teahouse.errors import UsageError


def even(word: str) -> int:
    if int(word) % 2:
        raise ValueError("only even numbers")
    return int(word)


class Counter:
    @command
    def none(self, session: object) -> None:
        """Nothing to say."""

    @command(role="operator", aliases=("boot",))
    def kick(self, session: object, nick: str, reason: Rest = "") -> None:
        """Make someone leave.

        The reason is told to all.
        """

    @command
    def dice(self, session: object, sides: int = 6) -> None:
        """Roll."""

    @command(name="set")
    def set_(self, session: object, what: Literal["on", "off"], even_: Annotated[int, even] = 0) -> None:
        """Set it."""


def found(name: str) -> Command:
    result = declared(getattr(Counter, name))
    assert result is not None
    return result


@pytest.mark.parametrize(
    ("name", "typed", "values"),
    [
        ("none", "", []),
        ("none", "  ", []),
        ("kick", "amy", ["amy"]),
        ("kick", " amy  for  spam ", ["amy", "for  spam"]),
        ("dice", "", []),
        ("dice", "-3", [-3]),
        ("set_", "ON", ["on"]),
        ("set_", "off 4", ["off", 4]),
    ],
)
def test_arguments_are_typed(name: str, typed: str, values: list[object]) -> None:
    assert found(name).bind(typed) == values


@pytest.mark.parametrize(
    ("name", "typed", "why"),
    [
        ("none", "x", '"x" is too much. Usage: none'),
        ("kick", "", "Usage: kick <nick> [reason]"),
        ("dice", "six", 'sides is a number, and "six" is not. Usage: dice [sides]'),
        ("dice", "6 7", '"7" is too much. Usage: dice [sides]'),
        ("set_", "maybe", '"maybe" is none of on, off. Usage: set <on|off> [even]'),
        ("set_", "on 3", "only even numbers. Usage: set <on|off> [even]"),
    ],
)
def test_wrong_arguments_are_usage_errors(name: str, typed: str, why: str) -> None:
    with pytest.raises(UsageError) as error:
        found(name).bind(typed)
    assert error.value.text == why


@given(text())
def test_no_text_makes_bind_raise_anything_else(typed: str) -> None:
    for name in ("none", "kick", "dice", "set_"):
        try:
            found(name).bind(typed)
        except UsageError as problem:
            why = problem.text
        else:
            why = "Usage: "
        assert "Usage: " in why


def test_declaration_has_all_there_is_to_show() -> None:
    kick = found("kick")
    assert (kick.name, kick.role, kick.aliases) == ("kick", "operator", ("boot",))
    assert kick.summary == "Make someone leave."
    assert kick.help.endswith("told to all.")


def test_declaration_that_cannot_work_fails_at_once() -> None:
    with pytest.raises(TypeError, match="needs a docstring"):

        @command
        def silent(self: object, session: object) -> None: ...

    with pytest.raises(TypeError, match="no role 'king'"):
        command(role="king")(even)

    with pytest.raises(TypeError, match="use str, int"):

        @command
        def odd(self: object, session: object, value: float) -> None:
            """Take a fraction."""
