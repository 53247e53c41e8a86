"""Who is notified of what, and what becomes of it on its way: a house in memory, and a push service of the test's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from twisted.internet import defer

from house import PASSWORD, House, LateStore, settings
from push_device import Device, PushService, claims_of
from teahouse.push.keys import Keys, fresh
from teahouse.push.push import BURST, KEY
from teahouse.push.sending import AT_ONCE, PAUSES, QUEUE, SHARE, PushMessage, Sending
from teahouse.push.subscriptions import Subscription, subscriptions_of
from teahouse.service import PAYLOADS
from teahouse.store.memory import MemoryStore
from web_peer import WebPeer

DELAY = 3


class Notified:
    """A house, the push service, and bea, who has subscribed with a browser."""

    def __init__(self, **sections: Any) -> None:
        self.service = PushService()
        self.house = opened(self.service, **sections)
        for name in ("amy", "bea"):
            self.house.add_account(name)
        self.amy = self.house.enter("amy", password=PASSWORD)
        self.bea = subscriber(self.house, "bea")
        self.device = Device()
        self.greeting = subscribe(self.bea, self.device)
        self.service.got.clear()

    @property
    def notes(self) -> list[dict[str, Any]]:
        """What the device is sent from now to the end of the delay, and has been since one looked last."""
        self.house.wait(DELAY + 1)
        return [json.loads(each) for each in self.service.texts(self.device)]

    @property
    def texts(self) -> list[str]:
        return [each.get("text", each["type"]) for each in self.notes]


class SlowService:
    """A push service that answers when it is told to."""

    def __init__(self) -> None:
        self.waiting: list[Any] = []
        self.bodies: list[bytes] = []

    async def post(self, url: str, body: bytes, headers: Any) -> int:
        self.bodies.append(body)
        waiter: defer.Deferred[int] = defer.Deferred()
        self.waiting.append(waiter)
        return await waiter


def opened(service: PushService, **sections: Any) -> House:
    house = House(settings(**{"push": {"contact": "mailto:keeper@tea.example"}, **sections}))
    house.server.push.open(service.post, PAYLOADS)
    return house


def subscriber(house: House, nick: str) -> WebPeer:
    peer = house.enter(nick, "web", password=PASSWORD)
    assert isinstance(peer, WebPeer)
    return peer


def subscribe(peer: WebPeer, device: Device) -> dict[str, Any]:
    return peer.ask("subscribe", endpoint=device.endpoint, p256dh=device.p256dh, auth=device.auth)


@pytest.fixture
def tea() -> Notified:
    return Notified()


def kept(house: House, name: str) -> list[str]:
    user = house.server.user_of(name)
    assert user is not None
    assert user.account is not None
    return [each.endpoint for each in subscriptions_of(user.account)]


# ---- subscribing -------------------------------------------------------------------------------------------


def test_the_first_message_says_that_it_works_and_whose_it_is(tea: Notified) -> None:
    other = Device("https://push.example/device/2")
    assert subscribe(tea.bea, other)["type"] == "done"
    ((url, _, headers),) = tea.service.got
    assert url == other.endpoint
    claims = claims_of(headers["Authorization"], tea.house.server.push.key)
    assert claims["aud"] == "https://push.example"
    assert claims["sub"] == "mailto:keeper@tea.example"
    assert (headers["Content-Encoding"], headers["TTL"]) == ("aes128gcm", "86400")
    assert json.loads(tea.service.texts(other)[0]) == {"type": "subscribed", "house": "Teahouse"}
    assert kept(tea.house, "bea") == [tea.device.endpoint, other.endpoint]


def test_the_same_again_changes_nothing(tea: Notified) -> None:
    assert subscribe(tea.bea, tea.device)["type"] == "done"
    assert not tea.service.got
    assert kept(tea.house, "bea") == [tea.device.endpoint]


def test_other_keys_for_an_address_take_the_place_of_the_first(tea: Notified) -> None:
    again = Device(tea.device.endpoint)
    assert subscribe(tea.bea, again)["type"] == "done"
    assert len(tea.service.texts(again)) == 1
    assert kept(tea.house, "bea") == [tea.device.endpoint]


def test_of_too_many_the_first_goes() -> None:
    tea = Notified(limits={"push_subscriptions": 2})
    for number in (2, 3):
        subscribe(tea.bea, Device(f"https://push.example/device/{number}"))
    assert kept(tea.house, "bea") == ["https://push.example/device/2", "https://push.example/device/3"]


def test_whoever_is_notified_stays_in_the_house(tea: Notified) -> None:
    tea.bea.does("logout")
    tea.house.pump()
    tea.amy.say("bea: where are you?")
    assert tea.texts == ["bea: where are you?"]


def test_no_longer_than_that_unless_one_wants_to(tea: Notified) -> None:
    tea.bea.does("unsubscribe", endpoint=tea.device.endpoint)
    tea.bea.does("logout")
    tea.house.pump()
    assert tea.house.server.user_of("bea") is None
    bea = subscriber(tea.house, "bea")
    bea.say("/alwayson on")
    subscribe(bea, tea.device)
    bea.does("unsubscribe", endpoint=tea.device.endpoint)
    bea.does("logout")
    tea.house.pump()
    assert tea.house.server.user_of("bea") is not None


def test_guests_have_none(tea: Notified) -> None:
    guest = tea.house.enter("gus", "web")
    assert isinstance(guest, WebPeer)
    answer = subscribe(guest, tea.device)
    assert (answer["type"], answer["code"]) == ("failed", "account-needed")
    assert not tea.service.got


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": "http://push.example/1"},
        {"endpoint": "ftp://push.example/1"},
        {"endpoint": "https://amy:tea@push.example/1"},
        {"endpoint": "https://push.example/" + "a" * 1_000},
        {"endpoint": "https://push.example/\r\nHost: tea.example"},
        {"endpoint": ""},
        {"p256dh": "tea"},
        {"p256dh": "\u0431" * 87},
        {"p256dh": "A" * 87},
        {"auth": "tea"},
        {"auth": "A" * 1_000},
        {"auth": ""},
    ],
    ids=repr,
)
def test_what_is_no_subscription_is_refused(tea: Notified, change: dict[str, str]) -> None:
    given = {"endpoint": tea.device.endpoint, "p256dh": tea.device.p256dh, "auth": tea.device.auth}
    answer = tea.bea.ask("subscribe", **(given | change))
    assert (answer["type"], answer["code"]) == ("failed", "usage")
    assert not tea.service.got


@pytest.mark.parametrize("status", [0, 400, 403, 410, 500])
def test_an_address_that_takes_nothing_is_not_kept(tea: Notified, status: int) -> None:
    tea.service.answers = [status]
    answer = subscribe(tea.bea, Device("https://push.example/device/2"))
    assert (answer["type"], answer["code"]) == ("failed", "usage")
    assert kept(tea.house, "bea") == [tea.device.endpoint]


def test_nobody_has_the_house_call_everywhere() -> None:
    tea = Notified(limits={"flood_lines": 0})
    answers = [subscribe(tea.bea, Device(f"https://push.example/{n}")) for n in range(BURST + 5)]
    assert {each["code"] for each in answers if each["type"] == "failed"} == {"too-fast"}
    assert len(tea.service.got) <= BURST + 3


def test_nor_by_subscribing_over_and_over() -> None:
    tea = Notified(limits={"flood_lines": 0})
    codes = set()
    for _ in range(BURST + 5):
        tea.bea.does("unsubscribe", endpoint=tea.device.endpoint)
        codes.add(subscribe(tea.bea, tea.device).get("code", ""))
    assert codes == {"", "too-fast"}


def test_few_addresses_are_tried_out_at_once(tea: Notified) -> None:
    slow = SlowService()
    tea.house.server.push.open(slow.post, PAYLOADS)
    names = [*(f"bea{number}" for number in range(AT_ONCE)), "bea0", "bea"]
    for name in names[:AT_ONCE]:
        tea.house.add_account(name)
    peers = [subscriber(tea.house, name) for name in names]
    for number, peer in enumerate(peers):
        device = Device(f"https://push.example/{number}")
        peer.send(
            {
                "do": "subscribe",
                "ref": "s",
                "endpoint": device.endpoint,
                "p256dh": device.p256dh,
                "auth": device.auth,
            }
        )
    tea.house.pump()
    assert len(slow.waiting) == AT_ONCE
    for peer in peers[AT_ONCE:]:
        assert peer.text
        assert [each["code"] for each in peer.events if each.get("ref") == "s"] == ["busy"]
    for each in slow.waiting:
        each.callback(201)
    tea.house.pump()
    assert [len(kept(tea.house, name)) for name in names[:AT_ONCE]] == [1] * AT_ONCE


def test_one_who_has_unsubscribed_is_not_notified(tea: Notified) -> None:
    tea.bea.does("unsubscribe", endpoint="https://push.example/other")
    tea.bea.does("unsubscribe", endpoint=tea.device.endpoint)
    tea.amy.say("bea: hello")
    assert not tea.notes
    assert not tea.house.server.fanout.ears


def test_another_password_ends_all_subscriptions(tea: Notified) -> None:
    new = "black tea, no sugar"
    bea = tea.house.enter("bea", password=PASSWORD)
    bea.say("/password")
    bea.say(PASSWORD)
    bea.say(new)
    bea.say(new)
    assert kept(tea.house, "bea") == []
    tea.amy.say("bea: hello")
    assert not tea.notes


def test_nothing_is_offered_where_there_are_no_notifications() -> None:
    off = Notified(push={"on": False})
    assert off.greeting["code"] == "not-allowed"
    assert off.house.server.push.key == ""
    hello = off.house.connect("web")
    assert isinstance(hello, WebPeer)
    assert hello.hello()["house"]["push"] == ""


def test_the_key_is_the_same_when_the_house_opens_again() -> None:
    store = MemoryStore()
    keys = []
    for _ in range(2):
        house = House(settings(), store=store)
        house.server.push.open(PushService().post, PAYLOADS)
        house.pump()
        keys.append(house.server.push.key)
    assert keys[0] == keys[1]
    assert store.document(KEY)


def test_who_has_subscribed_is_known_when_the_house_opens_again(tea: Notified) -> None:
    again = House(settings(), store=tea.house.store)
    again.server.push.open(tea.service.post, PAYLOADS)
    again.server.runtime.spawn(again.server.presence.restore())
    amy = again.enter("amy", password=PASSWORD)
    amy.say("/msg bea are you there?")
    again.wait(DELAY + 1)
    assert "are you there?" in tea.service.texts(tea.device)[0]


# ---- what they are notified of -----------------------------------------------------------------------------


def test_lines_with_ones_nick_private_messages_and_invitations(tea: Notified) -> None:
    tea.amy.say(
        "nothing for anyone", "good morning, Bea!", "/me waves at bea", "/msg bea psst", "/join cakes"
    )
    tea.amy.say("/invite bea")
    shown = [{k: v for k, v in each.items() if k not in {"id", "house"}} for each in tea.notes]
    assert shown == [
        {"type": "said", "who": "amy", "place": "lobby", "name": "lobby", "text": "good morning, Bea!"},
        {"type": "emoted", "who": "amy", "place": "lobby", "name": "lobby", "text": "waves at bea"},
        {"type": "whispered", "who": "amy", "place": "@amy", "text": "psst"},
        {"type": "invited", "who": "amy", "place": "cakes", "name": "cakes"},
    ]


def test_not_of_what_one_says_oneself_on_another_device(tea: Notified) -> None:
    tea.house.enter("bea", password=PASSWORD).say("bea is here", "/msg bea a note for bea", "/msg amy hello")
    assert not tea.notes


def test_not_of_what_is_taken_back_within_a_moment(tea: Notified) -> None:
    tea.amy.say("bea: one", "/delete", "/msg bea two", "bea: three", "/edit bea: four")
    assert tea.texts == ["two", "bea: four"]
    tea.house.add_account("mod", "moderator")
    mod = tea.house.enter("mod", password=PASSWORD)
    tea.amy.say("bea: five")
    mod.say("/redact amy")
    assert tea.texts == []


def test_not_of_what_ignored_people_say(tea: Notified) -> None:
    tea.house.enter("bea", password=PASSWORD).say("/ignore amy")
    tea.amy.say("bea: hello", "/msg bea psst")
    assert not tea.notes


def test_not_of_rooms_that_one_is_not_in(tea: Notified) -> None:
    tea.amy.say("/join cakes", "bea is not here")
    assert not tea.notes


def test_not_of_what_was_read_within_a_moment_on_any_device(tea: Notified) -> None:
    tea.amy.say("bea: one")
    assert tea.bea.text
    (event,) = [each for each in tea.bea.events if each.get("text") == "bea: one"]
    tea.bea.does("read", room="lobby", id=event["id"])
    tea.amy.say("bea: two")
    assert tea.texts == ["bea: two"]


def test_one_who_is_not_in_the_house_is_notified_of_private_messages(tea: Notified) -> None:
    tea.house.enter("bea", password=PASSWORD).say("/alwayson off")
    tea.bea.does("logout")
    for session in list(tea.house.server.users["bea"].sessions):
        session.end()
    tea.house.pump()
    assert tea.house.server.user_of("bea") is None
    tea.amy.say("/msg bea come back")
    assert tea.texts == ["come back"]


def test_what_was_not_stored_is_not_notified_of() -> None:
    service, store = PushService(), LateStore()
    house = House(settings(), store=store)
    house.server.push.open(service.post, PAYLOADS)
    for name in ("amy", "bea"):
        house.add_account(name)
    amy, bea, device = house.enter("amy", password=PASSWORD), subscriber(house, "bea"), Device()
    subscribe(bea, device)
    service.got.clear()
    amy.say("bea: hello")
    while store.waiting:
        store.refuse()
    house.wait(DELAY + 1)
    assert not service.got


def test_a_flood_does_not_go_out(tea: Notified) -> None:
    for number in range(BURST + 20):
        tea.amy.say(f"bea: {number}")
        tea.house.wait(0.25)
    assert BURST - 2 <= len(tea.notes) <= BURST + 20 * 0.25 * 0.5 + 10


def test_nothing_listens_while_nobody_has_subscribed() -> None:
    service = PushService()
    house = opened(service)
    assert not house.server.fanout.ears


# ---- on its way --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [404, 410])
def test_what_the_service_knows_no_more_is_forgotten(tea: Notified, status: int) -> None:
    tea.service.answers = [status]
    tea.amy.say("bea: hello")
    tea.house.wait(DELAY + 1)
    assert kept(tea.house, "bea") == []
    assert tea.house.server.measures.counters.pushed == {"gone": 1}
    tea.service.got.clear()
    tea.amy.say("bea: hello again")
    assert not tea.notes


@pytest.mark.parametrize("status", [0, 429, 500, 503])
def test_what_fails_for_now_is_tried_again_and_then_given_up(tea: Notified, status: int) -> None:
    tea.service.answers = [status] * 99
    tea.amy.say("bea: hello")
    tea.house.wait(DELAY + sum(PAUSES) + 10)
    assert len(tea.service.got) == 1 + len(PAUSES)
    assert len({body for _, body, _ in tea.service.got}) == 1 + len(PAUSES)  # each sealed anew
    assert kept(tea.house, "bea") == [tea.device.endpoint]
    assert tea.house.server.measures.counters.pushed == {"given-up": 1}


def test_what_is_refused_is_not_tried_again(tea: Notified) -> None:
    tea.service.answers = [413]
    tea.amy.say("bea: hello")
    tea.house.wait(DELAY + sum(PAUSES) + 10)
    assert len(tea.service.got) == 1
    assert tea.house.server.measures.counters.pushed == {"refused": 1}


def test_what_does_not_fit_holds_up_nothing(tea: Notified) -> None:
    sending, slow = stuck(tea.house)
    for _ in range(AT_ONCE):
        sending.put(message(tea.device, "x" * 5_000))
    sending.put(message(tea.device, "hello"))
    assert [tea.device.read(each) for each in slow.bodies] == ["hello"]


def test_the_queue_has_an_end_and_few_go_at_once(tea: Notified) -> None:
    sending, slow = stuck(tea.house)
    for number in range(QUEUE + 100):
        sending.put(message(tea.device, str(number), account=str(number)))
    assert len(slow.waiting) == AT_ONCE
    assert len(sending) == QUEUE
    tea.house.log.claim("too much waits")


def test_one_whose_service_is_slow_holds_up_nobody(tea: Notified) -> None:
    sending, slow = stuck(tea.house)
    for number in range(2 * QUEUE):
        sending.put(message(tea.device, str(number)))
    assert len(sending) == SHARE
    for name in ("amy", "cat"):
        sending.put(message(tea.device, f"for {name}", account=name))
    assert [tea.device.read(each) for each in slow.bodies] == ["0", "for amy", "for cat"]


def test_every_account_has_its_turn(tea: Notified) -> None:
    sending, slow = stuck(tea.house)
    for number in range(50):
        sending.put(message(tea.device, f"a{number}", account="a"))
    for name in "bcdef":
        sending.put(message(tea.device, name, account=name))
    for number in range(AT_ONCE):
        slow.waiting[number].callback(201)
    assert [tea.device.read(each) for each in slow.bodies] == ["a0", "b", "c", "d", "a1", "e", "f"]


def test_what_waits_to_be_tried_again_is_bounded_for_each(tea: Notified) -> None:
    sending, slow = stuck(tea.house)
    for number in range(2 * SHARE):
        sending.put(message(tea.device, str(number)))
        if slow.waiting:
            slow.waiting.pop().callback(503)
    assert len(sending) == len(slow.bodies) == SHARE
    tea.house.log.claim("too much waits")


def test_of_two_with_one_topic_the_later_is_sent(tea: Notified) -> None:
    sending, slow = stuck(tea.house)
    sending.put(message(tea.device, "first"))
    for text in ("old", "new"):
        sending.put(message(tea.device, text, topic="t"))
    sending.put(message(Device("https://push.example/other"), "another's", topic="t"))
    assert len(sending) == 2  # those of two devices
    slow.waiting[0].callback(201)
    assert tea.device.read(slow.bodies[-1]) == "new"


def stuck(house: House) -> tuple[Sending, SlowService]:
    """A queue before a push service that takes its time."""

    async def forget(account: str, endpoint: str) -> None: ...

    slow = SlowService()
    return Sending(house.server, Keys(fresh()), slow.post, forget), slow


def message(device: Device, text: str, topic: str = "", account: str = "bea") -> PushMessage:
    to = Subscription(device.endpoint, device.p256dh, device.auth, "web")
    return PushMessage(account=account, subscription=to, payload=text.encode(), topic=topic)
