"""A browser that loses its connection and comes back: nothing is lost or shown twice, nobody notices, and what the
house keeps for it is bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from house import PASSWORD, House, settings
from teahouse.events import Said
from teahouse.protocols.web.link import HANG_UP_SECONDS, WebLink
from teahouse.protocols.web.post import Post
from teahouse.protocols.web.resume import KEPT_BLOCKS, KEPT_BYTES, Block, Sent, prepared
from web_peer import WebPeer


@pytest.fixture
def house() -> Iterator[House]:
    house = House()
    yield house
    if house.log.failures:
        raise house.log.failures[0]


def stranger(house: House, address: str = "127.0.0.1") -> WebPeer:
    peer = house.connect("web", address)
    assert isinstance(peer, WebPeer)
    return peer


def web(house: House, nick: str, password: str = "") -> WebPeer:
    peer = stranger(house)
    peer.enter(nick, password)
    peer.hears()
    return peer


def post_of(peer: WebPeer) -> Post:
    link = peer.link
    assert isinstance(link, WebLink)
    post = peer.session.link
    assert isinstance(post, Post)
    return post


def loses(peer: WebPeer) -> None:
    """The connection breaks."""
    peer.wire.end()
    peer.house.pump()


def back(house: House, before: WebPeer, last: int | None = None) -> tuple[WebPeer, dict[str, Any]]:
    """The same browser with a new connection."""
    peer = stranger(house)
    hello = peer.hello(session=before.secret, last=before.last if last is None else last)
    return peer, hello


def test_nobody_notices(house: House) -> None:
    bob = house.enter("bob")
    amy = web(house, "amy")
    bob.shown()
    loses(amy)
    bob.say("are you there?")
    again, hello = back(house, amy)
    assert (hello["resumed"], hello["session"]) == (True, amy.secret)
    assert [each["plain"] for each in again.hears()] == ["bob: are you there?"]
    again.does("say", room="lobby", text="I am")
    assert bob.shown() == ["amy: I am"]
    house.wait(120)
    assert not again.gone


def test_what_is_known_is_not_sent_again_but_the_rest_is(house: House) -> None:
    bob = house.enter("bob")
    amy = web(house, "amy")
    bob.say("one", "two", "three")  # one turn, one frame
    seen = amy.hears()
    loses(amy)
    bob.say("four")
    again, hello = back(house, amy, last=seen[0]["id"])
    assert [each["text"] for each in again.hears()] == ["two", "three", "four"]
    assert hello["id"] == seen[0]["id"]


def test_what_was_taken_back_meanwhile_is_not_sent(house: House) -> None:
    bob = house.enter("bob")
    amy = web(house, "amy")
    loses(amy)
    bob.say("one", "two", 'three "type":"deleted"', "four")
    bob.say("/delete 2", "/delete")
    bob.say("five")
    again, _ = back(house, amy)
    events = again.hears()
    said = [each["text"] for each in events if each["type"] == "said"]
    assert said == ["one", "two", "five"]
    assert [each["type"] for each in events].count("deleted") == 2


def test_a_request_that_was_heard_is_answered_after_coming_back(house: House) -> None:
    amy = web(house, "amy")
    last = amy.last
    amy.send({"do": "say", "room": "lobby", "text": "tea?", "ref": "a"})
    amy.wire.end()
    house.pump()
    again, _ = back(house, amy, last=last)
    assert [each["type"] for each in again.hears()] == ["said", "done"]


def test_after_a_minute_it_is_over(house: House) -> None:
    bob = house.enter("bob")
    amy = web(house, "amy")
    bob.shown()
    loses(amy)
    house.wait(59)
    assert not bob.shown()
    house.wait(2)
    assert bob.shown() == ["amy has left the house. (connection lost)"]
    _, hello = back(house, amy)
    assert hello["resumed"] is False


def test_who_has_not_logged_in_is_not_waited_for(house: House) -> None:
    peer = stranger(house)
    peer.hello()
    post = post_of(peer)
    loses(peer)
    assert not house.server.sessions
    assert len(post.returning) == 0
    _, hello = back(house, peer)
    assert hello["resumed"] is False


@pytest.mark.parametrize("way", ["logout", "/quit", "kill"])
def test_who_has_left_does_not_come_back(house: House, way: str) -> None:
    house.add_account("ann", "admin")
    ann, amy = web(house, "ann", PASSWORD), web(house, "amy")
    if way == "kill":
        loses(amy)
        ann.does("line", room="lobby", text="/kill amy spam")
    elif way == "logout":
        amy.does("logout")
    else:
        amy.send({"do": "line", "text": way})
    house.pump()
    assert "amy" not in house.server.users
    assert amy.code in {1000, None}
    _, hello = back(house, amy)
    assert hello["resumed"] is False


def test_who_has_left_says_nothing_more(house: House) -> None:
    bob = house.enter("bob")
    amy = web(house, "amy")
    bob.shown()
    amy.send({"do": "logout"}, {"do": "say", "to": "bob", "text": "boo"}, {"do": "login", "nick": "amy2"})
    amy.hears()
    assert bob.shown() == ["amy has left the house."]
    assert sorted(house.server.users) == ["bob"]


def test_another_connection_takes_over(house: House) -> None:
    amy = web(house, "amy")
    again, hello = back(house, amy)
    assert hello["resumed"]
    amy.send({"do": "say", "room": "lobby", "text": "a ghost"})
    again.does("say", room="lobby", text="me")
    assert [each["text"] for each in again.hears()] == ["me"]
    amy._listen()
    assert amy.code == 1000
    house.wait(HANG_UP_SECONDS)
    assert amy.gone
    assert house.server.admission.total == 1
    again.does("say", room="lobby", text="still me")


def test_a_secret_is_needed(house: House) -> None:
    amy = web(house, "amy")
    for secret in ("", "x", amy.secret[:-1], amy.secret + "x", amy.secret.swapcase()):
        peer = stranger(house)
        assert peer.hello(session=secret, last=0)["resumed"] is False
    assert not amy.gone


def test_the_guests_nick_is_free_where_too_much_was_missed(house: House) -> None:
    amy = web(house, "amy")
    bob = house.server
    loses(amy)
    for _ in range(KEPT_BYTES // 4000 + 5):
        bob.rooms["lobby"].broadcast(Said("bob", "x" * 4000))
        house.pump()
    again, hello = back(house, amy)
    assert hello["resumed"] is False
    again.does("login", nick="amy")


def test_a_deaf_browser_is_let_go_and_comes_back(house: House) -> None:
    house = House(settings(limits={"output_bytes": 65_536}))
    amy = web(house, "amy")
    bob = house.enter("bob")
    amy.hears()
    amy.wire.space = 0
    for _ in range(20):
        house.server.rooms["lobby"].broadcast(Said("bob", "x" * 4000))
        house.pump()
    assert amy.link.queued <= 65_536 + 5000
    assert "amy" in house.server.users
    again, hello = back(house, amy)
    assert hello["resumed"]
    assert len(again.hears()) == 20
    house.wait(HANG_UP_SECONDS + 1)
    assert amy.gone
    bob.say("hi")
    assert [each["text"] for each in again.hears()] == ["hi"]
    assert house.server.admission.total == 2


def test_requests_wait_while_answers_do() -> None:
    house = House(settings(limits={"output_bytes": 65_536}))
    amy = web(house, "amy")
    for _ in range(10):
        amy.does("say", room="lobby", text="x" * 4000)
        house.wait(1)
    amy.hears()
    amy.wire.space = 0
    amy.send(*({"do": "history", "room": "lobby", "ref": number} for number in range(15)))
    house.wait(10)
    assert amy.link.queued < 65_536
    amy.wire.space = None
    house.wait(10)
    assert [each["ref"] for each in amy.hears()] == list(range(15))


def test_a_browser_that_reads_nothing_for_a_minute(house: House) -> None:
    amy = web(house, "amy")
    amy.wire.space = 0
    house.server.rooms["lobby"].broadcast(Said("bob", "hi"))
    house.wait(62)
    assert "amy" in house.server.users
    _, hello = back(house, amy)
    assert hello["resumed"]


def test_a_deaf_browser_is_told_when_it_reads_again(house: House) -> None:
    house = House(settings(limits={"output_bytes": 4_096}))
    amy = web(house, "amy")
    amy.wire.space = 0
    for _ in range(3):
        house.server.rooms["lobby"].broadcast(Said("bob", "x" * 4000))
        house.pump()
    amy.wire.space = None
    amy.hears()
    assert amy.code == 1013


def test_so_many_are_waited_for() -> None:
    house = House(settings(limits={"resumable": 3}))
    peers = [web(house, f"amy{number}") for number in range(5)]
    for peer in peers:
        loses(peer)
    assert sorted(house.server.users) == ["amy2", "amy3", "amy4"]
    assert house.server.admission.total == 0
    house.wait(61)
    assert not house.server.users
    assert not house.server.sessions


def test_a_ban_cannot_be_stepped_around(house: House) -> None:
    house.add_account("ann", "admin")
    ann = web(house, "ann", PASSWORD)
    eve = stranger(house, "10.0.0.1")
    eve.enter("eve")
    loses(eve)
    cloak = house.server.order.cloaks.of("10.0.0.2")
    ann.does("line", room="lobby", text=f"/houseban *!*@{cloak} 1h")
    peer = stranger(house, "10.0.0.2")
    if not peer.gone:
        assert peer.hello(session=eve.secret, last=eve.last)["resumed"] is False
        assert "eve" not in house.server.users


def test_a_clean_close_is_no_goodbye(house: House) -> None:
    amy = web(house, "amy")
    amy.wire.put(b"\x88\x80\x00\x00\x00\x00")
    house.pump()
    assert amy.gone
    _, hello = back(house, amy)
    assert hello["resumed"]


def test_the_house_closes(house: House) -> None:
    from teahouse.service import dismiss  # noqa: PLC0415  it is slow to import

    amy, bob = web(house, "amy"), web(house, "bob")
    loses(bob)
    dismiss(house.server)
    house.pump()
    assert amy.hears()[-1]["text"] == "The house is closing."
    assert amy.code == 1001


def test_an_account_stays_where_it_was(house: House) -> None:
    house.add_account("ann")
    ann = web(house, "ann", PASSWORD)
    ann.does("join", room="tea")
    loses(ann)
    again, _ = back(house, ann)
    assert {each["key"] for each in again.does("rooms")["rooms"] if each["joined"]} == {"lobby", "tea"}


# ---- what is kept ------------------------------------------------------------------------------------------


def test_one_frame_for_all(house: House) -> None:
    peers = [web(house, f"amy{number}") for number in range(4)]
    for peer in peers:
        peer.hears()
    house.server.rooms["lobby"].broadcast(Said("bob", "hi"))
    house.pump()
    blocks = {id(post_of(peer).sent._blocks[-1]) for peer in peers}
    assert len(blocks) == 1


def test_an_answer_that_only_brings_something_is_not_kept(house: House) -> None:
    bob = house.enter("bob")
    amy = web(house, "amy")
    last = amy.last
    amy.send(
        {"do": "members", "room": "lobby", "ref": "m"},
        {"do": "say", "room": "lobby", "text": "tea?", "ref": "s"},
    )
    bob.say("yes")  # in the same turn, and so in the same frame
    assert [each.get("ref", each.get("text")) for each in amy.hears()] == ["m", "tea?", "s", "yes"]
    loses(amy)
    again, hello = back(house, amy, last=last)
    assert hello["resumed"] is True
    assert [each.get("ref", each.get("text")) for each in again.hears()] == ["tea?", "s", "yes"]
    assert [each["nick"] for each in again.does("members", room="lobby")["members"]] == ["amy", "bob"]


def block(lines: bytes) -> Block:
    kept = prepared(lines).kept
    assert kept is not None
    return kept


@given(st.lists(st.integers(1, 60_000), max_size=30))
def test_what_is_kept_is_bounded(sizes: list[int]) -> None:
    sent = Sent()
    for number, size in enumerate(sizes, 1):
        sent.add(block(b'{"id":%d,"x":"%s"}\n' % (number, b"x" * size)))
        assert sum(len(block.frame) for block in sent._blocks) <= KEPT_BYTES
    for _ in range(KEPT_BLOCKS + 5):
        sent.add(block(b'{"id":99}\n'))
    assert len(sent._blocks) == KEPT_BLOCKS


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("says"), st.integers(1, 3)),
        st.tuples(st.just("asks"), st.just(0)),
        st.tuples(st.just("breaks"), st.integers(0, 400)),
        st.tuples(st.just("returns"), st.just(0)),
        st.tuples(st.just("waits"), st.integers(1, 20)),
    ),
    max_size=25,
)


class Browser:
    """Someone whose connection breaks now and then."""

    def __init__(self) -> None:
        self.house = House()
        self.peer = web(self.house, "amy")
        self.said: list[int] = []
        self.seen: list[dict[str, Any]] = []

    def says(self, number: int) -> None:
        for _ in range(number):
            self.said.append(len(self.said))
            self.house.server.rooms["lobby"].broadcast(Said("bob", str(self.said[-1])))

    def asks(self, _: int) -> None:
        if not self.is_broken:
            self.peer.send({"do": "ping", "ref": "p"})

    def breaks(self, space: int) -> None:
        """Perhaps in the middle of a frame: what was not whole was not seen."""
        if not self.is_broken:
            self.peer.wire.space = space
            self.house.pump()
            self.peer.wire.end()

    def returns(self, _: int) -> None:
        self.listens()
        if self.is_broken:
            self.peer, hello = back(self.house, self.peer)
            assert hello["resumed"]
            self.peer.last_heard = max(self.peer.last_heard, hello["id"])
            self.listens()

    def waits(self, quarters: int) -> None:
        self.house.wait(quarters / 4)

    def listens(self) -> None:
        self.seen += [each for each in self.peer.hears() if each["type"] in {"said", "done"}]

    @property
    def is_broken(self) -> bool:
        return self.peer.wire.space is not None


@hypothesis(max_examples=60, deadline=None)
@given(STEPS)
def test_once_and_in_order_wherever_it_breaks(steps: list[tuple[str, int]]) -> None:
    amy = Browser()
    for what, number in steps:
        getattr(amy, what)(number)
        amy.house.pump()
    amy.returns(0)
    amy.listens()
    assert [int(each["text"]) for each in amy.seen if each["type"] == "said"] == amy.said
    ids = [each["id"] for each in amy.seen]
    assert ids == sorted(set(ids))
    if amy.house.log.failures:
        raise amy.house.log.failures[0]
