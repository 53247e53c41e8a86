"""Behind proxies and gateways: the PROXY protocol, X-Forwarded-For, WEBIRC. Who is not trusted is not believed."""

from __future__ import annotations

from struct import pack
from typing import Any

import pytest
from hypothesis import given
from hypothesis.strategies import binary

from browsers import Raw, frame, request
from house import House, Peer, Wire, settings
from teahouse.admission import within
from teahouse.protocols import peer
from teahouse.protocols.proxied.header import BINARY_BYTES, SIGNATURE, TEXT_BYTES, NoHeader, Reader
from teahouse.protocols.proxied.protocol import HEADER_SECONDS, ProxiedFactory
from teahouse.protocols.web.forwarded import client_of
from teahouse.protocols.web.protocol import WebFactory
from teahouse.running.listening import CannotOpen, make_endpoint
from teahouse.service import SOCKETS, TeahouseService
from teahouse.settings import Data, Listen, Settings

PROXY = "198.51.100.9"
TRUSTED = settings(
    proxy={"trusted": ["198.51.100.0/24"]}, irc={"webirc": ["198.51.100.7 sesame", "::1 other"]}
)
V1 = b"PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n"
TLS = b"\x20\x00\x05\x01\0\0\0\0"


def version_2(command: int = 0x21, family: int = 0x11, body: bytes = b"", extras: bytes = b"") -> bytes:
    body = body or bytes([192, 0, 2, 1, 198, 51, 100, 1]) + pack("!HH", 56324, 443)
    return SIGNATURE + bytes([command, family]) + pack("!H", len(body + extras)) + body + extras


SIX = bytes.fromhex("20010db8" + "0" * 23 + "1") * 2 + pack("!HH", 7, 8)
GOOD = [
    (V1, peer.Peer("192.0.2.1", 56324)),
    (b"PROXY TCP6 2001:db8::1 2001:db8::2 7 8\r\n", peer.Peer("2001:db8::1", 7)),
    (b"PROXY UNKNOWN\r\n", None),
    (b"PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n", None),
    (version_2(), peer.Peer("192.0.2.1", 56324)),
    (version_2(family=0x21, body=SIX), peer.Peer("2001:db8::1", 7)),
    (version_2(extras=b"\x03\0\x04abcd" + TLS), peer.Peer("192.0.2.1", 56324, True)),
    (version_2(extras=b"\x20\x00\x05\x00\0\0\0\0"), peer.Peer("192.0.2.1", 56324)),
    (version_2(extras=b"\x20\x00"), peer.Peer("192.0.2.1", 56324)),
    (version_2(command=0x20), None),
    (version_2(family=0), None),
    (version_2(family=0x31, body=b"x" * 216), None),
]
BAD = [
    b"GET / HTTP/1.1\r\n",
    b"NICK amy\r\n",
    b"PROXY\r\n",
    b"PROXY TCP4\r\n",
    b"PROXY TCP4 192.0.2.1 198.51.100.1 56324\r\n",
    b"PROXY TCP4 192.0.2.256 198.51.100.1 56324 443\r\n",
    b"PROXY TCP4 2001:db8::1 198.51.100.1 56324 443\r\n",
    b"PROXY TCP6 fe80::1%lo 2001:db8::1 56324 443\r\n",
    b"PROXY TCP4 192.0.2.1 198.51.100.1 65536 443\r\n",
    b"PROXY TCP4 192.0.2.1 198.51.100.1 -1 443\r\n",
    b"PROXY UDP4 192.0.2.1 198.51.100.1 1 443\r\n",
    b"PROXY TCP4 \xff 198.51.100.1 1 443\r\n",
    b"PROXY UNKNOWN " + b"x" * TEXT_BYTES,
    b"\r\n\r\n\0\r\nQUIX",
    version_2(command=0x11),
    version_2(command=0x22),
    version_2(body=b"short"),
    version_2(extras=b"\0" * BINARY_BYTES)[:16],
]


@pytest.mark.parametrize(("data", "expected"), GOOD)
def test_headers_however_they_are_cut(data: bytes, expected: peer.Peer | None) -> None:
    assert Reader().feed(data + b"NICK amy\r\n") == (expected, b"NICK amy\r\n")
    for cut in range(1, len(data)):
        reader = Reader()
        assert reader.feed(data[:cut]) is None
        assert reader.feed(data[cut:]) == (expected, b"")


@pytest.mark.parametrize("data", BAD)
def test_what_is_no_header(data: bytes) -> None:
    with pytest.raises(NoHeader):
        Reader().feed(data)


@given(start=binary(max_size=40))
def test_no_bytes_harm_it(start: bytes) -> None:
    for data in (start, b"PROXY " + start, SIGNATURE + start, SIGNATURE + b"\x21\x11\0" + start):
        reader = Reader()
        try:
            for byte in data:
                if reader.feed(bytes([byte])) is not None:
                    break
        except NoHeader:
            pass
        assert len(reader._data) <= BINARY_BYTES


class Behind:
    """A connection to an endpoint for proxies."""

    def __init__(self, house: House, protocol: str = "irc", address: str = PROXY) -> None:
        self.house = house
        trusts = within(house.server.settings.proxy.trusted)
        self.factory = ProxiedFactory(house._factories[protocol], trusts, house.server.runtime)
        wire: Any = Wire()
        self.wire: Wire = wire
        house.plug(self.factory.buildProtocol(None), wire, address)

    def put(self, *data: bytes) -> Behind:
        for each in data:
            self.wire.put(each)
            self.house.pump()
        return self

    @property
    def link(self) -> Any:
        return next(link for link in self.factory.wrapped.links if link.transport.socket is self.wire)


def test_the_address_in_the_header_is_what_counts() -> None:
    """For the cloak, for limits and for bans."""
    house = House(TRUSTED)
    direct = house.enter("bob", "irc", "192.0.2.1")
    amy = Behind(house).put(V1 + b"NICK amy\r\nUSER amy 0 * :amy\r\n")
    assert b" 001 amy " in amy.wire.sent
    assert amy.link.session.host == direct.session.host
    assert (amy.link.address, amy.link.port, amy.link.secure) == ("192.0.2.1", 56324, False)
    assert house.server.admission._sessions._here == {"192.0.2.1": 2}
    amy.wire.end()
    house.pump()
    assert house.server.admission._sessions._here == {"192.0.2.1": 1}


@pytest.mark.parametrize("protocol", ["irc", "telnet", "line"])
def test_a_header_in_pieces_and_over_tls(protocol: str) -> None:
    house = House(TRUSTED)
    amy = Behind(house, protocol).put(*(bytes([byte]) for byte in version_2(extras=TLS)))
    assert amy.link.secure
    assert amy.link.certificate == ""


def test_a_banned_address_is_refused_behind_a_proxy_too() -> None:
    house = House(TRUSTED)
    house.add_account("ann", "admin")
    house.enter("ann", password="green tea").say("/houseban 192.0.2.0/24 go away")
    amy = Behind(house).put(V1 + b"NICK amy\r\n")
    assert b"banned from this house" in amy.wire.sent
    assert amy.wire.closed


def test_who_is_no_proxy_is_not_listened_to() -> None:
    house = House(TRUSTED)
    eve = Behind(house, address="203.0.113.5").put(V1)
    assert eve.wire.closed
    assert not eve.wire.sent
    assert house.server.admission.total == 0
    house.log.claim("is no proxy of this house")


def test_without_a_marker_a_header_is_a_line_like_others() -> None:
    house = House(TRUSTED)
    eve = house.connect("irc", PROXY)
    eve.wire.put(V1)
    house.pump()
    assert eve.session.address == PROXY


@pytest.mark.parametrize("data", [b"NICK amy\r\n", b"P" * 9_000])
def test_garbage_in_place_of_a_header(data: bytes) -> None:
    house = House(TRUSTED)
    eve = Behind(house).put(data)
    assert eve.wire.closed
    house.log.claim("no PROXY header")


def test_a_header_that_never_ends() -> None:
    house = House(TRUSTED)
    eve = Behind(house)
    for second in range(int(HEADER_SECONDS)):
        assert not eve.wire.closed
        eve.put(b"PROXY TCP4 192.0.2.1"[second : second + 1])
        house.wait(1)
    assert eve.wire.closed
    assert not eve.factory.waiting


def test_the_check_of_a_proxy_is_a_connection_of_its_own() -> None:
    """As often as it wants: nobody's limit counts it."""
    house = House(settings(proxy={"trusted": [PROXY]}, limits={"connects_per_address": 1}))
    for _ in range(3):
        check = Behind(house).put(version_2(command=0x20))
        assert check.link.address == PROXY
        check.wire.end()
        house.pump()


def test_endpoints_for_proxies() -> None:
    assert make_endpoint(None, "proxy:8080")
    assert make_endpoint(None, "proxy:tcp:8080:interface=0.0.0.0")
    for text, hint in (("proxy:ssl:1", "before TLS"), ("haproxy:tcp:1", "proxy:")):
        with pytest.raises(ValueError, match=hint):
            make_endpoint(None, text)
    alone = Settings(listen=Listen(telnet=[], irc=["proxy:0"], web=[]), data=Data(directory=":memory:"))
    with pytest.raises(CannotOpen, match="trusted"):
        TeahouseService(alone, None)


# ---- X-Forwarded-For ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (["192.0.2.1"], "192.0.2.1"),
        (["10.9.9.9, 192.0.2.1"], "192.0.2.1"),
        (["10.9.9.9", "192.0.2.1, 198.51.100.3"], "192.0.2.1"),
        (["192.0.2.1:4711"], "192.0.2.1"),
        (['2001:db8::1, "x"'], PROXY),
        (["[2001:db8::1]:80"], "2001:db8::1"),
        (["unknown, 198.51.100.3"], "198.51.100.3"),
        ([], PROXY),
    ],
)
def test_whom_a_proxy_speaks_for(said: list[str], expected: str) -> None:
    headers = {"X-Forwarded-For": said}
    trusts = within(["198.51.100.0/24"])
    assert client_of(peer.Peer(PROXY), lambda name: headers.get(name, []), trusts).address == expected


@pytest.mark.parametrize(("address", "expected"), [(PROXY, "192.0.2.1"), ("203.0.113.5", "203.0.113.5")])
def test_the_web_site_believes_proxies_only(address: str, expected: str) -> None:
    house = House(TRUSTED)
    amy = Raw(house, address, WebFactory(house.server, SOCKETS))
    amy.put(request(X_Forwarded_For="10.9.9.9, 192.0.2.1", X_Forwarded_Proto="https"), frame(1, b"PING 1"))
    assert amy.link.address == amy.link.session.address == expected
    assert amy.link.secure == (address == PROXY)
    assert amy.link.session.host == house.server.order.cloaks.of(expected)
    assert house.server.admission._sessions._here == {expected: 1}


def test_a_client_of_a_proxy_is_refused_by_its_own_address() -> None:
    house = House(settings(proxy={"trusted": [PROXY]}, limits={"connections_per_address": 1}))
    site = WebFactory(house.server, SOCKETS)
    clients = [Raw(house, PROXY, site) for _ in range(3)]
    for client, address in zip(clients, ("192.0.2.1", "192.0.2.1", "192.0.2.2"), strict=True):
        client.put(request(X_Forwarded_For=address))
    assert [b"Too many connections" in client.wire.sent for client in clients] == [False, True, False]


# ---- WEBIRC ------------------------------------------------------------------------------------------------------

GATEWAY = "198.51.100.7"


def gateway(house: House, line: str, address: str = GATEWAY) -> Peer:
    amy = house.connect("irc", address)
    amy.say(line)
    return amy


def test_a_gateway_says_for_whom_it_connects() -> None:
    house = House(TRUSTED)
    direct = house.enter("bob", "irc", "192.0.2.1")
    amy = gateway(house, "WEBIRC sesame web amy.example 192.0.2.1 :remote-port=99 secure")
    assert any("001 amy " in line for line in amy.enter("amy"))
    assert amy.session.host == amy.session.user.host == direct.session.host
    assert (amy.session.address, amy.session.port) == ("192.0.2.1", 99)
    assert not amy.link.secure, "the way from the gateway is not encrypted"
    assert house.server.admission._sessions._here == {"192.0.2.1": 2}
    amy.wire.end()
    house.pump()
    assert house.server.admission._sessions._here == {"192.0.2.1": 1}
    assert house.server.admission.total == 1


@pytest.mark.parametrize(("options", "secure"), [("secure", True), ("", False), ("secured", False)])
def test_a_gateway_on_the_same_machine_may_be_encrypted(options: str, secure: bool) -> None:
    amy = gateway(House(TRUSTED), f"WEBIRC other web amy.example 0::1 :{options}", "::1")
    assert amy.link.secure is secure
    assert amy.session.address == "::1"


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("WEBIRC wrong web amy.example 192.0.2.1", GATEWAY),
        ("WEBIRC other web amy.example 192.0.2.1", GATEWAY),
        ("WEBIRC sesame web amy.example 192.0.2.1", "203.0.113.5"),
        ("WEBIRC sesame web amy.example amy.example", GATEWAY),
        ("WEBIRC sesame web amy.example :192.0.2.1 x", GATEWAY),
        ("WEBIRC é web amy.example 192.0.2.1", GATEWAY),
    ],
)
def test_who_is_no_gateway_is_put_out(line: str, address: str) -> None:
    house = House(TRUSTED)
    eve = gateway(house, line, address)
    assert eve.gone
    house.log.claim("WEBIRC: ")
    assert house.server.admission.total == 0
    assert not house.server.admission._sessions._here


def test_a_gateway_comes_first_and_speaks_once() -> None:
    house = House(TRUSTED)
    amy = gateway(house, "NICK amy")
    assert "462 " in amy.say("WEBIRC sesame web a.example 192.0.2.1")[-1]
    eve = gateway(house, "WEBIRC sesame web a.example 192.0.2.1")
    eve.say("WEBIRC sesame web a.example 192.0.2.2")
    assert eve.gone
    assert "461 " in gateway(house, "WEBIRC sesame web").text


def test_a_banned_address_is_refused_behind_a_gateway_too() -> None:
    house = House(TRUSTED)
    house.add_account("ann", "admin")
    house.enter("ann", password="green tea").say("/houseban 192.0.2.0/24 go away")
    amy = gateway(house, "WEBIRC sesame web a.example 192.0.2.1")
    assert "banned from this house" in amy.text
    assert amy.gone
    assert house.server.admission.total == 1


def test_connections_of_one_address_are_counted_behind_a_gateway() -> None:
    limits = {"connections_per_address": 1}
    house = House(settings(irc={"webirc": [f"{GATEWAY} sesame"]}, limits=limits))
    people = [gateway(house, f"WEBIRC sesame web a.example 192.0.2.{host}") for host in (1, 1, 2)]
    assert [each.gone for each in people] == [False, True, False]
    assert "Too many connections" in people[1].text
