"""How much a question may bring. Rule: answers of many rows are paid for from one purse of bytes, that when it is
full has half of `output_bytes`. An answer gets at most half of that, and `answer_rows` rows, and ends early with 416
where there is more; when the purse is empty there is 263 and nothing else. So whoever asks without end cannot fill
what waits for them, nor keep the house busy.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from teahouse.protocols.irc import numerics as n
from teahouse.protocols.irc.answers import Refusal
from teahouse.protocols.irc.message import Message, Ready, encode

if TYPE_CHECKING:
    from teahouse.protocols.irc.session import IrcSession

STATE = "purse"
SECONDS_TO_FILL = 4.0
LOOK = 16
"""What it costs to look whether a mask fits someone, in bytes: else what finds nobody would cost nothing."""


class Purse:
    """The bytes that one connection may still be answered; fills with time."""

    __slots__ = ("_at", "_full", "_left")

    def __init__(self, full: int, now: float) -> None:
        self._full = self._left = float(full)
        self._at = now

    def left(self, now: float) -> int:
        """As many as there are now; less than nothing after an answer that could not be cut."""
        self._left = min(self._full, self._left + (now - self._at) * self._full / SECONDS_TO_FILL)
        self._at = now
        return int(self._left)

    def take(self, size: int) -> None:
        """So many are used."""
        self._left -= size


def send_rows(
    session: IrcSession, command: str, rows: Iterable[Message], end: Message, begin: Sequence[Message] = ()
) -> None:
    """Answer with as many of the rows as may be, then with the end. Raises Refusal."""
    purse, left = _purse(session, command)
    most = min(left, session.server.limits.output_bytes // 4)
    shown: list[Message] = []
    size = 0
    for row in rows:
        size += _size(session, row)
        if size > most or len(shown) == session.server.limits.answer_rows:
            shown.append(session.made(n.ERR_TOOMANYMATCHES, command))
            break
        shown.append(row)
    purse.take(min(size, most))
    session.send(*begin, *shown, end)


def send_whole(session: IrcSession, command: str, messages: Sequence[Message | Ready]) -> None:
    """Answer with what means nothing when it is cut: all of it, or Refusal where nothing is left."""
    purse, _ = _purse(session, command)
    purse.take(sum(_size(session, each) for each in messages))
    session.send(*messages)


def pay_for_looking(session: IrcSession, command: str, people: int) -> None:
    """So many are about to be compared with a mask. Raises Refusal."""
    purse, _ = _purse(session, command)
    purse.take(people * LOOK)


def _purse(session: IrcSession, command: str) -> tuple[Purse, int]:
    """The connection's purse, and what is in it. Raises Refusal if that is nothing."""
    now = session.server.runtime.now()
    purse: Purse | None = session.state.get(STATE)
    if purse is None:
        purse = session.state[STATE] = Purse(session.server.limits.output_bytes // 2, now)
    left = purse.left(now)
    if left <= 0:
        raise Refusal(n.RPL_TRYAGAIN, command)
    return purse, left


def _size(session: IrcSession, message: Message | Ready) -> int:
    if isinstance(message, Ready):
        return len(message.data)
    return len(encode(message)) + len(session.server_name) + 2
