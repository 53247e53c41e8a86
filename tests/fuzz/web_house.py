"""A house with three people in browsers, one on IRC and one on telnet, who ask for all that there is, with good and
bad values; and a push service that answers as it likes. Rule: nothing fails, each request is answered once, what
comes is JSON or one IRC line, and the house's books agree afterwards.
"""

from __future__ import annotations

import json
from random import Random
from typing import Any

from fuzz import junk
from fuzz.irc_house import check_books
from house import PASSWORD, House, Peer, settings
from push_device import Device, PushService
from teahouse.protocols.web.requests.request import Request
from teahouse.protocols.web.requests.table import TABLE
from teahouse.service import PAYLOADS
from web_peer import WebPeer

STEPS = 150
DONT = {"hello", "logout"}
"""After these there is nobody left to look at, or nothing new."""
ROOMS = ("lobby", "tea", "cake", "TEA", "#tea", "łódź", "x" * 60, "", "tea\n", "../tea", "no")
NICKS = ("amy", "ann", "bob", "cat", "tam", "ire", "Amy", "@amy", "nobody", "eve/net", "", "a b", "x" * 40)
TEXTS = (
    *(
        "hi",
        "amy: hello",
        "ann, bob: tea?",
        "/rename cake",
        "/rename tea :why",
        "/room register",
        "/op bob",
        "a\nb",
    ),
    *(
        "/uploads",
        "/uploads all",
        "/kick bob",
        "/ignore ire",
        "/help all",
        "/filter refuse casino",
        "c a s i n o",
    ),
    *(
        "\x1b]0;x\x07",
        "\u202eabc",
        "\ufdfa" * 300,
        "a" + "\u0301\u0316" * 900,
        "," * 3_000,
        "é\0\r",
        "\ud83d",
    ),
)
LINES = (
    *("RENAME #tea #cake :why", "RENAME #cake #tea", "RENAME #tea #TEA :\x1b[2J", "RENAME #tea #lobby"),
    *("RELAYMSG #tea eve/net :amy: hi", "RELAYMSG #cake a/b :\x01ACTION waves\x01", "RELAYMSG #tea amy :x"),
    *(
        "RELAYMSG #tea eve/\x1bnet :x",
        "JOIN #tea",
        "JOIN #cake",
        "PART #tea :bye",
        "PRIVMSG #tea :ann: hello",
    ),
)


class Service(PushService):
    """A push service that answers as it likes."""

    def __init__(self, random: Random) -> None:
        super().__init__()
        self.random = random

    async def post(self, url: str, body: bytes, headers: Any) -> int:
        self.got.clear()
        await super().post(url, body, headers)
        return self.random.choice((201, 201, 201, 0, 404, 410, 413, 429, 500, 302))


class Life:
    """One house and what is done in it."""

    def __init__(self, random: Random) -> None:
        self.random = random
        limits = {
            "flood_lines": 0.0,
            "rename_seconds": 0,
            "rooms": 20,
            "output_bytes": 1 << 22,
            "push_subscriptions": 3,
        }
        self.house = House(settings(limits=limits))
        self.house.server.push.open(Service(random).post, PAYLOADS)
        for name, role in (("amy", "admin"), ("ann", "member")):
            self.house.add_account(name, role)
        self.devices = [Device(f"https://push.example/{number}") for number in range(4)]
        self.last = 0
        self.count = 0
        self.peers = [self._browser(nick) for nick in ("amy", "ann", "bob")]
        self.irc = self.house.connect("irc")
        self.irc.say(
            "CAP REQ :draft/channel-rename draft/relaymsg message-tags",
            "NICK ire",
            "USER i 0 * :i",
            "CAP END",
        )
        self.irc.say("JOIN #tea", "JOIN #cake")
        self.telnet = self.house.enter("tam", "telnet")

    def _browser(self, nick: str) -> WebPeer:
        peer = self.house.connect("web")
        assert isinstance(peer, WebPeer)
        peer.hello()
        password = {"password": PASSWORD} if nick in {"amy", "ann"} else {}
        if peer.ask("login", nick=nick, **password)["type"] != "done":
            peer.ask("login", nick=f"g{self.random.randrange(1 << 30)}")
        peer.ask("join", room="tea")
        return peer

    def live(self) -> None:
        for _ in range(STEPS):
            self.random.choice((self._ask, self._ask, self._ask, self._ask, self._line, self._wait))()
            self.house.pump()
            self._check()
        self.house.wait(300)
        self._check()

    # ---- what happens --------------------------------------------------------------------------------------

    def _ask(self) -> None:
        number = self.random.randrange(len(self.peers))
        if self.peers[number].gone:
            self.peers[number] = self._browser(("amy", "ann", "bob")[number])
        peer, do = self.peers[number], self.random.choice(sorted(TABLE.keys() - DONT))
        values = {name: self._value(name, kind) for name, kind in self._fields(TABLE[do])}
        if self.random.random() < 0.05:
            values[self.random.choice(junk.WORDS)] = 1
        if do == "subscribe" and self.random.random() < 0.7:
            device = self.random.choice(self.devices)
            values = {"endpoint": device.endpoint, "p256dh": device.p256dh, "auth": device.auth}
        self.count += 1
        peer.send(
            json.dumps({"do": do, "ref": self.count, **{k: v for k, v in values.items() if k != "ref"}})
        )
        heard = peer.hears()
        if peer.gone or do in {"password", "unregister", "register"}:
            return  # these ask something before they answer
        answers = [each for each in heard if each.get("ref") == self.count]
        no_request = any(
            each["type"] == "failed" and each["ref"] is None for each in heard
        )  # half a character
        assert len(answers) == 1 or no_request or do == "answer", (do, values, heard)
        self.last = max(self.last, peer.last)

    def _fields(self, request: Request) -> list[tuple[str, type]]:
        """Those that it needs, mostly, and some of the others."""
        return [each for each in request.fields.items() if self.random.random() < 0.75]

    def _value(self, name: str, kind: type) -> Any:
        if self.random.random() < 0.05:
            return self.random.choice((None, True, -1, 1e9, [], {}, "x" * 5_000, [[]], "", 10**30))
        if kind is int:
            near = self.last - self.random.randrange(40)
            return self.random.choice((near, near, self.last, 0, 1, 100, -1, 10**15, 1 << 64))
        if kind is bool:
            return self.random.random() < 0.5
        if kind is dict:
            return {self.random.choice(junk.WORDS): self.random.choice((1, "x", [], None))}
        pool = {"room": ROOMS, "to": NICKS, "nick": NICKS, "with": NICKS, "after": NICKS}.get(name)
        return self.random.choice(
            pool or (*TEXTS, *junk.WORDS, "tea", "active", "all", "notice", "emote", "👍")
        )

    def _line(self) -> None:
        if self.random.random() < 0.6:
            self.irc.say(self.random.choice(LINES))
            return
        commands = (
            "rename",
            "join",
            "leave",
            "me",
            "msg amy",
            "nick",
            "purge amy",
            "redact ire",
            "edit",
            "delete",
        )
        words = self.random.choice((*TEXTS, *ROOMS, *NICKS)).replace("\n", " ")
        self.telnet.say(f"/{self.random.choice(commands)} {words}")

    def _wait(self) -> None:
        self.house.wait(self.random.choice((0.25, 4.0, 30.0)))

    # ---- what has to hold ----------------------------------------------------------------------------------

    def _check(self) -> None:
        log = self.house.log
        assert not log.failures, (log.failures, log.lines)
        log.lines.clear()
        check_books(self.house.server, most=200)
        for peer in self.peers:
            peer.hears()
        _check_lines(self.irc)
        assert len(self.house.server.push._sending or ()) <= 1_000


def _check_lines(peer: Peer) -> None:
    """What came to an IRC client are lines, and none has anything in it that was smuggled."""
    data = bytes(peer.wire.sent)
    for line in data.split(b"\r\n")[:-1]:
        assert not set(line) & set(b"\r\n\0"), line
        assert line[:1] in {b"@", b":"} or line.split(b" ")[0].isupper(), line


def run(random: Random) -> None:
    """One house."""
    Life(random).live()
