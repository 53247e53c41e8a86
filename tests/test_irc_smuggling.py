"""Whatever text stands in whatever field, each other client receives what happened and nothing else: one line for a
message, no command of someone's making, and no control character on a terminal. Read by a parser of our own making
here, that knows nothing of the house's.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, assume, example, given
from hypothesis import settings as tries
from hypothesis import strategies as st

from house import House, Peer, settings
from irc_client import member
from teahouse.events import Emoted, Kicked, Left, Notice, Said, TopicChanged, Whispered

TAGS = (
    "message-tags",
    "server-time",
    "account-tag",
    "echo-message",
    "batch",
    "setname",
    "away-notify",
    "extended-join",
)
MORE = (
    "labeled-response",
    "draft/metadata-2",
    "draft/multiline",
    "draft/message-redaction",
    "draft/message-edit",
)
LINE = re.compile(
    rb"(?:@([^ \0\r\n]+) )?(?::([^ \0\r\n]+) )?([A-Z]+|\d{3})((?: [^: \0\r\n][^ \0\r\n]*)*)(?: :([^\0\r\n]*))?"
)
COMMANDS = {
    *(
        b"PRIVMSG",
        b"NOTICE",
        b"JOIN",
        b"PART",
        b"QUIT",
        b"NICK",
        b"TOPIC",
        b"KICK",
        b"AWAY",
        b"SETNAME",
        b"MODE",
        b"TAGMSG",
    ),
    *(b"BATCH", b"METADATA", b"INVITE", b"PING", b"ACCOUNT", b"CHGHOST", b"FAIL", b"CAP", b"PONG", b"EDIT"),
    *(b"REDACT", b"MARKREAD", b"NOTE", b"WARN", b"ACK"),
}
EVIL = "\r\nKILL bob\r\n"
nasty = st.text(max_size=60) | st.text("\r\n\0\x1b\x9b\x07\x85\u2028\u202e :!@#,;=\\a[]0m\xff", max_size=40)
CASES = [
    EVIL,
    "a\rQUIT :x",
    "a\nb",
    "\0",
    "\x1b]0;owned\x07",
    "\x9b2J",
    "\x85x",
    "\u2028x",
    "a\x0bb\x0cc\x1cd",
    "\udc80",
]
FIELDS = {
    "says": "PRIVMSG #tea :{}",
    "notice": "NOTICE #tea :{}",
    "acts": "PRIVMSG #tea :\x01ACTION {}\x01",
    "ctcp": "PRIVMSG bob :\x01{}\x01",
    "whispers": "PRIVMSG bob :{}",
    "topic": "TOPIC #tea :{}",
    "away": "AWAY :{}",
    "realname": "SETNAME :{}",
    "nick": "NICK :{}",
    "part": "PART #tea :{}",
    "kick": "KICK #tea kim :{}",
    "quit": "QUIT :{}",
    "room": "JOIN :#{}",
    "invite": "INVITE bob :#{}",
    "key": "MODE #tea +k :{}",
    "ban": "MODE #tea +b :{}",
    "tag": "@+x={};+y PRIVMSG #tea :hi",
    "tag key": "@+{} TAGMSG #tea",
    "metadata": "METADATA * SET avatar :{}",
    "room metadata": "METADATA #tea SET avatar :{}",
    "verb": "{} #tea :hi",
}
FROM_TELNET = (
    "{}",
    "/me {}",
    "/msg bob {}",
    "/topic {}",
    "/away {}",
    "/nick {}",
    "/leave {}",
    "/join {}",
    "/quit {}",
)


def gathered() -> tuple[House, Peer, list[Peer], Peer]:
    """Amy, who will say things; those who read; and one on telnet among them."""
    house = House(settings(limits={"flood_lines": 0.0}))
    amy = member(house, "amy", *TAGS, *MORE, room="tea")
    others = [member(house, "bob", room="tea"), member(house, "kim", *TAGS, *MORE, room="tea")]
    others[1].say("METADATA * SUB avatar")
    tam = house.enter("tam", "telnet")
    tam.say("/join tea")
    for each in (amy, *others, tam):
        each.wire.sent.clear()
        each._read = 0
    return house, amy, others, tam


def check_irc(data: bytes) -> None:
    """Only lines that IRC has, that fit, and none with a command that nobody has caused."""
    assert not data or data.endswith(b"\r\n")
    for line in data.split(b"\r\n")[:-1]:
        found = LINE.fullmatch(line)
        assert found, line
        tags, _, command, *_ = found.groups()
        line.decode()
        assert command in COMMANDS or command.isdigit(), line
        assert len(line) - len(tags or b"") <= 512 + 2, line


def check_terminal(data: bytes) -> None:
    """What a terminal is shown has no control characters but those of telnet and of line ends."""
    text = re.sub(rb"\xff(?:[\xfb-\xfe].|\xfa.*?\xff\xf0|[\xef-\xf9])", b"", data, flags=re.DOTALL)
    shown = text.decode().replace("\r\n", "")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", shown), repr(
        shown
    )


@pytest.mark.parametrize("field", FIELDS)
@given(text=nasty)
@tries(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(text=EVIL)
def test_what_irc_says_is_what_others_read(field: str, text: str) -> None:
    house, amy, others, tam = gathered()
    amy.wire.put(FIELDS[field].format(text.replace("\n", "")).encode("utf-8", "replace") + b"\r\n")
    house.pump()
    for each in others:
        check_irc(bytes(each.wire.sent))
        assert bytes(each.wire.sent).count(b"\n") <= (4 if field in {"room", "nick", "quit"} else 3)
    check_terminal(bytes(tam.wire.sent))
    assert not house.log.failures
    assert not others[0].gone


@pytest.mark.parametrize("line", FROM_TELNET)
@given(text=nasty)
@tries(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(text="\x1b[2J\r\x00QUIT")
def test_what_a_terminal_says_is_what_irc_reads(line: str, text: str) -> None:
    assume("\n" not in text)
    house, _, others, tam = gathered()
    tam.wire.put(line.format(text).encode("utf-8", "replace") + b"\r\n")
    house.pump()
    for each in others:
        check_irc(bytes(each.wire.sent))
    check_terminal(bytes(tam.wire.sent))
    assert not house.log.failures


@pytest.mark.parametrize("text", CASES)
@pytest.mark.parametrize("field", FIELDS)
def test_known_tricks(field: str, text: str) -> None:
    house, amy, others, tam = gathered()
    amy.wire.put(FIELDS[field].format(text).encode("utf-8", "surrogatepass") + b"\r\n")
    house.pump()
    for each in others:
        check_irc(bytes(each.wire.sent))
        assert not each.gone
    check_terminal(bytes(tam.wire.sent))
    assert not house.log.failures


@given(text=nasty)
@tries(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_events_of_extensions_with_any_text_are_lines(text: str) -> None:
    """What never came through a codec: from the web, from a program, from the store."""
    house, amy, others, tam = gathered()
    room = house.server.rooms["tea"]
    user = amy.session.user
    for event in (
        Said("amy", text),
        Emoted("amy", text),
        TopicChanged("amy", text),
        Kicked("amy", "kim", text),
    ):
        house.server.fanout.publish(event, (room,), user)
    house.server.fanout.publish(Left("amy", text, False), (room,), user)
    house.server.fanout.whisper(Whispered("amy", "bob", text), {others[0].session.user}, ())
    for each in (*others, tam):
        each.session.tell(Notice(text))
    house.pump()
    for each in others:
        check_irc(bytes(each.wire.sent))
    check_terminal(bytes(tam.wire.sent))
    assert not house.log.failures
