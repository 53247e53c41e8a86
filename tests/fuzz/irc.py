"""The IRC codec, fed with junk. Rule: no bytes raise, nothing grows, and what is read can be written as one line."""

from __future__ import annotations

from random import Random

from fuzz import junk
from teahouse.protocols.irc.codec import Decoder, Endless, Incoming, LineLimits, Refused
from teahouse.protocols.irc.fitting import split_text
from teahouse.protocols.irc.message import Message, encode, parse

COMMANDS = [
    "PRIVMSG #tea :",
    "@label=1;+typing=active JOIN",
    ":amy!a@b MODE #tea",
    "CAP LS 302",
    "AUTHENTICATE",
]
KEPT = 4_096 + 511


def run(random: Random) -> None:
    """One connection's worth."""
    data = b"".join(
        random.choice((junk.chunk, _line))(random, COMMANDS) for _ in range(random.randint(1, 30))
    )
    limits = LineLimits(endless=random.choice((5_000, 64 * 1_024)), utf8only=random.random() < 0.5)
    expected = feed(Decoder(limits), [data])
    assert feed(Decoder(limits), junk.cut(random, data)) == expected, "cut otherwise, it reads otherwise"
    if len(data) < 3_000:
        assert feed(Decoder(limits), [data[i : i + 1] for i in range(len(data))]) == expected
    for message in expected:
        if isinstance(message, Message):
            check_message(message, random.randint(4, 400))


def feed(decoder: Decoder, chunks: list[bytes]) -> list[Incoming]:
    heard: list[Incoming] = []
    for chunk in chunks:
        heard += decoder.feed(chunk)
        assert len(decoder._rest) <= KEPT
    assert Endless() not in heard[:-1], "read on after an endless line"
    for each in heard:
        assert not isinstance(each, Refused) or (each.command.isascii() and " " not in each.command)
    return heard


def check_message(message: Message, room: int) -> None:
    line = encode(message)
    assert line.endswith(b"\r\n")
    assert not set(line[:-2]) & set(b"\r\n\0")
    assert parse(line[:-2].decode()) == message
    for param in message.params:
        assert all(0 < len(piece.encode()) <= room for piece in split_text(param, room))


def _line(random: Random, commands: list[str]) -> bytes:
    tags = random.choice(
        ("", "", "@", "@label=1 ", "@a=\\;+b=\\s\\:\\x;;=;a ", "@" + "a" * 4_095 + " ", " :s  ")
    )
    text = f"{tags}{random.choice(commands)} {junk.words(random, 8)}"
    return text.encode(random.choice(("utf-8", "cp1252")), "replace") + random.choice(
        (b"\n", b"\r\n", b"\r\r\n", b"")
    )
