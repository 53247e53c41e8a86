"""What is said to one client and to no other protocol: numerics and the like. Rule: they go through the house as
events, so that no answer overtakes what happened before it.
"""

from __future__ import annotations

from dataclasses import dataclass

from teahouse.errors import ChatError
from teahouse.events import Event
from teahouse.protocols.irc.message import Message, Ready
from teahouse.protocols.irc.numerics import TEXT


@dataclass(frozen=True, slots=True)
class Answer(Event):
    """Messages as they are, the house being their source where they name none."""

    messages: tuple[Message | Ready, ...]

    def __str__(self) -> str:
        return "\n".join(map(str, self.messages))


@dataclass(frozen=True, slots=True)
class LabelBegun(Event):
    """From here on, what the session is told answers the command with this label (labeled-response)."""

    label: str

    def __str__(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class LabelEnded(Event):
    """That was all of the answer."""

    label: str

    def __str__(self) -> str:
        return ""


class Refusal(ChatError):
    """A command could not be done, and IRC has a numeric for it: its parameters but for the nick, and the text that
    belongs to it unless there is a better one."""

    def __init__(self, numeric: str, *params: str, text: str = "") -> None:
        super().__init__(text or TEXT.get(numeric, ""))
        self.numeric = numeric
        self.params = params


class Fail(ChatError):
    """A command could not be done, in the form of standard replies: `FAIL command code context… :text`."""

    def __init__(self, command: str, code: str, *context: str, text: str) -> None:
        super().__init__(text)
        self.command = command
        self.reason = code
        self.context = context
