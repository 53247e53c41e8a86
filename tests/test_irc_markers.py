"""Read markers are the user's, whichever protocol moves them."""

from __future__ import annotations

from house import House


def test_what_is_read_elsewhere_is_told_to_clients_that_know_markers() -> None:
    house = House()
    house.add_account("amy")
    amy = house.connect("irc")
    amy.say("CAP REQ :draft/read-marker", "PASS :green tea", "NICK amy", "USER amy 0 * :amy", "CAP END")
    amy.say("JOIN #tea", "PRIVMSG #tea :hello")
    amy.shown()
    user = house.server.users["amy"]
    house.server.presence.mark(user, "tea", house.server.fanout.last_id)
    house.server.presence.mark(user, "@bob", house.server.fanout.last_id)
    house.pump()
    room, talk = amy.shown()
    assert room.startswith("MARKREAD #tea timestamp=2026-")
    assert talk.startswith("MARKREAD bob timestamp=2026-")
    house.server.presence.mark(user, "tea", 1)
    house.pump()
    assert amy.shown() == []
