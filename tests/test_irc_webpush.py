"""WEBPUSH: what an IRC client is told, and what it is sent when it is not there."""

from __future__ import annotations

import re

import pytest

from house import PASSWORD, House, Peer, settings
from irc_client import client
from push_device import Device, PushService
from teahouse.push.encryption import MOST
from teahouse.service import PAYLOADS

CAPS = ("draft/webpush", "draft/read-marker", "message-tags", "server-time", "standard-replies")
DELAY = 3


class Notified:
    """A house, its push service, amy who talks, and bea's client."""

    def __init__(self, *caps: str) -> None:
        self.service = PushService()
        self.house = House(settings())
        self.house.server.push.open(self.service.post, PAYLOADS)
        for name in ("amy", "bea"):
            self.house.add_account(name)
        self.amy = self.house.enter("amy", password=PASSWORD)
        self.bea = client(self.house, "bea", *caps, password=PASSWORD)
        self.bea.say("JOIN #lobby")
        self.bea.shown()
        self.device = Device()

    def register(self) -> list[str]:
        return self.bea.say(f"WEBPUSH REGISTER {self.device.endpoint} {self.device.keys}")

    @property
    def texts(self) -> list[str]:
        self.house.wait(DELAY + 1)
        return self.service.texts(self.device)


@pytest.fixture
def tea() -> Notified:
    return Notified(*CAPS)


def test_the_key_stands_among_what_is_supported(tea: Notified) -> None:
    peer: Peer = tea.house.connect("irc")
    assert re.search(r"draft/webpush.*soju.im/webpush", " ".join(peer.say("CAP LS 302")))
    lines = " ".join(peer.say("NICK gus", "USER gus 0 * :gus", "CAP END"))
    assert f" VAPID={tea.house.server.push.key} " in lines
    assert tea.bea.say("WEBPUSH VAPIDPUBKEY") == [f"WEBPUSH VAPIDPUBKEY {tea.house.server.push.key}"]


@pytest.mark.parametrize("cap", ["draft/webpush", "soju.im/webpush"])
def test_registering_is_echoed_and_tried_out(cap: str) -> None:
    tea = Notified(cap)
    assert tea.register() == [f"WEBPUSH REGISTER {tea.device.endpoint}"]
    assert tea.texts == [":teahouse.local NOTE WEBPUSH REGISTERED :You are notified here from now on."]


def test_what_is_sent_is_one_message_as_the_client_would_have_been_sent_it(tea: Notified) -> None:
    tea.register()
    tea.service.got.clear()
    tea.amy.say("bea: hello", "/me waves at Bea", "/msg bea psst", "nothing for anyone", "/join cakes")
    tea.amy.say("/invite bea")
    said = tea.texts
    shown = [re.sub(r"^@time=[^ ;]+;msgid=\d+ ", "@… ", each) for each in said]
    shown = [re.sub(r"!\S+ ", " ", each) for each in shown]
    assert shown == [
        "@… :amy PRIVMSG #lobby :bea: hello",
        "@… :amy PRIVMSG #lobby :\x01ACTION waves at Bea\x01",
        "@… :amy PRIVMSG bea :psst",
        "@… :amy INVITE bea #cakes",
    ]
    sent = [each for each in tea.bea.shown() if "PRIVMSG" in each]
    assert sent[0].split()[0] == said[0].split()[0]  # the same time and msgid as the client saw


def test_tags_are_those_that_the_client_had_asked_for() -> None:
    tea = Notified("soju.im/webpush")
    tea.register()
    tea.service.got.clear()
    tea.amy.say("bea: hello")
    (text,) = tea.texts
    assert re.fullmatch(r":amy!\S+ PRIVMSG #lobby :bea: hello", text)


def test_of_several_lines_the_one_that_names_the_user_is_sent(tea: Notified) -> None:
    tea.register()
    tea.service.got.clear()
    caps = ("batch", "draft/multiline")
    ann = client(tea.house, "ann", *caps)
    ann.say("JOIN #lobby")
    lines = ["one", "bea: two", "three"]
    ann.say(
        "BATCH +1 draft/multiline #lobby", *(f"@batch=1 PRIVMSG #lobby :{each}" for each in lines), "BATCH -1"
    )
    (text,) = tea.texts
    assert text.endswith(" PRIVMSG #lobby :bea: two")
    assert "\n" not in text


def test_it_fits_whatever_tags_there_were(tea: Notified) -> None:
    tea.register()
    tea.service.got.clear()
    ann = client(tea.house, "ann", "message-tags")
    ann.say(f"@+example/long={'x' * 4_000} PRIVMSG bea :hello")
    (text,) = tea.texts
    assert len(text) <= MOST
    assert re.match(r"@msgid=\d+ :ann!", text)


def test_a_read_marker_takes_the_notification_away_once(tea: Notified) -> None:
    tea.register()
    tea.amy.say("/msg bea psst", "bea: hello")
    tea.house.wait(DELAY + 1)
    tea.service.got.clear()
    other = client(tea.house, "bea", "draft/read-marker", "server-time", password=PASSWORD)
    other.say("MARKREAD amy timestamp=2026-11-20T12:30:00.000Z")
    (text,) = tea.texts
    assert re.fullmatch(r":teahouse\.local MARKREAD amy timestamp=2026-11-20T12:\S+Z", text)
    other.say("MARKREAD amy timestamp=2026-11-20T12:31:00.000Z")
    assert tea.texts == []


def test_a_client_without_read_markers_is_sent_none() -> None:
    tea = Notified("draft/webpush")
    tea.register()
    tea.amy.say("/msg bea psst")
    tea.house.wait(DELAY + 1)
    tea.service.got.clear()
    client(tea.house, "bea", "draft/read-marker", password=PASSWORD).say(
        "MARKREAD amy timestamp=2026-11-20T12:30:00.000Z"
    )
    assert tea.texts == []


def test_markers_come_with_a_topic_and_no_hurry(tea: Notified) -> None:
    tea.register()
    tea.amy.say("/msg bea psst")
    tea.house.wait(DELAY + 1)
    tea.bea.say("MARKREAD amy timestamp=2026-11-20T12:30:00.000Z")
    *_, (_, _, said), (_, _, marked) = tea.service.got
    assert (said["Urgency"], said.get("Topic")) == ("high", None)
    assert marked["Urgency"] == "normal"
    assert re.fullmatch(r"[\w-]{32}", marked["Topic"])


def test_unregistering_is_echoed_also_where_there_is_nothing(tea: Notified) -> None:
    tea.register()
    for _ in range(2):
        lines = tea.bea.say(f"WEBPUSH unregister {tea.device.endpoint}")
        assert lines == [f"WEBPUSH UNREGISTER {tea.device.endpoint}"]
    tea.service.got.clear()
    tea.amy.say("bea: hello")
    assert tea.texts == []


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("WEBPUSH", "INVALID_PARAMS * *"),
        ("WEBPUSH DANCE", "INVALID_PARAMS DANCE *"),
        ("WEBPUSH REGISTER", "INVALID_PARAMS REGISTER *"),
        ("WEBPUSH REGISTER https://push.example/1", "INVALID_PARAMS REGISTER https://push.example/1"),
        (
            "WEBPUSH REGISTER https://push.example/1 p256dh=tea;auth=",
            "INVALID_PARAMS REGISTER https://push.example/1",
        ),
        (
            "WEBPUSH REGISTER https://push.example/1 tea more",
            "INVALID_PARAMS REGISTER https://push.example/1",
        ),
        ("WEBPUSH REGISTER http://127.0.0.1/1 {keys}", "INVALID_PARAMS REGISTER http://127.0.0.1/1"),
        ("WEBPUSH UNREGISTER", "INVALID_PARAMS UNREGISTER *"),
        ("WEBPUSH UNREGISTER one two", "INVALID_PARAMS UNREGISTER one"),
    ],
)
def test_what_cannot_be_read_fails(tea: Notified, line: str, answer: str) -> None:
    (said,) = tea.bea.say(line.format(keys=tea.device.keys))
    assert said.startswith(f"FAIL WEBPUSH {answer} :")
    assert not tea.service.got


def test_a_guest_is_told_why_not(tea: Notified) -> None:
    gus = client(tea.house, "gus", *CAPS)
    (said,) = gus.say(f"WEBPUSH REGISTER {tea.device.endpoint} {tea.device.keys}")
    assert said.startswith(f"FAIL WEBPUSH INTERNAL_ERROR REGISTER {tea.device.endpoint} :")
    assert "/register" in said


def test_nothing_is_offered_where_there_are_no_notifications() -> None:
    house = House(settings())
    house.add_account("bea")
    bea = house.connect("irc")
    assert "webpush" not in " ".join(bea.say("CAP LS 302"))
    assert "VAPID" not in " ".join(bea.say(f"PASS :{PASSWORD}", "NICK bea", "USER bea 0 * :b", "CAP END"))
    device = Device()
    (said,) = bea.say(f"WEBPUSH REGISTER {device.endpoint} {device.keys}")
    assert "FAIL WEBPUSH INTERNAL_ERROR REGISTER " in said
    assert "FAIL WEBPUSH INVALID_PARAMS VAPIDPUBKEY * :" in bea.say("WEBPUSH VAPIDPUBKEY")[0]
