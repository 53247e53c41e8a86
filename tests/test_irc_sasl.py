"""AUTHENTICATE on the wire: every mechanism, every way to cut it, every end."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

import pytest

from house import PASSWORD, House, Peer, settings
from sasl_client import SCRAMS, ScramClient
from teahouse.protocols.irc.fitting import chunks

PRINT = "ab" * 32
ROOM = settings(limits={"flood_burst": 1000, "flood_bytes": 1_000_000})


@pytest.fixture
def house() -> House:
    house = House(ROOM)
    house.add_account("amy")
    return house


def arrive(house: House, **link: Any) -> Peer:
    peer = house.connect("irc")
    for name, value in link.items():
        setattr(type(peer.link), name, value)
    peer.say("CAP REQ :sasl", "NICK amy", "USER amy 0 * :Amy")
    return peer


def send(peer: Peer, data: bytes | str) -> list[str]:
    """A message of the client's, cut as it has to be; what is answered."""
    encoded = b64encode(data.encode() if isinstance(data, str) else data).decode()
    return peer.say(*(f"AUTHENTICATE {piece}" for piece in chunks(encoded)))


def challenge(lines: list[str]) -> bytes:
    """What the house answered to the exchange."""
    pieces = [line.removeprefix("AUTHENTICATE ") for line in lines]
    return b64decode("".join(piece for piece in pieces if piece != "+"))


def codes(lines: list[str]) -> list[str]:
    return [line.split(" ")[0] for line in lines]


@pytest.mark.parametrize("mechanism", SCRAMS)
def test_scram_proves_both_sides(house: House, mechanism: str) -> None:
    amy = arrive(house)
    client = ScramClient(mechanism, "amy", PASSWORD)
    assert amy.say(f"AUTHENTICATE {mechanism}") == ["AUTHENTICATE +"]
    answer = client.final(challenge(send(amy, client.first())))
    client.check(challenge(send(amy, answer)))
    assert codes(send(amy, "")) == ["900", "903"]
    assert codes(amy.say("CAP END"))[0] == "001"
    assert house.server.users["amy"].account_key == "amy"


def test_scram_with_a_wrong_password_fails(house: House) -> None:
    amy = arrive(house)
    client = ScramClient("SCRAM-SHA-256", "amy", "not her tea")
    amy.say("AUTHENTICATE SCRAM-SHA-256")
    answer = client.final(challenge(send(amy, client.first())))
    assert codes(send(amy, answer)) == ["904"]
    assert codes(send(amy, "")) == ["908", "904"]  # there is no exchange any more: "+" is no mechanism


def test_external_takes_the_certificate(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    account = house.server.users.get("amy")
    assert account is None

    async def add() -> None:
        owner = await house.server.accounts.owner("amy")
        assert owner is not None
        await house.server.accounts.add_certificate(owner, PRINT)

    house.server.runtime.spawn(add())
    house.pump()
    amy = house.connect("irc")
    monkeypatch.setattr(type(amy.link), "certificate", PRINT)
    assert "EXTERNAL" in str(amy.say("CAP LS 302"))
    amy.say("CAP REQ :sasl", "NICK amy", "USER amy 0 * :Amy")
    assert amy.say("AUTHENTICATE EXTERNAL") == ["AUTHENTICATE +"]
    assert codes(amy.say("AUTHENTICATE +")) == ["900", "903"]


def test_message_of_exactly_one_piece_ends_with_a_plus(house: House) -> None:
    name = "a" * 200
    amy = arrive(house)
    amy.say("AUTHENTICATE PLAIN")
    message = f"\0{name}\0{'p' * 98}"
    assert len(b64encode(message.encode())) == 400
    assert amy.say(f"AUTHENTICATE {b64encode(message.encode()).decode()}") == []
    assert codes(amy.say("AUTHENTICATE +")) == ["904"]


@pytest.mark.parametrize("size", [1, 399, 400, 401, 490])
def test_endless_login_ends(house: House, size: int) -> None:
    eve = arrive(house)
    eve.say("AUTHENTICATE PLAIN")
    for _ in range(200):
        if eve.gone:
            break
        eve.say("AUTHENTICATE " + "A" * size)
    assert eve.gone
    assert eve.text.count("\r\n904 ") + eve.text.count("\r\n905 ") <= 10


def test_too_many_guesses_have_to_wait(house: House) -> None:
    eve = arrive(house)
    for _ in range(3):
        eve.say("AUTHENTICATE PLAIN")
        send(eve, "\0amy\0wrong")
    eve.say("AUTHENTICATE PLAIN")
    (line,) = send(eve, f"\0amy\0{PASSWORD}")
    assert line.startswith("904 ")
    assert "try again" in line


def test_account_that_is_suspended_meanwhile_does_not_come_in(house: House) -> None:
    amy = arrive(house)
    amy.say("AUTHENTICATE PLAIN")
    send(amy, f"\0amy\0{PASSWORD}")

    async def suspend() -> None:
        owner = await house.server.accounts.owner("amy")
        assert owner is not None
        await house.server.accounts.change(owner, suspended=True)

    house.server.runtime.spawn(suspend())
    house.pump()
    assert codes(amy.say("CAP END")) == ["464", "ERROR"]
    assert amy.gone


def test_whole_registration_in_every_two_pieces(house: House) -> None:
    plain = b64encode(f"\0amy\0{PASSWORD}".encode()).decode()
    data = (
        "CAP LS 302\r\nPASS x\r\nNICK amy\r\nUSER amy 0 * :Amy\r\nCAP REQ :sasl batch\r\nCAP REQ server-time\r\n"
        f"AUTHENTICATE PLAIN\r\nAUTHENTICATE {plain}\r\nCAP END\r\nPING end\r\n"
    ).encode()
    for cut in range(len(data)):
        amy = house.connect("irc")
        for part in (data[:cut], data[cut:]):
            amy.wire.put(part)
            house.pump()
        lines = amy.shown()
        assert lines[-1].endswith("PONG teahouse.local end")
        assert [code for code in codes(lines) if code in {"900", "903", "904", "464"}] == ["900", "903"]
        amy.wire.end()
        house.pump()


def test_passwords_are_told_to_nobody(house: House) -> None:
    tom, amy = house.enter("tom", "irc"), house.enter("kim", "irc")
    amy.say("CAP REQ :echo-message sasl message-tags", "JOIN #tea")
    tom.say("JOIN #tea")
    amy.say(f"PRIVMSG NickServ :IDENTIFY amy {PASSWORD}", "@+typing=active TAGMSG NickServ")
    amy.say(f"NOTICE NickServ :IDENTIFY amy {PASSWORD}", f"NS PASSWD {PASSWORD}", f"CS {PASSWORD}")
    amy.say(f"REGISTER * * :{PASSWORD}", f"NS REGISTER {PASSWORD}", f"NS {PASSWORD}")
    told = tom.text + amy.text + "".join(house.log.lines) + str(vars(house.store))
    assert PASSWORD not in told
    assert "401" not in codes(amy.text.splitlines())


def test_hanging_up_in_the_middle_harms_nobody(house: House) -> None:
    amy = arrive(house)
    amy.say("AUTHENTICATE PLAIN")
    amy.type(f"AUTHENTICATE {b64encode(f'{chr(0)}amy{chr(0)}{PASSWORD}'.encode()).decode()}", "CAP END")
    amy.wire.end()
    house.pump()
    assert "amy" not in house.server.users
    assert not house.log.failures
