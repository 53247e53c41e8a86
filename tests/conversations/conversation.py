r"""Runs a conversation: a script that anyone can read. Parse → steps → run.

    # why this script exists
    house: password = "sesame"      a setting, as in the configuration file; before anyone comes
    limits: flood_burst = 3
    room tea: topic = "hot"         a room that is always there; `class = "Odd"` is one of rooms.py
    account ann: moderator          ann has an account with this role; her password is: green tea
    now house: motd = "hot"         while people are in, the file says that; `now room tea: …` likewise (see /reload)
    amy: line                       amy connects, by this protocol ...
    bob: line, in                   ... and has logged in as bob already (what that shows is passed over)
    eve: line, from 10.0.0.1        ... from an address other than 127.0.0.1
    phone: line, in as ann          ... and has logged in under a nick other than its name here
    amy > login amy                 amy sends a line, and the house does all that there is to do
    amy >> hi                       the same, but the house looks only at the next `>`: one turn for both
    amy < You are amy.              the next line amy is shown is this one
    amy <... In this room: amy      lines are passed over until this one comes
    amy <...                        whatever was shown to amy so far is passed over
    amy !< boo                      amy was never shown this, in the middle of a line or as a whole
    wait 31                         so many seconds go by
    amy closes                      amy hangs up
    amy is gone / amy is here       the house has closed the connection / has not
    amy stops reading / reads again
    amy is held up / is heard       the house does not read from amy / does
    log: dropped amy                this stands in the log (a failure that the log does not claim fails the script)

By `web` a line goes to the room joined last, as it is typed, and of each event its plain line is shown.
On IRC `!ident@host` and the server's name as the source of a line are left out.
`\e`, `\xNN` and `\uNNNN` stand for characters that cannot be seen, `word ×900` for a word
so many times. At the end nothing may be left unread.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import web_peer  # noqa: F401  people by `web`
from conversations.rooms import KINDS
from house import PASSWORD, House, Peer, settings
from teahouse.settings import RoomSettings, Settings

_GRAMMAR = {
    "set": r"(?P<who>house|limits|irc): (?P<text>.+)",
    "rewrite": r"now (?P<who>house|limits|irc): (?P<text>.+)",
    "refurnish": r"now room (?P<who>\S+):(?P<text>.*)",
    "room": r"room (?P<who>\S+):(?P<text>.*)",
    "account": r"account (?P<who>\S+): (?P<text>member|moderator|admin)",
    "log": r"(?P<who>log): (?P<text>.+)",
    "wait": r"(?P<who>wait) (?P<text>[\d.]+)",
    "arrives": r"(?P<who>\S+): (?P<text>\w+(, in( as \S+)?)?(, from \S+)?)",
    "types": r"(?P<who>\S+) >> ?(?P<text>.*)",
    "says": r"(?P<who>\S+) > ?(?P<text>.*)",
    "skips": r"(?P<who>\S+) <\.\.\. ?(?P<text>.*)",
    "reads": r"(?P<who>\S+) < ?(?P<text>.*)",
    "never": r"(?P<who>\S+) !< (?P<text>.+)",
    "does": r"(?P<who>\S+) (?P<text>closes|is (gone|here|held up|heard)|stops reading|reads again)",
}
_STEPS = [(word, re.compile(pattern)) for word, pattern in _GRAMMAR.items()]
_ESCAPE = re.compile(r"\\(?:e|x([0-9a-f]{2})|u([0-9a-f]{4}))")
_REPEATED = re.compile(r"(\S+) ×(\d+)")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Step:
    """One line of a script: what is to be done or checked, by whom."""

    number: int
    word: str
    who: str
    text: str


def parse(script: str) -> list[Step]:
    """The steps of a script. Raises ValueError for a line that is none."""
    steps = []
    for number, line in enumerate(script.splitlines(), 1):
        if line and not line.startswith("#"):
            steps.append(_step(number, line))
    return steps


def _step(number: int, line: str) -> Step:
    for word, pattern in _STEPS:
        match = pattern.fullmatch(line)
        if match:
            return Step(
                number, word, match["who"], match["text"].strip() if word == "room" else match["text"]
            )
    raise ValueError(f"line {number} is nothing that the script language knows: {line}")


def run(path: Path, *, push: bool = False) -> None:
    """Run a script. Raises AssertionError with the line at which it went another way."""
    conversation = Conversation(push=push)
    for step in parse(path.read_text("utf-8")):
        try:
            getattr(conversation, step.word)(step)
        except AssertionError as error:
            raise AssertionError(f"{path.name}, line {step.number}: {error}") from None
    conversation.end()


class Conversation:
    """A script that is being run: one method for each kind of step."""

    def __init__(self, *, push: bool) -> None:
        self._push = push
        self._sections: dict[str, dict[str, Any]] = {"house": {}, "limits": {}, "irc": {}}
        self._rooms: dict[str, dict[str, Any]] = {}
        self._house: House | None = None
        self._people: dict[str, Peer] = {}
        self._accounts: set[str] = set()

    @property
    def house(self) -> House:
        """Opened when it is first needed: all settings stand before that."""
        if self._house is None:
            self._house = House(self._settings(), push=self._push)
            for name, values in self._rooms.items():
                if "class" in values:
                    self._house.add_room(KINDS[values["class"]], name, values.get("topic", ""))
        return self._house

    def _settings(self) -> Settings:
        plain = {n: RoomSettings(**v) for n, v in self._rooms.items() if "class" not in v}
        return settings(rooms=plain, **self._sections)

    def set(self, step: Step) -> None:
        assert self._house is None, "the house is open already"
        self._sections[step.who] |= tomllib.loads(step.text)

    def room(self, step: Step) -> None:
        assert self._house is None, "the house is open already"
        self._rooms[step.who] = tomllib.loads(step.text)

    def rewrite(self, step: Step) -> None:
        self._sections[step.who] |= tomllib.loads(step.text)
        self._house_reads(self._settings())

    def refurnish(self, step: Step) -> None:
        self._rooms[step.who] = tomllib.loads(step.text)
        self._house_reads(self._settings())

    def _house_reads(self, written: Settings) -> None:
        self.house.server.reconfiguring.read = lambda: replace(written, test_mode=True)

    def account(self, step: Step) -> None:
        self._accounts.add(step.who)
        self.house.add_account(step.who, step.text)

    def arrives(self, step: Step) -> None:
        protocol, *more = step.text.split(", ")
        address = next((word[5:] for word in more if word.startswith("from ")), "127.0.0.1")
        person = self._people[step.who] = self.house.connect(protocol, address)
        nick = next((word[6:] or step.who for word in more if re.match(r"in\b", word)), "")
        if nick:
            person.enter(nick, PASSWORD if nick in self._accounts else "")

    def types(self, step: Step) -> None:
        self._people[step.who].type(_unescape(step.text))

    def says(self, step: Step) -> None:
        self.types(step)
        self.house.pump()

    def reads(self, step: Step) -> None:
        shown = self._people[step.who].next()
        assert shown is not None, f"{step.who} was shown nothing more"
        assert _escape(shown) == _repeat(step.text), f"{step.who} was shown: {_escape(shown)}"

    def skips(self, step: Step) -> None:
        shown = [] if step.text else self._people[step.who].shown()
        while step.text:
            line = self._people[step.who].next()
            assert line is not None, f"{step.who} was shown only: {shown}"
            shown.append(_escape(line))
            if shown[-1] == _repeat(step.text):
                return

    def never(self, step: Step) -> None:
        text = _escape(self._people[step.who].text)
        assert step.text not in text, f"{step.who} was shown that"

    def wait(self, step: Step) -> None:
        self.house.wait(float(step.text))

    def log(self, step: Step) -> None:
        self.house.log.claim(step.text)

    def does(self, step: Step) -> None:
        _DEEDS[step.text](self._people[step.who])
        self.house.pump()

    def end(self) -> None:
        """Nothing went wrong unseen, and nothing more was shown to anyone."""
        if self.house.log.failures:
            raise self.house.log.failures[0]
        for who, person in self._people.items():
            rest = [_escape(line) for line in person.shown()]
            assert not rest, f"at the end {who} was shown also: {rest}"


def _closes(person: Peer) -> None:
    person.wire.end()


def _is_gone(person: Peer) -> None:
    assert person.gone, "the connection is still open"


def _is_here(person: Peer) -> None:
    assert not person.gone, "the connection is closed"


def _is_held_up(person: Peer) -> None:
    assert person.link.transport not in person.house.hands.readers, "the house still reads"


def _is_heard(person: Peer) -> None:
    assert person.link.transport in person.house.hands.readers, "the house does not read"


def _stops_reading(person: Peer) -> None:
    person.wire.space = 0


def _reads_again(person: Peer) -> None:
    person.wire.space = None


_DEEDS: dict[str, Callable[[Peer], None]] = {
    "closes": _closes,
    "is gone": _is_gone,
    "is here": _is_here,
    "is held up": _is_held_up,
    "is heard": _is_heard,
    "stops reading": _stops_reading,
    "reads again": _reads_again,
}


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda m: chr(int(m[1] or m[2] or "1b", 16)), _repeat(text))


def _repeat(text: str) -> str:
    return _REPEATED.sub(lambda m: m[1] * int(m[2]), text)


def _escape(text: str) -> str:
    return _UNSEEN.sub(_as_escape, text).rstrip()


def _as_escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return "\\e" if code == 0x1B else f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
