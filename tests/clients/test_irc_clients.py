"""Each IRC client joins, talks, renames, kicks, is banned, and sees topic, away and history; with a person on a plain
line, and all of them with each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from clients.bystander import Bystander
from clients.irc_people import KINDS, IrcPerson
from clients.open_house import OpenHouse
from clients.screens import Terminals

TEA = "#tea"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenHouse]:
    """A house with a room, and with no limit to what tests may say."""
    config = "[limits]\nflood_lines = 0.0\n[rooms.tea]\n"
    house = OpenHouse(tmp_path_factory.mktemp("house"), config, "--irc", "0", "--line", "0")
    yield house
    assert house.close() == 0
    assert "Traceback" not in house.log


@pytest.fixture
def bea(house: OpenHouse) -> Iterator[Bystander]:
    """Bea is in the tea room already."""
    with Bystander(house.line, "bea") as bea:
        bea.says("/join tea")
        bea.sees("In this room:")
        yield bea
        bea.says("/quit")
        bea.sees_the_end()


@pytest.fixture(params=KINDS)
def amy(
    request: pytest.FixtureRequest, house: OpenHouse, terminals: Terminals, tmp_path: Path
) -> Iterator[IrcPerson]:
    amy = KINDS[request.param]("amy", house.ports["irc localhost"], terminals, tmp_path)
    amy.sees(amy.welcome)
    yield amy
    amy.ends()


def come_in(person: IrcPerson, bea: Bystander) -> None:
    person.does("/join #tea")
    bea.sees(f"{person.nick} has entered the room.")
    person.sees("bea")


def test_talks_renames_and_goes(amy: IrcPerson, bea: Bystander) -> None:
    come_in(amy, bea)
    amy.does("grüße aus Łódź 👍", TEA)
    assert bea.sees("amy: ") == "amy: grüße aus Łódź 👍"
    bea.says("grüße zurück 👍")
    amy.sees("grüße zurück 👍")
    amy.does("/me waves", TEA)
    bea.sees("* amy waves")
    bea.says("/me bows")
    amy.sees("bows")
    bea.says("/msg amy between us")
    amy.sees("between us")
    amy.does("/msg bea indeed so", TEA)
    assert bea.sees("tells you") == "amy tells you: indeed so"
    amy.does("/nick anna", TEA)
    bea.sees("amy is now known as anna.")
    bea.says("/nick beate")
    amy.sees("beate")
    amy.does("/part #tea off", TEA)
    bea.sees("anna has left the room. (off)")


def test_sees_topic_away_and_history(amy: IrcPerson, bea: Bystander) -> None:
    bea.says("said before amy came", "/topic cakes and more", "/ping 1")
    bea.sees("PONG 1")
    come_in(amy, bea)
    amy.sees("cakes and more", "said before amy came")
    amy.does("/topic #tea green tea only", TEA)
    bea.sees("Topic: green tea only (set by amy)")
    bea.says("/topic")
    amy.sees("green tea only")
    bea.says("/away out for cake")
    amy.does("/msg bea hello", TEA)
    amy.sees("out for cake")


def test_keeps_a_room_in_order(amy: IrcPerson, bea: Bystander) -> None:
    amy.does(f"/join #den{amy.name}")
    amy.does("/msg bea it is made")
    bea.sees("amy tells you: it is made")
    bea.says(f"/join den{amy.name}")
    bea.sees("In this room: amy, bea")
    amy.sees("bea")
    amy.does(f"/kick #den{amy.name} bea too loud", f"#den{amy.name}")
    bea.sees("amy put bea out of the room. (too loud)")
    amy.does(f"/mode #den{amy.name} +b bea!*@*", f"#den{amy.name}")
    amy.does("/msg bea done")
    bea.sees("amy tells you: done")
    bea.says(f"/join den{amy.name}")
    bea.sees("You are banned from this room")


def test_is_put_out_and_banned(amy: IrcPerson, bea: Bystander) -> None:
    bea.says(f"/join bar{amy.name}")
    bea.sees("In this room: bea")
    amy.does(f"/join #bar{amy.name}")
    bea.sees("amy has entered the room.")
    bea.says("/ban amy 10m too loud")
    amy.sees("too loud")
    amy.does(f"/join #bar{amy.name}")
    amy.sees("annot join" if amy.name == "irssi" else "anned")


def test_all_of_them_with_each_other(
    house: OpenHouse, bea: Bystander, terminals: Terminals, tmp_path: Path
) -> None:
    nicks = ("ina", "wim", "fay", "pia", "ivo")
    port = house.ports["irc localhost"]
    people = [make(nick, port, terminals, tmp_path) for nick, make in zip(nicks, KINDS.values(), strict=True)]
    for person in people:
        person.sees(person.welcome)
        person.does("/join #tea")
        bea.sees(f"{person.nick} has entered the room.")
    for person in people:
        person.does(f"hello from {person.nick} by {person.name}", TEA)
        bea.sees(f"{person.nick}: hello from {person.nick} by {person.name}")
    for person in people:
        person.sees(*(f"hello from {other.nick} by {other.name}" for other in people if other is not person))
    bea.says("good night, all")
    for person in people:
        person.sees("good night, all")
        person.ends()
        bea.sees(f"{person.nick} has left the house.")
