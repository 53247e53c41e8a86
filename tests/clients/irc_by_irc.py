"""The library `irc` as a puppet: lines in are "channel<TAB>line", what it is told goes out a line each."""

from __future__ import annotations

import sys
import threading
from typing import Any

import irc.client  # type: ignore[import-untyped]  # it has no types

TEXTS = {"part": 1, "topic": 1, "kick": 2, "away": 0, "quit": 0, "msg": 1}


def show(connection: Any, event: Any) -> None:
    """What has happened."""
    source = getattr(event.source, "nick", event.source or "")
    sys.stdout.write(f"{event.type} {source} {event.target or ''} {' '.join(event.arguments)}\n")
    sys.stdout.flush()
    if event.type == "disconnect":
        sys.stdout.flush()
        raise SystemExit


def listen(connection: Any) -> None:
    """What is typed."""
    for typed in sys.stdin:
        channel, _, line = typed.rstrip("\n").partition("\t")
        if not line.startswith("/"):
            connection.privmsg(channel, line)
            continue
        command, *words = line[1:].split(" ")
        if command == "me":
            connection.action(channel, " ".join(words))
            continue
        at = TEXTS.get(command, len(words))
        text = [f":{' '.join(words[at:])}"] if at < len(words) else []
        name = "PRIVMSG" if command == "msg" else command.upper()
        connection.send_raw(" ".join([name, *words[:at], *text]))


def main() -> None:
    nick, port = sys.argv[1], int(sys.argv[2])
    reactor = irc.client.Reactor()
    reactor.add_global_handler("all_events", show)
    connection = reactor.server().connect("127.0.0.1", port, nick)
    threading.Thread(target=listen, args=(connection,), daemon=True).start()
    reactor.process_forever(timeout=0.05)


main()
