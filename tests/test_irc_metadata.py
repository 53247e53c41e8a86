"""METADATA, in both drafts: who may say what of whom, who is told, and what nobody is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from house import PASSWORD, House, Peer, settings
from irc_client import client, member
from teahouse.moderation.terms import Terms
from teahouse.protocols.irc.metadata import is_key
from teahouse.store.memory import MemoryStore

OFF = settings(
    limits={
        "flood_lines": 0,
        "metadata_keys": 2,
        "metadata_value_bytes": 20,
        "metadata_subscriptions": 3,
    }
)
TWO = ("batch", "draft/metadata-2")
THREE = ("batch", "draft/metadata-3")


def inside(lines: list[str]) -> list[str]:
    """What is in an answer's batch, without its tag."""
    assert lines[0].startswith("BATCH +")
    assert lines[-1].startswith("BATCH -")
    return [line.partition(" ")[2] for line in lines[1:-1]]


@pytest.mark.parametrize("caps", [TWO, THREE])
def test_set_get_list_clear(caps: tuple[str, ...]) -> None:
    house = House(OFF)
    ann, bob = member(house, "ann", *caps), member(house, "bob", *caps)
    ann.shown()
    assert ann.say("METADATA * SET url :http://tea house") == ["761 ann ann url * :http://tea house"]
    assert inside(bob.say("METADATA ann GET url avatar")) == [
        "761 bob ann url * :http://tea house",
        "766 bob ann avatar :Key not set",
    ]
    assert inside(bob.say("METADATA ANN LIST")) == ["761 bob ann url * :http://tea house"]
    assert ann.say("METADATA ann SET url") == ["766 ann ann url :Key not set"]
    ann.say("METADATA * SET a :1", "METADATA * SET b :2")
    assert inside(ann.say("METADATA * CLEAR")) == ["766 ann ann a :Key not set", "766 ann ann b :Key not set"]
    assert inside(ann.say("METADATA * LIST")) == []


def test_whois_names_what_is_known_to_clients_that_know_metadata() -> None:
    house = House(OFF)
    ann, bob, eve = member(house, "ann", *THREE), member(house, "bob", *THREE), member(house, "eve")
    ann.say("METADATA * SET url :http://tea house")
    for peer, told in ((bob, ["760 bob ann url * :http://tea house"]), (eve, [])):
        peer.shown()
        assert [line for line in peer.say("WHOIS ann") if line.startswith("760 ")] == told


def test_what_is_known_of_a_channel_is_for_those_who_could_come_in() -> None:
    house = House(OFF)
    ann, bob = member(house, "ann", *THREE, room="tea"), member(house, "bob", *THREE)
    ann.say("METADATA #tea SET url :http://tea")
    bob.shown()
    assert inside(bob.say("METADATA #tea GET url")) == ["761 bob #tea url * :http://tea"]
    ann.say("MODE #tea +i")
    assert bob.say("METADATA #tea GET url") == ["FAIL METADATA INVALID_TARGET #tea :Invalid metadata target"]


WRONG = {
    "METADATA * SET Url x": ("INVALID_KEY Url :Invalid key", "KEY_INVALID Url :Invalid key"),
    "METADATA * SET :a b": ("INVALID_KEY * :Invalid key", "KEY_INVALID * :Invalid key"),
    "METADATA bob SET url x": ("KEY_NO_PERMISSION bob url :You do not have permission to do that.",) * 2,
    "METADATA bob CLEAR": ("KEY_NO_PERMISSION bob * :You do not have permission to do that.",) * 2,
    "METADATA #tea SET url x": ("KEY_NO_PERMISSION #tea url :You do not have permission to do that.",) * 2,
    "METADATA nobody LIST": ("INVALID_TARGET nobody :Invalid metadata target",) * 2,
    "METADATA #nowhere LIST": ("INVALID_TARGET #nowhere :Invalid metadata target",) * 2,
    "METADATA #den LIST": ("INVALID_TARGET #den :Invalid metadata target",) * 2,
    "METADATA #tea SYNC": ("INVALID_TARGET #tea :Invalid metadata target",) * 2,
    "METADATA bob SUB url": ("INVALID_TARGET bob :Invalid metadata target",) * 2,
    "METADATA * SNEEZE": (
        "INVALID_PARAMS SNEEZE :Unknown subcommand",
        "SUBCOMMAND_INVALID SNEEZE :Unknown subcommand",
    ),
    "METADATA": ("INVALID_PARAMS * :Unknown subcommand", "SUBCOMMAND_INVALID * :Unknown subcommand"),
    "METADATA * SET url :123456789012345678901": (
        "INVALID_VALUE url :The value is too long.",
        "VALUE_INVALID :The value is too long.",
    ),
    "METADATA * SET c 3": (
        "LIMIT_REACHED SET ann 2 :Metadata limit reached",
        "LIMIT_REACHED ann :Metadata limit reached",
    ),
}


def crowded(caps: tuple[str, ...]) -> tuple[House, Peer]:
    """A house with a room and a hidden one; ann is in neither, and has all the keys there can be."""
    house = House(OFF)
    bob = member(house, "bob", *caps, room="tea")
    bob.say("JOIN #den", "METADATA #den SET url secret")
    house.server.rooms["den"].policy.terms = Terms(hidden=True)
    ann = client(house, "ann", *caps)
    ann.say("METADATA * SET a 1", "METADATA * SET b 2")
    return house, ann


@pytest.mark.parametrize(("line", "told"), WRONG.items())
@pytest.mark.parametrize("caps", [THREE, TWO], ids=["3", "2"])
def test_what_is_wrong_is_named(line: str, told: tuple[str, str], caps: tuple[str, ...]) -> None:
    _, ann = crowded(caps)
    assert ann.say(line) == [f"FAIL METADATA {told[caps is TWO]}"]


def test_what_is_not_set_is_taken_back_with_an_error_in_the_second_draft_alone() -> None:
    house = House(OFF)
    two, three = client(house, "two", *TWO), client(house, "three", *THREE)
    assert two.say("METADATA * SET url") == ["FAIL METADATA KEY_NOT_SET two url :Key not set"]
    assert three.say("METADATA * SET url") == ["766 three three url :Key not set"]


def test_a_client_has_one_draft() -> None:
    house = House(OFF)
    ann = client(house, "ann")
    assert ann.say("CAP REQ :draft/metadata-2 draft/metadata-3")[0].startswith("CAP ann NAK")
    assert ann.say("CAP REQ :draft/metadata-2")[0].startswith("CAP ann ACK")
    assert ann.say("CAP REQ :draft/metadata-3")[0].startswith("CAP ann NAK")
    assert ann.say("CAP REQ :-draft/metadata-2 draft/metadata-3")[0].startswith("CAP ann ACK")


# ---- subscribing -----------------------------------------------------------------------------------------------


def test_subscriptions() -> None:
    house = House(OFF)
    ann = client(house, "ann", *THREE)
    assert ann.say("METADATA * SUB avatar ?! url avatar")[:2] == [
        "770 ann avatar url",
        "WARN METADATA INVALID_KEY ?! :Invalid key",
    ]
    assert ann.say("METADATA * SUB status city bio")[:2] == [
        "770 ann status",
        "FAIL METADATA LIMIT_REACHED SUB city 3 :Too many subscriptions!",
    ]
    assert inside(ann.say("METADATA * SUBS")) == ["772 ann avatar url status"]
    assert ann.say("METADATA * UNSUB url nothing url") == ["771 ann url nothing"]
    assert inside(ann.say("METADATA * SUBS")) == ["772 ann avatar status"]
    ann.say("CAP REQ :-draft/metadata-3", "CAP REQ :draft/metadata-3")
    assert inside(ann.say("METADATA * SUBS")) == []


def test_who_subscribes_is_told_how_it_is_and_what_changes() -> None:
    house = House(OFF)
    bob = member(house, "bob", *THREE)
    house.server.rooms["lobby"].policy.grant(bob.session.user, "operator")
    bob.say("METADATA * SET url one", "METADATA #lobby SET url place")
    ann, two = member(house, "ann", *THREE), member(house, "two", *TWO)
    ann.shown()
    assert inside(ann.say("METADATA * SUB url")[1:]) == [
        "761 ann #lobby url * :place",
        "761 ann bob url * :one",
    ]
    two.say("METADATA * SUB url")
    bob.shown()
    assert bob.say("METADATA * SET url two") == ["761 bob bob url * :two"]
    assert ann.shown()[-1:] == ["761 ann bob url * :two"]
    assert two.shown()[-1:] == ["METADATA bob url * two"]
    bob.say("METADATA * SET other x", "METADATA * SET url", "METADATA #lobby SET url")
    assert ann.shown() == ["766 ann bob url :Key not set", "766 ann #lobby url :Key not set"]
    assert two.shown() == ["METADATA bob url *", "METADATA #lobby url *"]


def test_strangers_are_told_nothing_unless_they_watch() -> None:
    house = House(OFF)
    bob = member(house, "bob", *THREE)
    far, watching = client(house, "far", *THREE), client(house, "watching", *THREE)
    for peer in (far, watching):
        peer.say("METADATA * SUB url")
    watching.say("MONITOR + bob")
    bob.say("METADATA * SET url x")
    assert far.shown() == []
    assert watching.shown() == ["761 watching bob url * :x"]


def test_who_comes_into_a_room_is_told_what_is_known_there() -> None:
    house = House(OFF)
    bob = member(house, "bob", *THREE)
    bob.say("METADATA * SET url x")
    ann = client(house, "ann", *THREE)
    ann.say("METADATA * SUB url")
    lines = ann.say("JOIN #lobby")
    end = next(number for number, line in enumerate(lines) if line.startswith("366"))
    assert inside(lines[end + 1 :]) == ["761 ann bob url * :x"]
    assert inside(ann.say("METADATA #lobby SYNC")) == ["761 ann bob url * :x"]
    assert inside(ann.say("METADATA *ALL SYNC")) == ["761 ann bob url * :x"]


# ---- before connecting, and being kept -------------------------------------------------------------------------


def test_before_connecting() -> None:
    house = House(OFF)
    ann = house.connect("irc")
    ann.say("CAP REQ :batch draft/metadata-3")
    assert ann.say("METADATA * SUB url") == ["770 * url"]
    assert ann.say("METADATA * SET url :a b") == ["761 * * url * :a b"]
    lines = ann.say("NICK ann", "USER ann 0 * :ann", "CAP END")
    where = next(number for number, line in enumerate(lines) if " metadata ann" in line)
    assert inside(lines[where : where + 3]) == ["761 ann ann url * :a b"]
    assert lines[-1].startswith("422")


def test_it_is_kept_with_the_account_and_the_room() -> None:
    store = MemoryStore()
    house = House(OFF, store=store)
    house.add_account("ann")
    ann = member(house, "ann", *THREE, password=PASSWORD)
    house.server.rooms["lobby"].policy.grant(ann.session.user, "operator")
    ann.say("METADATA * SET url mine", "METADATA #lobby SET url ours")
    again = House(OFF, store=store)
    ann = member(again, "ann", *THREE, password=PASSWORD)
    assert inside(ann.say("METADATA * LIST")) == ["761 ann ann url * :mine"]
    assert inside(ann.say("METADATA #lobby LIST")) == ["761 ann #lobby url * :ours"]


@given(st.text(max_size=12))
def test_keys(word: str) -> None:
    wanted = bool(word) and set(word) <= set("abcdefghijklmnopqrstuvwxyz0123456789_./-")
    assert is_key(word, 64) == wanted
