"""One thing that can be asked of the API. Rule: its decorator and its signature say all there is to say about it;
routes and the OpenAPI document are made from them.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from teahouse.protocols.web.api.values import Parameter, parameters_of

PREFIX = "/api/v1"
Function = Callable[..., Awaitable[Any]]
IN_BODY = frozenset({"POST", "PATCH", "PUT"})
_PLACE = re.compile(r"{(\w+)}")


@dataclass(frozen=True)
class Endpoint:
    """What answers a method at a path. `scope`: what the token must be for, "" where none is asked for. `brings`: the
    name of the schema of its answer; "" for an answer without a body."""

    function: Function
    method: str
    path: str
    scope: str
    status: int
    brings: str
    theme: str

    @property
    def name(self) -> str:
        """Its name in the document."""
        return self.function.__name__.rstrip("_")

    @property
    def summary(self) -> str:
        """The first sentence of what it does."""
        return self.description.replace("\n", " ").partition(". ")[0].removesuffix(".") + "."

    @property
    def description(self) -> str:
        """What it does."""
        lines = (self.function.__doc__ or "").strip().splitlines()
        return "\n".join(line.strip() for line in lines)

    @cached_property
    def _parameters(self) -> list[Parameter]:
        return parameters_of(self.function)

    @cached_property
    def places(self) -> list[Parameter]:
        """The values that stand in the path."""
        named = _PLACE.findall(self.path)
        return [each for each in self._parameters if each.name in named]

    @cached_property
    def values(self) -> list[Parameter]:
        """The others: in the body of a POST or PATCH, in the query of a GET or DELETE."""
        return [each for each in self._parameters if each not in self.places]

    @property
    def takes_body(self) -> bool:
        """Whether the values stand in the body."""
        return self.method in IN_BODY


Table = list[Endpoint]


def declare(table: Table, theme: str) -> Callable[..., Callable[[Function], Function]]:
    """The decorator of a theme; what it decorates joins the table."""

    def endpoint(
        method: str, path: str, *, scope: str = "read", status: int = 200, brings: str = ""
    ) -> Callable[[Function], Function]:
        def mark(function: Function) -> Function:
            table.append(Endpoint(function, method, path, scope, status, brings, theme))
            return function

        return mark

    return endpoint
