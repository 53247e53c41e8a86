"""Events as text for a terminal. Rule: pure functions of the event and the view; nothing that people typed reaches
the wire but through `clean` (or `_lines`, which cleans), and every escape sequence there is made here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import singledispatch

from teahouse.events import (
    AccountChanged,
    Answered,
    AwayChanged,
    Deleted,
    Edited,
    Emoted,
    Entered,
    Event,
    Failed,
    HostChanged,
    Invited,
    Kicked,
    Left,
    LoggedIn,
    Notice,
    Prompt,
    Quit,
    Renamed,
    Replayed,
    Reported,
    RoleChanged,
    RoomRenamed,
    Roster,
    RuleLifted,
    RuleMade,
    Said,
    Signalled,
    Table,
    TermsChanged,
    TopicChanged,
    Typing,
    Whispered,
)
from teahouse.protocols.terminal.fitting import fitted
from teahouse.protocols.terminal.table import table_lines
from teahouse.protocols.terminal.theme import paint, paint_nick
from teahouse.protocols.terminal.view import TerminalView
from teahouse.text import clean, to_ascii
from teahouse.view import View

BELL = "\a"
MORE = "  | "
"""Before the further lines of a text."""
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")


def render(event: Event, view: View) -> bytes:
    """An event in the bytes that this terminal shows; b"" where there is nothing to show."""
    assert isinstance(view, TerminalView)
    lines = list(shown(event, view))
    if not lines:
        return b""
    end = "" if isinstance(event, Prompt) else "\r\n"
    return encode("\r\n".join(lines) + end, view)


def encode(text: str, view: TerminalView) -> bytes:
    """Text as bytes in the terminal's character set."""
    if view.ascii and not text.isascii():
        text = _BEYOND_ASCII.sub(lambda run: to_ascii(run[0]), text)
    return text.encode("utf-8", "replace")


def shown(event: Event, view: TerminalView) -> Iterable[str]:
    """The lines of an event, dressed for the view: time, room, bell, width."""
    lines = _dressed(event, view)
    if not view.width:
        return lines
    indent = "" if isinstance(event, (Notice, Failed)) else "  "
    return (part for line in lines for part in fitted(line, view.width, indent))


def _dressed(event: Event, view: TerminalView) -> Iterable[str]:
    if isinstance(event, Replayed):
        return _replayed(event, view)
    before, lines = _before(event, view), lines_of(event, view)
    return (before + line for line in lines) if before else lines


def _before(event: Event, view: TerminalView) -> str:
    if not (view.times or view.elsewhere or view.mention):
        return ""
    time = f"{event.at:%H:%M} " if view.times and event.id else ""
    room = f"[{clean(event.room)}] " if view.elsewhere and event.room else ""
    bell = BELL if view.mention else ""
    return bell + paint(time + room, "dim", view)


def _replayed(event: Replayed, view: TerminalView) -> Iterator[str]:
    yield paint(clean(event.title or "Said here before:"), "dim", view)
    day = None if event.title else event.at.date()  # newcomers are told the day where it is another one
    for each in event.events:
        if each.at.date() != day:
            day = each.at.date()
            yield paint(f"{day:%A}, {day.day} {day:%B %Y}", "dim", view)
        # that the viewer asked for it does not make it the viewer's own
        others = replace(view, own=False, elsewhere=view.elsewhere or each.room != event.room)
        for line in _dressed(each, others):
            yield line if view.times else f"{paint(f'{each.at:%H:%M}', 'dim', view)} {line}"
    yield paint("And now:", "dim", view)


@singledispatch
def lines_of(event: Event, view: TerminalView) -> Iterator[str]:
    """The bare lines of an event; one of a kind unknown here shows its plain line."""
    for line in str(event).split("\n"):
        yield clean(line)


@lines_of.register
def _said(event: Said, view: TerminalView) -> Iterator[str]:
    return _spoken(f"{paint_nick(clean(event.who), view)}: ", event.text, view)


@lines_of.register
def _emoted(event: Emoted, view: TerminalView) -> Iterator[str]:
    yield f"* {paint_nick(clean(event.who), view)} {_text(event.text, view)}"


@lines_of.register
def _edited(event: Edited, view: TerminalView) -> Iterator[str]:
    yield from _spoken(f"{paint_nick(clean(event.who), view)} corrected: ", event.text, view)


@lines_of.register
def _deleted(event: Deleted, view: TerminalView) -> Iterator[str]:
    yield paint(clean(str(event)), "dim", view)


@lines_of.register
def _whispered(event: Whispered, view: TerminalView) -> Iterator[str]:
    if view.own:
        before = f"You tell {paint_nick(clean(event.to), view)}: "
    else:
        before = f"{paint_nick(clean(event.who), view)} tells you: "
    yield from _spoken(before, event.text, view)


@lines_of.register(Entered)
@lines_of.register(Left)
@lines_of.register(Quit)
def _came_or_went(event: Entered | Left | Quit, view: TerminalView) -> Iterator[str]:
    if view.joins and not event.quiet and not view.own:
        yield paint(clean(str(event)), "dim", view)


@lines_of.register(AwayChanged)
def _away(event: AwayChanged, view: TerminalView) -> Iterator[str]:
    if event.quiet:
        return
    if view.own:
        yield f"You are away: {clean(event.text)}. /back ends it." if event.text else "You are back."
    elif view.joins:
        yield paint(clean(str(event)), "dim", view)


@lines_of.register(AccountChanged)
@lines_of.register(HostChanged)
@lines_of.register(Typing)
@lines_of.register(Signalled)
def _unmentioned(event: Event, view: TerminalView) -> Iterator[str]:
    """Programs keep track of that; people ask /whois."""
    yield from ()


@lines_of.register
def _renamed(event: Renamed, view: TerminalView) -> Iterator[str]:
    line = f"You are now known as {event.nick}." if view.own else str(event)
    yield paint(clean(line), "dim", view)


@lines_of.register(TopicChanged)
@lines_of.register(Roster)
@lines_of.register(LoggedIn)
def _about_room(event: TopicChanged | Roster | LoggedIn, view: TerminalView) -> Iterator[str]:
    yield paint(clean(str(event)), "dim", view)


@lines_of.register(Kicked)
@lines_of.register(RoleChanged)
@lines_of.register(RoomRenamed)
@lines_of.register(TermsChanged)
@lines_of.register(RuleMade)
@lines_of.register(RuleLifted)
@lines_of.register(Invited)
@lines_of.register(Reported)
def _order(event: Event, view: TerminalView) -> Iterator[str]:
    yield paint(clean(str(event)), "dim", view)


@lines_of.register
def _notice(event: Notice, view: TerminalView) -> Iterator[str]:
    for line in event.text.split("\n"):
        yield clean(line)


@lines_of.register
def _failed(event: Failed, view: TerminalView) -> Iterator[str]:
    mark = "Error: " if view.reader else ""
    for line in event.text.split("\n"):
        yield paint(mark + clean(line), "error", view)


@lines_of.register
def _prompt(event: Prompt, view: TerminalView) -> Iterator[str]:
    yield clean(event.text)


@lines_of.register
def _answered(event: Answered, view: TerminalView) -> Iterator[str]:
    yield from ()


@lines_of.register
def _table(event: Table, view: TerminalView) -> Iterator[str]:
    return table_lines(event, view)


def _spoken(before: str, text: str, view: TerminalView) -> Iterator[str]:
    """What someone said, line by line. No further line begins where one of somebody else's could: each stands behind
    a bar, or is read out under the name again."""
    first, *more = text.split("\n")
    yield before + _text(first, view)
    for line in more:
        yield (before if view.reader else MORE) + _text(line, view)


def _text(text: str, view: TerminalView) -> str:
    return paint(clean(text), "mention", view) if view.mention else clean(text)
