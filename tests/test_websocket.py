"""WebSockets: the handshake, frames good and bad, their end; and IRC over them, beside people on telnet."""

from __future__ import annotations

import pytest

from browsers import BINARY, CLOSE, PING, PONG, REQUEST, TEXT, Browser, Raw, frame, request
from house import House, settings
from teahouse.protocols.web.http_connection import REQUEST_SECONDS
from teahouse.protocols.web.protocol import WebFactory
from teahouse.protocols.websocket import frames
from teahouse.protocols.websocket.frames import (
    FRAGMENTS,
    MESSAGE_BYTES,
    Broken,
    Closed,
    Heard,
    Incoming,
    Pinged,
    Ponged,
    Reader,
)
from teahouse.protocols.websocket.handshake import NoUpgrade, upgrade
from teahouse.protocols.websocket.protocol import CLOSE_SECONDS, IDLE_BURST
from teahouse.service import SOCKETS

OPEN = settings(limits={"flood_lines": 0, "output_bytes": 40_000})

# ---- the handshake ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"Upgrade": None}, 426),
        ({"Upgrade": "h2c"}, 426),
        ({"Connection": None}, 426),
        ({"Connection": "close"}, 426),
        ({"Sec_WebSocket_Version": None}, 426),
        ({"Sec_WebSocket_Version": "8"}, 426),
        ({"Sec_WebSocket_Key": None}, 400),
        ({"Sec_WebSocket_Key": "short"}, 400),
        ({"Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ=!"}, 400),
        ({"Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZTE="}, 400),
        ({"Host": None}, 400),
        ({"first": "POST {} HTTP/1.1"}, 400),
        ({"first": "GET {} HTTP/1.0"}, 400),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": "http://localhost"}, 403),
        ({"Origin": "http://localhost:8080.evil.example"}, 403),
        ({"Origin": "http://evil.example", "Upgrade": None}, 403),
    ],
)
def test_what_is_no_upgrade(changed: dict[str, str], status: int) -> None:
    """Answered as a page, and nothing of the house is told."""
    client = Raw(House())
    client.put(request(**changed))
    assert client.status.startswith(str(status))
    assert b"NOTICE" not in client.wire.sent
    if status == 426:
        assert client.headers["upgrade"] == "websocket"
    client.wire.end()
    client.house.pump()
    assert not client.site.links
    assert client.house.server.admission.total == 0


@pytest.mark.parametrize(
    "path", ["/irc/", "/irc/../irc", "/../irc", "/IRC", "//irc", "/%2e%2e/etc/passwd", "/no"]
)
def test_other_paths_are_not_there(path: str) -> None:
    client = Raw(House())
    client.put(request(path))
    assert client.status == "404 Not Found"


@pytest.mark.parametrize(
    ("origin", "host", "allowed"),
    [
        ("http://localhost:8080", "localhost:8080", []),
        ("HTTP://LocalHost:8080", "localhost:8080", []),
        ("https://tea.example", "tea.example", []),
        ("https://tea.example", "tea.example:443", []),
        ("http://[::1]:8080", "[::1]:8080", []),
        ("https://chat.example", "tea.example", ["https://Chat.example"]),
        ("https://any.example", "tea.example", ["*"]),
    ],
)
def test_pages_that_may_connect(origin: str, host: str, allowed: list[str]) -> None:
    headers = {**REQUEST, "Host": host, "Origin": origin}
    made = upgrade("GET", "HTTP/1.1", lambda name: [headers[name]] if name in headers else [], (), allowed)
    assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in made.head  # RFC 6455, 1.3


@pytest.mark.parametrize("origin", ["http://[", "https://tea.example:x", "file://", "ftp://tea.example", "*"])
def test_pages_that_are_from_nowhere(origin: str) -> None:
    headers = {**REQUEST, "Host": "tea.example", "Origin": origin}
    with pytest.raises(NoUpgrade):
        upgrade("GET", "HTTP/1.1", lambda name: [headers[name]] if name in headers else [], (), [])


def test_no_compression_is_negotiated() -> None:
    client = Raw(House())
    client.put(request(Sec_WebSocket_Extensions="permessage-deflate; client_max_window_bits"))
    assert client.status.startswith("101")
    assert "sec-websocket-extensions" not in client.headers
    client.put(frame(TEXT, b"abc", reserved=4))
    assert bytes(client.wire.sent).endswith(frames.close(1002, frames.REASONS[1002]))


def test_a_slow_request_ends_in_time() -> None:
    """As any other to the site: its time is not renewed by bytes."""
    house = House()
    client = Raw(house)
    data = request()[:-2]
    for index in range(int(REQUEST_SECONDS)):
        assert not client.wire.closed
        client.put(data[index : index + 1])
        house.wait(1)
    house.wait(1)
    assert client.wire.closed


def test_a_request_may_come_in_pieces_and_with_frames_behind_it() -> None:
    client = Raw(House())
    for byte in request():
        client.put(bytes([byte]))
    assert client.status.startswith("101")
    other = Raw(House())
    other.put(request() + frame(TEXT, b"PING 7"))
    assert b"PONG teahouse.local 7" in other.wire.sent


def test_it_is_counted_once_and_refused_like_others() -> None:
    limits = {"exempt_addresses": [], "connections_per_address": 2, "connects_per_address": 3}
    house = House(settings(limits=limits))
    first = Browser(house, address="192.0.2.1")
    assert house.server.admission.total == 1
    second = Browser(house, address="192.0.2.1")
    third = Browser(house, address="192.0.2.1")
    assert third.shown() == ["ERROR :Too many connections from your address. Close one and try again."]
    assert third.code == 1008
    third.wire.end()
    for client in (first, second):
        client.wire.end()
    house.pump()
    assert house.server.admission.total == 0
    assert Browser(house, address="192.0.2.1").enter("amy")
    (told,) = Browser(house, address="192.0.2.1").shown()
    assert told.startswith("ERROR :Too many connects from your address.")


def test_who_is_banned_is_told() -> None:
    house = House()
    house.add_account("ann", "admin")
    house.enter("ann", password="green tea").say("/houseban 192.0.2.0/24 go away")
    client = Browser(house, address="192.0.2.1")
    (told,) = client.shown()
    assert told.startswith("ERROR :Your address is banned from this house")
    assert client.code == 1008
    assert client.wire.closed
    assert house.server.admission.total == 1


# ---- frames ----------------------------------------------------------------------------------------------------

STREAMS: list[tuple[bytes, list[Incoming]]] = [
    (frame(TEXT, b"hi") + frame(BINARY, b"\xff"), [Heard(b"hi"), Heard(b"\xff")]),
    (frame(TEXT, "é".encode()[:1], fin=False) + frame(0, "é".encode()[1:]), [Heard("é".encode())]),
    (frame(TEXT, b"a", fin=False) + frame(PING, b"x") + frame(0, b"b"), [Pinged(b"x"), Heard(b"ab")]),
    (frame(TEXT, b"x" * 125) + frame(TEXT, b"x" * 126), [Heard(b"x" * 125), Heard(b"x" * 126)]),
    (frame(TEXT, b"x", fin=False) + frame(0, b"y", fin=False) * 6 + frame(0, b"z"), [Heard(b"xyyyyyyz")]),
    (frame(PONG) + frame(TEXT), [Ponged(), Heard(b"")]),
    (frame(CLOSE, b"\x03\xe8bye") + frame(TEXT, b"late"), [Closed()]),
    (frame(CLOSE) + b"junk", [Closed()]),
]
BAD: list[tuple[bytes, int]] = [
    (frame(TEXT, b"hi", masked=False), 1002),
    *((frame(TEXT, b"hi", reserved=bits), 1002) for bits in (1, 2, 4, 7)),
    *((frame(opcode, b"hi"), 1002) for opcode in (3, 7, 11, 15)),
    (frame(0, b"no beginning"), 1002),
    (frame(TEXT, b"a", fin=False) + frame(TEXT, b"b"), 1002),
    (frame(PING, b"x", fin=False), 1002),
    (frame(PING, b"x" * 126), 1002),
    (frame(CLOSE, b"\x03"), 1002),
    (frame(CLOSE, b"\x03\xed"), 1002),
    (frame(CLOSE, b"\x03\xe8\xff"), 1007),
    (b"\x81\xfe\x00\x05" + b"\0" * 9, 1002),
    (frame(TEXT, b"\xff"), 1007),
    (frame(TEXT, b"\xed\xa0\x80"), 1007),
    (frame(TEXT, b"\xc3"), 1007),
    (frame(TEXT, b"\xc3", fin=False) + frame(0, b"\x28"), 1007),
    (frame(TEXT, b"x", fin=False) + frame(0, b"", fin=False) * FRAGMENTS, 1009),
    (frame(TEXT, b"x" * MESSAGE_BYTES, fin=False) + frame(0, b"x"), 1009),
    (frame(BINARY, b"x" * (MESSAGE_BYTES + 1))[:14], 1009),
    (b"\x82\xff\x7f" + b"\xff" * 7 + b"\0" * 4, 1009),
]


@pytest.mark.parametrize(("data", "expected"), STREAMS)
def test_frames_however_they_are_cut(data: bytes, expected: list[Incoming]) -> None:
    assert Reader().feed(data) == expected
    for cut in range(len(data) + 1):
        reader = Reader()
        assert reader.feed(data[:cut]) + reader.feed(data[cut:]) == expected
    reader = Reader()
    assert [each for byte in data for each in reader.feed(bytes([byte]))] == expected


@pytest.mark.parametrize(("data", "code"), BAD)
def test_bad_frames_however_they_are_cut(data: bytes, code: int) -> None:
    """Seen as soon as can be, and nothing is read after it."""
    whole = Reader()
    assert whole.feed(data) == [Broken(code)]
    assert whole.feed(frame(TEXT, b"more")) == []
    for cut in range(0, len(data) + 1, max(1, len(data) // 50)):
        reader = Reader()
        assert reader.feed(data[:cut]) + reader.feed(data[cut:]) == [Broken(code)]


def test_the_largest_message_is_taken() -> None:
    reader = Reader()
    data = frame(BINARY, b"x" * 60_000, fin=False) + frame(0, b"y" * (MESSAGE_BYTES - 60_000))
    heard = [each for at in range(0, len(data), 8_192) for each in reader.feed(data[at : at + 8_192])]
    assert heard == [Heard(b"x" * 60_000 + b"y" * (MESSAGE_BYTES - 60_000))]


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536])
def test_frames_that_are_sent(size: int) -> None:
    assert frames.frame(TEXT, b"x" * size) == frame(TEXT, b"x" * size, masked=False)


def test_lines_become_messages() -> None:
    block = "one\r\ntwé\n\r\nthree".encode()
    assert frames.framed(block, False) == b"\x81\x03one\x81\x04tw\xc3\xa9\x81\x05three"
    assert frames.framed(b"\xff\n", False) == b"\x81\x03\xef\xbf\xbd"
    assert frames.framed(b"\xff\n", True) == b"\x82\x01\xff"
    assert frames.framed(block, False) is frames.framed(bytes(bytearray(block)), False)


# ---- a connection ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("data", "code"), BAD)
def test_who_breaks_the_rules_is_told_why(data: bytes, code: int) -> None:
    house = House(OPEN)
    bob = house.enter("bob")
    amy = Browser(house)
    amy.enter("amy")
    amy.say("JOIN #lobby")
    bob.shown()
    amy.wire.put(data)
    assert amy.code == code
    assert amy.wire.closed
    assert bob.shown()[-1].startswith("amy has left the house.")
    house.log.claim("dropped amy")


def test_who_breaks_the_rules_and_does_not_listen_is_cut_off() -> None:
    """The bytes that come meanwhile are thrown away, so that the reason is not lost to a reset."""
    house = House()
    amy = Browser(house)
    amy.put(frame(TEXT, b"x", masked=False), *[b"x" * 8_192] * 50)
    assert not amy.wire.closed
    house.wait(CLOSE_SECONDS)
    assert amy.wire.closed
    assert house.server.admission.total == 0


def test_close_handshake_begun_by_the_client() -> None:
    amy = Browser(House())
    amy.enter("amy")
    amy.protocol.send_close(1000, "bye")
    assert amy.code == 1000
    assert amy.wire.closed


def test_close_handshake_begun_by_the_house() -> None:
    amy = Browser(House())
    amy.enter("amy")
    assert amy.say("QUIT :bye")[-1].startswith("ERROR :")
    assert amy.code == 1000
    assert amy.wire.closed


@pytest.mark.parametrize("push", [False, True], ids=["direct", "push"])
def test_a_client_that_does_not_answer_the_close(push: bool) -> None:
    house = House(push=push)
    amy = Browser(house)
    amy.put(frame(TEXT, b"QUIT"), frame(TEXT, b"PING late"))
    assert bytes(amy.wire.sent).endswith(frames.close(1000))
    house.wait(CLOSE_SECONDS - 0.25)
    assert not amy.wire.closed
    house.wait(0.25)
    assert amy.wire.closed


def test_hanging_up_without_a_close() -> None:
    house = House()
    bob = house.enter("bob")
    amy = Browser(house)
    amy.enter("amy")
    amy.say("JOIN #lobby")
    bob.shown()
    amy.wire.end()
    house.pump()
    assert amy.wire.closed
    assert bob.shown()[-1].startswith("amy has left the house.")


def test_the_last_ping_is_answered() -> None:
    """RFC 6455, 5.5.3."""
    amy = Browser(House())
    amy.shown()
    amy.put(frame(PING, b"1") + frame(PING, b"2"))
    assert bytes(amy.wire.sent).endswith(frames.pong(b"2"))
    assert frames.pong(b"1") not in amy.wire.sent


@pytest.mark.parametrize("data", [frame(PING, b"x" * 125), frame(PONG), frame(TEXT), frame(BINARY)])
def test_a_flood_of_nothing(data: bytes) -> None:
    """Ended, and what it was answered is next to nothing."""
    amy = Browser(House())
    before = len(amy.wire.sent)
    for _ in range(2 * IDLE_BURST):
        amy.wire.put(data)
    assert amy.code == 1008
    assert len(amy.wire.sent) - before < 2_000
    amy.house.log.claim("too fast")


def test_now_and_then_a_ping_is_fine() -> None:
    amy = Browser(House(settings(limits={"login_seconds": 0})))
    for _ in range(30):
        amy.put(*[frame(PING)] * 10)
        amy.house.wait(1)
    assert amy.code is None


def test_pings_whose_answers_are_not_read() -> None:
    house = House(settings(limits={"output_bytes": 4_096, "login_seconds": 0}))
    amy = Browser(house)
    amy.wire.space = 0
    for _ in range(60):
        amy.put(frame(PING, b"x" * 125))
        house.wait(0.5)
    assert amy.wire.closed
    house.log.claim("bytes were waiting")


def test_it_is_probed_by_a_ping() -> None:
    house = House()
    amy = Browser(house)
    amy.enter("amy")
    house.wait(130)
    assert frames.ping() in amy.wire.sent
    amy.shown()
    assert amy.code is None


@pytest.mark.parametrize("push", [False, True], ids=["direct", "push"])
def test_a_deaf_browser_in_a_busy_room(push: bool) -> None:
    """Invariant 3: dropped at the bound, and the others notice nothing."""
    house = House(OPEN, push=push)
    bob, eve, amy = house.enter("bob"), Browser(house), Browser(house)
    for each, nick in ((eve, "eve"), (amy, "amy")):
        each.enter(nick)
        each.say("JOIN #lobby")
    eve.wire.space = 0
    for number in range(40):
        bob.say(f"{number} " + "x" * 3_000)
        assert str(number) in [line.split()[3].lstrip(":") for line in amy.shown()]
    assert eve.wire.closed
    house.log.claim("more than 40,000 bytes were waiting")


def test_a_slow_browser_gets_whole_frames() -> None:
    """Whatever the kernel takes at once."""
    house = House(OPEN)
    bob, amy = house.enter("bob"), Browser(house)
    amy.enter("amy")
    amy.say("JOIN #lobby")
    amy.wire.most = 7
    amy.wire.space = 0
    for number in range(5):
        bob.say(f"line {number}")
    assert amy.shown() == []
    amy.wire.space = None
    assert [line.rpartition(" ")[2] for line in amy.shown()] == list("01234")


def test_members_share_one_frame() -> None:
    """A block is framed once for all who are sent it."""
    house = House(OPEN)
    bob = house.enter("bob")
    people = [Browser(house) for _ in range(20)]
    for number, each in enumerate(people):
        each.enter(f"guest{number}")
        each.say("JOIN #lobby")
    before = frames.framed.cache_info()
    bob.say("hi")
    after = frames.framed.cache_info()
    assert (after.misses - before.misses, after.hits - before.hits) == (1, 19)


# ---- IRC -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("subprotocol", ["", "text.ircv3.net", "binary.ircv3.net"])
def test_irc_and_telnet_in_one_room(subprotocol: str) -> None:
    house = House(OPEN)
    bob = house.enter("bob", "telnet")
    amy = Browser(house, subprotocols=[subprotocol] if subprotocol else [])
    assert (amy.protocol.subprotocol or "") == subprotocol
    amy.binary = subprotocol == "binary.ircv3.net"
    assert any(" 001 amy " in line for line in amy.enter("amy"))
    assert any(" JOIN " in line for line in amy.say("JOIN #lobby"))
    bob.shown()
    amy.say("PRIVMSG #lobby :hëllo")
    assert bob.shown() == ["amy: hëllo"]
    bob.say("hi ämy")
    (line,) = amy.shown()
    assert line.endswith("PRIVMSG #lobby :hi ämy")
    assert "\r" not in line
    assert amy.link.protocol == "irc"


def test_the_client_chooses_among_subprotocols() -> None:
    amy = Browser(House(), subprotocols=["x", "binary.ircv3.net", "text.ircv3.net"])
    assert amy.protocol.subprotocol == "binary.ircv3.net"


def test_a_line_end_in_a_message_is_not_needed_and_does_no_harm() -> None:
    amy = Browser(House())
    amy.shown()
    assert amy.say("PING 1\r\n")[-1].endswith("PONG teahouse.local 1")


def test_bytes_that_are_no_utf_8_are_refused_as_on_any_stream() -> None:
    amy = Browser(House(), subprotocols=["binary.ircv3.net"])
    amy.binary = True
    amy.enter("amy")
    amy.put(frame(BINARY, b"PRIVMSG bob :\xff"))
    assert any("INVALID_UTF8" in line for line in amy.shown())


def test_a_line_that_is_too_long() -> None:
    amy = Browser(House())
    amy.enter("amy")
    assert " 417 amy " in amy.say("PRIVMSG bob :" + "x" * 60_000)[-1]


def test_paths_are_the_service_s() -> None:
    house = House()
    assert set(SOCKETS) == {"/irc"}
    client = Raw(house, site=WebFactory(house.server))
    client.put(request())
    assert client.status == "404 Not Found"
