"""RFC 1143's Q method: the state of every option on both sides, and nothing about what an option means.

An answer is only ever sent when it changes something, so two machines of this kind cannot loop. A peer that
keeps on changing its mind, or keeps on asking for what was refused, soon gets no answer at all.

One thing differs from RFC 1143: to turn on what was just turned off does not wait for the acknowledgement.
TinTin++ never acknowledges a WONT, and its second password would be typed in the open.
"""

from __future__ import annotations

from enum import Enum, IntEnum
from typing import NamedTuple

from teahouse.protocols.telnet.wire import DO, DONT, WILL, WONT, negotiation

ANSWERS = 64  # what one connection may make us answer; honest clients need about ten


class Side(IntEnum):
    """Who would perform the option. The values keep both sides' options apart in one table."""

    OURS = 0  # we say WILL or WONT, the peer DO or DONT
    THEIRS = 256  # we say DO or DONT, the peer WILL or WONT


class State(Enum):
    """RFC 1143 section 7, see above."""

    NO = "no"
    YES = "yes"
    WANT_NO = "want no"
    WANT_YES = "want yes"
    WANT_YES_OPPOSITE = "want yes; once it is answered, no"
    WANT_YES_AGAIN = "want yes, while the acknowledgement of a no may still come"
    WANT_YES_AGAIN_OPPOSITE = "the same; once the yes is answered, no"


class Change(Enum):
    """What the peer's command settled."""

    ON = "on"
    OFF = "off"
    DECLINED = "declined"  # it was asked for and never on


class Heard(NamedTuple):
    """The outcome of one command of the peer: what to send, and what is settled now."""

    reply: bytes = b""
    change: Change | None = None


# (state, peer says yes) -> (next state, what to send: yes, no or nothing). (NO, True) depends on our will.
_HEARD: dict[tuple[State, bool], tuple[State, bool | None]] = {
    (State.NO, False): (State.NO, None),
    (State.YES, True): (State.YES, None),
    (State.YES, False): (State.NO, False),
    (State.WANT_NO, True): (State.NO, None),  # the peer's error: DONT answered by WILL
    (State.WANT_NO, False): (State.NO, None),
    (State.WANT_YES, True): (State.YES, None),
    (State.WANT_YES, False): (State.NO, None),
    (State.WANT_YES_OPPOSITE, True): (State.WANT_NO, False),
    (State.WANT_YES_OPPOSITE, False): (State.NO, None),
    (State.WANT_YES_AGAIN, True): (State.YES, None),
    (State.WANT_YES_AGAIN, False): (State.WANT_YES, None),
    (State.WANT_YES_AGAIN_OPPOSITE, True): (State.WANT_NO, False),
    (State.WANT_YES_AGAIN_OPPOSITE, False): (State.WANT_YES_OPPOSITE, None),
}
# (state, we want it on) -> the same. What is not here is so already.
_ASKED: dict[tuple[State, bool], tuple[State, bool | None]] = {
    (State.NO, True): (State.WANT_YES, True),
    (State.YES, False): (State.WANT_NO, False),
    (State.WANT_NO, True): (State.WANT_YES_AGAIN, True),
    (State.WANT_YES, False): (State.WANT_YES_OPPOSITE, None),
    (State.WANT_YES_OPPOSITE, True): (State.WANT_YES, None),
    (State.WANT_YES_AGAIN, False): (State.WANT_YES_AGAIN_OPPOSITE, None),
    (State.WANT_YES_AGAIN_OPPOSITE, True): (State.WANT_YES_AGAIN, None),
}


class Options:
    """The option states of one connection."""

    __slots__ = ("_answers_left", "_refused", "_states")

    def __init__(self) -> None:
        self._states: dict[int, State] = {}  # by side + option; only options that we asked for or agreed to
        self._refused: set[int] = set()
        self._answers_left = ANSWERS

    def is_on(self, side: Side, option: int) -> bool:
        return self._states.get(side + option) is State.YES

    def was_refused(self, side: Side, option: int) -> bool:
        """The peer asked for it and was told no."""
        return side + option in self._refused

    def ask(self, side: Side, option: int, *, on: bool) -> bytes:
        """Want an option on or off; return what must be sent for it now, which may be nothing."""
        state = self._states.get(side + option, State.NO)
        state, say = _ASKED.get((state, on), (state, None))
        self._states[side + option] = state
        return _said(side, option, yes=say)

    def withdraw(self, side: Side, option: int) -> bytes:
        """Take back what was asked, without waiting for an answer to it first."""
        if self._states.pop(side + option, State.NO) is State.NO:
            return b""
        return _said(side, option, yes=False)

    def hear(self, verb: int, option: int, *, agree: bool) -> Heard:
        """The peer said WILL, WONT, DO or DONT; `agree` is our will if it asks for something new."""
        side = Side.THEIRS if verb in (WILL, WONT) else Side.OURS
        yes = verb in (WILL, DO)
        old = self._states.get(side + option, State.NO)
        if old is State.NO and yes:
            return self._agree(side, option) if agree else self._refuse(side, option)
        if old is State.YES and not yes and not self._may_answer():
            return Heard()
        new, say = _HEARD[old, yes]
        if new is not old:
            self._states[side + option] = new
        return Heard(_said(side, option, yes=say), _change(old, new))

    def _agree(self, side: Side, option: int) -> Heard:
        if not self._may_answer():
            return Heard()
        self._states[side + option] = State.YES
        return Heard(_said(side, option, yes=True), Change.ON)

    def _refuse(self, side: Side, option: int) -> Heard:
        if self.was_refused(side, option) or not self._may_answer():
            return Heard()
        self._refused.add(side + option)
        return Heard(_said(side, option, yes=False))

    def _may_answer(self) -> bool:
        """Count an answer to something that the peer began. Answers to our own asking are free: we bound those."""
        self._answers_left -= 1
        return self._answers_left >= 0


def _change(old: State, new: State) -> Change | None:
    if new is old:
        return None
    if new is State.YES:
        return Change.ON
    if new is State.NO:
        return Change.DECLINED if old in (State.WANT_YES, State.WANT_YES_OPPOSITE) else Change.OFF
    return None


def _said(side: Side, option: int, *, yes: bool | None) -> bytes:
    if yes is None:
        return b""
    if side is Side.OURS:
        return negotiation(WILL if yes else WONT, option)
    return negotiation(DO if yes else DONT, option)
