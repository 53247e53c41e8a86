"""Within what time people may change what they said (REDACT, EDIT), and that keepers may later, too."""

from __future__ import annotations

import pytest

from house import PASSWORD, House, Peer, settings
from irc_client import BATCHES, client, member, msgids

CAPS = (*BATCHES, "draft/message-redaction", "draft/message-edit", "echo-message")
A_MINUTE = settings(limits={"change_minutes": 1})
TEXT = "What you say can be corrected or taken back for 1 minute: this was said before that."


def said(peer: Peer, target: str) -> str:
    """The id of what someone says now."""
    return msgids(peer.say(f"PRIVMSG {target} :gren tea"))[-1]


@pytest.mark.parametrize("target", ["#tea", "bob"])
@pytest.mark.parametrize(
    ("command", "words"), [("REDACT", ""), ("EDIT", " :green tea")], ids=["taken back", "corrected"]
)
def test_ones_own_words_are_ones_own_for_a_while(target: str, command: str, words: str) -> None:
    house = House(A_MINUTE)
    for nick in ("amy", "bob"):
        house.add_account(nick)
    client(house, "bob", *CAPS, password=PASSWORD)
    amy = member(house, "amy", *CAPS, room="tea", password=PASSWORD)
    early = said(amy, target)
    house.wait(50)
    late = said(amy, target)
    house.wait(11)
    amy.shown()
    told = amy.say(f"{command} {target} {early}{words}")
    assert told == [f"FAIL {command} {command}_WINDOW_EXPIRED {target} {early} 60 :{TEXT}"]
    told = amy.say(f"{command} {target} {late}{words}")
    assert len(told) == 1
    assert f" {command} {target}" in told[0]


def test_who_keeps_order_has_all_the_time_there_is() -> None:
    house = House(A_MINUTE)
    amy = member(house, "amy", *CAPS, room="tea")
    bob = member(house, "bob", *CAPS, room="tea")
    id_ = said(bob, "#tea")
    house.wait(61)
    bob.shown()
    amy.say(f"REDACT #tea {id_} :spam")
    assert bob.shown()[-1].endswith(f" REDACT #tea {id_} spam")
