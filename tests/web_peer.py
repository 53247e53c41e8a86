"""A browser at the far end of a connection, in tests. Rule: it knows the protocol as docs/protocols/web.md has it,
and nothing of the house behind it.
"""

from __future__ import annotations

import json
from typing import Any

from wsproto.frame_protocol import FrameProtocol, Opcode

from house import PEERS, Peer

Event = dict[str, Any]
MASK = b"\x0f\xf0\x55\xaa"


def masked(opcode: int, payload: bytes) -> bytes:
    """A frame as clients send them (RFC 6455, 5.2)."""
    size = len(payload)
    length = (
        bytes((0x80 | size,)) if size < 126 else bytes((0xFE,)) + size.to_bytes(2) if size < 1 << 16 else b""
    )
    head = bytes((0x80 | opcode,)) + (length or bytes((0xFF,)) + size.to_bytes(8))
    return head + MASK + bytes(byte ^ MASK[n % 4] for n, byte in enumerate(payload))


class WebPeer(Peer):
    """Requests and events; to scripts, lines."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._frames = FrameProtocol(client=True, extensions=[])
        self._fed = self._taken = self._shown_lines = 0
        self._count = 0
        self.events: list[Event] = []
        self.code: int | None = None
        self.reason = ""
        self.secret = ""
        self.room = ""
        self.last_heard = 0

    # ---- JSON ----------------------------------------------------------------------------------------------

    def send(self, *requests: Any) -> None:
        """Send requests in one chunk, but let the house not look yet; a text is sent as it is."""
        texts = [each if isinstance(each, str) else json.dumps(each) for each in requests]
        self.wire.put(b"".join(masked(1, text.encode("utf-8", "surrogatepass")) for text in texts))

    def hears(self) -> list[Event]:
        """All that came since this was asked last."""
        self.house.pump()
        self._listen()
        fresh = self.events[self._taken :]
        self._taken = len(self.events)
        return fresh

    def ask(self, do: str, **values: Any) -> Event:
        """Ask for something; its answer. What came beside it is left for `hears`."""
        self._count += 1
        ref = self._count
        self.send({"do": do, "ref": ref} | {name.rstrip("_"): value for name, value in values.items()})
        self.house.pump()
        self._listen()
        answers = [each for each in self.events if "ref" in each and each["ref"] == ref]
        assert len(answers) == 1, f"{do} was answered with {answers}"
        self.events.remove(answers[0])
        return answers[0]

    def does(self, do: str, **values: Any) -> Event:
        """As `ask`; it is done."""
        answer = self.ask(do, **values)
        assert answer["type"] == "done", answer
        return answer

    def hello(self, **resume: Any) -> Event:
        """Say hello, perhaps on coming back."""
        answer = self.does("hello", version=1, **({"resume": resume} if resume else {}))
        self.secret = answer["session"]
        return answer

    @property
    def last(self) -> int:
        """The last id it has seen."""
        self._listen()
        return self.last_heard

    def _listen(self) -> None:
        self._frames.receive_bytes(bytes(self.wire.sent[self._fed :]))
        self._fed = len(self.wire.sent)
        for frame in self._frames.received_frames():
            if frame.opcode is Opcode.CLOSE:
                self.code, self.reason = int(frame.payload[0]), str(frame.payload[1] or "")
            elif frame.opcode is Opcode.TEXT:
                assert isinstance(frame.payload, str)
                assert frame.payload.endswith("\n")
                self.events += map(json.loads, frame.payload.splitlines())
                self.last_heard = max(self.last_heard, self.events[-1]["id"])

    # ---- lines ---------------------------------------------------------------------------------------------

    def enter(self, nick: str, password: str = "") -> list[str]:
        """See `Peer.enter`."""
        self.hello()
        self.does("login", nick=nick, **({"password": password} if password else {}))
        self.room = self.does("join", room="lobby")["room"]
        return self.shown()

    def type(self, *lines: str) -> None:
        """See `Peer.type`."""
        self.send(*({"do": "line", "room": self.room, "text": line} for line in lines))

    def next(self) -> str | None:
        """See `Peer.next`."""
        lines = self.text.splitlines()[self._shown_lines :]
        if not lines:
            return None
        self._shown_lines += 1
        return lines[0]

    @property
    def text(self) -> str:
        """See `Peer.text`."""
        self._listen()
        return "\n".join(line for event in self.events for line in plain_lines(event))


def plain_lines(event: Event) -> list[str]:
    """What a simple client shows of an event."""
    if event["type"] == "done":
        return []
    if event["type"] == "replayed":
        return [line for each in event["events"] for line in plain_lines(each)]
    return str(event.get("plain", event.get("text", ""))).splitlines()


PEERS["web"] = WebPeer
