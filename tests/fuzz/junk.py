"""What nobody would type: bytes, telnet commands and lines of every bad kind, from one random source."""

from __future__ import annotations

import zlib
from random import Random

from teahouse.protocols.telnet.wire import IAC, SB, SE, negotiation, subnegotiation

OPTIONS = (0, 1, 3, 6, 24, 25, 31, 34, 39, 42, 70, 86, 201, 255)
WORDS = (
    *(
        "amy",
        "bea",
        "lobby",
        "login",
        "x" * 40,
        "Łódź",
        "👍🏽",
        "茶" * 20,
        "-k",
        "#tea",
        "-1",
        "0",
        "on",
        "off",
        "%s",
    ),
    *(
        "{name}",
        "é" * 300,
        "\u202e",
        "\u200b",
        "\ufeff",
        "a\u0301" * 30,
        "/",
        "//",
        "'",
        '"',
        "\\",
        "\x1b[2J",
        "\a\t",
    ),
)
PAYLOADS = (
    b"",
    b"\0",
    b"\1",
    b"\2",
    b"\0XTERM",
    b"\0MTTS 9999",
    b"\1;UTF-8;X",
    b"\0\0MTTS\1271",
    b"\xff" * 9,
    b"\0P\0\x18",
)
GMCP = (
    *(
        b'Core.Supports.Set ["Comm.Channel 1"]',
        b"Core.Ping",
        b"Core.Hello {",
        b"[[[[",
        b"Char.Login.Credentials 7",
    ),
    *(
        b'Char.Login.Credentials {"account": "gus", "password": "x"}',
        b'Char.Login.Credentials {"account": [1]}',
    ),
)


def chunk(random: Random, commands: list[str]) -> bytes:
    """Some bytes, of one kind or several after another."""
    kinds = (_noise, _line, _line, _storm, _subnegotiated, _half, _long, _ends)
    data = b"".join(random.choice(kinds)(random, commands) for _ in range(random.randint(1, 4)))
    return data[: random.randrange(len(data) + 1)] if random.random() < 0.1 else data


def cut(random: Random, data: bytes) -> list[bytes]:
    """The same in pieces."""
    pieces = []
    while data:
        size = random.choice((1, 2, 3, 7, 50, 4_096))
        pieces.append(data[:size])
        data = data[size:]
    return pieces


def words(random: Random, most: int = 4) -> str:
    return " ".join(random.choice(WORDS) for _ in range(random.randint(0, most)))


def _noise(random: Random, commands: list[str]) -> bytes:
    return random.randbytes(random.choice((1, 5, 40, 400)))


def _line(random: Random, commands: list[str]) -> bytes:
    slash = random.choice(("/", "/", "", "//"))
    text = random.choice((f"{slash}{random.choice(commands)} {words(random)}", words(random, 8)))
    end = random.choice((b"\n", b"\r\n", b"\r\0", b"\r", b"\0\n"))
    return text.encode(random.choice(("utf-8", "utf-8", "utf-8", "cp1252", "utf-16")), "replace") + end


def _storm(random: Random, commands: list[str]) -> bytes:
    verbs = (236, 237, 238, 240, 241, 242, 243, 244, 245, 246, 247, 248, 249)
    one = [negotiation(random.randint(251, 254), random.choice(OPTIONS)), bytes((IAC, random.choice(verbs)))]
    return b"".join(random.choice(one) for _ in range(random.choice((1, 3, 10, 300))))


def _subnegotiated(random: Random, commands: list[str]) -> bytes:
    option = random.choice(OPTIONS)
    payload = random.choice(GMCP if option == 201 else PAYLOADS)
    broken = (
        bytes((IAC, SB, option)) + payload * random.choice((1, 1, 5_000)) + random.choice((b"", b"\xff\xf0"))
    )
    return random.choice((subnegotiation(option, payload), broken, bytes((IAC, SB, IAC, SE))))


def _half(random: Random, commands: list[str]) -> bytes:
    return random.choice(
        (b"\xff", b"\xff\xfa", b"\xff\xfb", b"\xff\xfa\x18", b"\xf0\x9f", b"/", b"/msg", b"\r")
    )


def _long(random: Random, commands: list[str]) -> bytes:
    return random.choice((b"x", b"\xff\xff", b"\xc3\xa9", b" ", zlib.compress(b"x"))) * random.choice(
        (100, 5_000)
    )


def _ends(random: Random, commands: list[str]) -> bytes:
    return random.choice((b"\r", b"\n", b"\0", b"\b", b"\x7f", b"\x15", b"\x04")) * random.choice((1, 3, 50))
