"""What IRC clients are offered: lists that fit, values, STS, and how the table is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from house import QUIET, House, Peer, settings
from teahouse.protocols.irc.capabilities import LINE, OFFERS, known
from teahouse.protocols.irc.session import IrcSession


def listed(lines: list[str]) -> list[str]:
    """The capabilities in what CAP LS shows, values and all."""
    return [word for line in lines for word in line.partition(" :")[2].split()]


def session_of(peer: Peer) -> IrcSession:
    assert isinstance(peer.session, IrcSession)
    return peer.session


def test_old_clients_get_one_line_and_it_fits() -> None:
    amy = House().connect("irc")
    lines = amy.say("CAP LS")
    assert len(lines) == 1
    assert max(map(len, bytes(amy.wire.sent).split(b"\r\n"))) <= LINE
    assert "sasl" in listed(lines)
    assert not [word for word in listed(lines) if "=" in word]


def test_new_clients_get_all_of_it_in_lines_that_fit() -> None:
    amy = House().connect("irc")
    lines = amy.say("CAP LS 302")
    assert all(line.startswith("CAP * LS * :") for line in lines[:-1])
    assert lines[-1].startswith("CAP * LS :")
    assert max(map(len, bytes(amy.wire.sent).split(b"\r\n"))) <= LINE
    assert {word.partition("=")[0] for word in listed(lines)} == OFFERS.keys() - {
        "sts",
        "soju.im/webpush",
    } & {name for name, offer in OFFERS.items() if offer.value(session_of(amy)) is not None}


def test_higher_version_counts_from_then_on() -> None:
    amy = House().connect("irc")
    amy.say("CAP LS 307")
    assert not [word for word in listed(amy.say("CAP LS")) if "=" in word]
    assert session_of(amy).cap_version == 307
    assert session_of(amy).has("cap-notify")


@pytest.mark.parametrize("version", ["302x", "-302", "³", "9" * 40])
def test_version_that_is_no_number_is_none(version: str) -> None:
    amy = House().connect("irc")
    assert len(amy.say(f"CAP LS {version}")) == 1
    assert session_of(amy).cap_version == 301


def test_request_as_long_as_a_line_is_answered_in_lines_that_fit() -> None:
    amy = House().connect("irc")
    wanted = " ".join(["batch"] * 80)
    lines = amy.say(f"CAP REQ :{wanted}")
    assert " ".join(line.partition(" :")[2] for line in lines) == wanted
    assert all(line.startswith("CAP * ACK ") for line in lines)
    assert max(map(len, bytes(amy.wire.sent).split(b"\r\n"))) <= LINE


def test_name_as_long_as_a_line_is_refused() -> None:
    amy = House().connect("irc")
    (line,) = amy.say(f"CAP REQ :{'x' * 480}")
    assert line.startswith("CAP * NAK :xxx")


def test_one_thing_has_one_name_inside() -> None:
    names = {"no-implicit-names", "soju.im/no-implicit-names", "draft/no-implicit-names", "batch", "nonsense"}
    assert known(names) == {"draft/no-implicit-names", "batch"}
    assert all(not offer.known_as or offer.known_as in OFFERS for offer in OFFERS.values())


def test_clients_of_one_kind_share_what_is_kept_of_them() -> None:
    house = House()
    sessions = []
    for _ in range(2):
        peer = house.connect("irc")
        peer.say("CAP LS 302", "CAP REQ :batch server-time message-tags")
        sessions.append(session_of(peer))
    amy, bob = sessions
    assert amy.asked is bob.asked
    assert amy.caps is bob.caps
    assert amy.view == bob.view
    assert amy.state["offered"] is bob.state["offered"]


def test_encryption_is_asked_for_where_there_is_some() -> None:
    house = House(replace(QUIET, irc=replace(QUIET.irc, sts=True, sts_port=7000, sts_days=30)))
    amy = house.connect("irc")
    assert "sts" not in str(listed(amy.say("CAP LS 302")))
    house.server.encrypted_ways.append("irc over TLS, localhost 6697")
    assert "sts=port=7000" in listed(amy.say("CAP LS 302"))
    amy.link.secure = True
    assert "sts=duration=2592000" in listed(amy.say("CAP LS 302"))
    assert amy.say("CAP REQ :sts") == ["CAP * NAK :sts"]


def test_encryption_is_never_taken_back() -> None:
    house = House(replace(QUIET, irc=replace(QUIET.irc, sts=True)))
    house.server.encrypted_ways.append("irc over TLS, localhost 6697")
    amy = house.connect("irc")
    amy.say("CAP LS 302")
    house.server.encrypted_ways.clear()
    house.server.changed()
    house.pump()
    assert amy.shown() == []


def test_certificate_opens_another_way() -> None:
    house = House(settings())
    amy = house.connect("irc")
    assert "sasl=SCRAM-SHA-512,SCRAM-SHA-256,PLAIN" in listed(amy.say("CAP LS 302"))


def test_news_come_only_to_who_wants_them() -> None:
    house = House()
    amy, bob = house.connect("irc"), house.connect("irc")
    amy.say("CAP LS 302")
    bob.say("CAP LS")
    house.server.order.lockdown = True
    house.server.changed()
    house.server.changed()
    house.pump()
    assert amy.shown() == ["CAP * DEL :draft/account-registration"]
    assert bob.shown() == []
