"""A public house with strangers, as examples/public.toml has it, from end to end: one who floods, spams, evades and
pretends, two who talk with each other and lose nothing, and one who keeps order with a few lines.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from house import PASSWORD, House, Peer
from teahouse.config import load
from teahouse.store.memory import MemoryStore

EXAMPLE = Path(__file__).parent.parent / "examples" / "public.toml"
HOME, NEXT_DOOR, ELSEWHERE = "2001:db8:6:6::1", "2001:db8:6:6::beef", "198.51.100.7"


class Evening:
    """The house, and the people in it."""

    def __init__(self) -> None:
        self.house = House(load(EXAMPLE), store=MemoryStore())
        self.house.add_account("ann", "moderator")
        self.house.add_account("bob")
        self.ann = self.enter("ann", "192.0.2.1")
        self.amy = self.enter("amy", "192.0.2.2")
        self.bob = self.enter("bob", "192.0.2.3")
        self.said: list[str] = []
        self.keeper_lines = 0

    def enter(self, nick: str, address: str, protocol: str = "line") -> Peer:
        password = PASSWORD if nick in {"ann", "bob"} else ""
        peer = self.house.enter(nick, protocol, address, password)
        self.house.wait(3)
        return peer

    def talk(self, amy: str, bob: str) -> None:
        """The two who talk with each other say a line each, at their own pace."""
        for nick, peer, text in (("amy", self.amy, amy), ("bob", self.bob, bob)):
            peer.type(text)
            self.house.wait(3)
            self.said.append(f"{nick}: {text}")

    def keep(self, line: str) -> str:
        """The one who keeps order types something; what she is answered last."""
        self.keeper_lines += 1
        self.ann.shown()
        return self.ann.say(line)[-1]

    def check_nothing_is_lost(self) -> None:
        """What the two have said is there for all three, once and in order."""
        for peer in (self.ann, self.amy, self.bob):
            heard = [line for line in peer.text.split("\r\n") if line.startswith(("amy: ", "bob: "))]
            assert heard == self.said


@pytest.fixture
def evening() -> Evening:
    return Evening()


def shown(peer: Peer, text: str) -> bool:
    return text in peer.text


@pytest.mark.parametrize(
    "nick", ["admin", "Admin", "аdmin", "adm1n", "root", "mod", "staff", "ann", "ANN", "аnn", "ann\u200b"]
)
def test_nobody_looks_like_those_who_keep_order(evening: Evening, nick: str) -> None:
    troll = evening.house.connect("line", HOME)
    troll.say(f"login {nick}")
    troll.say("", "", "")  # where it is an account's: no password
    assert set(evening.house.server.users) == {"ann", "amy", "bob"}


def test_two_browsers_of_one_address_come_in_together(evening: Evening) -> None:
    """Each takes six connections while it loads the page, and one to talk."""
    admission = evening.house.server.admission
    for number in range(2 * (6 + 1)):
        assert admission.refusal(ELSEWHERE, 0, float(number)) == ""
        admission.enter(ELSEWHERE)


def test_flood_drowns_nobody(evening: Evening) -> None:
    troll = evening.enter("spammer", HOME)
    for number in range(10):
        troll.type(*(f"SPAM {number}.{part}" for part in range(20)))
        evening.talk(f"how are you, {number}?", f"fine, {number}")
    evening.check_nothing_is_lost()
    spam = [line for line in evening.amy.text.split("\r\n") if "SPAM" in line]
    assert len(spam) <= 10 * 6 / 2 + 1  # one line every two seconds, for a minute


def test_links_are_shown_to_nobody(evening: Evening) -> None:
    troll = evening.enter("spammer", HOME)
    for line in (
        "buy at https://spam.example",
        "www.spam.example",
        "/me sells: spam.com",
        "/msg amy spam.com",
    ):
        evening.house.wait(3)
        assert "does not take words like that" in troll.say(line)[-1]
    evening.house.wait(3)
    troll.say("F R E E  C R Y P T O", "and now?")
    evening.talk("what a quiet evening", "it is")
    assert not shown(evening.amy, "spam.")
    assert not shown(evening.amy, "C R Y")
    assert not shown(evening.amy, "and now")
    evening.check_nothing_is_lost()


def test_topic_and_away_and_farewell_carry_no_spam(evening: Evening) -> None:
    troll = evening.enter("spammer", HOME)
    troll.say("/topic visit me", "/away at www.spam.example")
    evening.house.wait(2)
    troll.say("/quit www.spam.example")
    assert troll.gone
    for text in ("visit me", "www.spam"):
        assert not shown(evening.amy, text)


def test_troll_is_stopped_within_a_few_lines(evening: Evening) -> None:
    house, talk = evening.house, evening.talk
    troll = evening.enter("spammer", HOME)
    troll.say("you all stink")
    talk("who is that?", "let me tell someone")
    evening.bob.say("/report spammer insults people")
    assert shown(evening.ann, "bob reports spammer in lobby: insults people")

    assert evening.keep("/shun spammer 1h insults").startswith("spammer may only listen until")
    for line in ("you all stink", "/me stinks", "/msg amy you stink", "/nick friend"):
        troll.say(line)
    house.wait(5)
    cousin = evening.enter("friendly", NEXT_DOOR, "telnet")  # another address of the same network, by telnet
    cousin.say("you all stink, again")
    talk("better", "much better")

    assert evening.keep("/houseban spammer 1d insults").endswith("2 people put out: spammer, friendly.")
    assert troll.gone
    assert cousin.gone
    for nick, protocol in (("spammer", "line"), ("angel", "telnet")):
        house.wait(3)
        back = house.connect(protocol, NEXT_DOOR)
        assert back.say(f"login {nick}")[-1].startswith("You are banned from this house until")
    talk("gone", "for a day")

    other = evening.enter("newcomer", ELSEWHERE)  # another network: there is always one
    other.say("here I am once more")
    assert evening.keep("/kill newcomer").endswith("is put out of the house.")
    assert evening.keep("/lockdown on").startswith("The house takes no new guests")
    once_more = house.connect("line", "203.0.113.9")
    assert once_more.say("login nobody1")[-1].startswith("The house takes no new guests")
    assert once_more.say("register nobody1 some password")[-1].startswith("The house takes no new accounts")
    phone = house.connect("telnet", "203.0.113.10")
    assert "You are bob." in phone.say(f"login bob {PASSWORD}")  # with an account one comes in as ever
    talk("peace", "at last")

    assert evening.keep("/settle 1 banned for a day") == "Report 1 is settled."
    assert shown(evening.bob, "Your report of spammer is settled: banned for a day")
    assert evening.keeper_lines <= 5
    assert [line for line in evening.amy.text.split("\r\n") if "stink" in line] == ["spammer: you all stink"]
    evening.check_nothing_is_lost()
    check_log(evening)


def check_log(evening: Evening) -> None:
    """Afterwards one sees who did what, to whom, why, and from where it came."""
    rows = [line.split() for line in evening.ann.say("/audit")[1:]]
    assert [(row[3], row[4]) for row in rows] == [
        ("bob", "report"),
        ("ann", "shun"),
        ("ann", "houseban"),
        ("ann", "kill"),
        ("ann", "lockdown"),
        ("ann", "settle"),
    ]
    assert HOME in rows[2]
    assert ELSEWHERE in rows[3]
    evening.bob.shown()
    assert evening.bob.say("/audit") == ["Only operators and those above them may use /audit here."]
