"""A house with three people on IRC and one on telnet who send every command there is, with good and bad parameters.
Rule: nothing fails, each label is answered once, and the house's books agree with one another afterwards.
"""

from __future__ import annotations

import re
from random import Random

from fuzz import junk
from house import PASSWORD, House, Peer, settings
from push_device import Device, PushService
from teahouse.commands import rank
from teahouse.protocols.irc.commands.table import TABLE
from teahouse.server import Server
from teahouse.service import PAYLOADS
from teahouse.user import Wish

STEPS = 150
DEVICE = Device()
NICKS = (
    "amy",
    "bob",
    "cat",
    "tam",
    "Amy",
    "ann",
    "nobody",
    "*",
    "",
    "a b",
    "0",
    "NickServ",
    "łódź",
    "x" * 40,
    "#tea",
)
CHANNELS = (
    "#tea",
    "#TEA",
    "#lobby",
    "#none",
    "#",
    "#łódź",
    "#a,b",
    "#tea,#cake,#",
    "&x",
    "0",
    "#" + "y" * 60,
    "@#tea",
)
MASKS = ("*!*@*", "amy!*@*", "~a:ann", "~m:*", "bob", "*@10.0.0.0/8", "[[[", "*" * 300, "!@", "~z:", "~U")
MODES = (
    "+o",
    "-o",
    "+b",
    "-b",
    "b",
    "+k",
    "-k",
    "+l",
    "+v",
    "+q",
    "+imnst",
    "-imnst",
    "+I",
    "+e",
    "+zz",
    "+",
    "+S",
    "+f",
)
MORE = (
    *(
        "LS",
        "REQ",
        "END",
        "LIST",
        "message-tags",
        "-echo-message",
        "+",
        "302",
        "PLAIN",
        "=",
        "*",
        "x!y@z",
        "-1",
        "9" * 30,
    ),
    *(
        "LATEST",
        "BEFORE",
        "BETWEEN",
        "TARGETS",
        "AROUND",
        "timestamp=2026-11-20T12:00:00.000Z",
        "msgid=1",
        "timestamp=x",
    ),
    *(
        "GET",
        "SET",
        "SUB",
        "CLEAR",
        "SYNC",
        "avatar",
        "C",
        "L",
        "S",
        "text=hi",
        PASSWORD,
        "ann",
        "green",
        "HELP",
        "OP",
    ),
)
LINES = (
    *(
        "JOIN #tea",
        "JOIN #cake,#lobby",
        "PART #tea",
        "PRIVMSG #tea :hi",
        "PRIVMSG bob,#tea :hi",
        "OPER any sesame",
    ),
    *(
        "MODE amy +i",
        "MODE amy -io",
        "MODE #tea +o bob",
        "MODE #tea +bbb a!*@* b!*@* c!*@*",
        "MODE #tea +is",
        "NICK n1",
    ),
    *(
        "KICK #tea bob :off",
        "INVITE bob #tea",
        "TOPIC #tea :hot",
        "AWAY :out",
        "AWAY",
        "SETNAME :A B",
        "MONITOR + bob,ann",
    ),
    *(
        "REGISTER * * :green tea",
        "NICKSERV IDENTIFY ann green tea",
        "CHATHISTORY LATEST #tea * 10",
        "MODE #tea -is",
    ),
    *(
        "METADATA * SET avatar :x",
        "METADATA * SUB avatar",
        "TAGMSG #tea",
        "WHOIS bob",
        "WHO #tea",
        "NAMES #tea",
        "KNOCK #tea",
    ),
    *(
        "CHANSERV REGISTER #tea",
        "NICKSERV DROP ann",
        "WALLOPS :hey",
        "NICK amy",
        "NICK bob",
        "CHANSERV OP #tea bob",
    ),
    *(
        "RENAME #tea #cake :why",
        "RENAME #cake #tea",
        "RENAME #tea #TEA",
        "RELAYMSG #tea eve/net :bob: hi",
        "RELAYMSG #cake eve/net :\x01ACTION waves\x01",
        "RELAYMSG #tea eve :hi",
        f"WEBPUSH REGISTER {DEVICE.endpoint} {DEVICE.keys}",
        f"WEBPUSH UNREGISTER {DEVICE.endpoint}",
        "WEBPUSH REGISTER https://127.0.0.1/ p256dh=x;auth=y",
    ),
)
"""What is right, mostly: so that there is something to break."""
TAGS = (
    "+typing=active",
    "+draft/reply=1",
    "+draft/react=👍",
    "+draft/edit=1",
    "batch=1",
    "+x=\\:\\s",
    "msgid=",
    "=",
    ";",
)
CAPS = (
    *("batch", "message-tags", "labeled-response", "echo-message", "draft/multiline", "draft/chathistory"),
    *(
        "draft/metadata-2",
        "extended-join",
        "away-notify",
        "multi-prefix",
        "draft/event-playback",
        "account-tag",
    ),
)
DONT = {"QUIT", "KILL", "WEBIRC"}
"""Commands after which there is nobody left to look at; they have their tries at a time of their own."""
_LABEL = re.compile(r"@(?:[^ ]*;)?label=([^; ]+)[; ]")


class Life:
    """One house and what is done in it."""

    def __init__(self, random: Random) -> None:
        self.random = random
        limits = {
            "flood_lines": 0.0,
            "rooms": 20,
            "rooms_per_user": 8,
            "rules_per_room": 5,
            "rename_seconds": 0,
            "output_bytes": 1 << 22,
        }
        self.house = House(
            settings(limits=limits, irc={"operator_password": "sesame", "utf8only": random.random() < 0.5})
        )
        self.house.add_account("ann", "admin")
        self.house.server.push.open(PushService().post, PAYLOADS)
        self.labels = 0
        self.clients = [self._client(nick) for nick in ("amy", "bob", "cat")]
        self.telnet = self.house.enter("tam", "telnet")

    def _client(self, nick: str) -> Peer:
        peer = self.house.connect("irc")
        caps = ["labeled-response", *self.random.sample(CAPS, self.random.randint(0, len(CAPS)))]
        peer.say(f"CAP REQ :{' '.join(caps)}", f"NICK {nick}", f"USER {nick} 0 * :{nick}", "CAP END")
        while not peer.session.logged_in:
            peer.say(f"NICK g{self.random.randrange(1 << 30)}")
        peer.say("JOIN #tea")
        return peer

    def live(self) -> None:
        for _ in range(STEPS):
            number = self.random.randrange(len(self.clients))
            if self.clients[number].gone or self.random.random() < 0.01:
                self.clients[number].wire.end()
                self.house.pump()
                self.clients[number] = self._client("amy")
            self._send(self.clients[number])
            self._check()
        self._wait()

    def _send(self, peer: Peer) -> None:
        if self.random.random() < 0.1:
            words = (
                f"/{self.random.choice(('join', 'kick', 'ban', 'nick', 'topic', 'op', 'msg', 'leave', 'me'))}"
            )
            self.telnet.say(f"{words} {self._params(0.0)}")
            return
        self.labels += 1
        label, line = f"{self.labels}", self._line()
        command = line.partition(" ")[0]
        tags = ";".join(["", *self.random.sample(TAGS, self.random.randint(0, 2))])
        labels_asked = "labeled-response" in getattr(peer.session, "caps", ())
        shown = peer.say(f"@label={label}{tags} {line}"[:1_000])
        if peer.gone or not labels_asked:
            return
        answers = [found[1] for found in map(_LABEL.match, shown) if found]
        wanted = [] if command == "BATCH" or "batch=" in tags else [label]
        assert answers == wanted or not wanted, (command, tags, shown)

    def _line(self) -> str:
        if self.random.random() < 0.4:
            return self.random.choice(LINES)
        return f"{self.random.choice(sorted(TABLE.keys() - DONT))} {self._params(0.4)}"

    def _params(self, joined: float) -> str:
        pools = (NICKS, CHANNELS, CHANNELS, MASKS, MODES, MORE, junk.WORDS)
        words = [self.random.choice(self.random.choice(pools)) for _ in range(self.random.randint(0, 5))]
        if self.random.random() < joined:
            words = [*words[: self.random.randint(0, 2)], ":" + " ".join(words)]
        return " ".join(words).replace("\n", " ").replace("\r", " ")

    def _wait(self) -> None:
        self.house.wait(self.random.choice((0.25, 5.0)))
        self._check()

    # ---- what has to hold ----------------------------------------------------------------------------------

    def _check(self) -> None:
        log, server = self.house.log, self.house.server
        assert not log.failures, (log.failures, log.lines)
        assert not any("went wrong here" in each.text[-2_000:] for each in self.clients)
        check_books(server, most=5)
        log.lines.clear()


def check_books(server: Server, most: int) -> None:
    """What the house writes down in two places says the same; a list has so many rules at most."""
    for room in server.rooms.values():
        for user in room.members:
            assert user.rooms[room.key] is room
            assert server.users[user.key] is user
        assert set(room.policy.lent) <= set(room.members)
        assert all(len(rules) <= most for rules in room.policy.lists.values())
    for user in server.users.values():
        assert all(user in room.members for room in user.rooms.values())
        assert all(session in server.sessions and session.user is user for session in user.sessions)
    keepers = [user for user in server.users.values() if rank(user.role) >= rank("moderator")]
    assert set(server.roll.keepers) == set(keepers)
    assert set(server.roll.unseen) == {u for u in server.users.values() if Wish.UNSEEN in u.wishes}


def run(random: Random) -> None:
    """One house."""
    Life(random).live()
