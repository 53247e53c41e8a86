"""pydle as a puppet: lines in are "channel<TAB>line", what it is told goes out a line each."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import pydle  # type: ignore[import-untyped]  # it has no types

TEXTS = {"part": 1, "topic": 1, "kick": 2, "away": 0, "quit": 0, "msg": 1}


def show(*words: object) -> None:
    """What it was told, as a line."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


class Client(pydle.Client):  # type: ignore[misc]  # pydle has no types
    """Shows what it is told."""

    async def on_connect(self) -> None:
        await super().on_connect()
        show("registered", self.nickname)

    async def on_raw(self, message: Any) -> None:
        await super().on_raw(message)
        source = (message.source or "").partition("!")[0]
        show(str(message.command).lower(), source, *message.params)

    async def on_disconnect(self, expected: bool) -> None:
        show("closed")


async def listen(client: Client) -> None:
    """What is typed."""
    loop = asyncio.get_running_loop()
    while typed := await loop.run_in_executor(None, sys.stdin.readline):
        channel, _, line = typed.rstrip("\n").partition("\t")
        if not line.startswith("/"):
            await client.message(channel, line)
            continue
        command, *words = line[1:].split(" ")
        if command == "quit":
            await client.quit(" ".join(words))
            break
        if command == "me":
            await client.ctcp(channel, "ACTION", " ".join(words))
            continue
        at = TEXTS.get(command, len(words))
        text = [" ".join(words[at:])] if at < len(words) else []
        name = "PRIVMSG" if command == "msg" else command.upper()
        await client.rawmsg(name, *words[:at], *text)


async def main() -> None:
    client = Client(sys.argv[1], realname=sys.argv[1])
    await client.connect("127.0.0.1", int(sys.argv[2]), tls=False)
    await listen(client)


asyncio.run(main())
