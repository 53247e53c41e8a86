"""Answers in batches (batch). Rule: a client that knows no batches is given the same messages without one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from teahouse.protocols.irc.message import Message

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession


def batched(
    session: IrcSession, kind: str, params: Iterable[str], messages: Iterable[Message]
) -> list[Message]:
    """The messages as a batch of that kind, for this client."""
    if not session.has("batch"):
        return list(messages)
    number = session.state["batches"] = session.state.get("batches", 0) + 1
    return list(enclosed(f"b{number}", kind, params, messages))


def enclosed(
    reference: str, kind: str, params: Iterable[str], messages: Iterable[Message], source: str = ""
) -> Iterator[Message]:
    """The messages as a batch; batches among them are nested in it."""
    yield Message("BATCH", (f"+{reference}", kind, *params), source)
    for message in messages:
        yield message if _belongs(message) else replace(message, tags={**message.tags, "batch": reference})
    yield Message("BATCH", (f"-{reference}",), source)


def _belongs(message: Message) -> bool:
    """Whether it is in a batch already, or closes one."""
    return "batch" in message.tags or (message.command == "BATCH" and message.params[0][:1] == "-")
