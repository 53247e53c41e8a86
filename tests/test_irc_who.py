"""WHO, WHOIS and their like: what stands in a row, for whom, and that it is one line whatever someone is called."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis.strategies import lists, sampled_from

from house import House, Peer, settings
from teahouse.extensions.bot import Bot
from teahouse.protocols.irc.making import LINE
from teahouse.protocols.irc.message import parse

ORDER = "tcuihsnfdlaor"
HOUSE = House(settings(limits={"flood_lines": 0, "output_bytes": 1 << 40}))
AMY = HOUSE.enter("amy", "irc", "10.0.0.1")
AMY.say("JOIN #tea")
AMY.shown()


def ask(peer: Peer, line: str, code: str) -> list[tuple[str, ...]]:
    """The parameters, after the nick, of the numerics with this code that answer a line."""
    found = [parse(each) for each in peer.say(line)]
    return [each.params[1:] for each in found if each.command == code]


def tell_of(user_of: Peer, **values: Any) -> None:
    for name, value in values.items():
        setattr(user_of.session.user, name, value)


@given(lists(sampled_from(ORDER), min_size=1))
def test_whox_answers_exactly_the_fields_that_were_asked_for_in_its_own_order(letters: list[str]) -> None:
    cloak = AMY.session.user.host
    values = {"t": "42", "c": "#tea", "u": "~amy", "i": "10.0.0.1", "h": cloak, "s": "teahouse.local"}
    values |= {"n": "amy", "f": "H@", "d": "0", "l": "0", "a": "0", "o": "n/a", "r": "amy"}
    [row] = ask(AMY, f"WHO amy %{''.join(letters)},42", "354")
    assert row == tuple(values[letter] for letter in ORDER if letter in letters)


@pytest.mark.parametrize(
    ("token", "shown"), [("1", "1"), ("999", "999"), ("1000", "0"), ("x", "0"), ("", "0"), ("²", "0")]
)
def test_token_of_whox_is_three_digits_or_nought(token: str, shown: str) -> None:
    assert ask(AMY, f"WHO amy %t,{token}", "354") == [(shown,)]


def test_flags_say_here_or_gone_keeper_role_and_bot() -> None:
    house = House()
    house.add_account("mod", "moderator")
    mod = house.enter("mod", "irc", password="green tea")
    mod.say("JOIN #tea")
    assert [row[5] for row in ask(mod, "WHO mod", "352")] == ["H*@"]
    tell_of(mod, away="tea", is_bot=True)
    assert [row[5] for row in ask(mod, "WHO mod", "352")] == ["G*@B"]
    mod.say("CAP REQ multi-prefix")
    assert [row[5] for row in ask(mod, "WHO mod", "352")] == ["G*@+B"]
    assert ask(mod, "WHOIS mod", "335") == [("mod", "is a bot")]


class Robot(Bot):
    """Has no connection."""

    nick = "robot"
    rooms = "tea"


def test_bot_of_the_house_is_shown_as_one() -> None:
    house = House()
    Robot(house.server).start()
    amy = house.enter("amy", "irc")
    assert ask(amy, "WHO robot", "352")[0][5] == "HB"
    assert [parse(line).command for line in amy.say("WHOIS robot")] == [
        "311",
        "319",
        "312",
        "335",
        "317",
        "318",
    ]
    assert ask(amy, "USERIP robot", "340") == [("robot=+house@255.255.255.255",)]


def test_address_never_begins_with_a_colon() -> None:
    amy = House().enter("amy", "irc", "::1")
    assert ask(amy, "WHO amy %in", "354") == [("0::1", "amy")]
    assert ask(amy, "WHOIS amy", "338") == [("amy", "0::1", "Is actually using host")]
    assert ask(amy, "USERIP amy", "340") == [("amy=+~amy@0::1",)]


def test_devices_are_one_person_with_several_addresses() -> None:
    house = House()
    house.add_account("ann")
    one = house.enter("ann", "irc", "10.0.0.1", "green tea")
    house.enter("ann", "irc", "10.0.0.2", "green tea")
    assert [row[1] for row in ask(one, "WHOIS ann", "338")] == ["10.0.0.1", "10.0.0.2"]
    assert len(ask(one, "WHO ann", "352")) == 1
    assert not ask(one, "WHOIS ann", "671")  # said only where no connection can be listened to


@pytest.mark.parametrize("name", ["x" * 200, "é" * 200, "\U0001f375" * 200, ":", " two words ", ""])
@pytest.mark.parametrize("question", ["WHO amy", "WHO amy %cuhsnfdar", "WHOIS amy", "WHOWAS amy"])
def test_every_row_is_one_line_that_fits(name: str, question: str) -> None:
    house = House(settings(limits={"flood_lines": 0}))
    amy, bob = house.enter("amy", "irc"), house.enter("bob", "irc")
    tell_of(amy, realname=name, away=name)
    if question.startswith("WHOWAS"):
        amy.say("QUIT")
    start = len(bob.wire.sent)
    bob.say(question)
    lines = bytes(bob.wire.sent[start:]).split(b"\r\n")
    assert len(lines) > 2
    assert all(len(line) <= LINE - 2 for line in lines)
    assert not house.log.failures


@pytest.mark.parametrize(
    "question", ["WHO", "WHOIS", "WHOWAS", "USERHOST", "ISON", "LIST", "HELP", "MONITOR +"]
)
@pytest.mark.parametrize(
    "word", [":a b", "::a", ":", ":\x01", ":" + "x" * 400, ":" + "é," * 100, "%", "*,*,?", "#", "!"]
)
def test_no_question_breaks_a_line(question: str, word: str) -> None:
    house = House(settings(limits={"flood_lines": 0}))
    amy = house.enter("amy", "irc")
    amy.say(f"{question} {word}", "PING on")
    assert not house.log.failures
    assert amy.text.endswith("PONG teahouse.local on\r\n")
    assert all(len(line) <= LINE - 2 for line in bytes(amy.wire.sent).split(b"\r\n"))
