"""However the network cuts what a client sends, it reads the same: every line of every IRC conversation, at every
byte.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from conversations.conversation import _unescape, parse
from teahouse.protocols.irc.codec import Decoder, Incoming, LineLimits

SCRIPTS = sorted((Path(__file__).parent / "conversations").glob("irc*.txt"))


def sent(script: Path) -> dict[str, bytes]:
    """What each of those on IRC sends in a conversation, as one stream."""
    streams: dict[str, bytes] = {}
    for step in parse(script.read_text("utf-8")):
        if step.word == "arrives" and step.text.startswith("irc"):
            streams[step.who] = b""
        elif step.word in {"says", "types"} and step.who in streams:
            streams[step.who] += f"{_unescape(step.text)}\r\n".encode("utf-8", "surrogatepass")
    return streams


def read(limits: LineLimits, *pieces: bytes) -> list[Incoming]:
    decoder = Decoder(limits)
    return [each for piece in pieces for each in decoder.feed(piece)]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
@pytest.mark.parametrize("utf8only", [True, False])
def test_a_conversation_cut_at_every_byte_reads_the_same(script: Path, utf8only: bool) -> None:
    limits = LineLimits(utf8only=utf8only)
    for data in sent(script).values():
        whole = read(limits, data)
        assert read(limits, *(data[at : at + 1] for at in range(len(data)))) == whole
        for line in data.splitlines(keepends=True):
            wanted = read(limits, line)
            for cut in range(len(line)):
                assert read(limits, line[:cut], line[cut:]) == wanted
