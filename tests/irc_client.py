"""People on IRC for tests, with the capabilities that they ask for. Rule: what coming in shows is passed over."""

from __future__ import annotations

import re

from house import House, Peer

_SAID = re.compile(r" PRIVMSG \S+ :(.*)")
BATCHES = ("batch", "server-time", "message-tags", "standard-replies")
"""What a client asks for that reads the past."""


def client(house: House, nick: str, *caps: str, password: str = "") -> Peer:
    """Someone comes in by IRC."""
    peer = house.connect("irc")
    own = [f"PASS :{password}"] if password else []
    peer.say(f"CAP REQ :{' '.join(caps)}", *own, f"NICK {nick}", f"USER {nick} 0 * :{nick}", "CAP END")
    peer.shown()
    return peer


def member(house: House, nick: str, *caps: str, room: str = "lobby", password: str = "") -> Peer:
    """The same, and into a room."""
    peer = client(house, nick, *caps, password=password)
    peer.say(f"JOIN #{room}")
    return peer


def texts(lines: list[str]) -> list[str]:
    """What was said in these lines, without anything around it."""
    return [match[1] for match in map(_SAID.search, lines) if match]


def msgids(lines: list[str]) -> list[str]:
    """The ids of the messages in these lines."""
    tags = [line[1:].partition(" ")[0].split(";") for line in lines if line[:1] == "@"]
    return [tag.removeprefix("msgid=") for each in tags for tag in each if tag.startswith("msgid=")]
