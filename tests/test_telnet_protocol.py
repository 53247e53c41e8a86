"""What the telnet protocol does with what its codec reports, in a house in memory."""

from __future__ import annotations

import socket
import zlib

import pytest

from house import House, Peer, Wire, settings
from teahouse.protocols.telnet.client import TelnetView
from teahouse.protocols.telnet.wire import (
    AO,
    DO,
    GMCP,
    MCCP2,
    NAWS,
    NEW_ENVIRON,
    TTYPE,
    WILL,
    command,
    negotiation,
    subnegotiation,
)

STARTED = subnegotiation(MCCP2, b"")


def send(peer: Peer, *data: bytes) -> None:
    peer.wire.put(b"".join(data))
    peer.house.pump()


def view_of(peer: Peer) -> TelnetView:
    view = peer.session.view
    assert isinstance(view, TelnetView)
    return view


def compressed(house: House) -> Peer:
    """A telnet client with MCCP2."""
    peer = house.enter("amy", "telnet")
    send(peer, negotiation(WILL, TTYPE), subnegotiation(TTYPE, b"\0MUD"), subnegotiation(TTYPE, b"\0MUD"))
    send(peer, negotiation(DO, MCCP2))
    return peer


def inflated(peer: Peer) -> str:
    _, _, data = bytes(peer.wire.sent).partition(STARTED)
    return zlib.decompressobj().decompress(data).decode()


def test_urgent_bytes_stay_in_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 854's Synch is IAC DM with DM urgent: out of band, the IAC before it would stand alone."""
    options: list[tuple[object, ...]] = []
    monkeypatch.setattr(Wire, "setsockopt", lambda _, *option: options.append(option))
    house = House()
    house.connect("line")
    inline = (socket.SOL_SOCKET, socket.SO_OOBINLINE, 1)
    assert inline not in options
    house.connect("telnet")
    assert inline in options


@pytest.mark.parametrize("order", [(64, 9), (9, 64)])
def test_both_mtts_values_count(order: tuple[int, int]) -> None:
    """TinTin++ sends one by TTYPE and one by NEW-ENVIRON: a screen reader stays one, whichever comes last."""
    peer = House().connect("telnet")
    send(peer, negotiation(WILL, TTYPE), negotiation(WILL, NEW_ENVIRON))
    for name in ("TINTIN++", "XTERM", f"MTTS {order[0]}"):
        send(peer, subnegotiation(TTYPE, b"\0" + name.encode()))
    send(peer, subnegotiation(NEW_ENVIRON, b"\0\0MTTS\1" + str(order[1]).encode()))
    assert view_of(peer).reader
    assert not view_of(peer).colours


@pytest.mark.parametrize(("name", "width"), [("TEAHOUSE", 60), ("MUDLET", 0), ("SOMETHING", 0)])
def test_who_sends_mtts_wraps_by_itself_but_for_our_own_client(name: str, width: int) -> None:
    peer = House().connect("telnet")
    send(peer, negotiation(WILL, TTYPE), negotiation(WILL, NAWS), subnegotiation(NAWS, b"\0\x3c\0\x18"))
    for each in (name, "XTERM", "MTTS 13"):
        send(peer, subnegotiation(TTYPE, b"\0" + each.encode()))
    assert view_of(peer).width == width


def test_compressed_output_is_whole() -> None:
    house = House()
    amy = compressed(house)
    house.enter("bea").say("tea, anyone?")
    assert inflated(amy).endswith("bea: tea, anyone?\r\n")


def test_aborted_output_leaves_the_compressed_stream_whole() -> None:
    """What waits is part of one zlib stream: without it, nothing after it could be read."""
    house = House()
    amy, bea = compressed(house), house.enter("bea")
    amy.wire.space = 0
    bea.say("tea, anyone?")
    bea.say("nobody?")
    send(amy, command(AO))
    amy.wire.space = None
    house.pump()
    bea.say("cake?")
    assert inflated(amy).endswith("bea: cake?\r\n")


def test_aborted_output_is_not_shown() -> None:
    house = House(settings(limits={"flood_lines": 0.0}))
    amy, bea = house.enter("amy", "telnet"), house.enter("bea")
    amy.wire.space = 0
    bea.say("first", "second")
    bea.say("third")
    send(amy, command(AO))
    amy.wire.space = None
    house.pump()
    bea.say("fourth")
    assert "third" not in amy.text
    assert amy.text.endswith("bea: fourth\r\n")


def test_login_by_gmcp() -> None:
    house = House(settings(house={"password": "sesame"}))
    peer = house.connect("telnet")
    send(peer, negotiation(DO, GMCP))
    assert b'Char.Login.Default {"type": ["password-credentials"]}' in peer.wire.sent
    credentials = b'Char.Login.Credentials {"account": "amy", "password": "%s"}'
    send(peer, subnegotiation(GMCP, credentials % b"wrong"))
    assert b'Char.Login.Result {"success": false, "message": "That is not the password' in peer.wire.sent
    send(peer, subnegotiation(GMCP, credentials % b"sesame"))
    assert b'Char.Login.Result {"success": true}' in peer.wire.sent
    assert "You are amy." in peer.text


def test_credentials_are_one_line() -> None:
    peer = House().connect("telnet")
    send(peer, negotiation(DO, GMCP))
    send(peer, subnegotiation(GMCP, b'Char.Login.Credentials {"account": "a\\nb", "password": "c"}'))
    send(peer, subnegotiation(GMCP, b'Char.Login.Credentials ["no", "object"]'))
    assert not peer.session.logged_in
    assert peer.text == ""
