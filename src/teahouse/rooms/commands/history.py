"""What was said: shown again, searched, corrected, taken back. Rule: everyone may change their own lines and nobody
else's; how a change is made stands in `past.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from teahouse.commands import Rest, command
from teahouse.errors import NotFound, UsageError
from teahouse.events import Event, Replayed
from teahouse.rooms.past import answer
from teahouse.rooms.questions import Page, back_and_text, page, wanted
from teahouse.rooms.searching import FOUND, found_by
from teahouse.text import clean

if TYPE_CHECKING:
    from teahouse.rooms.chat import ChatRoom
    from teahouse.session import Session
    from teahouse.user import User

HEAD = "What was said"


@command
async def history(room: ChatRoom, session: Session, lines: Rest = "") -> None:
    """Show what was said here: /history [lines] [before <when>]
    When is a time (14:00), a day (2026-11-20), both (2026-11-20 14:00), how long ago (2h, 3d), or how many lines
    back (40). Times are UTC. Without a number it is 20 lines; 200 at most."""
    asked = page(lines, room.now())
    if not room.keeps_history:
        raise NotFound(room.what_is_kept())
    found = await _page(room, asked)
    fitting = _fitting(room, found)
    events = session.user.wants_of(fitting)
    if not events:
        session.tell("Nothing is kept from before that.")
        return
    session.tell(Replayed(events, title=f"Said in {room.name}:", room=room.key))
    if asked.before is None and (len(found) == asked.lines or len(fitting) < len(found)):
        session.tell(f"What was said before: /history {asked.lines} before {asked.skip + len(fitting)}")


async def _page(room: ChatRoom, asked: Page) -> list[Event]:
    before = None if asked.before is None else room.server.fanout.id_at(asked.before)
    count = asked.lines + asked.skip
    found = await answer(room.server.store.history(room.key, count, before=before))
    return found[: max(0, len(found) - asked.skip)][-asked.lines :]


@command
async def search(room: ChatRoom, session: Session, words: Rest) -> None:
    """Find what was said: /search words [from:nick] [in:room] [since:2d] [before:2026-11-20]
    Lines with all the words, also inside longer ones; "two words" in quotation marks for a phrase. It looks in
    the rooms you are in and in those that anyone may read, and shows the newest 20."""
    found = await answer(found_by(session, wanted(words, room.now())))
    events = session.user.wants_of(_fitting(room, found[::-1]))
    if not events:
        session.tell("Nothing was found.")
        return
    more = "The newest lines found:" if len(found) == FOUND else f"Found: {len(events)}"
    session.tell(Replayed(events, title=more))


def _fitting(room: ChatRoom, events: Sequence[Event]) -> Sequence[Event]:
    """The last of these that fit through the door at once: long lines must not drop the one who asks."""
    space = room.server.limits.output_bytes // 4
    for count, event in enumerate(reversed(events)):
        space -= len(str(event).encode("utf-8", "replace"))
        if space < 0 and count:
            return events[len(events) - count :]
    return events


@command
async def edit(room: ChatRoom, session: Session, text: Rest) -> None:
    """Correct your last line here, or one before: /edit -2 the right words
    Everyone is shown the correction, and history has it in the line's place."""
    back, words = back_and_text(text)
    if not clean(words).strip():
        raise UsageError("That would be nothing to see. /delete takes a line back.")
    await room.correct(session.user, _own_line(room, session.user, back), words)


@command
async def delete(room: ChatRoom, session: Session, lines_back: int = 1) -> None:
    """Take back your last line here, or the one so many lines back: it is gone from history."""
    user = session.user
    id_ = _own_line(room, user, abs(lines_back))
    await room.take_back(user, id_)


def _own_line(room: ChatRoom, user: User, back: int) -> int:
    """The id of the user's line that is so many back, 1 being the last."""
    if not room.keeps_history:
        raise NotFound(f"{room.what_is_kept()} There is nothing to change.")
    own = [id_ for key, id_ in user.said or () if key == room.key]
    if not own:
        raise NotFound("You have said nothing here lately that could be changed.")
    if back < 1:
        raise UsageError("1 is your last line, 2 the one before.")
    if back > len(own):
        raise NotFound(f"Of what you said here, the last {len(own)} can be changed.")
    return own[-back]
