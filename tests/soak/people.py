"""Those who come and go during the soak. Rule: each does one thing over and over, until told to stop."""

from __future__ import annotations

import asyncio
import struct
from base64 import b64encode
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import count
from random import Random
from socket import SO_LINGER, SOL_SOCKET

PATIENCE = 20.0
BEAT = 0.05
ACCOUNT, PASSWORD = "photo", "two lumps, please"
"""Whose files are uploaded."""
WHO = b64encode(f"{ACCOUNT}:{PASSWORD}".encode()).decode()
_nicks = count()

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Habit = Callable[[int, Random], Awaitable[None]]


async def connect(port: int, *lines: str) -> Streams:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write("".join(f"{line}\r\n" for line in lines).encode())
    return reader, writer


async def come_and_go(port: int, random: Random) -> None:
    """Log in, say a little, and go: politely, without a word, or with a reset."""
    reader, writer = await connect(port, f"login guest{next(_nicks)}")
    with suppress(TimeoutError):
        await asyncio.wait_for(reader.readuntil(b"In this room:"), PATIENCE)
    writer.write(b"hello\r\n/who\r\n/me waves\r\n" + random.choice((b"/quit\r\n", b"", b"half a li")))
    await asyncio.sleep(random.random() / 5)
    if random.random() < 0.3:
        writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    writer.close()


async def read_nothing(port: int, random: Random) -> None:
    """Let the house's output pile up, and be dropped for it."""
    _, writer = await connect(port, f"login deaf{next(_nicks)}")
    writer.transport.pause_reading()  # type: ignore[attr-defined]  # asyncio's ReadTransport has it
    writer.write(b"/help\r\n" * 15)
    await asyncio.sleep(1 + random.random() * 4)
    writer.close()


async def flood(port: int, random: Random) -> None:
    """Lines and telnet commands as fast as they go out, until the house has had enough."""
    line = random.choice(
        (b"spam spam spam\r\n", b"\xff\xfd\x03\xff\xfb\x01", b"x" * 9_000, b"/who\n", b"\xff")
    )
    reader, writer = await connect(port, f"login rude{next(_nicks)}")
    for _ in range(20):
        writer.write(line * (8_192 // len(line) + 1))
        await asyncio.wait_for(writer.drain(), PATIENCE)
        if await asyncio.wait_for(reader.read(65_536), PATIENCE) == b"":
            break
        await asyncio.sleep(0)
    writer.close()


async def come_and_go_by_irc(port: int, random: Random) -> None:
    """The same by IRC; or stop on the way in, in the middle of a line, or in one without an end."""
    nick = f"irc{next(_nicks)}"
    coming = random.choice((["CAP END", "JOIN #lobby"], ["AUTHENTICATE PLAIN"]))
    reader, writer = await connect(
        port, "CAP REQ :sasl labeled-response", f"NICK {nick}", f"USER {nick} 0 * :{nick}", *coming
    )
    if len(coming) > 1:
        with suppress(TimeoutError):
            await asyncio.wait_for(reader.readuntil(b" 366 "), PATIENCE)
        writer.write(b"@label=1 WHO *\r\nPRIVMSG #lobby :hello\r\nMODE #lobby +b x\r\nNAMES #lobby\r\n")
    writer.write(random.choice((b"QUIT\r\n", b"", b"PRIVMSG #lob", b"x" * 90_000)))
    await asyncio.sleep(random.random() / 5)
    writer.close()


async def rename_rooms(port: int, random: Random) -> None:
    """Make a room, give it other names, talk in it, and leave."""
    number = next(_nicks)
    room = f"#room{number}"
    reader, writer = await connect(port, f"NICK ren{number}", f"USER ren{number} 0 * :x", f"JOIN {room}")
    with suppress(TimeoutError):
        await asyncio.wait_for(reader.readuntil(b" 366 "), PATIENCE)
    for _ in range(random.randrange(4)):
        before, room = room, f"#{random.choice(('cup', 'pot'))}{random.randrange(1 << 40)}"
        writer.write(f"RENAME {before} {room} :{'x' * 200}\r\nPRIVMSG {room} :hello\r\n".encode())
    writer.write(f"RELAYMSG {room} eve/net :hello\r\n".encode() + random.choice((b"QUIT\r\n", b"")))
    await asyncio.sleep(random.random() / 5)
    writer.close()


async def upload(port: int, random: Random) -> None:
    """Bring a file: whole, or a part of it; and fetch what was kept."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = bytes(random.choice((100, 70_000, 300_000)))
    head = f"PUT /uploads/x.bin HTTP/1.1\r\nHost: here\r\nAuthorization: Basic {WHO}\r\nContent-Length: {len(body)}"
    sent = body if random.random() < 0.6 else body[: random.randrange(len(body))]
    writer.write(f"{head}\r\n\r\n".encode() + sent)
    if sent is body:
        answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
        _, _, place = answer.partition(b"Location: ")
        path = place.partition(b"\r\n")[0].partition(b"here")[2]
        writer.write(b"GET %s HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n" % (path or b"/status"))
        await asyncio.wait_for(reader.read(random.choice((100, 1 << 20))), PATIENCE)
    writer.close()


IRC_HABITS: tuple[Habit, ...] = (come_and_go_by_irc, come_and_go_by_irc, rename_rooms)
WEB_HABITS: tuple[Habit, ...] = (upload, upload)
HABITS: tuple[Habit, ...] = (
    come_and_go,
    come_and_go,
    come_and_go,
    come_and_go,
    read_nothing,
    read_nothing,
    flood,
)


async def repeat(habit: Habit, port: int, random: Random, done: asyncio.Event) -> int:
    """Do it again and again; how often it was done."""
    times = 0
    while not done.is_set():
        with suppress(ConnectionError, TimeoutError, asyncio.IncompleteReadError):
            await habit(port, random)
        times += 1
        await asyncio.sleep(0.02)
    return times


async def converse(port: int, done: asyncio.Event) -> int:
    """Amy counts aloud, and Bea hears every number, in order; how far they got."""
    bea, bea_writer = await connect(port, "login bea")
    amy, amy_writer = await connect(port, "login amy")
    await asyncio.wait_for(bea.readuntil(b"amy has entered the room."), PATIENCE)
    number = 0
    while not done.is_set():
        number += 1
        amy_writer.write(f"number {number}\r\n".encode())
        heard = await asyncio.wait_for(bea.readuntil(b"amy: number %d\r\n" % number), PATIENCE)
        assert heard.count(b"amy: ") == 1, heard
        await asyncio.wait_for(amy.readuntil(b"amy: number %d\r\n" % number), PATIENCE)
        await asyncio.sleep(BEAT)
    amy_writer.close()
    bea_writer.close()
    return number
